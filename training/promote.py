"""Promotion: a release begins to serve, unless it is significantly worse than the one that does."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.artifact import load_artifact
from models.errors import ArtifactError
from models.releases import CURRENT, current_version
from training.compare import Comparison, compare, find_release
from training.records import Record
from training.store import ReleaseError, locked, switch


def promote(
    version: str, root: Path, test: Sequence[Record] = (), force: bool = False, reason: str | None = None
) -> dict[str, Any]:
    """Serve a version, and record it in the history; returns the record.

    Args:
        version: a version in `root`.
        root: folder of releases.
        test: sentences to compare on; none compares cross-validated labels.
        force: promote even a worse one, or one that cannot be compared; needs a reason.
        reason: kept in the history.

    Raises:
        ReleaseError: it is significantly worse or cannot be compared, and not forced; or forced without a reason.
        ArtifactError: the version is not there or cannot be loaded.
    """
    if force and not (reason and reason.strip()):
        raise ReleaseError('--force needs --reason "…": it is kept in the history of the releases.')
    with locked(root):
        folder = find_release(version, root)
        if folder.parent.resolve() != root.resolve():
            raise ReleaseError(f"{version} does not lie in {root}. Promote one of the versions there.")
        load_artifact(folder)
        current = current_version(root) if (root / CURRENT).is_file() else None
        if current == folder.name:
            raise ReleaseError(f"Version {current} is being served already.")
        entry: dict[str, Any] = {"action": "promote", "from": current, "to": folder.name}
        if current is not None:
            entry |= _judge(root / current, folder, test, force)
        return switch(root, folder.name, entry | {"forced": force, "reason": reason})


def _judge(old: Path, new: Path, test: Sequence[Record], force: bool) -> Mapping[str, Any]:
    """Figures of the comparison for the history; refuses unless forced."""
    try:
        found = compare(old, new, test, {})
    except (ReleaseError, ArtifactError) as error:
        if force:
            return {"compared": None, "why": error.message}
        raise ReleaseError(
            f"{new.name} cannot be compared with {old.name}, which is served: {error.message} "
            'Or promote it with --force --reason "…".'
        ) from error
    if found.worse and not force:
        raise ReleaseError(_refusal(found))
    return {
        "basis": found.basis,
        "compared": {head: each["overall"] for head, each in found.differences.items()},
    }


def _refusal(found: Comparison) -> str:
    worse = "; ".join(
        f"{head} {each['old']:.3f} → {each['new']:.3f} ({each['low']:+.3f} to {each['high']:+.3f})"
        for head, each in ((head, found.differences[head]["overall"]) for head in found.worse)
    )
    return (
        f"{found.new} is significantly worse than {found.old}, which is served, on {found.basis}: {worse}. "
        f'See `compare {found.old} {found.new}`. To promote it all the same, give --force --reason "…".'
    )
