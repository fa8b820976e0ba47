"""`python -m training validate`."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from training.console import note, out, print_json
from training.defaults import data_paths
from training.records import Record
from training.validate import KINDS, Problem, validate

SHOWN = 200  # problems on the screen; --json and --all give every one


def command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files (.jsonl, .csv, .parquet) or folders of .jsonl files.", show_default="datasets/"),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail as well.")] = False,
    every: Annotated[bool, typer.Option("--all", help=f"Show every problem, not the first {SHOWN}.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the problems for programs.")] = False,
) -> None:
    """Check every line of labelled data: format, labels, mentions, spans, duplicates, groups, conflicts.

    Names file, line and mend of every problem. Exits with 1 when there is an error; warnings
    (mentions without a label, label conflicts) only with --strict.

    Example: python -m training validate my_labels.jsonl datasets/
    """
    records, problems = validate(data_paths(paths, held_out=True))
    if json:
        print_json({"records": len(records), "problems": [problem.as_dict() for problem in problems]})
    else:
        _show(records, problems, None if every else SHOWN)
    if any(problem.stops or strict for problem in problems):
        raise typer.Exit(1)


def _show(records: Sequence[Record], problems: Sequence[Problem], most: int | None) -> None:
    for problem in problems[:most]:
        also = f" (see {problem.other})" if problem.other else ""
        out.print(
            f"{problem.where}: {problem.kind}: {problem.message}{also}", markup=False, highlight=False, soft_wrap=True
        )
    if most is not None and len(problems) > most:
        note(f"… and {len(problems) - most} more; --all shows them.")
    counts = Counter(problem.kind for problem in problems)
    if counts:
        table = Table(title="Problems", title_justify="left", header_style="bold")
        for name in ("kind", "what", "", "n"):
            table.add_column(name, justify="right" if name == "n" else "left")
        for kind, number in counts.most_common():
            table.add_row(kind, KINDS[kind], "error" if Problem(kind, "", "").stops else "warning", str(number))
        out.print(table)
    pairs = sum(len(record.stance) for record in records)
    out.print(f"{len(records)} sentences, {pairs} stances, {len(problems)} problems.", highlight=False)
