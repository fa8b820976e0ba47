"""What the command line reads: one article, or many documents; and what it loads to read them with."""

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import ArtifactError, StancewireError
from models.releases import RELEASED, current_folder
from models.targets import CORE_FILE, load_targets
from service.days import read_day

if TYPE_CHECKING:
    from models.analyzer import Analyzer

_TRIAL = "The Kremlin accused Washington of breaking the deal. Ankara thanked Moscow."


class InputError(StancewireError):
    """Input that cannot be read: a missing file, bytes that are no UTF-8, an empty text, a bad option."""

    status = 400
    code = "bad_input"


def read_article(path: str) -> str:
    """Text of a file, or of standard input for "-". A byte order mark is left out.

    Raises:
        InputError: the file cannot be read, is not UTF-8, or is blank.
    """
    name = "Standard input" if path == "-" else path
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"Cannot read {path}: {error.strerror}. Give a text file, or - for standard input.") from error
    return decode_text(data, name)


def decode_text(data: bytes, name: str) -> str:
    """Bytes to text.

    Raises:
        InputError: they are not UTF-8, hold a NUL character, or are blank.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}. Save it as UTF-8, for example "
            "with `iconv -f WINDOWS-1252 -t UTF-8`.",
            "text",
        ) from error
    if "\0" in text:
        raise InputError(f"{name} holds a NUL character at position {text.index(chr(0))}: is it a text file?", "text")
    if not text.strip():
        raise InputError(f"{name} is empty. Give a text with at least one sentence.", "text")
    return text


def parse_targets(value: str | None) -> list[str] | None:
    """Names out of "us,russia"; None when there is none."""
    names = [name.strip() for name in (value or "").split(",")]
    return [name for name in names if name] or None


def parse_date(value: object, name: str = "--date") -> date | None:
    """A day written as 2016-03-01, or the day of a time such as 2016-03-01T10:00:00Z; None stays None.

    Raises:
        InputError: it is neither.
    """
    if value is None or value == "":
        return None
    try:
        if not isinstance(value, str) or (len(value) > 10 and value[10] not in "T "):
            raise ValueError
        return read_day(value[:10])
    except ValueError as error:
        raise InputError(f"{name} is {value!r}: write the day as 2016-03-01.", "date") from error


def load_analyzer(models: Path | None = None, targets: str | None = None) -> "Analyzer":
    """Load the model.

    Args:
        models: folder of releases (with the file CURRENT) or one artifact (with manifest.json); None
            takes the model that is shipped.
        targets: targets files of the user's, with commas between them, added to the U.S. and Russia.

    Raises:
        ArtifactError: the model cannot be used.
        TargetsFileError: the targets file cannot be used.
    """
    return load_tried(artifact_folder(models), [Path(name) for name in parse_targets(targets) or ()])


def load_tried(folder: Path, targets: Iterable[Path] = ()) -> "Analyzer":
    """Load an artifact and try it on a sentence before anybody depends on it.

    Args:
        folder: the artifact.
        targets: targets files of the user's, added to the U.S. and Russia.

    Raises:
        ArtifactError: the model cannot be used.
        TargetsFileError: a targets file cannot be used.
    """
    from models.analyzer import Analyzer

    wanted = load_targets(CORE_FILE, *targets)
    try:
        analyzer = Analyzer.load(folder, wanted)
        analyzer.analyze(_TRIAL, explain=True)
    except StancewireError:
        raise
    except Exception as error:
        raise ArtifactError(
            f"The model in {folder} cannot read a sentence ({error!r}): it was made by another version. "
            "Retrain with `python -m training train`."
        ) from error
    return analyzer


def artifact_folder(models: Path | None = None) -> Path:
    """Folder of the artifact that a models folder stands for.

    Raises:
        ArtifactError: it is no folder of releases and no artifact.
    """
    if models is not None and (models / "manifest.json").is_file():
        return models
    return current_folder(models or RELEASED)
