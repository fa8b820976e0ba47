"""Loading a model for the service: checked, and tried on a sentence before anybody depends on it."""

import contextlib
import hashlib
from pathlib import Path

from service.inputs import load_tried
from service.settings import Settings
from service.work import Limits, Reader


def load_reader(folder: Path, settings: Settings, key: str) -> Reader:
    """Load a model with the targets and limits of the settings.

    Args:
        folder: the artifact.
        key: what `model_key` says of it.

    Raises:
        StancewireError: the artifact or a targets file cannot be used.
    """
    analyzer = load_tried(folder, (Path(path) for path in settings.targets))
    return Reader(analyzer, Limits(settings.max_text, settings.max_sentences, settings.max_documents), key)


def model_key(folder: Path, settings: Settings) -> str:
    """Names a model and its targets by where and what their files are."""
    digest = hashlib.sha256(str(folder.resolve()).encode())
    for path in (folder / "manifest.json", *(Path(path) for path in settings.targets)):
        with contextlib.suppress(OSError):
            digest.update(path.read_bytes())
    return digest.hexdigest()
