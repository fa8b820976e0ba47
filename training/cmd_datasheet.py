"""`python -m training datasheet`."""

from pathlib import Path
from typing import Annotated

import typer

from training import defaults
from training.console import note, print_json
from training.datasheet import read_folder, renew, sections
from training.records import DataError
from training.report import save_report


def command(
    data: Annotated[Path | None, typer.Option(help="Data folder.", show_default="datasets")] = None,
    real: Annotated[
        list[Path] | None, typer.Option(help="Annotated public sentences with their text; may be repeated.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Renew the tables in the folder's README.md.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the tables for programs.")] = False,
) -> None:
    """Print the tables of the datasheet: counts, tags, agreement, repeated patterns, likeness to real text.

    Without --real the comparison with real text is left out; in the README the old one then stays.

    Example: python -m training datasheet --write
    """
    folder = data or defaults.DATASETS
    found = sections(read_folder(folder, real or ()))
    if write:
        path = folder / "README.md"
        if not path.is_file():
            raise DataError(
                f"{path} does not exist. Write it first, with places such as <!-- counts --><!-- /counts -->."
            )
        save_report(renew(path.read_text(encoding="utf-8"), found, str(path)), path)
        note(f"{path}: {', '.join(found)} renewed.")
    elif json:
        print_json(found)
    else:
        print("\n\n".join(f"## {name}\n\n{text}" for name, text in found.items()))
