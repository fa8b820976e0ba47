"""The command line as a shell runs it, in this process; a real server on localhost, for real clients."""

import io
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from service.app import create_app
from service.cli import main
from service.settings import Settings


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


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """Address of a service with these settings, running in a thread."""
    server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)


@pytest.fixture(scope="session")
def server_url(artifact_folder: Path) -> Iterator[str]:
    """Address of the service with the tiny model."""
    with running(Settings(model=artifact_folder, heavy_processes=0, max_documents=20, log_level="error")) as url:
        yield url
