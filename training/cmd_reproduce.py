"""`python -m training reproduce`."""

from pathlib import Path
from typing import Annotated

import typer

from models.artifact import read_manifest, sha256
from models.releases import RELEASED
from training import release
from training.compare import find_release
from training.config import config_from
from training.console import out, print_json, progress
from training.defaults import data_paths, held_out_files
from training.records import DataError, expand

_STEPS = {
    "read": 2, "stance: cross-validation": 40, "stance: fit": 8, "sentiment: cross-validation": 15,
    "sentiment: fit": 4, "figures": 25,
}  # fmt: skip


def command(
    version: Annotated[str, typer.Argument(help="A version, `current`, or a folder.")] = "current",
    data: Annotated[
        list[Path] | None, typer.Option(help="The data it was trained on; may be repeated.", show_default="datasets/")
    ] = None,
    out_folder: Annotated[
        Path, typer.Option("--out", help="Folder of releases.", show_default="models/released")
    ] = RELEASED,
    json: Annotated[bool, typer.Option("--json", help="Print the figures for programs.")] = False,
) -> None:
    """Train a release again from its manifest, and say whether the same figures come out, to the byte.

    Writes nothing. Exits with 1 when the data are other data, or the figures other figures.

    Example: python -m training reproduce current
    """
    folder = find_release(version, out_folder)
    manifest = read_manifest(folder)
    paths = data_paths(data)
    files = expand(paths)
    there, here = [each.get("sha256") for each in manifest["training"]], [sha256(path) for path in files]
    if sorted(there) != sorted(here):
        names = ", ".join(each["file"] for each in manifest["training"]) or "files that its manifest does not name"
        raise DataError(
            f"{folder.name} was trained on {names}, with other contents than the data given. Name its data."
        )
    config = config_from(manifest["configuration"], f"{folder}/manifest.json")
    with progress(_STEPS, quiet=json) as step:
        run = release.train(
            files, config, manifest["version"], held_out_files(paths), manifest.get("tied", False), step
        )
    same = run.manifest["metrics_sha256"] == manifest["metrics_sha256"]
    libraries = run.manifest["libraries"] == manifest["libraries"]
    if json:
        print_json({"same": same, "same_libraries": libraries, "metrics_sha256": run.manifest["metrics_sha256"]})
    elif same:
        out.print(f"The same figures, to the byte: {manifest['metrics_sha256']}", highlight=False, soft_wrap=True)
    else:
        why = "" if libraries else " The libraries are other versions: see `libraries` in the manifest."
        out.print(f"Other figures than the manifest of {folder.name}.{why}", highlight=False, soft_wrap=True)
    if not same:
        raise typer.Exit(1)
