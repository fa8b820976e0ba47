"""What the commands share: figures on standard output, everything else on standard error."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.table import Table
from rich.text import Text

from training.fit import Step

MOST_TARGETS = 10  # shown in a table; --json gives every one

out = Console()
err = Console(stderr=True)


def print_json(data: Any) -> None:
    """Figures for programs: one JSON document on standard output, and nothing else there."""
    print(json.dumps(data, indent=2, ensure_ascii=False))


def note(text: str) -> None:
    """Tell people something, on standard error."""
    err.print(text, markup=False, highlight=False, soft_wrap=True)


class _TimeLeft(ProgressColumn):
    """Time left: from a first guess until something is done, then from the share that is done."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        elapsed = task.elapsed or 0.0
        share = task.completed / task.total if task.total else 0.0
        guess = elapsed / share if share else float(task.fields.get("guess", 0.0))
        left = max(0, round(guess - elapsed))
        return Text("done" if task.finished else f"{left // 60}:{left % 60:02d} left", style="cyan")


@contextmanager
def progress(steps: Mapping[str, float], guess: float = 0.0, quiet: bool = False) -> Iterator[Step]:
    """A progress bar over named steps.

    Args:
        steps: share of the time of each step that will be announced, in any unit.
        guess: seconds that all of it may take, shown until the first step is done.
        quiet: show nothing.

    Yields:
        A function to be called with the name of each step as it begins.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description:<28}"), BarColumn(), _TimeLeft())
    with Progress(*columns, console=err, transient=True, disable=quiet) as bar:
        task = bar.add_task("", total=sum(steps.values()), guess=guess)
        begun = 0.0

        def step(name: str) -> None:
            nonlocal begun
            bar.update(task, completed=begun, description=name)
            begun += steps.get(name, 0.0)

        yield step
        bar.update(task, completed=sum(steps.values()))


def interval(figures: Mapping[str, Any]) -> str:
    """`0.561 (.540-.582)`: macro-F1 with its 95 % interval."""
    low, high = (f"{figures[key]:.3f}".removeprefix("0") for key in ("low", "high"))
    return f"{figures['macro_f1']:.3f} ({low}-{high})"


def score_table(title: str, rows: Sequence[tuple[str, Mapping[str, Any]] | None]) -> Table:
    """A table of scores: macro-F1 with interval, F1 of each label, accuracy, count; None draws a line."""
    filled = [row for row in rows if row is not None]
    labels = list(filled[0][1]["f1"])
    table = Table(
        title=title,
        title_justify="left",
        header_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    table.add_column("", no_wrap=True)
    for name in ("macro-F1 (95 %)", *labels, "acc.", "n"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        if row is None:
            table.add_section()
            continue
        name, figures = row
        each = [f"{figures['f1'][label]:.3f}" for label in labels]
        cells = (name, interval(figures), *each, f"{figures['accuracy']:.3f}", str(figures["count"]))
        table.add_row(*cells, style="bold" if row is filled[0] else None)
    return table


def print_head(name: str, figures: Mapping[str, Any], method: str) -> None:
    """Print the figures of one head: itself, its targets, and the baselines beside it."""
    rows: list[tuple[str, Mapping[str, Any]] | None] = [(name, figures["overall"])]
    targets = list(figures.get("targets", {}).items())
    rows += [(f"  {target}", each) for target, each in targets[:MOST_TARGETS]]
    rows += [None, *figures.get("baselines", {}).items()]
    out.print(score_table(f"{name}: F1, {method}", rows))
    if len(targets) > MOST_TARGETS:
        out.print(f"  {len(targets) - MOST_TARGETS} further targets: see --json, or the report.", highlight=False)
    sure = figures["confident"]
    precision = "none reaches it" if sure["precision"] is None else f"{sure['precision']:.1%} of them right"
    out.print(
        f"  calibration error {figures['calibration']['error']:.3f}; confident (score ≥ {sure['threshold']:.2f}): "
        f"{sure['coverage']:.1%}, {precision}\n",
        highlight=False,
    )


class Watch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def __str__(self) -> str:
        return f"{time.monotonic() - self._begun:.1f} s"
