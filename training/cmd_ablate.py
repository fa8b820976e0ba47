"""`python -m training ablate`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from training.ablate import FILE as ABLATIONS
from training.ablate import RELEASED, Ablation, Laboratory, Result, as_markdown, load_ablations
from training.config import FILE, load_config
from training.console import err, interval, note, out, print_json
from training.datasheet import renew
from training.defaults import data_paths
from training.records import DataError, Record
from training.report import save_report
from training.tables import read_data


def command(
    data: Annotated[
        list[Path] | None,
        typer.Option(help="Labelled sentences to train on; may be repeated.", show_default="datasets/"),
    ] = None,
    test: Annotated[list[Path] | None, typer.Option(help="Measure on this file; may be repeated.")] = None,
    name: Annotated[
        list[str] | None, typer.Option(help="An ablation of the file; may be repeated.", show_default="all")
    ] = None,
    seeds: Annotated[int, typer.Option(help="Splits of the cross-validation; 0 leaves it out.", min=0)] = 1,
    config: Annotated[Path, typer.Option(help="Configuration to change.", show_default="training/config.toml")] = FILE,
    ablations: Annotated[
        Path, typer.Option(help="File of ablations.", show_default="training/ablations.toml")
    ] = ABLATIONS,
    log: Annotated[Path | None, typer.Option(help="Renew the table between the marks ablations of this file.")] = None,
    jobs: Annotated[int, typer.Option(help="Fits at the same time; -1 takes every core.")] = -1,
    show: Annotated[bool, typer.Option("--list", help="Print the names of the ablations, and do nothing.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print one table for a log.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the figures for programs.")] = False,
) -> None:
    """Change one thing of the configuration at a time, and measure what stance loses or gains by it.

    Prints macro-F1 with its interval, clustered by sentence, by cross-validation by group and on
    every --test file, and the paired difference to the configuration as it is. Sentences of the
    test files, and near-duplicates of them, are left out of training.

    Example: python -m training ablate --data datasets/ --name "no frames" --name "C=0.5"
    """
    chosen = load_ablations(load_config(config), ablations, name)
    if show:
        for each in chosen[1:]:
            out.print(f"{each.name}: {each.what}", markup=False, highlight=False, soft_wrap=True)
        return
    if not test and not seeds:
        raise DataError("Nothing to measure on: name a --test FILE, or let --seeds be 1 or more.")
    if log and not log.is_file():
        raise DataError(f"{log} does not exist, so it has no table to renew.")
    tests = {path.stem: read_data([path]) for path in test or ()}
    if len(tests) < len(test or ()):
        raise DataError("Two --test files have the same name. Rename one: the figures are told apart by it.")
    results = _measure(chosen, data_paths(data), tests, seeds, jobs, json or markdown)
    if log:
        save_report(renew(log.read_text(encoding="utf-8"), {"ablations": as_markdown(results)}, str(log)), log)
    if json:
        rows = [_plain(result) for result in results]
        print_json({"seeds": seeds, "results": rows})
    elif markdown:
        print(as_markdown(results))
    else:
        _show(results)


def _measure(
    ablations: Sequence[Ablation], paths: Sequence[Path], tests: dict[str, list[Record]], seeds: int, jobs: int,
    quiet: bool,
) -> list[Result]:  # fmt: skip
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=quiet) as bar:
        task = bar.add_task("count terms", total=len(ablations))
        laboratory = Laboratory(ablations[0].config, read_data(paths), tests, seeds)
        if laboratory.left_out:
            note(f"{laboratory.left_out} training sentences were left out: a test file has (nearly) the same.")
        return laboratory.run(ablations, jobs, lambda result: bar.update(task, advance=1, description="ablate"))


def _plain(result: Result) -> dict[str, object]:
    measures = {name: measure.as_dict() for name, measure in result.measures.items()}
    return {"name": result.name, "what": result.what, "trained_on": result.trained_on, "measures": measures}


def _show(results: Sequence[Result]) -> None:
    for basis, first in results[0].measures.items():
        table = Table(title=f"{basis}: macro-F1 of {first.count} stances", title_justify="left", box=box.SIMPLE_HEAD)
        table.add_column("")
        for title in ("macro-F1 (95 %)", "difference (95 %)", ""):
            table.add_column(title, no_wrap=True)
        for result in results:
            each = result.measures[basis]
            figure = interval({"macro_f1": each.macro_f1, "low": each.low, "high": each.high})
            if result.name == RELEASED:
                table.add_row(result.name, figure, "", "", style="bold")
            else:
                change = f"{each.difference:+.3f} ({each.least:+.3f} to {each.most:+.3f})"
                table.add_row(result.name, figure, change, each.verdict)
        out.print(table)
