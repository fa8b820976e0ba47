"""A real server process for tests."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server process and what it logs."""

    def __init__(self, folder: Path, port: int | None = None, **settings: Any) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"server-{self.port}.log"
        self.errors = folder / f"server-{self.port}.err"
        given = {"port": self.port, "log_file": self.log, **settings}
        environ = {key: value for key, value in os.environ.items() if not key.startswith("STANCEWIRE_")}
        environ |= {f"STANCEWIRE_{name.upper()}": str(value) for name, value in given.items() if value is not None}
        environ["PYTHONPATH"] = str(ROOT)
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "service.serve"],
                env=environ,
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )

    def wait(self, seconds: float = 60) -> None:
        """Wait until it is ready."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"{self.url}/readyz", timeout=5).close()
                return
            time.sleep(0.05)
        self.process.kill()
        self.process.wait()
        raise RuntimeError(f"The server did not start: {self.errors.read_text()} {self.logged()}")

    def logged(self) -> str:
        """All that it has logged."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def stop(self) -> int:
        """Ask it to stop, and wait until it has."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        finally:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def serving(folder: Path, **settings: Any) -> Iterator[Server]:
    """A server that is ready, and is stopped at the end."""
    server = Server(folder, **settings)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def children(pid: int) -> list[int]:
    """Processes that a process has started, and those that they have started."""
    out = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            number, _, rest = path.read_text().partition(" (")
            if int(rest.rpartition(") ")[2].split()[1]) == pid:
                out += [int(number), *children(int(number))]
    return out


def command(pid: int) -> str:
    """The command line of a process."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""
