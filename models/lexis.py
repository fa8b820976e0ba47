"""What the fast path knows of a word, in one look-up.

Every word that a compiled pipeline, the frames or the polarity relations ask for has one entry. A
sentence is looked up once; both heads and all targets then work with its entries.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from models.features import slot_class
from models.views import RIVAL, TARGET
from models.words import BE, CONJUNCTIONS, FUNCTION_WORDS, MARKS, NEGATIONS, POSSESSIVE, PREPOSITIONS, QUOTES, SAY

BITS = 11  # a sentence has fewer than 2**11 words (models.sentences.LONGEST characters)
MASK = (1 << BITS) - 1
# Kinds of words, BITS bits each, so that sums over a stretch of words count each kind.
CONTENT, MARK, BEING, CONJUNCTION, SAYING, PREPOSITION, BY = (1 << (BITS * k) for k in range(7))
ROLES = ("w", "l", "r", "cl", "cr")
Columns = tuple[int, ...]


class Entry(NamedTuple):
    """What is known of one word.

    Attributes:
        id: a number of its own; 0 for words that stand in no vocabulary.
        kind: what kinds of word it is, one bit of each BITS.
        slot: its class in a frame; empty when it has none.
        columns: for each head its column in each of ROLES, -1 where the vocabulary lacks it.
    """

    id: int
    kind: int
    slot: str
    columns: tuple[Columns, ...]


class Lexis:
    """Entries of all words that any head asks for."""

    def __init__(self, vocabularies: Sequence[dict[str, int]]) -> None:
        rows: dict[str, list[list[int]]] = {}

        def row(word: str) -> list[list[int]]:
            return rows.setdefault(word, [[-1] * len(ROLES) for _ in vocabularies])

        for head, vocabulary in enumerate(vocabularies):
            for term, column in vocabulary.items():
                role, *words = term.split(" ")
                if len(words) == 1 and role in ROLES:
                    row(words[0])[head][ROLES.index(role)] = int(column)
                elif role != "f":
                    for word in words:
                        row(word)
        for word in _closed_classes():
            row(word)
        self._entries = {
            word: Entry(i, kind(word), slot_class(word), tuple(map(tuple, columns)))
            for i, (word, columns) in enumerate(rows.items(), start=1)
        }
        self._unknown = Entry(0, CONTENT, "", ((-1,) * len(ROLES),) * len(vocabularies))
        self.size = len(rows) + 1

    def read(self, words: Iterable[str]) -> list[Entry]:
        """The entry of each word."""
        get, unknown = self._entries.get, self._unknown
        return [get(word, unknown) for word in words]

    def id(self, word: str) -> int:
        """The number of a word that stands in a vocabulary."""
        return self._entries[word].id


def _closed_classes() -> set[str]:
    closed = FUNCTION_WORDS | MARKS | BE | CONJUNCTIONS | SAY | PREPOSITIONS | NEGATIONS | QUOTES
    return set(closed) | {POSSESSIVE, TARGET, RIVAL}


def kind(word: str) -> int:
    """The kinds of a word, packed."""
    empty = word in FUNCTION_WORDS or word in MARKS or word == POSSESSIVE
    packed = 0 if empty else CONTENT
    kinds = ((MARKS, MARK), (BE, BEING), (CONJUNCTIONS, CONJUNCTION), (SAY, SAYING), (PREPOSITIONS, PREPOSITION))
    packed += sum(bit for words, bit in kinds if word in words)
    return packed + BY if word == "by" else packed
