"""How fast the service is, beside a bare FastAPI echo route, with wrk in one run.

python tests/benchmarks/bench_http.py [--seconds 5] [--connections 32] [--model DIR] [--json]
(wrk: `apt-get install wrk`.) Server and load share the machine, so the figures are for comparing. Where its cores
are full, the load holds the faster route back more; the processor time of a request does not depend on that.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models.releases import current_folder
from tests.service.live import ROOT, children, free_port, serving

SENTENCE = "The Kremlin accused Washington of fuelling the war."
PARTS = (
    SENTENCE,
    "Ankara thanked Moscow for its help and said relations had never been better.",
    "Officials from both countries will meet in Geneva on Tuesday to talk about grain.",
    "The rain had stopped by the time the delegation reached the old harbour.",
    "Critics say American policy in the region has collapsed while Russia gains ground.",
)
ARTICLE = " ".join(PARTS[i % len(PARTS)] for i in range(50))
BOOK = " ".join(PARTS[i % len(PARTS)] for i in range(14_500))  # a little over 1 MB
BATCH = [{"id": i, "text": PARTS[i % len(PARTS)]} for i in range(100)]
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_STARTING = 3  # seconds; server processes beyond the first may still be loading when the first answers


@dataclass(frozen=True)
class Row:
    """One measurement: requests a second, milliseconds, and microseconds of processor time of a request."""

    name: str
    workers: int
    rate: float
    p50: float
    p99: float
    failed: int
    processor: float


@dataclass(frozen=True)
class Load:
    """How wrk is run.

    Attributes:
        folder: for its script and the body it sends.
    """

    folder: Path
    seconds: int
    connections: int

    def measure(self, name: str, workers: int, pid: int, url: str, body: bytes) -> Row:
        """One row: requests to a route of a server process, and the processor time of it and its children."""
        before = processor_seconds(pid)
        rate, p50, p99, failed = run_wrk(url, body, self.folder, self.seconds, self.connections)
        spent = processor_seconds(pid) - before
        return Row(name, workers, rate, p50, p99, failed, spent / (rate * self.seconds) * 1e6)


def processor_seconds(pid: int) -> float:
    """Processor time that a process and those it started have used."""
    spent = 0
    for each in (pid, *children(pid)):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(") ")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / os.sysconf("SC_CLK_TCK")


def run_wrk(url: str, body: bytes, folder: Path, seconds: int, connections: int) -> tuple[float, float, float, int]:
    """Requests a second, p50 and p99 in milliseconds, and answers that were no success."""
    data = folder / "body"
    data.write_bytes(body)
    script = folder / "post.lua"
    script.write_text(
        'wrk.method = "POST"\nwrk.headers["content-type"] = "application/json"\n'
        f'local file = io.open("{data}", "rb")\nwrk.body = file:read("*a")\nfile:close()\n'
    )
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "60s",
        "--latency",
        "-s",
        str(script),
        url,
    ]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    found = dict(re.findall(r"\b(50|99)%\s+([\d.]+[a-z]+)", out))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    sockets = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", out)
    failed = (int(bad[1]) if bad else 0) + (sum(map(int, sockets.groups())) if sockets else 0)
    return float(rate[1]) if rate else 0.0, _milliseconds(found["50"]), _milliseconds(found["99"]), failed


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)([a-z]+)", text).groups()  # type: ignore[union-attr]
    return float(number) * UNITS[unit]


def post(url: str, body: bytes) -> bytes:
    """Send one request."""
    request = urllib.request.Request(url, body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        out: bytes = answer.read()
    return out


@contextlib.contextmanager
def echoing(folder: Path, answer: bytes, workers: int) -> Iterator[tuple[str, int]]:
    """URL and process of the echo application, under the same server as ours."""
    (folder / "answer.json").write_bytes(answer)
    port = free_port()
    options = f"--port {port} --workers {workers} --http httptools --loop uvloop --no-access-log --log-level warning"
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "tests.benchmarks.echo_app:app", *options.split()],
        cwd=ROOT,
        env={**os.environ, "ECHO_ANSWER": str(folder / "answer.json"), "PYTHONPATH": str(ROOT)},
    )
    url = f"http://127.0.0.1:{port}/echo"
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                post(url, _one())
                break
            if process.poll() is not None:
                raise RuntimeError("the echo application did not start")
            threading.Event().wait(0.1)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(30)


def _one() -> bytes:
    return json.dumps({"text": SENTENCE}).encode()


def measure(load: Load, model: Path, workers: int) -> Iterator[Row]:
    """Every route with so many server processes, one after another."""
    with serving(load.folder, workers=workers, model=model) as server:
        stance, pid = f"{server.url}/v1/stance", server.process.pid
        with echoing(load.folder, post(stance, _one()), workers) as (echo, echo_pid):
            time.sleep(_STARTING)
            for name, process, url, body in (
                ("bare FastAPI echo", echo_pid, echo, _one()),
                ("single sentence", pid, stance, _one()),
                ("bare FastAPI echo, again", echo_pid, echo, _one()),
                ("single sentence, again", pid, stance, _one()),
                ("article of 50 sentences", pid, stance, json.dumps({"text": ARTICLE}).encode()),
                ("batch of 100 sentences", pid, f"{stance}/batch", json.dumps({"documents": BATCH}).encode()),
            ):
                run_wrk(url, body, load.folder, 1, load.connections)  # warm
                yield load.measure(name, workers, process, url, body)


def starve(load: Load, model: Path, workers: int) -> Iterator[Row]:
    """Small requests alone, and while one client always has a text of 1 MB in flight."""
    with serving(load.folder, workers=workers, model=model) as server:
        url, pid = f"{server.url}/v1/stance", server.process.pid
        book = json.dumps({"text": BOOK}).encode()
        post(url, book)
        time.sleep(_STARTING)
        run_wrk(url, _one(), load.folder, 1, load.connections)
        yield load.measure("small requests alone", workers, pid, url, _one())
        end = threading.Event()

        def read_books() -> None:
            while not end.is_set():
                post(url, book)

        thread = threading.Thread(target=read_books, daemon=True)
        thread.start()
        longer = replace(load, seconds=max(load.seconds, 10))
        row = longer.measure("small requests beside 1 MB", workers, pid, url, _one())
        end.set()
        thread.join()
        yield row


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--model", type=Path, help="an artifact folder; the released one when not given")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed: apt-get install wrk")
    model = (options.model or current_folder()).resolve()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        load = Load(Path(name), options.seconds, options.connections)
        for workers in (1, 2):
            rows += measure(load, model, workers)
            rows += starve(load, model, workers)
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return
    tell(rows)


def tell(rows: list[Row]) -> None:
    """Print the table, and what the bars are about."""
    heads = ("requests/s", "p50 ms", "p99 ms", "p99/p50", "failed", "processor us")
    print(f"{'route':28}{'workers':>8}" + "".join(f"{head:>14}" for head in heads))
    for row in rows:
        figures = f"{row.rate:>14,.0f}{row.p50:>14.2f}{row.p99:>14.2f}{row.p99 / row.p50:>14.1f}"
        print(f"{row.name:28}{row.workers:>8}{figures}{row.failed:>14}{row.processor:>14.0f}")
    for workers in (1, 2):
        mine = [row for row in rows if row.workers == workers]
        echo, single = ([row for row in mine if row.name.startswith(name)] for name in ("bare", "single"))
        rate = max(row.rate for row in single) / max(row.rate for row in echo)
        spent = min(row.processor for row in single) / min(row.processor for row in echo)
        alone, beside = (
            next(row.p99 for row in mine if row.name == f"small requests {how}") for how in ("alone", "beside 1 MB")
        )
        print(
            f"{workers} worker(s): single sentence at {rate:.0%} of the echo route's rate and {spent:.0%} of its "
            f"processor time; 1 MB in flight adds {beside - alone:.1f} ms to the p99 of small requests"
        )


if __name__ == "__main__":
    main()
