import json
from pathlib import Path

import pytest

from models.errors import ArtifactError
from models.releases import current_version
from training.compare import find_release
from training.promote import promote
from training.release import PREDICTIONS
from training.store import ReleaseError, read_history


def _spoil(folder: Path) -> None:
    """Let a release's cross-validated labels be wrong: as if its data had been labelled by a coin."""
    path = folder / PREDICTIONS
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = {"favor": "against", "against": "neutral", "neutral": "favor"}
    spoilt = [lines[0]]
    for line in lines[1:]:
        cells = line.split(",")
        if cells[0] == "stance":
            cells[4] = wrong[cells[3]]
        spoilt.append(",".join(cells))
    path.write_text("\n".join(spoilt) + "\n", encoding="utf-8")


def test_the_first_release_is_promoted_without_comparison(root: Path) -> None:
    entry = promote("one", root)
    assert (entry["from"], entry["to"]) == (None, "one")
    assert current_version(root) == "one"


def test_an_equal_release_is_promoted_and_its_comparison_recorded(root: Path) -> None:
    promote("one", root)
    promote("two", root)
    assert current_version(root) == "two"
    last = read_history(root)[-1]
    assert last["compared"]["stance"]["verdict"] == "no significant difference"
    assert last["from"] == "one"


def test_a_significantly_worse_release_is_refused(root: Path) -> None:
    promote("one", root)
    _spoil(root / "two")
    with pytest.raises(ReleaseError, match="two is significantly worse than one"):
        promote("two", root)
    assert current_version(root) == "one"
    assert len(read_history(root)) == 1


def test_a_worse_release_is_promoted_by_force_and_the_reason_recorded(root: Path) -> None:
    promote("one", root)
    _spoil(root / "two")
    with pytest.raises(ReleaseError, match="--reason"):
        promote("two", root, force=True)
    promote("two", root, force=True, reason="the old one leaks memory")
    assert current_version(root) == "two"
    last = read_history(root)[-1]
    assert (last["forced"], last["reason"]) == (True, "the old one leaks memory")
    assert last["compared"]["stance"]["verdict"] == "worse"


def test_a_release_that_cannot_be_compared_is_refused(root: Path) -> None:
    promote("one", root)
    (root / "two" / PREDICTIONS).unlink()
    with pytest.raises(ReleaseError, match="two cannot be compared with one"):
        promote("two", root)
    promote("two", root, force=True, reason="compared by hand")
    assert read_history(root)[-1]["compared"] is None


def test_a_damaged_release_is_never_promoted(root: Path) -> None:
    promote("one", root)
    with (root / "two" / "model.joblib").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ArtifactError, match="does not match the digest"):
        promote("two", root, force=True, reason="in a hurry")
    assert current_version(root) == "one"


def test_what_is_served_already_and_what_lies_elsewhere_is_not_promoted(root: Path) -> None:
    promote("one", root)
    with pytest.raises(ReleaseError, match="served already"):
        promote("one", root)
    elsewhere = root.parent / "elsewhere"
    (root / "two").rename(elsewhere)
    with pytest.raises(ReleaseError, match="does not lie in"):
        promote(str(elsewhere), root)
    with pytest.raises(ArtifactError, match="No release 'three'"):
        find_release("three", root)
    assert json.loads((root / "HISTORY.jsonl").read_text(encoding="utf-8"))["to"] == "one"
