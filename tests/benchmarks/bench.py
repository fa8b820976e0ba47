"""Time the analysis beside VADER, TextBlob and a plain TF-IDF pipeline: `make bench`.

All contenders read the same sentences in the same run, in turns, so that a busy machine slows
them alike; what is printed is the median of the rounds, in microseconds a sentence. Nothing is
asserted about time.

    python tests/benchmarks/bench.py [--data FILE] [--model DIR] [--sentences N] [--rounds N] [--json]
"""

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # so that it runs from a checkout that is not installed
os.environ.setdefault("OMP_NUM_THREADS", "1")

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402
from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.pipeline import Pipeline, make_pipeline  # noqa: E402
from textblob import TextBlob  # noqa: E402
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: E402

from models.analyzer import Analyzer  # noqa: E402
from models.errors import StancewireError  # noqa: E402
from models.releases import current_folder  # noqa: E402

DATA = ROOT / "datasets"
GROWTH = (10, 100, 1_000, 10_000, 100_000)
LONGEST_TEXT = 10_000
DOCUMENT = 25  # sentences, as a news article has
OURS = "stancewire, sentence by sentence"

Run = Callable[[Sequence[str]], object]
Figures = dict[str, float]


def read_sentences(paths: Sequence[Path], count: int) -> tuple[list[str], list[str]]:
    """Sentences and the sentiment or stance that they are labelled with, the same ones each time."""
    rows = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                row = json.loads(line) if path.suffix == ".jsonl" else {"text": line}
                stances = list(row.get("stance", {}).values())
                rows.append((" ".join(row["text"].split()), stances[0] if stances else "neutral"))
    rows = [row for row in rows if row[0]]
    rows = random.Random(5).sample(rows, min(count, len(rows)))
    return [text for text, _ in rows], [label for _, label in rows]


def plain_pipeline(texts: Sequence[str], labels: Sequence[str]) -> Pipeline:
    """What a first tutorial would build: TF-IDF of one and two words, and logistic regression."""
    labels = list(labels) if len(set(labels)) > 1 else ["favor", "against"] * len(labels)
    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=300)).fit(
        texts, labels[: len(texts)]
    )


def contenders(analyzer: Analyzer, plain: Pipeline) -> dict[str, Run]:
    """Name and run of everything that is timed."""
    vader = SentimentIntensityAnalyzer()
    return {
        OURS: lambda texts: [analyzer.analyze(text) for text in texts],
        f"stancewire, documents of {DOCUMENT} sentences": lambda texts: [
            analyzer.analyze("\n\n".join(texts[i : i + DOCUMENT])) for i in range(0, len(texts), DOCUMENT)
        ],
        "stancewire, with evidence": lambda texts: [analyzer.analyze(text, explain=True) for text in texts],
        "VADER": lambda texts: [vader.polarity_scores(text) for text in texts],
        "TextBlob": lambda texts: [TextBlob(text).sentiment for text in texts],
        "TF-IDF + logistic regression, one by one": lambda texts: [plain.predict_proba([text]) for text in texts],
        "TF-IDF + logistic regression, one batch": lambda texts: plain.predict_proba(texts),
    }


def compare(runs: dict[str, Run], texts: Sequence[str], rounds: int) -> dict[str, Figures]:
    """Median, fastest round and ratio to ours, of rounds in which all take turns."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run(texts[:50])  # warm up
    for _ in range(rounds):
        for name, run in runs.items():
            times[name].append(timed(run, texts) / len(texts) * 1e6)
    ours = times[OURS]
    return {
        name: {
            "median_us": statistics.median(each),
            "fastest_us": min(each),
            "ratio": statistics.median(theirs / own for theirs, own in zip(each, ours, strict=True)),
        }
        for name, each in times.items()
    }


def timed(run: Run, texts: Sequence[str]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    run(texts)
    return time.perf_counter() - start


def growth(analyzer: Analyzer, texts: Sequence[str]) -> list[Figures]:
    """Seconds and peak of memory for ever more sentences, streamed, and for one text of that many."""
    figures = []
    for count in GROWTH:
        start = time.perf_counter()
        for i in range(count):
            analyzer.analyze(texts[i % len(texts)])
        seconds = time.perf_counter() - start
        memory = resident()
        whole = "\n\n".join(texts[i % len(texts)] for i in range(min(count, LONGEST_TEXT)))
        start = time.perf_counter()
        analyzer.analyze(whole)
        figures.append(
            {
                "sentences": count,
                "seconds": seconds,
                "us_per_sentence": seconds / count * 1e6,
                "memory_mb": memory,
                "one_text_us_per_sentence": (time.perf_counter() - start) / min(count, LONGEST_TEXT) * 1e6,
            }
        )
    return figures


def resident(process: int | str = "self") -> float:
    """Resident memory of a process in megabytes; 0 where the system does not say."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def load_seconds(folder: Path) -> float:
    """Seconds to load the model, libraries loaded already; the best of five."""

    def load(_: Sequence[str]) -> object:
        return Analyzer.load(folder)

    return min(timed(load, ()) for _ in range(5))


def serving(folder: Path) -> Figures:
    """Seconds until a server process is ready, and its resident memory then."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "service.cli", "serve", "--port", str(port), "--models", str(folder)]
    environment = os.environ | {"STANCEWIRE_HEAVY_PROCESSES": "0", "STANCEWIRE_LOG_LEVEL": "error"}
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            while not is_ready(port):
                if server.poll() is not None or time.perf_counter() - start > 60:
                    raise SystemExit("bench: the server did not start; try `stancewire serve` to see why.")
                time.sleep(0.02)
            return {"ready_seconds": time.perf_counter() - start, "memory_mb": resident(server.pid)}
        finally:
            server.terminate()


def is_ready(port: int) -> bool:
    """Whether the server answers that it is ready."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def show(figures: dict[str, Any]) -> None:
    """Print all figures as tables."""
    console = Console(width=100)
    console.print(f"{figures['sentences']} sentences of {figures['characters']:.0f} characters on average, ", end="")
    console.print(f"{figures['stances']:.2f} stances each; median of {figures['rounds']} interleaved rounds\n")
    table = Table("", "µs per sentence", "fastest round", "times ours")
    for name, row in figures["compare"].items():
        table.add_row(name, f"{row['median_us']:,.0f}", f"{row['fastest_us']:,.0f}", f"{row['ratio']:.2f}")
    console.print(table)
    table = Table("sentences", "seconds", "µs per sentence", "memory, MB", "µs per sentence, as one text")
    for row in figures["growth"]:
        cells = (f"{row['sentences']:,}", f"{row['seconds']:.3f}", f"{row['us_per_sentence']:,.0f}")
        table.add_row(*cells, f"{row['memory_mb']:,.0f}", f"{row['one_text_us_per_sentence']:,.0f}")
    console.print(table)
    console.print(f"One text has at most {LONGEST_TEXT:,} sentences here. ", end="")
    console.print(
        f"The model loads in {figures['load_seconds'] * 1000:,.0f} ms. A serving process is ready after ", end=""
    )
    console.print(f"{figures['serving']['ready_seconds']:.1f} s and holds {figures['serving']['memory_mb']:,.0f} MB.")


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All figures."""
    paths = sorted(DATA.glob("*.jsonl")) if options.data is None else [options.data]
    texts, labels = read_sentences(paths, options.sentences)
    analyzer = Analyzer.load(folder)
    stances = [len(sentence.stances) for text in texts for sentence in analyzer.analyze(text).sentences]
    return {
        "sentences": len(texts),
        "characters": statistics.mean(map(len, texts)),
        "stances": sum(stances) / len(texts),
        "rounds": options.rounds,
        "compare": compare(contenders(analyzer, plain_pipeline(texts, labels)), texts, options.rounds),
        "growth": growth(analyzer, texts),
        "load_seconds": load_seconds(folder),
        "serving": serving(folder),
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="sentences: .jsonl with `text`, or one a line (default: datasets/)")
    parser.add_argument("--model", type=Path, help="an artifact folder (default: the released one)")
    parser.add_argument("--sentences", type=int, default=500, help="how many of the sentences to take")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print figures for programs")
    options = parser.parse_args()
    try:
        figures = measure(options, options.model or current_folder())
    except (StancewireError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(figures, indent=2, ensure_ascii=False))
    else:
        show(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
