"""`python -m training drift`."""

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from models.analyzer import Analyzer
from models.releases import RELEASED
from training.compare import Guess, Key, cross_validated_labels, find_release
from training.console import out, print_json
from training.defaults import data_paths
from training.drift import Drift, compare_texts
from training.release import PREDICTIONS
from training.review import read_texts
from training.tables import read_data

_LEVELS = ("fine", "[yellow]look[/]", "[red]act[/]")


def command(
    new: Annotated[list[Path], typer.Option(help="New text, .jsonl or .txt; may be repeated.")],
    reference: Annotated[
        list[Path] | None, typer.Option(help="What the model was trained on.", show_default="datasets/")
    ] = None,
    model: Annotated[str, typer.Option(help="Release that reads both.")] = "current",
    out_folder: Annotated[
        Path, typer.Option("--releases", help="Folder of releases.", show_default="models/released")
    ] = RELEASED,
    json: Annotated[bool, typer.Option("--json", help="Print the figures for programs.")] = False,
) -> None:
    """Compare new text with the training data, and say whether retraining is due.

    Compares, on sentences that name a target, the share of unknown words, the shares of the predicted
    stances and how often they are confident; and how often each target is named at all.

    Example: python -m training drift --reference datasets/ --new texts.jsonl
    """
    folder = find_release(model, out_folder)
    known: dict[Key, Guess] = {}
    if (folder / PREDICTIONS).is_file():
        known = cross_validated_labels(folder).get("stance", {})
    found = compare_texts(read_data(data_paths(reference)), list(read_texts(new)), Analyzer.load(folder), known)
    if json:
        print_json(found.as_dict())
    else:
        _show(found)


def _show(found: Drift) -> None:
    table = Table(header_style="bold", box=box.SIMPLE_HEAD)
    for name in ("", "", "what was found"):
        table.add_column(name, overflow="fold")
    for signal in found.signals:
        table.add_row(_LEVELS[signal.level], signal.name, signal.words.replace("[", r"\["))
    if found.signals:
        out.print(table)
    if found.new_words:
        words = ", ".join(f"{word} ({count})" for word, count in found.new_words)
        out.print(f"New words, by sentences: {words}.", highlight=False, markup=False)
    counts = ", ".join(f"{number} {name}" for name, number in found.sentences.items())
    out.print(f"Sentences: {counts}.", highlight=False)
    out.print(found.verdict, style="bold", highlight=False)
