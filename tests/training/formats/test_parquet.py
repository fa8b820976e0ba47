"""Parquet: typed columns, and what is said without pyarrow."""

import sys
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from training.formats import parquet
from training.labels_io import Annotation, Item, Suggestion, labelled
from training.records import DataError, Record


def table(path: Path, *rows: dict[str, Any]) -> Path:
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(rows)), path)
    return path


def test_scores_are_numbers_and_all_else_is_text(tmp_path: Path) -> None:
    suggestion = Suggestion("v1", {"russia": "favor"}, "positive", {"russia": 0.5, "sentiment": 0.25})
    item = Item(Record("a", "Lima thanked Moscow.", {}), ("russia",), (), suggestion, "margin")
    [path] = parquet.write([item], tmp_path / "deep" / "a.parquet")
    schema = pyarrow.parquet.read_schema(path)
    assert {name for name in schema.names if schema.field(name).type == pyarrow.float64()} == {
        "score.russia",
        "score.sentiment",
    }
    assert {str(schema.field(name).type) for name in schema.names} == {"double", "string"}
    assert [each.name for each in path.parent.iterdir()] == ["a.parquet"], "nothing is left aside"


def test_the_file_is_named_after_its_annotator_and_empty_cells_are_no_answer(tmp_path: Path) -> None:
    rows = (
        {"text": "Lima thanked Moscow.", "stance.russia": "favor", "stance.us": None},
        {"text": "Oslo left Washington.", "stance.russia": None, "stance.us": "neutral"},
    )
    one, two = parquet.read(table(tmp_path / "mia.parquet", *rows))
    assert one.annotations == (Annotation("mia", {"russia": "favor"}),)
    assert two.annotations == (Annotation("mia", {"us": "neutral"}),)


def test_a_bad_cell_is_named_by_its_row(tmp_path: Path) -> None:
    rows = ({"text": "Lima waits.", "stance.us": "favor"}, {"text": "Oslo waits.", "stance.us": "warm"})
    with pytest.raises(DataError, match=r"mia\.parquet:row 2: stance_us is 'warm'"):
        parquet.read(table(tmp_path / "mia.parquet", *rows))
    with pytest.raises(DataError, match="Found: sentence"):
        parquet.read(table(tmp_path / "mia.parquet", {"sentence": "Lima waits."}))


def test_without_pyarrow_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DataError, match=r"pip install 'stancewire\[parquet\]'"):
        parquet.write(labelled([Record("a", "Lima.", {})]), tmp_path / "a.parquet")
    assert list(tmp_path.iterdir()) == []
