"""Loading a model for the service: checked, and tried on a sentence before anybody depends on it."""

import contextlib
import hashlib
from pathlib import Path

from models.analyzer import Analyzer
from models.errors import ArtifactError
from models.targets import CORE_FILE, load_targets
from service.settings import Settings
from service.work import Limits, Reader, Tally

_TRIAL = "The Kremlin accused Washington of breaking the deal. Ankara thanked Moscow."


def load_reader(folder: Path, settings: Settings, key: str) -> Reader:
    """Load a model with the targets and limits of the settings.

    Args:
        folder: the artifact.
        key: what `model_key` says of it.

    Raises:
        StancewireError: the artifact or a targets file cannot be used.
    """
    analyzer = Analyzer.load(folder, load_targets(CORE_FILE, *(Path(path) for path in settings.targets)))
    reader = Reader(analyzer, Limits(settings.max_text, settings.max_sentences, settings.max_documents), key)
    try:
        reader.read(Tally(), _TRIAL, None, True)
    except Exception as error:
        raise ArtifactError(f"The model in {folder} cannot read a sentence: {error!r}.") from error
    return reader


def model_key(folder: Path, settings: Settings) -> str:
    """Names a model and its targets by where and what their files are."""
    digest = hashlib.sha256(str(folder.resolve()).encode())
    for path in (folder / "manifest.json", *(Path(path) for path in settings.targets)):
        with contextlib.suppress(OSError):
            digest.update(path.read_bytes())
    return digest.hexdigest()
