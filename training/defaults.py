"""Where things lie when a command is not told: data, releases, reports."""

from collections.abc import Sequence
from pathlib import Path

from training.records import DataError

ROOT = Path(__file__).resolve().parent.parent
DATASETS = ROOT / "datasets"
REPORTS = Path("reports")


def data_paths(paths: Sequence[Path] | None, held_out: bool = False) -> list[Path]:
    """The paths given, or the project's own data.

    Args:
        paths: what the user named.
        held_out: add the held-out files to the default.

    Raises:
        DataError: none is given and the project has no data.
    """
    if paths:
        return list(paths)
    if not own_data():
        raise DataError(f"{DATASETS} holds no .jsonl file. Name your data with --data FILE.")
    return [DATASETS, *(held_out_files() if held_out else ())]


def own_data() -> list[Path]:
    """The project's own data, where there is any."""
    return [DATASETS] if any(DATASETS.glob("*.jsonl")) else []


def held_out_files(paths: Sequence[Path] | None = None) -> list[Path]:
    """Files that are measured on and never trained on: those in the folder `heldout` of a data folder.

    Args:
        paths: data files and folders; None takes the project's own data.
    """
    paths = [DATASETS] if paths is None else paths
    return [file for path in paths if path.is_dir() for file in sorted((path / "heldout").glob("*.jsonl"))]
