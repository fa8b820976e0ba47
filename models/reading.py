"""A sentence as the fast path reads it: the entries of its words, with all mentions masked.

It says what `models.views.View` says, in the numbers that look-ups need.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate, compress, count
from typing import Any

from models.features import polarity_class
from models.lexicon import NEGATION_REACH, Rated
from models.lexis import Entry, Known, Lexis
from models.mentions import Mention
from models.views import MOST_TARGETS, RIVAL, TARGET, View, clause_around

_HYPHEN = "-"


class Reading:
    """One sentence.

    Attributes:
        slots: position of every mention, in the order of the mentions.
        ids: numbers of the words, with a 0 at the end, so that a position before the first finds it too.
        words, left, right, clause_left, clause_right: rows of the words' terms in each role.
        rated: entries of the polarity lexicon among the words.
        size: number of words.
    """

    __slots__ = (
        *("_bounds", "_classes", "_counts", "_frame", "_kinds", "_marks"),
        *("clause_left", "clause_right", "ids", "left", "rated", "right", "size", "slots", "words"),
    )

    def __init__(self, lexis: Lexis, entries: list[Entry], slots: list[int]) -> None:
        self.slots = slots
        self.size = len(entries)
        # One pass over the entries: what follows works on its columns.
        columns: Sequence[Any] = list(zip(*entries, strict=True)) if entries else ((),) * len(Entry._fields)
        ids, self.words, self.left, self.right, self.clause_left, self.clause_right = columns[:6]
        self._kinds, self._classes, self._bounds, known = columns[6:]
        self.ids = [*ids, 0]
        self.rated = _find_rated(known, self.ids, lexis.negations)
        self._marks: list[int] | None = None
        self._counts: list[int] | None = None
        self._frame: tuple[list[int], list[str]] | None = None

    def clauses(self, targets: Sequence[int]) -> list[tuple[int, int]]:
        """First and last (exclusive) word of the clause around each target."""
        if self._marks is None:
            self._marks = list(compress(count(), self._bounds))
        return [clause_around(self._marks, self.size, target) for target in targets]

    @property
    def counts(self) -> list[int]:
        """Kinds of words before each position, added up from the left."""
        if self._counts is None:
            self._counts = [0, *accumulate(self._kinds)]
        return self._counts

    @property
    def frame(self) -> tuple[list[int], list[str]]:
        """Positions of what stays in a frame, and its classes, with two more on either side."""
        if self._frame is None:
            slots = list(self._classes)
            for first, last, rating, negated in self.rated:
                slots[first] = polarity_class(rating, negated)
                if last > first + 1:
                    slots[first + 1 : last] = [""] * (last - first - 1)
            self._frame = list(compress(count(), slots)), ["<", "<", *filter(None, slots), ">", ">"]
        return self._frame


class Aim:
    """A reading seen from one target.

    Attributes:
        reading: the sentence.
        ids, words, left, right, clause_left, clause_right: as in the reading, with TARGET for the
            mentions of the target.
        places: positions of all mentions of the target.
        targets: the first MOST_TARGETS of them.
        clauses: first and last (exclusive) word of the clause around each.
    """

    __slots__ = (
        *("clause_left", "clause_right", "clauses", "ids", "left", "places"),
        *("reading", "right", "targets", "words"),
    )

    def __init__(self, lexis: Lexis, reading: Reading, places: list[int]) -> None:
        entry = lexis.target
        self.reading = reading
        self.left: Sequence[int]
        self.right: Sequence[int]
        self.clause_left: Sequence[int]
        self.clause_right: Sequence[int]
        self.places = places
        self.targets = places[:MOST_TARGETS]
        self.clauses = reading.clauses(self.targets)
        self.ids = _patched(reading.ids, places, entry.id)
        self.words = _patched(reading.words, places, entry.word)
        self.left, self.right = reading.left, reading.right
        self.clause_left, self.clause_right = reading.clause_left, reading.clause_right
        if len(places) > 1:  # a single mention is not among the words to its left and right
            self.left = _patched(self.left, places, entry.left)
            self.right = _patched(self.right, places, entry.right)
            self.clause_left = _patched(self.clause_left, places, entry.clause_left)
            self.clause_right = _patched(self.clause_right, places, entry.clause_right)


def _patched(column: Sequence[int], places: Iterable[int], value: int) -> list[int]:
    patched = list(column)
    for place in places:
        patched[place] = value
    return patched


def read_sentence(lexis: Lexis, lows: Sequence[str], mentions: Sequence[Mention]) -> Reading:
    """Read a sentence of tokens in lower case."""
    entries = lexis.read(lows)
    rival, hyphen = lexis.rival, lexis.hyphen
    hyphens = _HYPHEN in lows
    masked: list[Entry] = []
    slots: list[int] = []
    at = 0
    for _, first, last, _ in mentions:
        masked += _without(entries[at:first], hyphen) if hyphens else entries[at:first]
        if masked and masked[-1].id in lexis.articles:
            masked.pop()
        slots.append(len(masked))
        masked.append(rival)
        at = last
    masked += _without(entries[at:], hyphen) if hyphens else entries[at:]
    return Reading(lexis, masked, slots)


def read_view(lexis: Lexis, view: View) -> tuple[Reading, Aim]:
    """Read a view that was made already."""
    slots = [i for i, word in enumerate(view.words) if word in (TARGET, RIVAL)]
    reading = Reading(lexis, lexis.read([RIVAL if word == TARGET else word for word in view.words]), slots)
    return reading, Aim(lexis, reading, [i for i in slots if view.words[i] == TARGET])


def _without(entries: list[Entry], hyphen: Entry) -> list[Entry]:
    return [entry for entry in entries if entry is not hyphen]


def _find_rated(known: Sequence[Known | None], ids: list[int], negations: frozenset[int]) -> list[Rated]:
    """As `models.lexicon.find_rated`, by the numbers of the words."""
    found: list[Rated] = []
    end, turned = 0, -1
    for i in compress(count(), known):
        if i >= end:
            for wanted, rating in known[i] or ():
                size = len(wanted)
                if size == 1 or ids[i : i + size] == wanted:
                    if rating is not None:
                        end = i + size
                        found.append(Rated(i, end, rating, i <= turned))
                    break
        if ids[i] in negations:
            turned = i + NEGATION_REACH
    return found
