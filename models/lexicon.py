"""The polarity lexicon of international politics, written for this project.

`lexicon.tsv` rates words and short expressions from -3 to 3 for what they say, in news about
states, of three roles: the one who does or has it (subject), the one it is done or said to
(object), and in general. "accused" is 0, -3, -1: who accuses is not judged by it, who is accused is.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from models.words import NEGATIONS

FILE = Path(__file__).with_name("lexicon.tsv")
NEGATION_REACH = 3  # words after a negation that it turns


class Rating(NamedTuple):
    """What a word says of its subject, of its object, and in general; each -3 to 3."""

    subject: int
    object: int
    general: int


class Rated(NamedTuple):
    """An entry of the lexicon in a sentence: the words it covers (last exclusive), whether it stands negated."""

    first: int
    last: int
    rating: Rating
    negated: bool


Entry = tuple[tuple[str, ...], Rating | None]


@cache
def load_lexicon() -> dict[str, tuple[Entry, ...]]:
    """The lexicon by first word: entries (their words in lower case, their rating), the longest first.

    Negations that are not rated stand in it with None.
    """
    entries: dict[str, list[Entry]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        text, *ratings = line.split("\t")
        words = tuple(text.split(" "))
        entries.setdefault(words[0], []).append((words, Rating(*map(int, ratings))))
    for word in NEGATIONS:  # so that one look-up finds them too
        if not any(entry == (word,) for entry, _ in entries.setdefault(word, [])):
            entries[word].append(((word,), None))
    return {first: tuple(sorted(found, key=lambda entry: -len(entry[0]))) for first, found in entries.items()}


def find_rated(words: Sequence[str]) -> list[Rated]:
    """Entries of the lexicon among words, the longest wherever several begin at one word."""
    lexicon = load_lexicon()
    found: list[Rated] = []
    end, turned = 0, -1
    for i, entries in [(i, entries) for i, entries in enumerate(map(lexicon.get, words)) if entries is not None]:
        if i >= end:
            for entry, rating in entries:
                size = len(entry)
                if size == 1 or tuple(words[i : i + size]) == entry:
                    if rating is not None:
                        end = i + size
                        found.append(Rated(i, end, rating, i <= turned))
                    break
        if words[i] in NEGATIONS:
            turned = i + NEGATION_REACH
    return found
