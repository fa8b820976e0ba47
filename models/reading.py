"""A sentence as the fast path reads it: the entries of its words, with all mentions masked.

It says what `models.views.View` says, in the numbers that look-ups need.
"""

from collections.abc import Sequence
from itertools import accumulate

from models.features import polarity_class
from models.lexicon import NEGATION_REACH, Rated
from models.lexis import Entry, Lexis
from models.mentions import Mention
from models.views import MOST_TARGETS, RIVAL, TARGET, View, clause_around

_HYPHEN = "-"


class Reading:
    """One sentence.

    Attributes:
        entries: of its words; every mention is RIVAL.
        slots: position of every mention, in the order of the mentions.
        ids: numbers of the words, with a 0 at the end, so that a position before the first finds it too.
        rated: entries of the polarity lexicon among the words.
    """

    __slots__ = ("_counts", "_frame", "_marks", "entries", "ids", "rated", "slots")

    def __init__(self, lexis: Lexis, entries: list[Entry], slots: list[int]) -> None:
        self.entries = entries
        self.slots = slots
        self.ids = [entry[0] for entry in entries]
        self.rated = _find_rated(entries, self.ids, lexis.negations)
        self.ids.append(0)
        self._marks: list[int] | None = None
        self._counts: list[int] | None = None
        self._frame: tuple[list[int], list[str]] | None = None

    def clauses(self, targets: Sequence[int]) -> list[tuple[int, int]]:
        """First and last (exclusive) word of the clause around each target."""
        if self._marks is None:
            self._marks = [i for i, entry in enumerate(self.entries) if entry[8]]
        size = len(self.entries)
        return [clause_around(self._marks, size, target) for target in targets]

    @property
    def counts(self) -> list[int]:
        """Kinds of words before each position, added up from the left."""
        if self._counts is None:
            self._counts = [0, *accumulate([entry[6] for entry in self.entries])]
        return self._counts

    @property
    def frame(self) -> tuple[list[int], list[str]]:
        """Positions of what stays in a frame, and its classes, with two more on either side."""
        if self._frame is None:
            slots = [entry[7] for entry in self.entries]
            for first, last, rating, negated in self.rated:
                slots[first] = polarity_class(rating, negated)
                if last > first + 1:
                    slots[first + 1 : last] = [""] * (last - first - 1)
            kept = [i for i, slot in enumerate(slots) if slot]
            self._frame = kept, ["<", "<", *[slots[i] for i in kept], ">", ">"]
        return self._frame


class Aim:
    """A reading seen from one target.

    Attributes:
        reading: the sentence.
        entries, ids: as in the reading, with TARGET for the mentions of the target.
        targets: positions of the target, the first MOST_TARGETS of them.
        clauses: first and last (exclusive) word of the clause around each.
    """

    __slots__ = ("clauses", "entries", "ids", "places", "reading", "targets")

    def __init__(self, lexis: Lexis, reading: Reading, places: list[int]) -> None:
        entry = lexis[TARGET]
        self.reading = reading
        self.entries = reading.entries.copy()
        self.ids = reading.ids.copy()
        for place in places:
            self.entries[place] = entry
            self.ids[place] = entry[0]
        self.places = places
        self.targets = places[:MOST_TARGETS]
        self.clauses = reading.clauses(self.targets)


def read_sentence(lexis: Lexis, lows: Sequence[str], mentions: Sequence[Mention]) -> Reading:
    """Read a sentence of tokens in lower case."""
    entries = lexis.read(lows)
    rival, hyphen = lexis[RIVAL], lexis[_HYPHEN]
    hyphens = _HYPHEN in lows
    masked: list[Entry] = []
    slots: list[int] = []
    at = 0
    for _, first, last, _ in mentions:
        masked += _without(entries[at:first], hyphen) if hyphens else entries[at:first]
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


def _find_rated(entries: Sequence[Entry], ids: list[int], negations: frozenset[int]) -> list[Rated]:
    """As `models.lexicon.find_rated`, by the numbers of the words."""
    found: list[Rated] = []
    end, turned = 0, -1
    for i, known in [(i, entry[9]) for i, entry in enumerate(entries) if entry[9]]:
        if i >= end:
            for wanted, rating in known:
                size = len(wanted)
                if size == 1 or ids[i : i + size] == wanted:
                    if rating is not None:
                        end = i + size
                        found.append(Rated(i, end, rating, i <= turned))
                    break
        if ids[i] in negations:
            turned = i + NEGATION_REACH
    return found
