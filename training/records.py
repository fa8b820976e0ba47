"""Labelled sentences: the data line, and reading files of them.

One line of JSON: `{"id", "text", "stance": {target: label}, "sentiment", "spans": {target: [[start, end]]},
"group", "source", "tags"}`; only `text` and `stance` must be there.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.analysis import SENTIMENTS, STANCES
from models.errors import StancewireError

KEYS = ("id", "text", "stance", "sentiment", "spans", "group", "source", "tags")


class DataError(StancewireError):
    """Labelled data that cannot be used; the message names file, line and mend."""

    status = 400
    code = "bad_data"


@dataclass(frozen=True, slots=True)
class Record:
    """One labelled sentence.

    Attributes:
        id: stable name of the sentence; file and line when the data gives none.
        text: the sentence.
        stance: label by target; a target that is not mentioned has no key.
        sentiment: tone of the whole sentence; None when it was not labelled.
        spans: where given for a target, its mentions as (start, end) in code points; detection is
            then skipped. An empty tuple: the target is meant but not named.
        group: records of one group stay on one side of every split.
        source: where the sentence comes from.
        tags: free descriptions such as "genre:wire" or "rule:negation".
        where: file and line, for messages.
    """

    id: str
    text: str
    stance: dict[str, str]
    sentiment: str | None = None
    spans: dict[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    group: str | None = None
    source: str | None = None
    tags: tuple[str, ...] = ()
    where: str = ""

    @property
    def digest(self) -> str:
        """Name of the text itself: equal for texts that differ in case, spaces and punctuation only."""
        return digest(self.text)

    @property
    def corpus(self) -> str:
        """The first word of the source ("persent/dev": persent); empty without one."""
        return (self.source or "").split("/")[0]

    def as_dict(self) -> dict[str, Any]:
        """The data line; keys without a value are left out."""
        line: dict[str, Any] = {"id": self.id, "text": self.text, "stance": self.stance}
        if self.sentiment is not None:
            line["sentiment"] = self.sentiment
        if self.spans:
            line["spans"] = {target: [list(span) for span in spans] for target, spans in self.spans.items()}
        for key in ("group", "source"):
            if getattr(self, key) is not None:
                line[key] = getattr(self, key)
        if self.tags:
            line["tags"] = list(self.tags)
        return line


def digest(text: str) -> str:
    """First 16 hex digits of the SHA-256 of the text's lower-cased letters and digits."""
    return hashlib.sha256(re.sub(r"\W+", "", text.lower()).encode()).hexdigest()[:16]


def target_name(target: str) -> str:
    """The name under which a target is counted: `entity` for entity_1, entity_2, … of any sentence.

    They are persons, parties, firms and places, told apart only within their sentence.
    """
    return "entity" if target.startswith("entity_") else target


def read_records(*paths: Path) -> list[Record]:
    """Read data files (JSON Lines); a folder stands for every .jsonl file in it.

    Raises:
        DataError: a file or line is not as the contract says.
    """
    records: list[Record] = []
    for path in expand(paths):
        records.extend(_read_file(path))
    return records


def expand(paths: Iterable[Path]) -> list[Path]:
    """Files named by paths; a folder stands for the .jsonl files in it, sorted.

    Raises:
        DataError: a path does not exist or a folder holds no data file.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.glob("*.jsonl"))
            if not inside:
                raise DataError(f"{path} holds no .jsonl file.")
            files += inside
        elif path.is_file():
            files.append(path)
        else:
            raise DataError(f"{path} does not exist.")
    return files


def _read_file(path: Path) -> Iterator[Record]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield parse_line(line, f"{path}:{number}")
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}.") from error


def parse_line(line: str, where: str) -> Record:
    """Parse one data line.

    Args:
        line: one line of JSON.
        where: file and line, for messages.

    Raises:
        DataError: it is no JSON object, or a key or value is not allowed.
    """
    try:
        data = json.loads(line)
    except ValueError as error:
        raise DataError(f"{where}: no valid JSON ({error}). Each line is one object.") from error
    if not isinstance(data, dict):
        raise DataError(f"{where}: expected an object, found {type(data).__name__}.")
    return record_from(data, where)


def record_from(data: dict[str, Any], where: str) -> Record:
    """Check the keys and values of a data line and make a record of it.

    Raises:
        DataError: a key or value is not allowed; the message says which and how to mend it.
    """
    unknown = sorted(set(data) - set(KEYS))
    if unknown:
        raise DataError(f"{where}: unknown key {unknown[0]!r}; allowed are {', '.join(KEYS)}.")
    text = data.get("text")
    if not isinstance(text, str) or not text.strip():
        raise DataError(f"{where}: `text` must be a non-empty string.")
    stance = data.get("stance")
    if not isinstance(stance, dict):
        raise DataError(
            f'{where}: `stance` must be an object such as {{"us": "against"}}; {{}} when no target is mentioned.'
        )
    for target, label in stance.items():
        if label not in STANCES:
            raise DataError(f"{where}: stance {target!r} is {label!r}; use one of {', '.join(STANCES)}.")
    sentiment = data.get("sentiment")
    if sentiment is not None and sentiment not in SENTIMENTS:
        raise DataError(f"{where}: `sentiment` is {sentiment!r}; use one of {', '.join(SENTIMENTS)}.")
    for key in ("group", "source"):
        if data.get(key) is not None and not isinstance(data[key], str):
            raise DataError(f"{where}: `{key}` must be a string.")
    tags = data.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise DataError(f'{where}: `tags` must be a list of strings such as ["genre:wire"].')
    return Record(
        id=str(data["id"]) if data.get("id") is not None else where,
        text=text,
        stance=dict(stance),
        sentiment=sentiment,
        spans=_spans(data.get("spans"), text, where),
        group=data.get("group"),
        source=data.get("source"),
        tags=tuple(tags),
        where=where,
    )


def _spans(data: Any, text: str, where: str) -> dict[str, tuple[tuple[int, int], ...]]:
    if data is None:
        return {}
    mend = f'{where}: `spans` must look like {{"us": [[4, 14]]}}, with 0 <= start < end <= {len(text)}'
    if not isinstance(data, dict):
        raise DataError(mend + ".")
    spans = {}
    for target, pairs in data.items():
        if not isinstance(pairs, list):
            raise DataError(f"{mend}; {target!r} is no list.")
        for pair in pairs:
            if (
                not isinstance(pair, list)
                or len(pair) != 2
                or not all(type(offset) is int for offset in pair)
                or not 0 <= pair[0] < pair[1] <= len(text)
            ):
                raise DataError(f"{mend}; {target!r} has {pair!r}.")
        spans[target] = tuple((pair[0], pair[1]) for pair in pairs)
    return spans
