"""`python -m training compare`, `promote`, `rollback` and `releases`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table

from models.artifact import read_manifest
from models.errors import ArtifactError
from models.releases import RELEASED, current_version, list_versions
from training.compare import Comparison, Flip, compare, find_release
from training.console import note, out, print_json
from training.defaults import held_out_files, own_data
from training.promote import promote
from training.records import Record
from training.store import read_history, rollback
from training.tables import read_data

Root = Annotated[Path, typer.Option("--out", help="Folder of releases.", show_default="models/released")]
Json = Annotated[bool, typer.Option("--json", help="Print the figures for programs.")]
Test = Annotated[
    list[Path] | None,
    typer.Option(help="Sentences to compare on; may be repeated.", show_default="datasets/heldout/, if there"),
]


def versions(incomplete: str) -> list[str]:
    """Versions that begin so, for shell completion."""
    return [name for name in [*list_versions(RELEASED), "current"] if name.startswith(incomplete)]


Version = Annotated[str, typer.Argument(help="A version, `current`, or a folder.", autocompletion=versions)]


def test_records(test: Sequence[Path] | None) -> list[Record]:
    """The sentences of the files named, or of the held-out files; none when there are no such files."""
    return read_data(test or held_out_files())


def compare_command(
    old: Version,
    new: Version,
    test: Test = None,
    data: Annotated[
        list[Path] | None, typer.Option(help="Where the text of flipped sentences is looked up.", show_default=False)
    ] = None,
    most: Annotated[int, typer.Option("--flips", help="Flips to show; --json and 0 give every one.")] = 0,
    out_folder: Root = RELEASED,
    json: Json = False,
) -> None:
    """Say which of two releases is better, by paired bootstrap, and show every sentence whose label flips.

    On test sentences that neither was trained on; or, without any, on the labels that
    cross-validation gave to the sentences that both were trained on.

    Example: python -m training compare current 2026.11.24
    """
    sources = [*(data or ()), *own_data()]
    texts = {record.digest: record.text for record in read_data(sources)}
    found = compare(find_release(old, out_folder), find_release(new, out_folder), test_records(test), texts)
    if json:
        print_json(found.as_dict())
        return
    _show(found)
    show_flips(found.flips, most)


def _show(found: Comparison) -> None:
    table = Table(title=f"macro-F1 on {found.basis}", title_justify="left", header_style="bold", box=box.SIMPLE_HEAD)
    for name in ("", found.old, found.new, "difference (95 %)", "", "n"):
        table.add_column(name, justify="left" if not name else "right", overflow="fold")
    for head, parts in found.differences.items():
        for part, each in parts.items():
            change = f"{each['difference']:+.3f} ({each['low']:+.3f} to {each['high']:+.3f})"
            colour = {"better": "green", "worse": "red"}.get(each["verdict"], "")
            name = head if part == "overall" else f"  {part}"
            cells = (
                f"{each['old']:.3f}",
                f"{each['new']:.3f}",
                change,
                f"[{colour}]{each['verdict']}[/]" if colour else "same",
            )
            table.add_row(name, *cells, str(each["count"]))
    out.print(table)
    if found.left_out:
        note(f"{found.left_out} test sentences were left out: one of the two was trained on them.")


def show_flips(flips: Sequence[Flip], most: int) -> None:
    """A table of flips; `most` of them, 0 for all."""
    counts = {kind: sum(flip.kind == kind for flip in flips) for kind in ("mended", "broken", "other")}
    if not flips:
        out.print("No label flips.")
        return
    table = Table(header_style="bold", box=box.SIMPLE_HEAD)
    for name in ("", "target", "gold", "old → new", "sentence"):
        table.add_column(name, overflow="fold")
    colours = {"mended": "green", "broken": "red", "other": "yellow"}
    for flip in flips[: most or None]:
        colour = colours[flip.kind]
        text = (flip.text or f"(text not at hand: {flip.digest})").replace("[", r"\[")
        table.add_row(
            f"[{colour}]{flip.kind}[/]", flip.target or "sentiment", flip.gold, f"{flip.old} → {flip.new}", text
        )
    out.print(table)
    out.print(f"{len(flips)} labels flip: {', '.join(f'{n} {kind}' for kind, n in counts.items())}.", highlight=False)


def promote_command(
    version: Version,
    test: Test = None,
    force: Annotated[bool, typer.Option("--force", help="Promote even a worse one; needs --reason.")] = False,
    reason: Annotated[str | None, typer.Option(help="Why; kept in the history.")] = None,
    out_folder: Root = RELEASED,
    json: Json = False,
) -> None:
    """Serve a release from now on. Refuses one that is significantly worse than the one that is served.

    Example: python -m training promote 2026.11.24
    """
    say(promote(version, out_folder, test_records(test), force, reason), json)


def say(entry: dict[str, Any], json: bool = False) -> None:
    """Tell what is served now."""
    if json:
        print_json(entry)
        return
    out.print(f"Serving {entry['to']}" + (f" instead of {entry['from']}." if entry["from"] else "."), highlight=False)
    for head, each in (entry.get("compared") or {}).items():
        change = f"{each['old']:.3f} → {each['new']:.3f} ({each['low']:+.3f} to {each['high']:+.3f})"
        out.print(f"  {head}: macro-F1 {change}: {each['verdict']}", highlight=False)


def rollback_command(
    version: Annotated[
        str | None, typer.Argument(help="A version.", autocompletion=versions, show_default="the one served before")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why; kept in the history.")] = None,
    out_folder: Root = RELEASED,
    json: Json = False,
) -> None:
    """Serve the release before the current one again, at once and without questions.

    Example: python -m training rollback
    """
    say(rollback(out_folder, version, reason), json)


def releases_command(out_folder: Root = RELEASED, json: Json = False) -> None:
    """List the releases, which one is served, and what was promoted when.

    Example: python -m training releases
    """
    try:
        current = current_version(out_folder)
    except ArtifactError:
        current = None
    found = [read_manifest(out_folder / name) for name in list_versions(out_folder)]
    history = read_history(out_folder)
    if json:
        rows = [
            {key: each.get(key) for key in ("version", "created", "metrics_sha256", "inputs_sha256")} for each in found
        ]
        print_json({"current": current, "releases": rows, "history": history})
        return
    table = Table(header_style="bold", box=box.SIMPLE_HEAD)
    for name in ("version", "created", "stance macro-F1", ""):
        table.add_column(name)
    for each in found:
        overall = each.get("metrics", {}).get("stance", {}).get("overall")
        figure = f"{overall['macro_f1']:.3f}" if overall else ""
        table.add_row(each["version"], each.get("created", ""), figure, "served" if each["version"] == current else "")
    out.print(table)
    for entry in history:
        why = f" ({entry['reason']})" if entry.get("reason") else ""
        forced = " by force" if entry.get("forced") else ""
        out.print(f"{entry['at']} {entry['action']}{forced}: {entry['from']} → {entry['to']}{why}", highlight=False)
