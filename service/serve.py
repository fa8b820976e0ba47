"""Starting the server, with one process or several."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.supervisors import multiprocess

from models.errors import StancewireError
from models.releases import current_folder
from service.loading import load_reader, model_key
from service.protocol import Protocol
from service.settings import PREFIX, Settings, load_settings

_HEALTHCHECK = 60  # seconds; a process that starts on a busy machine is slow to answer, and not hung


def serve(**given: Any) -> int:
    """Serve until told to stop.

    Args:
        given: settings that come before those of the environment; None leaves one alone.

    Returns:
        The exit code: 0, or 1 when it could not start (the reason is on standard error).
    """
    given = {name: value for name, value in given.items() if value is not None}
    try:
        settings = load_settings(**given)
        folder = settings.model or current_folder(settings.releases)
        version = load_reader(folder, settings, model_key(folder, settings)).analyzer.version
        if settings.log_file is not None:
            settings.log_file.open("ab").close()
    except StancewireError as error:
        print(f"stancewire: {error.message}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"stancewire: cannot write the log file {settings.log_file}: {error.strerror}.", file=sys.stderr)
        return 1
    # Server processes read their settings from the environment, so what was given goes there.
    for name, value in given.items():
        os.environ[PREFIX + name.upper()] = ",".join(value) if isinstance(value, list | tuple) else str(value)
    if settings.port:
        _greet(settings, version)
    with _shared(settings):
        _run(settings)
    return 0


def _greet(settings: Settings, version: str) -> None:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    url = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    print(f"Stancewire serves model {version}: the page {url}, the interface {url}/docs. Ctrl-C ends it.", flush=True)
    print(
        f"curl {url}/v1/stance -H 'content-type: application/json' "
        """-d '{"text": "The Kremlin accused Washington of fuelling the war."}'""",
        flush=True,
    )


@contextmanager
def _shared(settings: Settings) -> Iterator[None]:
    """A folder in which server processes add up their metrics and rates."""
    if settings.workers == 1:
        yield
        return
    folder = settings.runtime or Path(tempfile.mkdtemp(prefix="stancewire-"))
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("*.db"), *folder.glob("rates")):
        old.unlink()
    os.environ[PREFIX + "RUNTIME"] = os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    try:
        yield
    finally:
        if settings.runtime is None:
            shutil.rmtree(folder, ignore_errors=True)


class _Process(multiprocess.Process):
    """A server process whose end its supervisor sees at once.

    The supervisor keeps the other end of the pipe it asks for signs of life through. A process that is killed just
    after the question would leave it waiting for the whole of _HEALTHCHECK, with nobody started in its place.
    """

    def start(self) -> None:
        super().start()
        self.child_conn.close()


def _run(settings: Settings) -> None:
    multiprocess.Process = _Process  # type: ignore[misc]
    uvicorn.run(
        "service.app:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop="uvloop",
        http=Protocol,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_worker_healthcheck=_HEALTHCHECK,
        timeout_graceful_shutdown=int(settings.graceful_seconds),
    )


if __name__ == "__main__":
    sys.exit(serve())
