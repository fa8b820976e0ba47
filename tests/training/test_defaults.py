"""Where data is looked for when a command is not told; the fixtures point at a folder that is not there."""

from pathlib import Path

import pytest

from tests.training.samples import sample_lines, write_lines
from training import defaults
from training.defaults import data_paths, held_out_files, own_data
from training.records import DataError


@pytest.fixture
def datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's own data: one file, and one held out."""
    folder = tmp_path / "datasets"
    (folder / "heldout").mkdir(parents=True)
    write_lines(folder / "a.jsonl", sample_lines()[:2])
    write_lines(folder / "heldout" / "h.jsonl", sample_lines()[2:4])
    monkeypatch.setattr(defaults, "DATASETS", folder)
    return folder


def test_what_is_named_is_taken_alone(datasets: Path) -> None:
    named = Path("mine.jsonl")
    assert data_paths([named], held_out=True) == [named]


def test_the_own_data_are_the_default_and_held_out_files_only_when_asked_for(datasets: Path) -> None:
    assert data_paths(None) == own_data() == [datasets]
    assert data_paths([], held_out=True) == [datasets, datasets / "heldout" / "h.jsonl"]


def test_held_out_files_belong_to_their_data_folder(datasets: Path, tmp_path: Path) -> None:
    assert held_out_files() == [datasets / "heldout" / "h.jsonl"]
    assert held_out_files([datasets]) == held_out_files()
    assert held_out_files([datasets / "a.jsonl", tmp_path]) == []


def test_without_any_data_it_says_what_to_name() -> None:
    assert (own_data(), held_out_files()) == ([], [])
    with pytest.raises(DataError, match=r"no-datasets holds no \.jsonl file\. Name your data with --data FILE"):
        data_paths(None)
