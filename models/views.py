"""A sentence as seen from one target.

The model never sees which country it judges: mentions of the target become one word, mentions
of every other known target another. What it learns therefore holds for all of them.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from models.lexicon import Rated, find_rated
from models.mentions import Mention
from models.tokens import Tokens
from models.words import ARTICLES, CLAUSE_MARKS

TARGET = "TARGET"
RIVAL = "RIVAL"
NUMBER = "0"
CLAUSE = 25  # words at most on either side of a mention
MOST_TARGETS = 8  # mentions of the target that are looked around, in one sentence


class View(NamedTuple):
    """A sentence with its mentions masked.

    Attributes:
        words: lower-case words; TARGET and RIVAL stand for a mention each, NUMBER for digits.
            Hyphens, and articles right before a mention, are left out.
        targets: positions of TARGET in `words`, the first MOST_TARGETS of them; empty when the target
            is meant but not named, or when the whole sentence is judged.
        tokens: for each word the tokens (first, last exclusive) of the sentence that it stands for.
        rated: entries of the polarity lexicon among the words.
        slots: position in `words` of every mention, in the order of the mentions.
        marks: positions in `words` of the punctuation that bounds clauses.
        clauses: first and last (exclusive) word of the clause around each of `targets`.
    """

    words: list[str]
    targets: list[int]
    tokens: list[tuple[int, int]]
    rated: list[Rated]
    slots: list[int]
    marks: list[int]
    clauses: list[tuple[int, int]]


def whole_view(tokens: Tokens, mentions: Sequence[Mention]) -> View:
    """Mask all mentions of a sentence alike, to judge the sentence itself.

    Args:
        tokens: the sentence.
        mentions: its mentions in order, of all targets.
    """
    words: list[str] = []
    places: list[tuple[int, int]] = []
    slots: list[int] = []
    at = 0
    for mention in mentions:
        _append_words(tokens.lows, at, mention.first, words, places)
        if words and words[-1] in ARTICLES:  # "the United States" and "Russia" are to be seen alike
            words.pop()
            places.pop()
        slots.append(len(words))
        words.append(RIVAL)
        places.append((mention.first, mention.last))
        at = mention.last
    _append_words(tokens.lows, at, len(tokens.lows), words, places)
    marks = [i for i, word in enumerate(words) if word in CLAUSE_MARKS]
    return View(words, [], places, find_rated(words), slots, marks, [])


def target_view(whole: View, mentions: Sequence[Mention], target: str) -> View:
    """The view of one target, made from the view of the whole sentence.

    Args:
        whole: what `whole_view` made of the same mentions.
        mentions: the mentions of all targets, in order.
        target: id of the target that is judged.
    """
    places = [place for place, mention in zip(whole.slots, mentions, strict=True) if mention.target == target]
    words = whole.words.copy()
    for place in places:
        words[place] = TARGET
    targets = places[:MOST_TARGETS]
    clauses = [clause_around(whole.marks, len(words), target) for target in targets]
    return View(words, targets, whole.tokens, whole.rated, whole.slots, whole.marks, clauses)


def _append_words(lows: Sequence[str], first: int, last: int, words: list[str], places: list[tuple[int, int]]) -> None:
    for i in range(first, last):
        low = lows[i]
        if low != "-":
            words.append(NUMBER if low[0].isdigit() else low)
            places.append((i, i + 1))


def clause_around(marks: Sequence[int], size: int, position: int) -> tuple[int, int]:
    """First and last (exclusive) word of the clause around a position, at most CLAUSE words each way.

    Args:
        marks: positions of the punctuation that bounds clauses, in order.
        size: number of words in the sentence.
        position: a word that is no such punctuation.
    """
    k = bisect_left(marks, position)
    first = marks[k - 1] + 1 if k else 0
    last = marks[k] if k < len(marks) else size
    return max(first, position - CLAUSE), min(last, position + CLAUSE + 1)
