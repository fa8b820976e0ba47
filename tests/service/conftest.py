"""The command line as a shell runs it, in this process."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.cli import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(artifact_folder: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """run("classify", path, stdin=b"…") with the tiny model; gives exit code, standard output and error."""
    monkeypatch.setenv("STANCEWIRE_MODELS", str(artifact_folder))
    monkeypatch.delenv("STANCEWIRE_TARGETS", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "80")

    def run_main(*arguments: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as exit:
            main([str(each) for each in arguments])
        out, err = capsysbinary.readouterr()
        return Ran(int(exit.value.code or 0), out.decode(), err.decode())

    return run_main
