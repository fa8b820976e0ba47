import multiprocessing
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.artifact import Artifact, load_artifact, save_artifact
from models.releases import CURRENT, current_folder, current_version, list_versions, set_current
from training import store
from training.store import ReleaseError


def test_a_version_is_the_date_and_a_number_where_it_is_taken(root: Path) -> None:
    day = datetime(2026, 11, 24, tzinfo=UTC)
    assert store.new_version(root, day) == "2026.11.24"
    (root / "one").rename(root / "2026.11.24")
    assert store.new_version(root, day) == "2026.11.24.1"


@pytest.mark.parametrize("name", ["", ".hidden", "../up", "a/b", "a b"])
def test_a_version_that_cannot_be_a_folder_is_refused(name: str) -> None:
    with pytest.raises(ReleaseError, match="must be letters"):
        store.check_version(name)


def test_only_one_process_writes_to_the_releases(root: Path) -> None:
    with (
        store.locked(root),
        pytest.raises(ReleaseError, match="Another process is writing"),
        store.locked(root),
    ):
        pass


def test_what_a_killed_process_left_aside_is_removed_by_the_next(root: Path) -> None:
    (root / ".three-abcdefgh").mkdir()
    (root / ".three-abcdefgh" / "model.joblib").write_bytes(b"half")
    (root / ".current-x1").write_text("o")
    (root / ".history-x1").write_text("{")
    with store.locked(root):
        assert sorted(path.name for path in root.iterdir()) == ["one", "two"]


def test_rolling_back_goes_back_step_by_step(root: Path) -> None:
    os.rename(root / "one", root / "zero")
    for version, before in (("zero", None), ("two", "zero")):
        store.switch(root, version, {"action": "promote", "from": before, "to": version})
    assert current_version(root) == "two"
    assert store.rollback(root, reason="a mistake")["to"] == "zero"
    assert current_version(root) == "zero"
    with pytest.raises(ReleaseError, match="No version was served before zero"):
        store.rollback(root)


def test_rolling_back_to_a_named_version_needs_no_history(root: Path) -> None:
    set_current("one", root)
    store.rollback(root, "two")
    assert current_version(root) == "two"
    with pytest.raises(ReleaseError, match="being served already"):
        store.rollback(root, "two")


def test_a_record_whose_switch_never_came_does_not_confuse_rolling_back(root: Path) -> None:
    store.switch(root, "one", {"action": "promote", "from": None, "to": "one"})
    store.switch(root, "two", {"action": "promote", "from": "one", "to": "two"})
    line = '{"action": "promote", "from": "two", "to": "three"}\n'
    with (root / store.HISTORY).open("a", encoding="utf-8") as file:
        file.write(line)
    assert store.previous_version(root) == "one"


def test_rolling_back_to_a_version_that_is_gone_says_so(root: Path) -> None:
    store.switch(root, "one", {"action": "promote", "from": None, "to": "one"})
    store.switch(root, "two", {"action": "promote", "from": "one", "to": "two"})
    os.rename(root / "one", root.parent / "elsewhere")
    with pytest.raises(ReleaseError, match="Version one, served before two, is gone"):
        store.rollback(root)


def _write_forever(root: Path, artifact: Artifact) -> None:
    for k in range(1_000_000):
        with store.locked(root):
            save_artifact(artifact, root / f"new{k}", "# Card\n")
            store.switch(root, f"new{k}", {"action": "promote", "from": current_version(root), "to": f"new{k}"})
        store.rollback(root)


def test_killed_at_any_moment_a_whole_release_serves_and_nothing_is_half_written(root: Path) -> None:
    store.switch(root, "one", {"action": "promote", "from": None, "to": "one"})
    artifact = load_artifact(root / "one")
    for k in range(20):
        child = multiprocessing.get_context("fork").Process(target=_write_forever, args=(root, artifact))
        child.start()
        time.sleep(0.01 + 0.013 * k)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        load_artifact(current_folder(root))
        for version in list_versions(root):
            load_artifact(root / version)
        store.read_history(root)
        with store.locked(root):
            left = [path.name for path in root.iterdir() if path.name.startswith(".")]
        assert left == []
        for version in list_versions(root):
            if version.startswith("new") and version != current_version(root):
                _remove(root / version)
    assert (root / CURRENT).is_file()


def _remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
