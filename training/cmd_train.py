"""`python -m training train`."""

from pathlib import Path
from typing import Annotated

import typer

from models.releases import RELEASED
from training import release, store
from training.card import write_card
from training.cmd_release import say
from training.config import FILE, load_config
from training.console import Watch, note, out, print_head, print_json, progress
from training.defaults import REPORTS, data_paths, held_out_files
from training.promote import promote as promote_release
from training.records import expand
from training.report import previous_manifest, save_report, write_report
from training.tables import read_data
from training.validate import check_duplicates

_STEPS = {
    "read": 2, "stance: cross-validation": 40, "stance: fit": 8, "sentiment: cross-validation": 15,
    "sentiment: fit": 4, "figures": 25, "report": 15, "save": 6,
}  # fmt: skip
_SECONDS_PER_KILOBYTE = 0.012  # a first guess of the time left


def command(
    data: Annotated[
        list[Path] | None,
        typer.Option(
            help="Labelled sentences: .jsonl, .csv, .parquet or a folder; may be repeated.", show_default="datasets/"
        ),
    ] = None,
    config: Annotated[Path, typer.Option(help="Configuration.", show_default="training/config.toml")] = FILE,
    version: Annotated[str | None, typer.Option(help="Name of the release.", show_default="today's date")] = None,
    out_folder: Annotated[
        Path, typer.Option("--out", help="Folder of releases.", show_default="models/released")
    ] = RELEASED,
    promote: Annotated[bool, typer.Option(help="Serve the new release, if it is not significantly worse.")] = False,
    tie: Annotated[
        bool, typer.Option("--tie", help="Put near-duplicates in one group rather than refuse them.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Where to write the HTML report.", show_default="reports/VERSION.html")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures for programs.")] = False,
) -> None:
    """Train a release: checked data, cross-validated figures, artifact, model card and report.

    The release is written beside the others and serves only when promoted. Its figures come from
    cross-validation by group, so no sentence is judged by a model that saw it or its like.

    Example: python -m training train --data datasets/ --data my_labels.jsonl
    """
    settings = load_config(config)
    watch = Watch()
    name = store.check_version(version or store.new_version(out_folder))
    paths = data_paths(data)
    held_out = held_out_files(paths)
    size = sum(path.stat().st_size for path in expand(paths)) / 1024
    with progress(_STEPS, size * _SECONDS_PER_KILOBYTE, quiet=json) as step:
        run = release.train(paths, settings, name, held_out, tie, step)
        step("report")
        html = write_report(run, settings, previous_manifest(out_folder))
        step("save")
        folder = release.save(run, out_folder, write_card(run))
        report_file = save_report(html, report or REPORTS / f"{name}.html")
    if json:
        entry = promote_release(name, out_folder, read_data(held_out)) if promote else None
        print_json(
            {
                "version": name,
                "folder": str(folder),
                "report": str(report_file),
                "metrics": run.metrics,
                "promoted": entry,
            }
        )
        return
    _list_conflicts(run)
    for head in ("stance", "sentiment"):
        print_head(head, run.metrics[head], run.manifest["method"])
    out.print(f"Release {name} in {folder}, report in {report_file} ({watch}).", highlight=False, soft_wrap=True)
    if promote:
        say(promote_release(name, out_folder, read_data(held_out)))
    else:
        note(f"Next: python -m training compare current {name}; python -m training promote {name}")


def _list_conflicts(run: release.Run) -> None:
    """Tell which sentences are labelled two ways; the report lists them too."""
    conflicts = [problem for problem in check_duplicates(run.records) if problem.kind == "conflict"]
    for problem in conflicts:
        note(f"Label conflict: {problem.where}: {problem.message} (see {problem.other})")
