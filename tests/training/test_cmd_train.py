import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.artifact import load_artifact
from models.releases import current_folder, current_version, list_versions
from tests.training.conftest import Command
from tests.training.samples import sample_lines, write_lines


def test_one_command_trains_reports_and_promotes(
    command: Command, data_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    root = tmp_path / "released"
    code, out, _ = command("train", "--data", data_file, "--out", root, "--version", "v1", "--promote")
    assert code == 0
    assert "macro-F1 (95 %)" in out
    assert "Serving v1." in out
    assert current_version(root) == "v1"
    assert (tmp_path / "reports" / "v1.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert {path.name for path in (root / "v1").iterdir()} == {
        "model.joblib",
        "compiled.npz",
        "manifest.json",
        "MODEL_CARD.md",
        "predictions.csv",
    }


def test_figures_for_programs_stand_alone_on_standard_output(command: Command, data_file: Path, tmp_path: Path) -> None:
    root = tmp_path / "released"
    args = ("--data", data_file, "--out", root, "--report", tmp_path / "r.html", "--json")
    code, out, err = command("train", *args)
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert list_versions(root) == [found["version"]]
    assert found["metrics"]["stance"]["overall"]["count"] == 108
    assert found["promoted"] is None
    assert not (root / "CURRENT").exists()


def test_a_version_that_exists_is_not_overwritten(
    command: Command, root: Path, data_file: Path, tmp_path: Path
) -> None:
    before = load_artifact(root / "one").manifest
    args = ("--data", data_file, "--out", root, "--version", "one", "--report", tmp_path / "r.html")
    code, _, err = command("train", *args)
    assert code == 1
    assert "exists already" in err
    assert load_artifact(root / "one").manifest == before
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--data", "nowhere.jsonl"), "nowhere.jsonl does not exist"),
        (("--config", "nowhere.toml"), "Cannot read configuration nowhere.toml"),
        (("--version", "../up"), "must be letters"),
    ],
)
def test_bad_arguments_are_one_line_and_exit_code_1(command: Command, args: tuple[str, str], message: str) -> None:
    code, out, err = command("train", *args)
    assert (code, out) == (1, "")
    assert message in err
    assert "Traceback" not in err


def test_sentences_labelled_two_ways_are_listed(command: Command, tmp_path: Path) -> None:
    lines = sample_lines()
    lines.append(lines[0] | {"id": "twin", "stance": {"us": "neutral"}})
    data = write_lines(tmp_path / "a.jsonl", lines)
    code, _, err = command("train", "--data", data, "--out", tmp_path / "released", "--report", tmp_path / "r.html")
    assert code == 0
    assert f"Label conflict: {data}:109: us is 'neutral' here and 'favor' there." in err


def test_held_out_files_of_a_data_folder_are_measured_on(command: Command, tmp_path: Path) -> None:
    (tmp_path / "data" / "heldout").mkdir(parents=True)
    write_lines(tmp_path / "data" / "a.jsonl", sample_lines())
    held: list[dict[str, object]] = [{"text": "Lima mocked Moscow.", "stance": {"russia": "against"}}]
    write_lines(tmp_path / "data" / "heldout" / "h.jsonl", held)
    args = ("--data", tmp_path / "data", "--out", tmp_path / "released", "--report", tmp_path / "r.html", "--json")
    code, out, _ = command("train", *args)
    assert code == 0
    assert json.loads(out)["metrics"]["held_out"]["h.jsonl"]["stance"]["overall"]["count"] == 1


def test_too_little_data_says_how_much_is_needed(command: Command, tmp_path: Path) -> None:
    data = write_lines(tmp_path / "few.jsonl", sample_lines()[:4])
    code, _, err = command("train", "--data", data, "--out", tmp_path / "released")
    assert code == 1
    assert "Not enough data to train stance" in err
    assert list_versions(tmp_path / "released") == []


@pytest.mark.parametrize("moment", ["reading", "saving", "saved"])
def test_a_training_that_is_killed_leaves_the_old_release_serving(
    command: Command, root: Path, data_file: Path, tmp_path: Path, moment: str
) -> None:
    assert command("promote", "one", "--out", root)[0] == 0
    args = ["train", "--data", data_file, "--out", root, "--version", "new", "--report", tmp_path / "r.html"]
    child = subprocess.Popen(
        [sys.executable, "-m", "training", *map(str, args), "--promote"], stdout=subprocess.DEVNULL
    )
    _wait_for(root, moment, child)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    load_artifact(current_folder(root))
    for version in list_versions(root):
        load_artifact(root / version)
    assert command("rollback", "two", "--out", root)[0] == 0
    assert [path.name for path in root.iterdir() if path.name.startswith(".")] == []


def _wait_for(root: Path, moment: str, child: subprocess.Popen[bytes]) -> None:
    """Until a training reads, has begun to save aside, or has saved."""
    if moment == "reading":
        time.sleep(1)
        return
    begin = {"saving": ".new-", "saved": "new"}[moment]
    while child.poll() is None and not any(path.name.startswith(begin) for path in root.iterdir()):
        time.sleep(0.001)
    assert child.poll() is None, "the training ended before it could be killed"
