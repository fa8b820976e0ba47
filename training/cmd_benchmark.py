"""`python -m training benchmark`."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table

from training.benchmark import TESTS, benchmark
from training.config import FILE, load_config
from training.console import Watch, interval, note, out, print_json, progress

_STEPS = {"read": 3, "cross-validation": 20, "fit": 4, "score": 2}
_SETS = {"cv": "train, 5-fold by article", "rw": "test rw", "mt": "test mt"}


class Corpus(StrEnum):
    """Which benchmark."""

    NEWSMTSC = "newsmtsc"


def command(
    corpus: Annotated[Corpus, typer.Argument(help="Which benchmark.")] = Corpus.NEWSMTSC,
    data: Annotated[Path, typer.Option(help="Folder that fetch wrote, or that holds the files.")] = Path("data"),
    config: Annotated[Path, typer.Option(help="Configuration.", show_default="training/config.toml")] = FILE,
    json: Annotated[bool, typer.Option("--json", help="Print the figures for programs.")] = False,
) -> None:
    """Score the configuration on a public benchmark, beside what others published.

    NewsMTSC: sentiment toward a marked person in a news sentence, three labels, macro-F1. By
    cross-validation on the training file, and on the published tests where they are there.

    Example: python -m training benchmark newsmtsc --data data/
    """
    settings = load_config(config)
    watch = Watch()
    with progress(_STEPS, quiet=json) as step:
        found = benchmark(data, settings, step)
    if json:
        print_json({"benchmark": corpus.value} | found)
        return
    _show(found, settings.folds)
    for file in found["missing"]:
        note(f"{file} is not in {data}: no figure on that test.")
    note(f"{watch}")


def _show(found: Mapping[str, Any], folds: int) -> None:
    table = Table(title="NewsMTSC: macro-F1 (95 %)", title_justify="left", header_style="bold", box=box.SIMPLE_HEAD)
    table.add_column("", overflow="fold")
    for name in _SETS.values():
        table.add_column(name.replace("5-fold", f"{folds}-fold"), justify="right", no_wrap=True)
    for name in next(iter(found["sets"].values())):
        cells = [interval(found["sets"][each][name]) if each in found["sets"] else "" for each in _SETS]
        label = "ours (this configuration)" if name == "ours" else f"{name}, measured now"
        table.add_row(label, *cells, style="bold" if name == "ours" else None)
    for kind, names in (("measured", "measured before"), ("published", "published")):
        table.add_section()
        for name, each in found[kind].items():
            cells = ["", *("-".join(f"{float(value) / 100:.3f}" for value in each[t].split("-")) for t in TESTS)]
            table.add_row(f"{name}, {names}", *cells)
    out.print(table)
