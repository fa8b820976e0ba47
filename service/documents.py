"""Many documents in, one at a time: JSON Lines (plain or gzip), a folder of text files, or standard input."""

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

import orjson

from models.errors import StancewireError
from service.inputs import InputError, decode_text, parse_date

LONGEST_LINE = 16 * 2**20  # bytes; what is longer becomes an error line and is never held in memory


@dataclass(frozen=True, slots=True)
class Item:
    """One document as it lies in the source, not yet read.

    Attributes:
        where: for messages, as in "line 12" or "paper/a.txt".
        data: the line or the file; None when it was too long to hold.
        done: bytes of the source read up to its end, for a progress bar.
        id: the name of a text file; None for a line, which brings its own.
    """

    where: str
    data: bytes | None
    done: int
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One document to analyse, as in a request over HTTP."""

    text: str
    id: Any = None
    targets: list[str] | None = None
    explain: bool | None = None
    day: date | None = None
    title: str | None = None


class DocumentError(StancewireError):
    """One document that cannot be read; the others are."""

    status = 422
    code = "bad_document"

    def __init__(self, message: str, field: str | None = None, id: Any = None) -> None:
        super().__init__(message, field)
        self.id = id


def source_size(source: str) -> int | None:
    """Bytes of the source as it lies on the disk, for a progress bar; None when nobody can know."""
    path = Path(source)
    if source == "-":
        return None
    if path.is_dir():
        return sum(file.stat().st_size for file in _text_files(path))
    return path.stat().st_size if path.is_file() else None


def read_items(source: str) -> Iterator[Item]:
    """Documents of a source, in order, none held longer than it is needed.

    Args:
        source: a file of JSON Lines (.gz too), a folder of .txt files, or "-" for standard input.

    Raises:
        InputError: the source cannot be read or is damaged.
    """
    path = Path(source)
    try:
        if source == "-":
            yield from _lines(sys.stdin.buffer, None, "Standard input")
        elif path.is_dir():
            yield from _files(path)
        else:
            with path.open("rb") as raw, _maybe_gzip(raw, source) as file:
                yield from _lines(file, raw, source)
    except OSError as error:
        raise InputError(f"Cannot read {error.filename or source}: {error.strerror or error}.") from error


@contextmanager
def _maybe_gzip(raw: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    if not name.endswith(".gz"):
        yield raw
        return
    try:
        with gzip.GzipFile(fileobj=raw) as file:
            yield cast(IO[bytes], file)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{name} is no whole gzip file: {error}. Unpack it, or fetch it again.") from error


def _lines(file: IO[bytes], raw: IO[bytes] | None, name: str) -> Iterator[Item]:
    number, read = 0, 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        read += len(line)
        whole = len(line) <= LONGEST_LINE
        while not whole and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE)
            read += len(line)
            if not line:
                break
        if line.strip() or not whole:
            yield Item(f"{name}, line {number}", line if whole else None, raw.tell() if raw else read)


def _text_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.txt") if path.is_file())


def _files(folder: Path) -> Iterator[Item]:
    done = 0
    paths = _text_files(folder)
    if not paths:
        raise InputError(f"{folder} holds no .txt file. Give a folder of .txt files, or a file of JSON Lines.")
    for path in paths:
        size = path.stat().st_size
        done += size
        data = path.read_bytes() if size <= LONGEST_LINE else None
        yield Item(str(path), data, done, id=path.relative_to(folder).as_posix())


def parse_item(item: Item) -> Document:
    """Read one document.

    Raises:
        DocumentError: it cannot be read; the message says where and how to mend it.
    """
    if item.data is None:
        raise DocumentError(
            f"{item.where}: longer than {LONGEST_LINE // 2**20} MB. Split the text into several documents.",
            "text",
            item.id,
        )
    if item.id is not None:
        try:
            return Document(decode_text(item.data, item.where), item.id, title=item.id)
        except InputError as error:
            raise DocumentError(error.message, error.field, item.id) from error
    try:
        line = orjson.loads(item.data)
    except ValueError as error:
        raise DocumentError(f'{item.where}: no valid JSON ({error}). Each line is one object with "text".') from error
    if not isinstance(line, dict):
        raise DocumentError(f'{item.where}: expected an object with "text", found {type(line).__name__}.')
    return document_from(line, item.where)


def document_from(line: dict[str, Any], where: str) -> Document:
    """Check the keys of one document that mean something here; others are passed over.

    Raises:
        DocumentError: a value is not as it must be.
    """
    id = line.get("id")
    text, targets, explain, title = (line.get(key) for key in ("text", "targets", "explain", "title"))

    def refuse(message: str, field: str) -> DocumentError:
        return DocumentError(f"{where}: {message}", field, id)

    if not isinstance(text, str) or not text.strip():
        raise refuse('"text" must be a string with at least one sentence.', "text")
    if "\0" in text:
        raise refuse(f'"text" holds a NUL character at position {text.index(chr(0))}; remove it.', "text")
    if targets is not None and not (isinstance(targets, list) and all(isinstance(each, str) for each in targets)):
        raise refuse('"targets" must be a list such as ["us", "russia"], or left out.', "targets")
    if explain is not None and not isinstance(explain, bool):
        raise refuse('"explain" must be true or false, or left out.', "explain")
    try:
        day = parse_date(line.get("date"), '"date"')
    except InputError as error:
        raise refuse(error.message, "date") from error
    return Document(text, id, targets, explain, day, title if isinstance(title, str) else None)
