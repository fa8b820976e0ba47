"""Released versions: folders side by side, and one small file that names the current one."""

import os
import tempfile
from pathlib import Path

from models.errors import ArtifactError

RELEASED = Path(__file__).with_name("released")
CURRENT = "CURRENT"


def list_versions(root: Path = RELEASED) -> list[str]:
    """Versions that lie in a folder of releases, sorted by name."""
    if not root.is_dir():
        return []
    return sorted(path.parent.name for path in root.glob("*/manifest.json") if not path.parent.name.startswith("."))


def current_version(root: Path = RELEASED) -> str:
    """The version that is served.

    Raises:
        ArtifactError: none is named, or the named one is not there.
    """
    try:
        version = (root / CURRENT).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ArtifactError(
            f"No released model in {root}: cannot read {CURRENT} ({error.strerror}). "
            "Train one with `python -m training train` and promote it."
        ) from error
    if version not in list_versions(root):
        raise ArtifactError(
            f"{root / CURRENT} names version {version!r}, which is not there. "
            f"There are: {', '.join(list_versions(root)) or 'none'}. Promote one of them."
        )
    return version


def current_folder(root: Path = RELEASED) -> Path:
    """Folder of the version that is served.

    Raises:
        ArtifactError: as `current_version`.
    """
    return root / current_version(root)


def set_current(version: str, root: Path = RELEASED) -> None:
    """Name the version to serve: written aside, then renamed, so that a reader sees the old or the new one.

    Raises:
        ArtifactError: that version is not there.
    """
    if version not in list_versions(root):
        raise ArtifactError(f"No version {version!r} in {root}. There are: {', '.join(list_versions(root)) or 'none'}.")
    handle, aside = tempfile.mkstemp(prefix=".current-", dir=root)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(version + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.chmod(aside, 0o644)
    os.replace(aside, root / CURRENT)
