"""Released versions and the one that is served."""

import shutil
from pathlib import Path

import pytest

from models.errors import ArtifactError
from models.releases import CURRENT, current_folder, current_version, list_versions, set_current


@pytest.fixture
def root(artifact_folder: Path, tmp_path: Path) -> Path:
    """A folder with two releases and an unfinished one."""
    for version in ("2.0", "1.0", ".3.0-aside"):
        shutil.copytree(artifact_folder, tmp_path / version)
    return tmp_path


def test_versions_are_listed_by_name_without_unfinished_ones(root: Path) -> None:
    assert list_versions(root) == ["1.0", "2.0"]


def test_a_folder_that_is_not_there_has_no_versions(tmp_path: Path) -> None:
    assert list_versions(tmp_path / "none") == []


def test_the_current_version_is_the_one_that_was_set(root: Path) -> None:
    set_current("1.0", root)
    assert current_version(root) == "1.0"
    set_current("2.0", root)
    assert current_folder(root) == root / "2.0"
    assert sorted(path.name for path in root.iterdir()) == [".3.0-aside", "1.0", "2.0", CURRENT]


def test_a_version_that_is_not_there_cannot_be_set(root: Path) -> None:
    set_current("1.0", root)
    with pytest.raises(ArtifactError, match=r"No version '9'.*1\.0, 2\.0"):
        set_current("9", root)
    assert current_version(root) == "1.0"


def test_no_current_version_says_how_to_make_one(root: Path) -> None:
    with pytest.raises(ArtifactError, match="python -m training train"):
        current_version(root)


def test_a_current_version_that_is_gone_is_named_with_those_that_are_there(root: Path) -> None:
    set_current("1.0", root)
    shutil.rmtree(root / "1.0")
    with pytest.raises(ArtifactError, match=r"'1\.0'.*There are: 2\.0"):
        current_version(root)
