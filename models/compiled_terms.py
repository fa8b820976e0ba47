"""Terms of several pipelines as rows of one matrix, found by the numbers of words instead of text."""

from collections.abc import Iterable, Mapping, Sequence
from operator import add, itemgetter

from models.features import FRAMES, WINDOW
from models.lexis import Lexis
from models.reading import Aim, Reading

_LEFT, _RIGHT, _CLAUSE_LEFT, _CLAUSE_RIGHT = map(itemgetter, (2, 3, 4, 5))
_KEPT = 1 << 14  # surroundings of a target whose frames are remembered at most


class Terms:
    """The terms of all vocabularies.

    Row 0 stands for what no vocabulary has.

    Attributes:
        rows: row of each term, from 1.
        lexis: entries of the words.
    """

    def __init__(self, vocabularies: Iterable[Mapping[str, int]]) -> None:
        terms = dict.fromkeys(term for vocabulary in vocabularies for term in vocabulary)
        self.rows = {term: row for row, term in enumerate(terms, start=1)}
        self.lexis = Lexis(self.rows)
        self._base = self.lexis.size
        self._pairs: dict[int, int] = {}
        self._triples: dict[int, int] = {}
        self._frames: dict[str, int] = {}
        self._around: dict[tuple[str, ...], list[int]] = {}
        for term, row in self.rows.items():
            role, *words = term.split(" ")
            if role == "f":
                self._frames[term[2:]] = row
            elif len(words) > 1:
                key = 0
                for word in words:
                    key = key * self._base + self.lexis[word].id
                (self._pairs if len(words) == 2 else self._triples)[key] = row

    def shared(self, reading: Reading) -> set[int | None]:
        """Rows of the words and pairs that no mention is part of; None stands for none."""
        ids, base = reading.ids, self._base
        words = {entry[1] for entry in reading.entries}
        hidden = ids
        if reading.slots:
            words.discard(reading.entries[reading.slots[0]][1])
            hidden = ids.copy()
            for slot in reading.slots:
                hidden[slot] = 0
        rows: set[int | None] = set(words)
        rows.update(map(self._pairs.get, map(add, [a * base for a in hidden], hidden[1:])))
        return rows

    def masks(self, ids: Sequence[int], slots: Iterable[int], words: Iterable[int]) -> set[int | None]:
        """Rows of the words and pairs that mentions are part of: `words` are those of the masks."""
        get, base = self._pairs.get, self._base
        rows: set[int | None] = set(words)
        for slot in slots:
            word = ids[slot]
            rows.add(get(ids[slot - 1] * base + word))
            rows.add(get(word * base + ids[slot + 1]))
        return rows

    def toward(self, aim: Aim) -> set[int | None]:
        """Rows of all terms that the shared ones lack, seen from a target."""
        entries, ids, slots = aim.entries, aim.ids, aim.reading.slots
        rows = self.masks(ids, slots, [entries[slot][1] for slot in slots])
        update, get, base = rows.update, self._triples.get, self._base
        for target, (first, last) in zip(aim.targets, aim.clauses, strict=True):
            update(map(_LEFT, entries[max(0, target - WINDOW) : target]))
            update(map(_RIGHT, entries[target + 1 : target + WINDOW + 1]))
            update(map(_CLAUSE_LEFT, entries[first:target]))
            update(map(_CLAUSE_RIGHT, entries[target + 1 : last]))
            near = ids[max(0, target - 2) : target + 3]
            for a, b, c in zip(near, near[1:], near[2:], strict=False):
                rows.add(get((a * base + b) * base + c))
        if self._frames:
            update(self._frame_rows(aim))
        return rows

    def _frame_rows(self, aim: Aim) -> list[int]:
        kept, names = aim.reading.frame
        if len(aim.places) > 1:
            names = names.copy()
            for place in aim.places:
                names[kept.index(place) + 2] = "T"
        found: list[int] = []
        for target in aim.targets:
            at = kept.index(target) + 2
            around = (names[at - 2], names[at - 1], names[at + 1], names[at + 2])
            rows = self._around.get(around)
            found += self._find_frames(around) if rows is None else rows
        return found

    def _find_frames(self, around: tuple[str, ...]) -> list[int]:
        """Rows of the frames of a target between two classes on either side."""
        names = [*around[:2], "T", *around[2:]]
        frames = [" ".join(names[2 + before : 2 + after]) for before, after in FRAMES]
        rows = [self._frames[frame] for frame in frames if frame in self._frames]
        if len(self._around) >= _KEPT:
            self._around.clear()
        self._around[around] = rows
        return rows
