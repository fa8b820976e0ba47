"""`python -m training mentions`: how well mentions are detected."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from models.mentions import MentionFinder
from models.targets import CORE_FILE, load_targets
from models.tokens import tokenize
from training.console import out, print_json
from training.defaults import data_paths
from training.records import Record, read_records


def command(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Labelled files or folders.", show_default="datasets/")
    ] = None,
    targets: Annotated[Path, typer.Option("--targets", help="Targets file.")] = CORE_FILE,
    json: Annotated[bool, typer.Option("--json", help="Print the figures for programs.")] = False,
) -> None:
    """Compare detected mentions with the targets that people labelled.

    Recall: labelled targets that are found. Precision: found targets that are labelled. Refused: sentences
    without any target (an empty `stance`: what looks like a mention is none) in which nothing is found.

    Example: python -m training mentions labels.jsonl
    """
    finder = MentionFinder(load_targets(targets).values())
    figures = {str(path): measure(read_records(path), finder) for path in data_paths(paths)}
    if json:
        print_json(figures)
        return
    table = Table(title="Mention detection", title_justify="left", header_style="bold")
    for name in ("file", "recall", "precision", "refused", "sentences"):
        table.add_column(name, justify="left" if name == "file" else "right")
    for file, row in figures.items():
        refused = f"{row['refused']} of {row['without']}"
        shares = ("-" if row[name] is None else f"{row[name]:.3f}" for name in ("recall", "precision"))
        table.add_row(Path(file).name, *shares, refused, str(row["sentences"]))
    out.print(table)


def measure(records: Sequence[Record], finder: MentionFinder) -> dict[str, Any]:
    """Recall and precision over (sentence, target) pairs, and refusals over sentences without a target.

    Targets that the finder does not know, and those meant but not named (empty `spans`), are left out.
    """
    known = finder.targets
    hits = missed = extra = without = refused = 0
    for record in records:
        meant = {target for target, spans in record.spans.items() if not spans}
        found = {mention.target for mention in finder.find(tokenize(record.text))}
        named = {target for target in record.stance if target in known} - meant
        if not record.stance:
            without += 1
            refused += not found
            continue
        hits += len(found & named)
        missed += len(named - found)
        extra += len(found - named - meant)
    return {
        "sentences": len(records),
        "recall": hits / (hits + missed) if hits + missed else None,
        "precision": hits / (hits + extra) if hits + extra else None,
        "without": without,
        "refused": refused,
    }
