"""How fast the service is, beside a bare FastAPI echo route, with wrk in one run.

python tests/benchmarks/bench_http.py [--seconds 5] [--connections 32] [--model DIR] [--json]
(wrk: `apt-get install wrk`.) Server and load share the machine, so the figures are for comparing.
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
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models.releases import current_folder
from tests.service.live import ROOT, free_port, serving

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


@dataclass(frozen=True)
class Row:
    """One measurement: requests a second, and milliseconds."""

    name: str
    workers: int
    rate: float
    p50: float
    p99: float
    failed: int


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
def echoing(folder: Path, answer: bytes, workers: int) -> Iterator[str]:
    """The echo application, under the same server as ours."""
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
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _one() -> bytes:
    return json.dumps({"text": SENTENCE}).encode()


def measure(folder: Path, model: Path, workers: int, seconds: int, connections: int) -> Iterator[Row]:
    """Every route with so many server processes, one after another."""
    with serving(folder, workers=workers, model=model) as server:
        answer = post(f"{server.url}/v1/stance", _one())
        with echoing(folder, answer, workers) as echo:
            for name, url, body in (
                ("bare FastAPI echo", echo, _one()),
                ("single sentence", f"{server.url}/v1/stance", _one()),
                ("bare FastAPI echo, again", echo, _one()),
                ("single sentence, again", f"{server.url}/v1/stance", _one()),
                ("article of 50 sentences", f"{server.url}/v1/stance", json.dumps({"text": ARTICLE}).encode()),
                ("batch of 100 sentences", f"{server.url}/v1/stance/batch", json.dumps({"documents": BATCH}).encode()),
            ):
                run_wrk(url, body, folder, 1, connections)  # warm
                yield Row(name, workers, *run_wrk(url, body, folder, seconds, connections))


def starve(folder: Path, model: Path, workers: int, seconds: int, connections: int) -> Iterator[Row]:
    """Small requests alone, and while one client always has a text of 1 MB in flight."""
    with serving(folder, workers=workers, model=model) as server:
        url = f"{server.url}/v1/stance"
        book = json.dumps({"text": BOOK}).encode()
        post(url, book)
        run_wrk(url, _one(), folder, 1, connections)
        yield Row("small requests alone", workers, *run_wrk(url, _one(), folder, seconds, connections))
        end = threading.Event()

        def read_books() -> None:
            while not end.is_set():
                post(url, book)

        thread = threading.Thread(target=read_books, daemon=True)
        thread.start()
        row = run_wrk(url, _one(), folder, max(seconds, 10), connections)
        end.set()
        thread.join()
        yield Row("small requests beside 1 MB", workers, *row)


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
        folder = Path(name)
        for workers in (1, 2):
            rows += measure(folder, model, workers, options.seconds, options.connections)
            rows += starve(folder, model, workers, options.seconds, options.connections)
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return
    print(f"{'route':32}{'workers':>8}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'p99/p50':>9}{'failed':>8}")
    for row in rows:
        ratio = row.p99 / row.p50
        print(
            f"{row.name:32}{row.workers:>8}{row.rate:>12,.0f}{row.p50:>10.2f}{row.p99:>10.2f}{ratio:>9.1f}{row.failed:>8}"
        )
    for workers in (1, 2):
        mine = [row for row in rows if row.workers == workers]
        echo = max(row.rate for row in mine if row.name.startswith("bare"))
        single = max(row.rate for row in mine if row.name.startswith("single"))
        alone, beside = (
            next(row.p99 for row in mine if row.name == f"small requests {how}") for how in ("alone", "beside 1 MB")
        )
        print(
            f"{workers} worker(s): single sentence at {single / echo:.0%} of the echo route; "
            f"1 MB in flight adds {beside - alone:.1f} ms to the p99 of small requests"
        )


if __name__ == "__main__":
    main()
