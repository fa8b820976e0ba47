"""The chart of a report: net stance over documents or over time, as coordinates for an SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

Summary = dict[str, dict[str, float]]
WIDTH, HEIGHT = 760, 240
LEFT, RIGHT, TOP, BOTTOM = 40, 16, 14, 34
MOST_BUCKETS = 60


@dataclass(frozen=True, slots=True)
class Point:
    """The net stance toward a target in one bucket: where it stands in the chart, and what it says."""

    x: float
    y: float
    r: float
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart ready to be drawn.

    Attributes:
        heading: what is on the axis, as in "Net stance by month".
        series: points by target, from left to right.
        ticks: x and label of the marks on the axis.
    """

    heading: str
    series: dict[str, list[Point]]
    ticks: list[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT

    @staticmethod
    def y(net: float) -> float:
        """Height of a net stance between -1 and 1."""
        return TOP + (1 - net) / 2 * (HEIGHT - TOP - BOTTOM)


def make_chart(documents: Sequence[tuple[str, date | None, Summary]], targets: Sequence[str]) -> Chart:
    """Net stance by target: over time where every document has a day, else in the order of the documents.

    Args:
        documents: name, day and summary of each.
        targets: ids to draw.
    """
    days = [day for _, day, _ in documents if day is not None]
    if len(days) == len(documents) and min(days) < max(days):
        unit, key = _time_unit(days)
        ordered = sorted(documents, key=lambda each: each[1] or date.min)
        buckets = _group([(key(day or date.min), summary) for _, day, summary in ordered])
    else:
        step = -(-len(documents) // MOST_BUCKETS)
        unit = "document" if step == 1 else f"{step} documents"
        names = [documents[i - i % step][0] for i in range(len(documents))]
        numbers = range(len(documents))
        grouped = _group([(str(i // step), documents[i][2]) for i in numbers])
        buckets = [(names[int(label) * step], summaries) for label, summaries in grouped]
    places = _places(len(buckets))
    series = {target: _points(target, buckets, places) for target in targets}
    every = -(-len(buckets) // 6)
    ticks = [(places[i], _short(label)) for i, (label, _) in enumerate(buckets) if i % every == 0]
    return Chart(f"Net stance by {unit}", {target: points for target, points in series.items() if points}, ticks)


def _time_unit(days: Sequence[date]) -> tuple[str, Callable[[date], str]]:
    if len(set(days)) <= MOST_BUCKETS:
        return "day", lambda day: day.isoformat()
    if len({(day.year, day.month) for day in days}) <= MOST_BUCKETS:
        return "month", lambda day: f"{day:%Y-%m}"
    return "year", lambda day: f"{day:%Y}"


def _group(pairs: Sequence[tuple[str, Summary]]) -> list[tuple[str, list[Summary]]]:
    groups: dict[str, list[Summary]] = {}
    for label, summary in pairs:
        groups.setdefault(label, []).append(summary)
    return list(groups.items())


def _places(count: int) -> list[float]:
    room = WIDTH - LEFT - RIGHT
    return [LEFT + room * (i + 0.5) / count for i in range(count)]


def _points(target: str, buckets: Sequence[tuple[str, list[Summary]]], places: Sequence[float]) -> list[Point]:
    points = []
    for place, (label, summaries) in zip(places, buckets, strict=True):
        rows = [summary[target] for summary in summaries if target in summary]
        sentences = sum(row["sentences"] for row in rows)
        if sentences:
            net = sum(row["favor"] - row["against"] for row in rows) / sentences
            title = f"{label}, {target}: net {net:+.2f} in {sentences:.0f} sentence{'s' * (sentences != 1)}"
            points.append(Point(place, Chart.y(net), min(8.0, 3 + sentences**0.5 / 2), title))
    return points


def _short(label: str) -> str:
    return label if len(label) <= 16 else label[:15] + "…"
