"""Features of a view: terms for a TF-IDF vectorizer, and polarity sums by side and role.

A term is a role and an n-gram, written "role word word"; every kind of feature (a family) is
switched in the training configuration and earns its place in a measured ablation. What is here
is the reference: `models.compiled` computes the same numbers faster.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from models.lexicon import Rating, load_lexicon
from models.views import View, clause_around

FAMILIES = ("words", "pairs", "window", "triples", "clause", "classes")
WINDOW = 6  # words on either side of a mention
CLAUSE = 25  # words at most on either side of a mention
MOST_TARGETS = 8  # mentions of the target that are looked around, in one sentence
NEGATION_REACH = 3  # words after a negation that it turns
NEGATIONS = frozenset(
    "not no never nor neither without cannot nothing nobody none hardly barely denied denies deny denying refused "
    "refuses refuse refusing failed fails rejected rejects dismissed dismisses unlikely stopped halted ended "
    "isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't won't wouldn't can't couldn't shouldn't "
    "mustn't needn't ain't".split()
)
SUMS = tuple(
    f"{scope} {role} {side}"
    for scope in ("near", "clause", "sentence", "praise")
    for role in ("subject", "object", "general")
    for side in ("before", "after")
) + ("whole",)
_SUM_INDEX = {name: i for i, name in enumerate(SUMS)}


@dataclass(frozen=True, slots=True)
class Term:
    """One occurrence of a term: its role and the words of the view (first, last exclusive) it covers."""

    role: str
    first: int
    last: int

    def text(self, words: Sequence[str]) -> str:
        """The term as it stands in the vocabulary."""
        return f"{self.role} {' '.join(words[self.first : self.last])}"


def find_terms(view: View, families: Sequence[str]) -> Iterator[Term]:
    """Every occurrence of every term of the given families in a view."""
    size = len(view.words)
    targets = view.targets[:MOST_TARGETS]
    if "words" in families:
        yield from (Term("w", i, i + 1) for i in range(size))
    if "pairs" in families:
        yield from (Term("w", i, i + 2) for i in range(size - 1))
    if "window" in families:
        for p in targets:
            yield from (Term("l", i, i + 1) for i in range(max(0, p - WINDOW), p))
            yield from (Term("r", i, i + 1) for i in range(p + 1, min(size, p + WINDOW + 1)))
    if "triples" in families:
        for p in targets:
            yield from (Term("t", i, i + 3) for i in range(max(0, p - 2), min(p, size - 3) + 1))
    if "clause" in families:
        for p in targets:
            first, last = clause_around(view.words, p, CLAUSE)
            yield from (Term("cl", i, i + 1) for i in range(first, p))
            yield from (Term("cr", i, i + 1) for i in range(p + 1, last))


@dataclass(frozen=True, slots=True)
class TermAnalyzer:
    """The analyzer of the TF-IDF vectorizer: a view in, its terms out."""

    families: tuple[str, ...]

    def __call__(self, view: View) -> list[str]:
        return [term.text(view.words) for term in find_terms(view, self.families)]


@dataclass(frozen=True, slots=True)
class Polarity:
    """What one rated word adds to one of the polarity sums.

    Attributes:
        sum: index in SUMS.
        first, last: the words of the view it covers.
        value: rating times nearness, its sign turned where negated.
    """

    sum: int
    first: int
    last: int
    value: float


def find_polarities(view: View) -> Iterator[Polarity]:
    """What every rated word or expression of a view adds to the polarity sums."""
    negated = negated_words(view.words)
    targets = view.targets[:MOST_TARGETS]
    clauses = [clause_around(view.words, p, CLAUSE) for p in targets]
    for first, last, rating in rated(view.words):
        sign = -0.7 if first in negated else 1.0
        if rating.general:
            yield Polarity(_SUM_INDEX["whole"], first, last, rating.general * sign)
        if not targets:
            continue
        nearest = min(range(len(targets)), key=lambda k: _distance(targets[k], first, last))
        distance = _distance(targets[nearest], first, last)
        side = "before" if first < targets[nearest] else "after"
        weight = 1 / (1 + distance / 4)
        in_clause = clauses[nearest][0] <= first < clauses[nearest][1]
        for role, value in zip(("subject", "object", "general"), rating, strict=True):
            if value:
                yield Polarity(_SUM_INDEX[f"sentence {role} {side}"], first, last, value * sign * weight)
                if in_clause:
                    yield Polarity(_SUM_INDEX[f"clause {role} {side}"], first, last, value * sign * weight)
                if value > 0:
                    yield Polarity(_SUM_INDEX[f"praise {role} {side}"], first, last, value * weight)
                if distance <= 2:
                    yield Polarity(_SUM_INDEX[f"near {role} {side}"], first, last, value * sign)


def _distance(target: int, first: int, last: int) -> int:
    return first - target if first > target else target - last + 1


def rated(words: Sequence[str]) -> Iterator[tuple[int, int, Rating]]:
    """Entries of the lexicon in a view: first word, last word (exclusive), rating; the longest wins."""
    lexicon, longest = _entries()
    i = 0
    while i < len(words):
        for size in longest.get(words[i], ()):
            rating = lexicon.get(tuple(words[i : i + size]))
            if rating is not None:
                yield i, i + size, rating
                i += size - 1
                break
        i += 1


def _entries() -> tuple[dict[tuple[str, ...], Rating], dict[str, tuple[int, ...]]]:
    global _CACHE
    if _CACHE is None:
        lexicon = load_lexicon()
        sizes: dict[str, set[int]] = {}
        for entry in lexicon:
            sizes.setdefault(entry[0], set()).add(len(entry))
        _CACHE = lexicon, {word: tuple(sorted(found, reverse=True)) for word, found in sizes.items()}
    return _CACHE


_CACHE: tuple[dict[tuple[str, ...], Rating], dict[str, tuple[int, ...]]] | None = None


def negated_words(words: Sequence[str]) -> set[int]:
    """Positions that stand up to NEGATION_REACH words after a negation."""
    return {i + k for i, word in enumerate(words) if word in NEGATIONS for k in range(1, NEGATION_REACH + 1)}


class PolaritySums(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Views to their polarity sums: an array of shape (views, len(SUMS))."""

    def fit(self, views: Iterable[View], y: Any = None) -> "PolaritySums":
        """Nothing is learned."""
        return self

    def transform(self, views: Sequence[View]) -> NDArray[np.float64]:
        """The sums of each view, in the order of SUMS."""
        sums = np.zeros((len(views), len(SUMS)))
        for row, view in zip(sums, views, strict=True):
            for polarity in find_polarities(view):
                row[polarity.sum] += polarity.value
        return sums

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names of the sums."""
        return np.asarray(SUMS, dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return True
