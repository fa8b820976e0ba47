"""The folder of releases: one writer at a time, nothing half-written, a history of what was served.

Every change goes aside first and is renamed, so a process that is killed leaves the old release
serving; what it left aside is removed by the next one.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.artifact import load_artifact
from models.errors import StancewireError
from models.releases import current_version, list_versions, set_current

HISTORY = "HISTORY.jsonl"
_ASIDE = (".current-", ".history-")


class ReleaseError(StancewireError):
    """A release that cannot be made, promoted or rolled back."""

    status = 409
    code = "bad_release"


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the folder of releases for writing, and remove what a killed process left aside.

    Raises:
        ReleaseError: another process is writing there.
    """
    root.mkdir(parents=True, exist_ok=True)
    handle = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ReleaseError(f"Another process is writing to {root}. Wait for it to end, then try again.") from error
        clean(root)
        yield
    finally:
        os.close(handle)


def clean(root: Path) -> list[Path]:
    """Remove what was left aside by a process that was killed while it wrote; for the holder of the lock only."""
    left = [path for path in root.iterdir() if _is_aside(path)]
    for path in left:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return left


def _is_aside(path: Path) -> bool:
    if path.is_dir():
        # `save_artifact` writes version 2026.11.24 in .2026.11.24-xxxxxxxx first.
        return path.name.startswith(".") and "-" in path.name and len(path.name.rsplit("-", 1)[1]) == 8
    return path.name.startswith(_ASIDE)


def new_version(root: Path, today: datetime | None = None) -> str:
    """A version by date that is not taken: `2026.11.24`, then `2026.11.24.1`."""
    day = (today or datetime.now(UTC)).strftime("%Y.%m.%d")
    taken = set(list_versions(root))
    return next(name for k in range(10_000) if (name := f"{day}.{k}" if k else day) not in taken)


def check_version(version: str) -> str:
    """A name that can be a folder.

    Raises:
        ReleaseError: it cannot.
    """
    if not version or not version[0].isalnum() or not all(c.isalnum() or c in "._+-" for c in version):
        raise ReleaseError(f"Version {version!r} must be letters, digits, `.`, `_`, `+` and `-`, as in 2026.11.24.")
    return version


def read_history(root: Path) -> list[dict[str, Any]]:
    """What was promoted and rolled back, oldest first.

    Raises:
        ReleaseError: the history cannot be read.
    """
    path = root / HISTORY
    if not path.is_file():
        return []
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except ValueError as error:
        raise ReleaseError(f"{path} has a line that is no JSON ({error}). Mend or remove that line.") from error


def switch(root: Path, version: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Serve another version, and record it; for the holder of the lock only.

    The record is written first: one whose switch never came is harmless, a switch without a
    record could not be rolled back.

    Raises:
        ArtifactError: the version is not there or cannot be loaded.
    """
    load_artifact(root / version)
    line = {"at": datetime.now(UTC).isoformat(timespec="seconds")} | entry
    old = (root / HISTORY).read_text(encoding="utf-8") if (root / HISTORY).is_file() else ""
    handle, aside = tempfile.mkstemp(prefix=".history-", dir=root)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(old + json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.chmod(aside, 0o644)
    os.replace(aside, root / HISTORY)
    set_current(version, root)
    return line


def previous_version(root: Path) -> str:
    """The version that was served before the current one.

    Raises:
        ReleaseError: the history knows none, or it is gone.
    """
    current = current_version(root)
    served: list[str] = []
    for entry in read_history(root):
        if entry["action"] == "rollback" and len(served) > 1 and served[-2] == entry["to"]:
            served.pop()
        else:
            served += [name for name in (entry["from"], entry["to"]) if name and served[-1:] != [name]]
    while served and served[-1] != current:
        served.pop()
    known = list_versions(root)
    if len(served) < 2:
        raise ReleaseError(
            f"No version was served before {current}. Name one: `rollback VERSION`; there are {', '.join(known)}."
        )
    if served[-2] not in known:
        raise ReleaseError(f"Version {served[-2]}, served before {current}, is gone. There are {', '.join(known)}.")
    return served[-2]


def rollback(root: Path, to: str | None = None, reason: str | None = None) -> dict[str, Any]:
    """Serve the version before the current one again, or a named one; returns the record.

    Raises:
        ReleaseError: there is none.
        ArtifactError: it cannot be loaded.
    """
    with locked(root):
        current = current_version(root)
        version = to or previous_version(root)
        if version == current:
            raise ReleaseError(f"Version {version} is being served already.")
        return switch(root, version, {"action": "rollback", "from": current, "to": version, "reason": reason})
