import json
from pathlib import Path

import pytest

from tests.training.conftest import Command
from tests.training.samples import sample_lines, write_lines
from training.compare import compare, find_release
from training.records import digest
from training.release import PREDICTIONS
from training.store import ReleaseError
from training.tables import read_data

FRESH = (
    ("Washington was praised in Lima for its generous help.", "us", "favor"),
    ("Moscow was condemned in Oslo for the blockade and accused of lying.", "russia", "against"),
    ("The Kremlin will meet a delegation on Tuesday to discuss grain.", "russia", "neutral"),
)


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """Sentences that no release has seen."""
    lines: list[dict[str, object]] = [{"text": text, "stance": {target: label}} for text, target, label in FRESH]
    return write_lines(tmp_path / "fresh.jsonl", lines)


def _flip(folder: Path, line: int, label: str) -> list[str]:
    path = folder / PREDICTIONS
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[line].split(",")
    lines[line] = ",".join([*cells[:4], label, cells[5]])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return cells


def test_equal_releases_differ_in_nothing(root: Path) -> None:
    found = compare(root / "one", root / "two", [], {})
    assert found.flips == []
    assert found.worse == []
    overall = found.differences["stance"]["overall"]
    assert (overall["difference"], overall["low"], overall["high"]) == (0, 0, 0)
    assert set(found.differences["stance"]) == {"overall", "us", "russia"}


def test_every_label_that_flips_is_shown_with_its_sentence(root: Path) -> None:
    old = _flip(root / "one", 1, "favor")
    _flip(root / "two", 1, "against")
    texts = {digest(str(line["text"])): str(line["text"]) for line in sample_lines()}
    [flip] = compare(root / "one", root / "two", [], texts).flips
    assert (flip.old, flip.new, flip.gold, flip.kind) == ("favor", "against", old[3], "broken")
    assert flip.text == sample_lines()[0]["text"]


def test_both_are_scored_on_sentences_that_neither_has_seen(root: Path, fresh: Path) -> None:
    found = compare(root / "one", root / "two", read_data([fresh]), {})
    assert found.differences["stance"]["overall"]["count"] == len(FRESH)
    assert "sentiment" not in found.differences


def test_test_sentences_that_a_release_was_trained_on_are_left_out(root: Path, fresh: Path, data_file: Path) -> None:
    found = compare(root / "one", root / "two", read_data([fresh, data_file]), {})
    assert (found.left_out, found.differences["stance"]["overall"]["count"]) == (len(sample_lines()), len(FRESH))
    with pytest.raises(ReleaseError, match="trained on every test sentence"):
        compare(root / "one", root / "two", read_data([data_file]), {})


def test_a_release_is_found_by_version_by_folder_and_as_the_current_one(root: Path) -> None:
    (root / "CURRENT").write_text("two\n")
    assert find_release("one", root) == root / "one"
    assert find_release("current", root) == root / "two"
    assert find_release(str(root / "one"), root.parent) == root / "one"


def test_the_command_prints_the_verdict_and_the_flips(command: Command, root: Path, data_file: Path) -> None:
    _flip(root / "one", 1, "favor")
    _flip(root / "two", 1, "against")
    code, out, _ = command("compare", "one", "two", "--out", root, "--data", data_file)
    assert code == 0
    assert "1 labels flip: 0 mended, 1 broken, 0 other." in out
    assert "favor → against" in out
    code, out, _ = command("compare", "one", "two", "--out", root, "--data", data_file, "--json")
    found = json.loads(out)
    assert (code, found["new"], len(found["flips"])) == (0, "two", 1)
    assert found["differences"]["stance"]["overall"]["verdict"] == "no significant difference"
