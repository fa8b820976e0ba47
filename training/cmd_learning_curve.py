"""`python -m training learning-curve`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from training import charts
from training.config import FILE, Config, load_config
from training.console import err, note, out, print_json
from training.datasheet import renew
from training.defaults import REPORTS, data_paths
from training.learning_curve import SIZES, Point, as_markdown, learning_curve
from training.records import DataError, Record
from training.report import save_report
from training.tables import read_data


def command(
    test: Annotated[list[Path] | None, typer.Option(help="Measure on this file; may be repeated.")] = None,
    data: Annotated[
        list[Path] | None, typer.Option(help="Invented sentences; may be repeated.", show_default="datasets/")
    ] = None,
    real: Annotated[list[Path] | None, typer.Option(help="Real sentences; may be repeated.")] = None,
    size: Annotated[
        list[int] | None,
        typer.Option(help="Number of training sentences; may be repeated.", min=1, show_default="250, 500, 1000 …"),
    ] = None,
    seeds: Annotated[int, typer.Option(help="Draws of each size.", min=1)] = 3,
    config: Annotated[Path, typer.Option(help="Configuration.", show_default="training/config.toml")] = FILE,
    chart: Annotated[
        Path | None, typer.Option(help="Where to write the chart.", show_default="reports/learning-curve.svg")
    ] = None,
    readme: Annotated[
        Path | None, typer.Option(help="Renew the table between the marks learning-curve of this file.")
    ] = None,
    jobs: Annotated[int, typer.Option(help="Fits at the same time; -1 takes every core.")] = -1,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table in Markdown.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the figures for programs.")] = False,
) -> None:
    """Measure what more sentences are worth: macro-F1 of stance against the number trained on.

    Trains on invented sentences, on real ones (--real) and on both, on growing random draws, and
    measures on every --test file. Prints a table and writes a chart (SVG).

    Example: python -m training learning-curve --data datasets/ --test my_test.jsonl
    """
    if not test:
        raise DataError("Nothing to measure on: name a --test FILE. Its sentences are never trained on.")
    if readme and not readme.is_file():
        raise DataError(f"{readme} does not exist, so it has no table to renew.")
    tests = {path.stem: read_data([path]) for path in test}
    if len(tests) < len(test):
        raise DataError("Two --test files have the same name. Rename one: the figures are told apart by it.")
    kinds = {"invented": read_data(data_paths(data))} | ({"real": read_data(real)} if real else {})
    points = _measure(kinds, tests, load_config(config), sorted(size or SIZES), seeds, jobs, json or markdown)
    path = chart or REPORTS / "learning-curve.svg"
    rows = [point.as_dict() for point in points]
    title = "Macro-F1 of stance against the number of training sentences"
    save_report(charts.standalone(charts.curves(rows, title)), path)
    if readme:
        save_report(
            renew(readme.read_text(encoding="utf-8"), {"learning-curve": as_markdown(points)}, str(readme)), readme
        )
    if json:
        print_json({"chart": str(path), "seeds": seeds, "points": rows})
    elif markdown:
        print(as_markdown(points))
    else:
        _show(points)
        note(f"Chart: {path}")


def _measure(
    kinds: dict[str, list[Record]], tests: dict[str, list[Record]], config: Config, sizes: Sequence[int], seeds: int,
    jobs: int, quiet: bool,
) -> list[Point]:  # fmt: skip
    columns = (TextColumn("learning curve"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=quiet) as bar:
        task = bar.add_task("learning curve", total=None)
        done = lambda fitted, total: bar.update(task, completed=fitted, total=total)  # noqa: E731
        return learning_curve(kinds, tests, config, sizes, seeds, jobs, done)


def _show(points: Sequence[Point]) -> None:
    for test in dict.fromkeys(point.test for point in points):
        table = Table(title=f"{test}: macro-F1 of stance", title_justify="left", box=box.SIMPLE_HEAD)
        for name in ("trained on", "sentences", "mean of the draws", "lowest", "highest"):
            table.add_column(name, justify="left" if name == "trained on" else "right", no_wrap=True)
        for point in points:
            if point.test == test:
                name = f"{point.kind}{', all' if point.whole else ''}"
                figures = (f"{figure:.3f}" for figure in (point.macro_f1, point.low, point.high))
                table.add_row(name, f"{point.sentences:,}", *figures)
        out.print(table)
