"""The polarity lexicon of international politics, written for this project.

`lexicon.tsv` rates words and short expressions from -3 to 3 for what they say, in news about
states, of three roles: the one who does or has it (subject), the one it is done or said to
(object), and in general. "accused" is 0, -3, -1: who accuses is not judged by it, who is accused is.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("lexicon.tsv")


class Rating(NamedTuple):
    """What a word says of its subject, of its object, and in general; each -3 to 3."""

    subject: int
    object: int
    general: int


Entry = tuple[tuple[str, ...], Rating]


@cache
def load_lexicon() -> dict[str, tuple[Entry, ...]]:
    """The lexicon by first word: entries (their words in lower case, their rating), the longest first."""
    entries: dict[str, list[Entry]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        text, *ratings = line.split("\t")
        words = tuple(text.split(" "))
        entries.setdefault(words[0], []).append((words, Rating(*map(int, ratings))))
    return {first: tuple(sorted(found, key=lambda entry: -len(entry[0]))) for first, found in entries.items()}
