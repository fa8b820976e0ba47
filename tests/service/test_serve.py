"""Starting the server: what is checked before it, shared during it, and left after it."""

import os
from pathlib import Path

import pytest

from service import serve as serve_module
from service.serve import serve
from service.settings import Settings
from tests.service.live import children, serving


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Settings of the servers that would have been started; the environment is restored."""
    found: list[Settings] = []
    monkeypatch.setattr(serve_module, "_run", found.append)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return found


def test_the_greeting_names_model_page_and_a_command(
    started: list[Settings], artifact_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve(model=artifact_folder, host="0.0.0.0", port=8123) == 0
    out = capsys.readouterr().out
    assert "model 9.9.9" in out
    assert "http://127.0.0.1:8123/docs" in out
    assert "curl http://127.0.0.1:8123/v1/stance" in out
    assert started[0].port == 8123


def test_an_address_of_version_6_stands_in_brackets(
    started: list[Settings], artifact_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve(model=artifact_folder, host="::1", port=8123)
    assert "http://[::1]:8123" in capsys.readouterr().out


def test_server_processes_are_given_the_settings_by_the_environment(
    started: list[Settings], artifact_folder: Path
) -> None:
    serve(model=artifact_folder, port=0, trusted_hosts=("a.example", "b.example"), log_level=None)
    assert os.environ["STANCEWIRE_MODEL"] == str(artifact_folder)
    assert os.environ["STANCEWIRE_TRUSTED_HOSTS"] == "a.example,b.example"
    assert "STANCEWIRE_LOG_LEVEL" not in os.environ


@pytest.mark.parametrize("what", ["model", "log_file", "port"])
def test_what_cannot_be_used_stops_the_start_in_one_line(
    started: list[Settings], artifact_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    wrong = {"model": tmp_path, "log_file": tmp_path / "no" / "folder.log", "port": -1}
    assert serve(**{"model": artifact_folder, what: wrong[what]}) == 1
    error = capsys.readouterr().err
    assert error.startswith("stancewire: ")
    assert error.count("\n") == 1
    assert not started


def test_server_processes_share_a_folder_that_is_gone_afterwards(artifact_folder: Path, tmp_path: Path) -> None:
    with serving(tmp_path, model=artifact_folder, workers=2, heavy_processes=0) as server:
        folders = {
            Path(entry.decode().partition("=")[2])
            for pid in children(server.process.pid)
            for entry in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            if entry.startswith(b"STANCEWIRE_RUNTIME=")
        }
        (folder,) = folders
        assert list(folder.glob("*.db"))
    assert not folder.exists()


def test_a_folder_of_the_users_is_kept_but_old_figures_are_forgotten(
    started: list[Settings], artifact_folder: Path, tmp_path: Path
) -> None:
    for name in ("counter_1.db", "rates", "mine.txt"):
        (tmp_path / name).touch()
    serve(model=artifact_folder, port=0, workers=2, runtime=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert os.environ["PROMETHEUS_MULTIPROC_DIR"] == str(tmp_path)
