"""`python -m training tune`."""

from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from models.pipeline import HeadConfig
from training.assess import EXAMPLES
from training.config import FILE, Config, load_config
from training.console import err, interval, out, print_json
from training.defaults import REPORTS, data_paths
from training.tables import read_data
from training.tune import Trial, as_toml, candidates, load_ranges, ray_cluster, search


class Head(StrEnum):
    """Which of the two classifiers."""

    STANCE = "stance"
    SENTIMENT = "sentiment"


def command(
    head: Annotated[Head, typer.Argument(help="Which classifier.")] = Head.STANCE,
    data: Annotated[
        list[Path] | None, typer.Option(help="Labelled sentences; may be repeated.", show_default="datasets/")
    ] = None,
    config: Annotated[
        Path, typer.Option(help="Configuration with a [tune] table.", show_default="training/config.toml")
    ] = FILE,
    trials: Annotated[int, typer.Option(help="Candidates to try, drawn at random; 0 tries all.", min=0)] = 30,
    state: Annotated[
        Path | None, typer.Option(help="File of finished trials.", show_default="reports/tune-HEAD.jsonl")
    ] = None,
    ray: Annotated[
        str | None, typer.Option(help="Work on a Ray cluster: its address, `auto`, or `local`.", metavar="ADDRESS")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the trials for programs.")] = False,
) -> None:
    """Search for better settings over the ranges in the configuration, by cross-validation by group.

    Uses every core. Stopped and started again, it goes on where it was: finished trials are kept
    in the state file. The best settings are printed for config.toml; nothing is changed.

    Example: python -m training tune stance --trials 40
    """
    settings = load_config(config)
    base: HeadConfig = getattr(settings, head.value)
    heads = candidates(load_ranges(config, head.value), base, trials, settings.seed)
    found = _search(head.value, heads, data_paths(data), settings, state or REPORTS / f"tune-{head}.jsonl", ray, json)
    if json:
        rows = [{"settings": t.settings, "macro_f1": t.macro_f1, "low": t.low, "high": t.high} for t in found]
        print_json({"head": head.value, "trials": rows})
        return
    _show(head.value, base, found)


def _search(
    name: str, heads: Sequence[HeadConfig], paths: Sequence[Path], config: Config, state: Path, ray: str | None,
    quiet: bool,
) -> list[Trial]:  # fmt: skip
    examples = EXAMPLES[name](read_data(paths))
    columns = (
        TextColumn("tune"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("best {task.fields[best]}"),
    )
    with Progress(*columns, console=err, transient=True, disable=quiet) as bar:
        task = bar.add_task("tune", total=len(heads), best="")
        best = 0.0

        def done(trial: Trial) -> None:
            nonlocal best
            best = max(best, trial.macro_f1)
            bar.update(task, advance=1, best=f"{best:.3f}")

        return search(name, examples, heads, config, state, done, backend=ray_cluster(ray) if ray else None)


def _show(name: str, base: HeadConfig, found: Sequence[Trial]) -> None:
    names = [key for key in found[0].settings if len({str(trial.settings[key]) for trial in found}) > 1]
    table = Table(title=f"{name}: macro-F1 by cross-validation", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("macro-F1 (95 %)", no_wrap=True)
    for key in (*names, ""):
        table.add_column(key, overflow="fold")
    for trial in found[:20]:
        ours = all(_plain(trial.settings[key]) == _plain(getattr(base, key)) for key in trial.settings)
        cells = [_cell(trial.settings[key]) for key in names]
        table.add_row(interval(asdict(trial)), *cells, "as configured" if ours else "", style="bold" if ours else None)
    out.print(table)
    out.print(f"Best of {len(found)}:\n{as_toml(name, found[0].settings)}", highlight=False, markup=False)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
