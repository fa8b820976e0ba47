"""A fitted model as arrays: found again as it was, and never used for another model."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import tables as module
from models.compiler import build_tables
from models.tables import Tables, load_tables, save_tables
from tests.models.conftest import sentiment_pipeline, stance_pipeline


@pytest.fixture(scope="module")
def tables() -> Tables:
    return build_tables({"stance": stance_pipeline("all"), "sentiment": sentiment_pipeline("words", "stems", "pairs")})


def test_what_was_saved_is_loaded_again(tables: Tables, tmp_path: Path) -> None:
    save_tables(tables, tmp_path / "t.npz", "model one")
    again = load_tables(tmp_path / "t.npz", "model one")
    assert again is not None
    for field in fields(Tables):
        np.testing.assert_array_equal(getattr(again, field.name), getattr(tables, field.name))


def test_tables_of_another_model_are_not_used(tables: Tables, tmp_path: Path) -> None:
    save_tables(tables, tmp_path / "t.npz", "model one")
    assert load_tables(tmp_path / "t.npz", "model two") is None
    assert load_tables(tmp_path / "missing.npz", "model one") is None


def test_tables_made_with_another_lexicon_are_not_used(
    tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_tables(tables, tmp_path / "t.npz", "model one")
    monkeypatch.setattr(module, "lexicon_digest", lambda: "another")
    assert load_tables(tmp_path / "t.npz", "model one") is None


@pytest.mark.parametrize(
    ("name", "place", "value", "message"),
    [
        ("lexis", (3, 0), 10**6, "rows"),
        ("lexis", (3, 8), -1, "rows"),
        ("lexis", (3, 7), 10**6, "entries"),
        ("pairs", (slice(None), 1), 10**6, "no hash table with free places"),
        ("triples", (0, 1), 10**6, "hashed rows"),
        ("entries", (0, 2), 10**6, "words of entries"),
        ("entries", (0, 1), 10**4, "ratings"),
        ("entries", (-1, 3), 1, "last entry"),
        ("stem_rows", (0,), 10**6, "rows"),
    ],
)
def test_numbers_that_point_outside_are_refused_before_anything_is_looked_up(
    tables: Tables, tmp_path: Path, name: str, place: Any, value: int, message: str
) -> None:
    array = getattr(tables, name).copy()
    array[place] = value
    save_tables(replace(tables, **{name: array}), tmp_path / "t.npz", "model one")
    with pytest.raises(ValueError, match=message):
        load_tables(tmp_path / "t.npz", "model one")


@pytest.mark.parametrize("name", ["lexis", "matrix", "sums", "classes", "frames"])
def test_tables_of_another_shape_are_refused(tables: Tables, tmp_path: Path, name: str) -> None:
    save_tables(replace(tables, **{name: getattr(tables, name)[..., :-1]}), tmp_path / "t.npz", "model one")
    with pytest.raises(ValueError, match=f"`{name}` has the shape"):
        load_tables(tmp_path / "t.npz", "model one")
