"""Public corpora: downloaded from their repositories at pinned commits, with checked digests.

`corpora.toml` says what there is. A digest that is not written there is written down at the first
download, in a lock file that every later download is checked against.
"""

import json
import os
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from models.artifact import sha256
from training.records import DataError

CATALOGUE = Path(__file__).with_name("corpora.toml")
LOCK = "corpora.lock.json"
HOST = "https://github.com"
LARGEST = 64 * 2**20  # bytes of one file: a corpus of sentences has a few million
_BLOCK = 2**16
_TIMEOUT = 30.0  # seconds without an answer

Advance = Callable[[str, int, int | None], None]
"""Called with a file's name, the bytes that have come, and how many there will be (None: not told)."""


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One file of a corpus.

    Attributes:
        corpus: name of its corpus.
        name: its name there.
        role: "train", "test" or "text", as `corpora.toml` explains.
        url: where it is downloaded from.
        sha256: its digest; None when it is not known beforehand.
    """

    corpus: str
    name: str
    role: str
    url: str
    sha256: str | None = None

    @property
    def key(self) -> str:
        """`dse/train.txt`: its name among all corpora, and its place in a folder of them."""
        return f"{self.corpus}/{self.name}"


@dataclass(frozen=True, slots=True)
class Corpus:
    """One public corpus."""

    name: str
    title: str
    licence: str
    files: tuple[CorpusFile, ...]


def load_catalogue(path: Path = CATALOGUE) -> dict[str, Corpus]:
    """The corpora that can be fetched, by name.

    Raises:
        DataError: the file is missing or not as it should be.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: _corpus(name, table) for name, table in tables.items()}
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DataError(f"{path} is no catalogue of corpora: {error}.") from error


def _corpus(name: str, table: dict[str, str | list[dict[str, str]]]) -> Corpus:
    folder = f"{table['folder']}/" if table["folder"] else ""
    base = f"{HOST}/{table['repository']}/raw/{table['commit']}/{folder}"
    files = [each for each in table["files"] if isinstance(each, dict)]
    return Corpus(
        name,
        str(table["title"]),
        str(table["licence"]),
        tuple(CorpusFile(name, f["name"], f["role"], base + f["name"], f.get("sha256")) for f in files),
    )


def download(
    files: Iterable[CorpusFile], folder: Path, lock: Path, advance: Advance = lambda name, done, size: None
) -> dict[CorpusFile, Path]:
    """Download what is not there yet, and check the digest of every file.

    Args:
        files: what to get.
        folder: where to put it, each corpus in a folder of its name.
        lock: file of known digests; new ones are added.
        advance: called as bytes come, for a progress bar.

    Returns:
        Where each file lies.

    Raises:
        DataError: a file cannot be reached, or is not the one it was.
    """
    known = read_lock(lock)
    places = {}
    for file in files:
        place = folder / file.corpus / file.name
        expected = file.sha256 or known.get(file.key, {}).get("sha256")
        if not place.is_file() or (expected and sha256(place) != expected):
            _get(file, place, expected, advance)
        found = sha256(place)
        _check(file, found, expected, place)
        if file.key not in known:
            known[file.key] = {"sha256": found, "url": file.url}
            _write_lock(lock, known)
        places[file] = place
    return places


def read_lock(path: Path) -> dict[str, dict[str, str]]:
    """Digests that were written down, by key of the file; none when there is no such file.

    Raises:
        DataError: the file is damaged.
    """
    if not path.is_file():
        return {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {key: {name: str(value) for name, value in entry.items()} for key, entry in data.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise DataError(f"{path} is no lock file: {error}. Restore it, or delete it to write a new one.") from error


def find_files(corpora: Iterable[Corpus], folder: Path) -> dict[CorpusFile, Path]:
    """Files of corpora in a folder of already obtained ones.

    A file is found as `dse/train.txt` or `dse.train.txt`, and below a clone of the repository.

    Raises:
        DataError: the folder does not exist, or a file has not the digest that the catalogue gives.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder. Give a folder of files such as dse/train.txt or dse.train.txt.")
    found = {}
    for corpus in corpora:
        for file in corpus.files:
            path = file.url.partition("/raw/")[2].partition("/")[2]
            clone = file.url.partition("/raw/")[0].rpartition("/")[2]
            for place in (folder / file.key, folder / f"{file.corpus}.{file.name}", folder / clone / path):
                if place.is_file():
                    if file.sha256:
                        _check(file, sha256(place), file.sha256, place)
                    found[file] = place
                    break
    return found


def _check(file: CorpusFile, found: str, expected: str | None, place: Path) -> None:
    if expected and found != expected:
        raise DataError(
            f"{place} is not the file it should be: SHA-256 {found}, expected {expected} for {file.url}. "
            f"Delete it and fetch again; if the change is meant, take {file.key!r} out of the lock file."
        )


def _get(file: CorpusFile, place: Path, expected: str | None, advance: Advance) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = place.with_name(f".{place.name}.part")
    try:
        _receive(file, aside, advance)
        _check(file, sha256(aside), expected, aside)
        os.replace(aside, place)
    finally:
        aside.unlink(missing_ok=True)


def _receive(file: CorpusFile, aside: Path, advance: Advance) -> None:
    try:
        with urllib.request.urlopen(file.url, timeout=_TIMEOUT) as answer, aside.open("wb") as out:
            size = answer.headers.get("Content-Length")
            done = 0
            while block := answer.read(_BLOCK):
                done += len(block)
                if done > LARGEST:
                    raise DataError(f"{file.url} has more than {LARGEST} bytes: that is not the corpus.")
                out.write(block)
                advance(file.key, done, int(size) if size else None)
            if size and done != int(size):
                raise DataError(f"{file.url} broke off after {done} of {size} bytes. Run the command again.")
    except urllib.error.HTTPError as error:
        raise DataError(f"{file.url} answers {error.code} {error.reason}. {_elsewhere(file)}") from error
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise DataError(f"Cannot reach {file.url}: {reason}. Is this machine offline? {_elsewhere(file)}") from error


def _elsewhere(file: CorpusFile) -> str:
    return (
        "You can get the files on another machine and pass their folder: "
        f"`python -m training fetch --from DIR`, with this one as DIR/{file.key}."
    )


def _write_lock(path: Path, known: dict[str, dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_aside(path, [json.dumps(known, indent=2, sort_keys=True)])


def write_aside(path: Path, lines: Sequence[str]) -> None:
    """Write a text file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="")
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
