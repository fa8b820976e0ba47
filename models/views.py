"""A sentence as seen from one target.

The model never sees which country it judges: mentions of the target become one word, mentions
of every other known target another. What it learns therefore holds for all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.mentions import Mention
from models.tokens import Tokens
from models.words import CLAUSE_MARKS

TARGET = "TARGET"
RIVAL = "RIVAL"
NUMBER = "0"
CLAUSE = 25  # words at most on either side of a mention
MOST_TARGETS = 8  # mentions of the target that are looked around, in one sentence


@dataclass(frozen=True, slots=True)
class View:
    """A sentence with its mentions masked.

    Attributes:
        words: lower-case words; TARGET and RIVAL stand for a mention each, NUMBER for digits.
            Hyphens are left out.
        targets: positions of TARGET in `words`, the first MOST_TARGETS of them; empty when the target
            is meant but not named, or when the whole sentence is judged.
        tokens: for each word the tokens (first, last exclusive) of the sentence that it stands for.
    """

    words: list[str]
    targets: list[int]
    tokens: list[tuple[int, int]]


def view_from(tokens: Tokens, mentions: Sequence[Mention], target: str | None) -> View:
    """Mask a sentence for one target; None masks all targets alike, to judge the sentence itself.

    Args:
        tokens: the sentence.
        mentions: its mentions in order, of all targets.
        target: id of the target that is judged.
    """
    words: list[str] = []
    targets: list[int] = []
    places: list[tuple[int, int]] = []
    at = 0
    for mention in mentions:
        _append_words(tokens, at, mention.first, words, places)
        if mention.target == target:
            if len(targets) < MOST_TARGETS:
                targets.append(len(words))
            words.append(TARGET)
        else:
            words.append(RIVAL)
        places.append((mention.first, mention.last))
        at = mention.last
    _append_words(tokens, at, len(tokens.lows), words, places)
    return View(words, targets, places)


def _append_words(tokens: Tokens, first: int, last: int, words: list[str], places: list[tuple[int, int]]) -> None:
    for i in range(first, last):
        low = tokens.lows[i]
        if low != "-":
            words.append(NUMBER if low[0].isdigit() else low)
            places.append((i, i + 1))


def clause_around(words: Sequence[str], position: int) -> tuple[int, int]:
    """First and last (exclusive) word of the clause around a position, at most CLAUSE words each way."""
    first = position
    while first > 0 and position - first < CLAUSE and words[first - 1] not in CLAUSE_MARKS:
        first -= 1
    last = position + 1
    while last < len(words) and last - position <= CLAUSE and words[last] not in CLAUSE_MARKS:
        last += 1
    return first, last
