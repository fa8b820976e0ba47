"""`python -m training export` and `import`: labels to and from the tools that people label with."""

import json as jsonlib
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from models.analyzer import Analyzer
from models.releases import RELEASED
from models.targets import CORE_FILE, MORE_FILE, Target, load_targets
from training.agreement import Pair
from training.compare import find_release
from training.console import note, out, print_json
from training.defaults import DATASETS, data_paths
from training.fetch import write_aside
from training.formats import FORMATS, find_format
from training.labels_io import Item, labelled
from training.merge import Conflict, Merged, merge
from training.records import DataError
from training.review import candidates, pick, read_texts
from training.tables import read_data


class Purpose(StrEnum):
    """What an export is for."""

    LABELS = "labels"
    REVIEW = "review"


def export_command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Labelled data; with --for review unlabelled .jsonl or .txt.", show_default="datasets/"),
    ] = None,
    to: Annotated[str, typer.Option(help=f"Format: {', '.join(FORMATS)}.")] = "label-studio",
    out_file: Annotated[
        Path | None, typer.Option("--out", help="File to write.", show_default="labels.json, review.csv, …")
    ] = None,
    purpose: Annotated[
        Purpose, typer.Option("--for", help="`labels`: all that is labelled. `review`: pick what to label next.")
    ] = Purpose.LABELS,
    count: Annotated[int, typer.Option(help="Sentences to pick for review.", min=1)] = 200,
    audit: Annotated[float, typer.Option(help="Share of them that is picked blindly.", min=0, max=1)] = 0.2,
    model: Annotated[str, typer.Option(help="Release that suggests labels.")] = "current",
    targets: Annotated[str | None, typer.Option(help="Targets to ask about.", show_default="us,russia")] = None,
    known: Annotated[
        list[Path] | None,
        typer.Option(help="Labelled sentences, not to be picked again.", show_default="datasets/"),
    ] = None,
    blind: Annotated[bool, typer.Option("--blind", help="Without the model's suggestions.")] = False,
    seed: Annotated[int, typer.Option(help="Of the random choice.")] = 13,
    out_folder: Annotated[
        Path, typer.Option("--releases", help="Folder of releases.", show_default="models/released")
    ] = RELEASED,
    json: Annotated[bool, typer.Option("--json", help="Print what was written for programs.")] = False,
) -> None:
    """Write labels, or what to label next, as a labelling tool reads it.

    With --for review, takes unlabelled text and picks the sentences on which the model is least sure,
    targets in turn, without duplicates, and a share at random; each with the model's suggestion.

    Example: python -m training export --for review news.txt --to label-studio --count 200
    """
    form = find_format(to)
    if purpose is Purpose.REVIEW:
        if not files:
            raise DataError("Name the files with unlabelled text: python -m training export --for review news.txt")
        analyzer = Analyzer.load(find_release(model, out_folder), _wanted(targets))
        there = read_data(known or ([DATASETS] if any(DATASETS.glob("*.jsonl")) else []))
        items = pick(candidates(list(read_texts(files)), analyzer, there), count, audit, seed)
        if not items:
            raise DataError("Nothing to label: no new sentence mentions a target. Name other --targets or more text.")
        items = [_without_suggestion(item) for item in items] if blind else items
    else:
        items = labelled(read_data(data_paths(files)))
    written = form.write(items, out_file or Path(f"{purpose.value}{form.SUFFIX}"))
    counts = Counter(item.why for item in items if item.why)
    asked = Counter(target for item in items for target in item.targets)
    if json:
        print_json({"files": [str(path) for path in written], "sentences": len(items), "targets": asked, "why": counts})
        return
    why = f" ({counts['margin']} close calls, {counts['audit']} at random)" if counts else ""
    out.print(f"{len(items)} sentences{why}: {', '.join(f'{t} {n}' for t, n in asked.most_common())}", highlight=False)
    for path in written:
        out.print(str(path), highlight=False, soft_wrap=True)
    note(f"Next: python -m training import {written[0]} --from {to} --into my_labels.jsonl")


def _wanted(names: str | None) -> dict[str, Target]:
    """The targets that are asked about, by id."""
    if not names:
        return load_targets(CORE_FILE)
    known = load_targets(CORE_FILE, MORE_FILE)
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in known:
            raise DataError(f"No target {name!r}; there are {', '.join(sorted(known))}.")
    return {name: known[name] for name in wanted}


def _without_suggestion(item: Item) -> Item:
    return Item(item.record, item.targets, item.annotations, None, item.why)


def import_command(
    files: Annotated[list[Path], typer.Argument(help="What the tool exported, one file or several.")],
    source: Annotated[str, typer.Option("--from", help=f"Format: {', '.join(FORMATS)}.")],
    into: Annotated[
        Path | None, typer.Option(help="Labelled sentences to add to (.jsonl).", show_default="only report")
    ] = None,
    majority: Annotated[bool, typer.Option("--majority", help="Settle disagreement by strict majority.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace labels that stand in the file.")] = False,
    conflicts: Annotated[
        Path | None, typer.Option(help="Write every conflict to this file (.jsonl).", show_default=False)
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 and write nothing on a conflict.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the report for programs.")] = False,
) -> None:
    """Merge labels that people gave, and report conflicts and agreement.

    Sentences are known again by id and digest of their text. Where annotators disagree the label is
    left out, and told. Agreement: Cohen's kappa of every two annotators and of the model with each,
    Krippendorff's alpha of all.

    Example: python -m training import export.json --from label-studio --into my_labels.jsonl
    """
    form = find_format(source)
    existing = read_data([into]) if into and into.is_file() else []
    found = merge([item for path in files for item in form.read(path)], existing, majority, overwrite)
    if conflicts:
        write_aside(conflicts, [jsonlib.dumps(each.as_dict(), ensure_ascii=False) for each in found.conflicts])
    stopped = strict and bool(found.conflicts)
    if into and not stopped:
        write_aside(into, [jsonlib.dumps(record.as_dict(), ensure_ascii=False) for record in found.records])
    if json:
        print_json(found.as_dict() | {"file": str(into) if into and not stopped else None})
    else:
        _show(found, into if not stopped else None)
    if stopped:
        raise typer.Exit(1)


def _show(found: Merged, into: Path | None) -> None:
    _show_conflicts(found.conflicts)
    table = Table(title="Agreement", title_justify="left", header_style="bold", box=box.SIMPLE_HEAD)
    for name in ("", "answers", "equal", "Cohen's kappa"):
        table.add_column(name, justify="right" if name else "left")
    parts = ((found.annotators, ""), (found.model, ""), (found.audit, ", blind picks only"))
    for pairs, what in parts:
        for pair in pairs:
            table.add_row(f"{pair.one} – {pair.two}{what}", str(pair.count), _share(pair), _number(pair.kappa))
    if table.row_count:
        out.print(table)
    if found.alpha is not None:
        out.print(f"Krippendorff's alpha of all annotators: {found.alpha:.3f}", highlight=False)
    counts = ", ".join(f"{number} {what}" for what, number in found.counts.items() if number)
    out.print(f"{counts}; {len(found.conflicts)} conflicts.", highlight=False)
    where = f"{into}: {len(found.records)} labelled sentences." if into else "Nothing was written."
    out.print(where, highlight=False, soft_wrap=True)


def _show_conflicts(conflicts: Sequence[Conflict]) -> None:
    for each in conflicts:
        said = ", ".join(f"{who}: {label}" for who, label in each.labels.items())
        what = f"{each.question}: {said}" if each.question else each.text
        out.print(f"{each.id}: {each.kind}: {what}. {each.outcome}", markup=False, highlight=False, soft_wrap=True)


def _share(pair: Pair) -> str:
    return "" if pair.agreement is None else f"{pair.agreement:.1%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
