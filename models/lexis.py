"""What the fast path knows of a word, in one look-up.

Every word that a compiled pipeline, the frames, the lexicon or the polarity relations ask for has
one entry. A sentence is looked up once; both heads and all targets then work with its entries.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from models.features import slot_class
from models.lexicon import Rating, load_lexicon
from models.views import NUMBER, RIVAL, TARGET
from models.words import (
    BE,
    CLAUSE_MARKS,
    CONJUNCTIONS,
    FUNCTION_WORDS,
    MARKS,
    NEGATIONS,
    POSSESSIVE,
    PREPOSITIONS,
    QUOTES,
    SAY,
)

BITS = 11  # a sentence has fewer than 2**11 words (models.sentences.LONGEST characters)
MASK = (1 << BITS) - 1
# Kinds of words, BITS bits each, so that sums over a stretch of words count each kind.
CONTENT, MARK, BEING, CONJUNCTION, SAYING, PREPOSITION, BY = (1 << (BITS * k) for k in range(7))
ROLES = ("w", "l", "r", "cl", "cr")


class Entry(NamedTuple):
    """What is known of one word.

    Attributes:
        id: a number of its own; 0 for words that nothing asks for.
        word, left, right, clause_left, clause_right: rows of its terms in each of ROLES, 0 where there is none.
        kind: what kinds of word it is, one bit of each BITS.
        slot: its class in a frame; empty when it has none.
        bounds: whether it bounds clauses.
        rated: entries of the lexicon that begin with it, the longest first: ids of their words, their
            rating, and whether the word turns what follows. None when there are none.
    """

    id: int
    word: int
    left: int
    right: int
    clause_left: int
    clause_right: int
    kind: int
    slot: str
    bounds: bool
    rated: tuple[tuple[list[int], Rating | None], ...] | None


class Lexis(dict[str, Entry]):
    """Entries of all words that anything asks for, by the word in lower case."""

    def __init__(self, rows: Mapping[str, int]) -> None:
        """Args: rows: row of every term of all vocabularies, from 1."""
        super().__init__()
        by_word: dict[str, list[int]] = {word: [0] * len(ROLES) for word in _closed_classes()}
        for term, row in rows.items():
            role, *words = term.split(" ")
            if role == "f":
                continue
            for word in words:
                by_word.setdefault(word, [0] * len(ROLES))
            if len(words) == 1 and role in ROLES:
                by_word[words[0]][ROLES.index(role)] = row
        ids = {word: i for i, word in enumerate(by_word, start=1)}
        rated = {
            first: tuple(([ids[word] for word in words], rating) for words, rating in entries)
            for first, entries in load_lexicon().items()
        }
        for word, columns in by_word.items():
            bounds = word in CLAUSE_MARKS
            self[word] = Entry(ids[word], *columns, kind(word), slot_class(word), bounds, rated.get(word))
        self.size = len(by_word) + 1
        self.negations = frozenset(ids[word] for word in NEGATIONS)
        self._unknown = Entry(0, 0, 0, 0, 0, 0, CONTENT, "", False, None)
        self._number = self.get(NUMBER, self._unknown)

    def __missing__(self, low: str) -> Entry:
        return self._number if low[0].isdigit() else self._unknown

    def read(self, words: Iterable[str]) -> list[Entry]:
        """The entry of each word or token in lower case."""
        return list(map(self.__getitem__, words))


def _closed_classes() -> set[str]:
    closed = set(FUNCTION_WORDS | MARKS | BE | CONJUNCTIONS | SAY | PREPOSITIONS | NEGATIONS | QUOTES)
    lexicon = {word for entries in load_lexicon().values() for words, _ in entries for word in words}
    return closed | lexicon | {POSSESSIVE, TARGET, RIVAL}


def kind(word: str) -> int:
    """The kinds of a word, packed."""
    empty = word in FUNCTION_WORDS or word in MARKS or word == POSSESSIVE
    packed = 0 if empty else CONTENT
    kinds = ((MARKS, MARK), (BE, BEING), (CONJUNCTIONS, CONJUNCTION), (SAY, SAYING), (PREPOSITIONS, PREPOSITION))
    packed += sum(bit for words, bit in kinds if word in words)
    return packed + BY if word == "by" else packed
