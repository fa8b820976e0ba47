"""A report: one HTML page, opened offline, over one article or many documents.

Everything is inside the page: no script, no font, no address. Sentences are shown for the first
documents only; totals, charts and the list of documents count all of them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from models.analysis import STANCES, Analysis, Sentence, Stance
from models.analyzer import Analyzer
from models.errors import StancewireError
from service.bulk import open_aside
from service.chart import Chart, make_chart
from service.documents import Document, parse_item, read_items
from service.inputs import read_article
from service.show import deciding

LISTED = 1_000  # documents in the list at most; a page with more is slow to open
_MANY = re.compile(r"\.(jsonl|ndjson)(\.gz)?$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters of a sentence with the same marks.

    Attributes:
        text: the characters.
        classes: "m-us" in a mention of us, "e-us" in words that decided its stance.
        title: what those words weighed, for a tooltip.
    """

    text: str
    classes: str
    title: str


@dataclass(slots=True)
class Row:
    """One document as the report keeps it."""

    number: int
    name: str
    day: date | None
    summary: dict[str, dict[str, float]]
    tones: dict[str, int]
    sentences: list[tuple[Sentence, list[Piece]]] | None = None


@dataclass(slots=True)
class Collected:
    """All documents of a report."""

    rows: list[Row] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    failed: int = 0

    def totals(self) -> dict[str, dict[str, float]]:
        """Counts by target over all documents."""
        return add_up(row.summary for row in self.rows)


def write_report(
    analyzer: Analyzer,
    source: str,
    out: Path,
    title: str | None = None,
    targets: list[str] | None = None,
    on: date | None = None,
    most: int = 100,
) -> int:
    """Analyse a source and write the page, whole or not at all.

    Args:
        analyzer: reads the documents.
        source: an article, JSON Lines (.jsonl, .ndjson, also .gz), a folder of .txt, or "-" (an article).
        out: the page to write.
        title: of the page; the name of the source when left out.
        targets: ids to report; None reports all.
        on: day of documents that give none.
        most: documents whose sentences are shown.

    Returns:
        Documents in the page.

    Raises:
        InputError: the source cannot be read, or the page not written.
        UnknownTargetError: `targets` names one that is not configured.
    """
    analyzer.analyze("", targets)
    found = collect(analyzer, read_documents(source), targets, on, most)
    totals = found.totals()
    wanted = targets or list(analyzer.targets)
    page = _environment().get_template("report.html.j2")
    parts = page.generate(
        title=title or ("Standard input" if source == "-" else Path(source).name),
        model=f"stancewire {analyzer.version}",
        found=found,
        listed=found.rows[:LISTED],
        totals=totals,
        tones={tone: sum(row.tones[tone] for row in found.rows) for tone in ("positive", "neutral", "negative")},
        names={id: analyzer.targets[id].name for id in wanted},
        shown=[row for row in found.rows if row.sentences is not None],
        chart=_chart(found.rows, list(totals)),
        stances=STANCES,
    )
    with open_aside(str(out)) as file:
        for part in parts:
            file.write(part.encode("utf-8"))
    return len(found.rows)


def read_documents(source: str) -> Iterator[Document | StancewireError]:
    """Documents of a source; a bad one among many comes as its error.

    Raises:
        InputError: the source cannot be read.
    """
    if source == "-" or not (_MANY.search(source) or Path(source).is_dir()):
        yield Document(read_article(source), title=None if source == "-" else Path(source).name)
        return
    for item in read_items(source):
        try:
            yield parse_item(item)
        except StancewireError as error:
            yield error


def collect(
    analyzer: Analyzer,
    documents: Iterable[Document | StancewireError],
    targets: list[str] | None,
    on: date | None,
    most: int,
) -> Collected:
    """Analyse documents and keep what the page needs."""
    found = Collected()
    for number, document in enumerate(documents, start=1):
        try:
            if isinstance(document, StancewireError):
                raise document
            show = len(found.rows) < most
            day = document.day or on
            analysis = analyzer.analyze(document.text, targets or document.targets, show, day)
            found.rows.append(_row(number, document, day, analysis, show))
        except StancewireError as error:
            found.failed += 1
            if len(found.errors) < LISTED:
                found.errors.append(error.message)
    return found


def _row(number: int, document: Document, day: date | None, analysis: Analysis, show: bool) -> Row:
    name = document.title or (str(document.id) if document.id is not None else f"Document {number}")
    tones = [sentence.sentiment.label for sentence in analysis.sentences]
    return Row(
        number,
        name,
        day,
        analysis.summary(),
        {tone: tones.count(tone) for tone in ("positive", "neutral", "negative")},
        [(sentence, cut(sentence)) for sentence in analysis.sentences] if show else None,
    )


def cut(sentence: Sentence) -> list[Piece]:
    """A sentence in pieces that carry the same marks; together they are its text."""
    marks: list[dict[str, str]] = [{} for _ in sentence.text]
    for stance in sentence.stances:
        for start, end, name, title in _marks(stance):
            for place in range(start - sentence.start, end - sentence.start):
                marks[place][name] = title
    pieces = []
    for mark, run in groupby(zip(sentence.text, marks, strict=True), key=lambda pair: pair[1]):
        text = "".join(character for character, _ in run)
        pieces.append(Piece(text, " ".join(mark), "; ".join(title for title in mark.values() if title)))
    return pieces


def _marks(stance: Stance) -> Iterator[tuple[int, int, str, str]]:
    for span in stance.mentions:
        yield span.start, span.end, f"m-{stance.target}", ""
    for piece in deciding(stance):
        yield piece.start, piece.end, f"e-{stance.target}", f"{stance.target}, {stance.label}: {piece.weight:+.2f}"


def add_up(summaries: Iterable[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Summaries of several documents as one."""
    totals: dict[str, dict[str, float]] = {}
    for summary in summaries:
        for target, counts in summary.items():
            row = totals.setdefault(target, {"sentences": 0, **dict.fromkeys(STANCES, 0)})
            for key in row:
                row[key] += counts[key]
    return {target: row | {"net": (row["favor"] - row["against"]) / row["sentences"]} for target, row in totals.items()}


def _chart(rows: list[Row], targets: list[str]) -> Chart | None:
    named = [(row.name, row.day, row.summary) for row in rows if row.summary]
    return make_chart(named, targets) if len(named) > 1 else None


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("service"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["signed"] = lambda value: f"{value:+.2f}"
    environment.filters["percent"] = _percent
    return environment


def _percent(value: float, whole: Any) -> str:
    return f"{100 * value / whole:.2f}%" if whole else "0%"
