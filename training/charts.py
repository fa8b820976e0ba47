"""Charts as SVG: small, drawn by hand, readable without colour."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup, escape

_BLUE, _GREY = "#2a62a8", "#8a929c"


def _svg(width: int, height: int, parts: Sequence[str], title: str) -> Markup:
    body = "".join(parts)
    return Markup(
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">'
        f"<title>{escape(title)}</title>{body}</svg>"
    )


def _text(x: float, y: float, text: str, anchor: str = "start", kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str = "#d7dbe0", width: float = 1, dash: str = "") -> str:
    extra = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width}"{extra}/>'
    )


def intervals(rows: Sequence[dict[str, Any]], title: str) -> Markup:
    """Figures with their intervals, one line each.

    Args:
        rows: `name`, `macro_f1`, `low`, `high` (from 0 to 1), and `strong` for those to stand out.
        title: read out to those who cannot see it.
    """
    left, width, step = 210, 720, 26
    height = step * len(rows) + 30
    most = min(1.0, max(0.5, *(float(row["high"]) for row in rows)) + 0.05)

    def x(value: float) -> float:
        return left + value / most * (width - left - 150)

    parts = []
    for k in range(int(most * 10) + 1):
        parts += [_line(x(k / 10), 4, x(k / 10), height - 24), _text(x(k / 10), height - 8, f"{k / 10:.1f}", "middle")]
    for i, row in enumerate(rows):
        y, strong = 16 + i * step, bool(row.get("strong"))
        colour = _BLUE if strong else _GREY
        parts += [
            _text(left - 10, y + 4, row["name"], "end", "strong" if strong else ""),
            _line(x(row["low"]), y, x(row["high"]), y, colour, 3),
            f'<circle cx="{x(row["macro_f1"]):.1f}" cy="{y}" r="5" fill="{colour}"/>',
            _text(width - 138, y + 4, f"{row['macro_f1']:.3f} ({row['low']:.3f}–{row['high']:.3f})"),
        ]
    return _svg(width, height, parts, title)


def _axes(size: int, left: int, x_name: str, y_name: str) -> list[str]:
    bottom = size - 40
    parts = [_text((left + size) / 2, size - 4, x_name, "middle")]
    parts.append(
        f'<text x="12" y="{bottom / 2:.0f}" text-anchor="middle" transform="rotate(-90 12 {bottom / 2:.0f})">'
        f"{escape(y_name)}</text>"
    )
    return parts


def reliability(bins: Sequence[dict[str, Any]], title: str) -> Markup:
    """Share of right labels against the score of the label; on the diagonal a score means what it says."""
    size, left = 320, 52
    bottom = size - 40

    def x(value: float) -> float:
        return left + value * (size - left - 10)

    def y(value: float) -> float:
        return bottom - value * (bottom - 10)

    parts = _axes(size, left, "score of the label", "share of right labels")
    for k in range(0, 11, 2):
        parts += [_line(left, y(k / 10), size - 10, y(k / 10)), _text(left - 6, y(k / 10) + 4, f"{k / 10:.1f}", "end")]
        parts.append(_text(x(k / 10), bottom + 16, f"{k / 10:.1f}", "middle"))
    parts.append(_line(x(0), y(0), x(1), y(1), _GREY, 1, "4 4"))
    most = max((each["count"] for each in bins), default=1)
    for each in bins:
        tall = 40 * each["count"] / most
        parts.append(
            f'<rect x="{x(each["low"]) + 1:.1f}" y="{bottom - tall:.1f}" width="{x(0.1) - x(0) - 2:.1f}" '
            f'height="{tall:.1f}" fill="#dfe6ee"><title>{each["count"]} labels</title></rect>'
        )
    points = " ".join(f"{x(each['score']):.1f},{y(each['accuracy']):.1f}" for each in bins)
    parts.append(f'<polyline points="{points}" fill="none" stroke="{_BLUE}" stroke-width="2"/>')
    parts += [f'<circle cx="{x(b["score"]):.1f}" cy="{y(b["accuracy"]):.1f}" r="4" fill="{_BLUE}"/>' for b in bins]
    return _svg(size, size, parts, title)


def curve(points: Sequence[dict[str, float]], title: str) -> Markup:
    """Macro-F1 against the number of training examples."""
    size, left = 320, 52
    bottom = size - 40
    most = max((point["examples"] for point in points), default=1)
    figures = [point["macro_f1"] for point in points] or [0.0, 1.0]
    low, high = max(0.0, min(figures) - 0.05), min(1.0, max(figures) + 0.05)

    def x(value: float) -> float:
        return left + value / most * (size - left - 24)

    def y(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - 10)

    parts = _axes(size, left, "training examples", "macro-F1 on one fold")
    for k in range(5):
        value = low + k / 4 * (high - low)
        parts += [_line(left, y(value), size - 10, y(value)), _text(left - 6, y(value) + 4, f"{value:.2f}", "end")]
    parts.append(_text(left, bottom + 16, "0", "middle"))
    parts += [_text(x(most * k / 2), bottom + 16, f"{most * k / 2:,.0f}", "middle") for k in (1, 2)]
    joined = " ".join(f"{x(point['examples']):.1f},{y(point['macro_f1']):.1f}" for point in points)
    parts.append(f'<polyline points="{joined}" fill="none" stroke="{_BLUE}" stroke-width="2"/>')
    for point in points:
        parts.append(
            f'<circle cx="{x(point["examples"]):.1f}" cy="{y(point["macro_f1"]):.1f}" r="4" fill="{_BLUE}">'
            f"<title>{point['examples']:.0f}: {point['macro_f1']:.3f}</title></circle>"
        )
    return _svg(size, size, parts, title)


def histogram(bars: Sequence[tuple[int, int]], title: str, x_name: str) -> Markup:
    """Counts by size; the last bar holds everything above."""
    width, height, left = 460, 190, 50
    bottom = height - 42
    most = max((count for _, count in bars), default=1) or 1
    step = (width - left - 10) / max(1, len(bars))
    parts = [_text((left + width) / 2, height - 6, x_name, "middle"), _line(left, bottom, width - 10, bottom, _GREY)]
    parts += [_text(left - 6, 18, str(most), "end"), _text(left - 6, bottom, "0", "end")]
    for i, (size, count) in enumerate(bars):
        tall = count / most * (bottom - 12)
        name = f"{size}+" if i == len(bars) - 1 else str(size)
        parts.append(
            f'<rect x="{left + i * step + 1:.1f}" y="{bottom - tall:.1f}" width="{step - 2:.1f}" height="{tall:.1f}" '
            f'fill="{_BLUE}"><title>{count}</title></rect>'
        )
        parts.append(_text(left + i * step + step / 2, bottom + 15, name, "middle"))
    return _svg(width, height, parts, title)


def standalone(chart: Markup) -> Markup:
    """A chart as a file of its own: with its namespace, letters and a white ground."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12" '
    ground = Markup('</title><rect width="100%" height="100%" fill="#ffffff"/>')
    return Markup(str(chart).replace("<svg ", head, 1).replace("</title>", ground, 1) + "\n")


_STROKES = (("#2a62a8", ""), ("#c2571a", "7 4"), ("#3b7d3b", "2 3"), ("#6b4a9b", "10 3 2 3"))


def curves(points: Sequence[Mapping[str, Any]], title: str) -> Markup:
    """Macro-F1 against the number of training sentences: a panel for each test file, a line for each kind.

    Args:
        points: `kind`, `test`, `sentences`, and `macro_f1` with `low` and `high`, drawn as a bar.
        title: read out to those who cannot see it.
    """
    tests = list(dict.fromkeys(point["test"] for point in points))
    kinds = list(dict.fromkeys(point["kind"] for point in points))
    figures = [point[key] for point in points for key in ("low", "high")]
    sizes = [point["sentences"] for point in points]
    scale = _Scale(min(sizes), max(sizes), math.floor(min(figures) * 20) / 20, math.ceil(max(figures) * 20) / 20)
    parts = []
    for k, test in enumerate(tests):
        parts.append(f'<g transform="translate({k * (_PANEL + 20)} 24)">{_text(52, -8, test, kind="strong")}')
        parts += [*_grid(scale), _text((52 + _PANEL) / 2, _PANEL - 22, "training sentences", "middle")]
        for kind, stroke in zip(kinds, itertools.cycle(_STROKES)):
            parts += _series([p for p in points if (p["test"], p["kind"]) == (test, kind)], scale, *stroke)
        parts.append("</g>")
    for i, (kind, (colour, dash)) in enumerate(zip(kinds, itertools.cycle(_STROKES))):
        parts.append(_line(60 + i * 120, _PANEL + 22, 90 + i * 120, _PANEL + 22, colour, 2, dash))
        parts.append(_text(96 + i * 120, _PANEL + 26, kind))
    return _svg(len(tests) * (_PANEL + 20), _PANEL + 36, parts, title)


_PANEL = 340  # width and height of one panel of `curves`


class _Scale(NamedTuple):
    """Where a number of sentences (on a scale of doublings) and a figure lie in a panel."""

    least: float
    most: float
    low: float
    high: float

    def x(self, sentences: float) -> float:
        """Pixels from the left."""
        span = math.log(self.most / self.least) or 1.0
        return 52 + 8 + math.log(sentences / self.least) / span * (_PANEL - 52 - 24)

    def y(self, figure: float) -> float:
        """Pixels from the top."""
        return 4 + (self.high - figure) / ((self.high - self.low) or 1.0) * (_PANEL - 60)


def _grid(scale: _Scale) -> list[str]:
    parts = []
    for k in range(round(scale.low * 20), round(scale.high * 20) + 1):
        y = scale.y(k / 20)
        parts += [_line(52, y, _PANEL, y), _text(46, y + 4, f"{k / 20:.2f}", "end")]
    bottom = scale.y(scale.low)
    size = scale.least
    while size <= scale.most:
        parts.append(_text(scale.x(size), bottom + 18, f"{size:,.0f}", "middle"))
        size *= 4
    return parts


def _series(points: Sequence[Mapping[str, Any]], scale: _Scale, colour: str, dash: str) -> list[str]:
    extra = f' stroke-dasharray="{dash}"' if dash else ""
    joined = " ".join(f"{scale.x(p['sentences']):.1f},{scale.y(p['macro_f1']):.1f}" for p in points)
    parts = [f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"{extra}/>']
    for p in points:
        x = scale.x(p["sentences"])
        parts.append(_line(x, scale.y(p["low"]), x, scale.y(p["high"]), colour, 1))
        note = f"{p['kind']}, {p['sentences']:,} sentences: {p['macro_f1']:.3f}"
        parts.append(
            f'<circle cx="{x:.1f}" cy="{scale.y(p["macro_f1"]):.1f}" r="3.5" fill="{colour}">'
            f"<title>{escape(note)}</title></circle>"
        )
    return parts
