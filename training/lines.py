"""Lines of text files, each with its file and number for messages."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.records import DataError


def json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a JSON Lines file, each with its file and line.

    Raises:
        DataError: the file cannot be read, or a line is no JSON object.
    """
    for where, line in text_lines(path):
        try:
            data = json.loads(line)
        except ValueError as error:
            raise DataError(f"{where}: no valid JSON ({error}).") from error
        if not isinstance(data, dict):
            raise DataError(f"{where}: expected an object, found {type(data).__name__}.")
        yield where, data


def tab_lines(path: Path, encoding: str = "utf-8-sig") -> Iterator[tuple[str, list[str]]]:
    """The fields of a tab-separated file, each line with its file and number."""
    for where, line in text_lines(path, encoding):
        yield where, line.rstrip("\r\n").split("\t")


def text_lines(path: Path, encoding: str = "utf-8-sig") -> Iterator[tuple[str, str]]:
    """The lines of a text file that are not blank, each with its file and number.

    Raises:
        DataError: the file cannot be read.
    """
    try:
        with path.open(encoding=encoding) as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield f"{path}:{number}", line
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not {error.encoding} (byte {error.start}).") from error
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}.") from error
