"""A helper process: what it answers, which models it keeps, when it ends."""

import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.heavy import GONE, Refused
from service.helper import Helper
from service.loading import model_key
from service.settings import Settings
from service.work import Done, Reader, read_text
from tests.service.live import ROOT

ARGUMENTS = ("Ankara accused Moscow on Tuesday.", None, True, None)


def print_and_read(reader: Reader, text: str) -> Done[Any]:
    """Work that also prints, as a library might."""
    print("a warning of some library")
    return read_text(reader, text, None, False, None)


def test_a_call_is_answered_with_what_its_work_gives(artifact_folder: Path, settings: Settings, reader: Reader) -> None:
    out = Helper(settings).answer((str(artifact_folder), reader.key, read_text, ARGUMENTS))
    assert out.value == read_text(reader, *ARGUMENTS).value


def test_an_error_of_the_work_is_an_answer_too(artifact_folder: Path, settings: Settings, reader: Reader) -> None:
    out = Helper(settings).answer((str(artifact_folder), reader.key, read_text, (" ", None, False, None)))
    assert isinstance(out, Refused)
    error = out.error()
    assert (error.status, error.code, error.field) == (422, "empty_text", "text")
    assert error.message == out.message


@pytest.mark.parametrize("how", ["another model", "damaged", "no work"])
def test_a_model_that_is_not_the_one_asked_for_is_gone(releases: Path, settings: Settings, how: str) -> None:
    folder = releases / "9.9.9"
    key = model_key(folder, settings)
    if how == "another model":
        (folder / "manifest.json").write_text("{}")
    elif how == "damaged":
        (folder / "model.joblib").write_bytes(b"x")
    out = Helper(settings).answer((str(folder), key, None if how == "no work" else read_text, ARGUMENTS))
    assert out == GONE


def test_a_model_once_loaded_needs_its_files_no_more(releases: Path, settings: Settings) -> None:
    helper, folder = Helper(settings), releases / "9.9.9"
    call = (str(folder), model_key(folder, settings), read_text, ARGUMENTS)
    first = helper.answer(call)
    shutil.rmtree(folder)
    second = helper.answer(call)
    assert isinstance(second, Done)
    assert second.value == first.value


def test_only_the_two_last_models_are_kept(releases: Path, settings: Settings) -> None:
    helper, keys = Helper(settings), []
    for name in ("a", "b", "c"):
        folder = releases / name
        shutil.copytree(releases / "9.9.9", folder)
        keys.append(model_key(folder, settings))
        helper.answer((str(folder), keys[-1], None, ()))
    assert list(helper._readers) == keys[1:]


@pytest.fixture
def process(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A real helper process that has its settings."""
    helper = subprocess.Popen(
        [sys.executable, "-c", "from service.helper import main; main()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    send(helper, settings)
    yield helper
    helper.kill()
    helper.communicate()


def send(process: subprocess.Popen[bytes], data: Any) -> None:
    assert process.stdin is not None
    frame = pickle.dumps(data)
    process.stdin.write(len(frame).to_bytes(8, "big") + frame)
    process.stdin.flush()


def receive(process: subprocess.Popen[bytes]) -> Any:
    assert process.stdout is not None
    return pickle.loads(process.stdout.read(int.from_bytes(process.stdout.read(8), "big")))


def test_the_process_answers_call_by_call_and_ends_with_its_input(
    process: subprocess.Popen[bytes], artifact_folder: Path, reader: Reader
) -> None:
    for _ in range(2):
        send(process, (str(artifact_folder), reader.key, read_text, ARGUMENTS))
        assert receive(process).value == read_text(reader, *ARGUMENTS).value
    process.send_signal(signal.SIGTERM)  # of a whole process group: the server process says when to end
    send(process, (str(artifact_folder), reader.key, read_text, ARGUMENTS))
    assert isinstance(receive(process), Done)
    out, _ = process.communicate(timeout=20)
    assert out == b""
    assert process.returncode == 0


def test_what_a_library_prints_does_not_get_between_the_answers(
    process: subprocess.Popen[bytes], artifact_folder: Path, reader: Reader
) -> None:
    send(process, (str(artifact_folder), reader.key, print_and_read, ("Ankara accused Moscow.",)))
    assert isinstance(receive(process), Done)
    out, printed = process.communicate(timeout=20)
    assert (out, printed) == (b"", b"a warning of some library\n")
