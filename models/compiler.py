"""Fitted pipelines to the tables of `models.tables`: done once, when an artifact is saved."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models import words
from models.features import STEM, polarity_class, slot_class
from models.lexicon import Rating, load_lexicon
from models.polarity import SUMS
from models.tables import ROLES, HeadTable, Tables
from models.views import RIVAL, TARGET

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

# Kinds of words, one bit each; `models/scorer.pyx` has the same numbers (tested).
KINDS = {
    "content": 1, "mark": 2, "being": 4, "conjunction": 8, "saying": 16, "preposition": 32, "by": 64,
    "clause mark": 128, "negation": 256, "article": 512, "possessive": 1024, "pause": 2048,
}  # fmt: skip
EDGES = ("<", ">")  # classes of a frame beyond the first and the last word
_MULTIPLIER = 0x9E3779B97F4A7C15  # spreads keys over a table (Fibonacci hashing)
_MOST_CLASSES = 256  # a class of a frame is one byte of its key


class _Parts:
    """What a fitted pipeline knows, taken out of it."""

    def __init__(self, pipeline: "Pipeline") -> None:
        union = pipeline.named_steps["features"]
        parts: dict[str, Any] = dict(union.transformer_list)
        vectorizer, classifier = parts["terms"], pipeline.named_steps["classifier"]
        self.vocabulary: dict[str, int] = {term: int(column) for term, column in vectorizer.vocabulary_.items()}
        self.families: tuple[str, ...] = tuple(vectorizer.analyzer.families)
        self.labels: tuple[str, ...] = tuple(str(label) for label in classifier.classes_)
        coefficients = np.ascontiguousarray(classifier.coef_.T, dtype=np.float64)
        intercept = np.asarray(classifier.intercept_, dtype=np.float64)
        if len(intercept) == 1:  # two labels: scikit-learn keeps one column
            coefficients = np.hstack([-coefficients / 2, coefficients / 2])
            intercept = np.array([-intercept[0] / 2, intercept[0] / 2])
        idf = np.asarray(vectorizer.idf_, dtype=np.float64)
        self.intercept: list[float] = intercept.tolist()
        self.terms = np.column_stack([coefficients[: len(idf)] * idf[:, None], idf**2])
        self.sums = np.zeros((len(SUMS), len(self.labels)))
        if "polarity" in parts:
            self.sums = coefficients[len(idf) :] * union.transformer_weights["polarity"]


def build_tables(pipelines: Mapping[str, "Pipeline"]) -> Tables:
    """Compile fitted pipelines that read the same sentences."""
    parts = {name: _Parts(pipeline) for name, pipeline in pipelines.items()}
    terms = tuple(dict.fromkeys(term for part in parts.values() for term in part.vocabulary))
    rows = {term: row for row, term in enumerate(terms, start=1)}
    heads: dict[str, HeadTable] = {}
    blocks: list[NDArray[np.float64]] = []
    first = first_sum = 0
    for name, part in parts.items():
        block = np.zeros((len(terms) + 1, part.terms.shape[1]))
        block[[rows[term] for term in part.vocabulary]] = part.terms[list(part.vocabulary.values())]
        blocks.append(block)
        heads[name] = HeadTable(part.labels, part.families, first, first_sum, tuple(part.intercept))
        first, first_sum = first + block.shape[1], first_sum + len(part.labels)
    matrix = np.ascontiguousarray(np.hstack(blocks))
    sums = np.ascontiguousarray(np.hstack([part.sums for part in parts.values()]))
    return Tables(heads=heads, terms="\n".join(terms), matrix=matrix, sums=sums, **_look_ups(rows))


def _look_ups(rows: Mapping[str, int]) -> dict[str, Any]:
    """The tables by which words and runs of words are found."""
    roles: dict[str, list[int]] = {word: [0] * len(ROLES) for word in _closed_classes()}
    stems: dict[str, int] = {}
    longer: dict[str, int] = {}
    for term, row in rows.items():
        role, *parts = term.split(" ")
        if role == "s":
            stems[parts[0]] = row
            continue
        if role != "f":
            for word in parts:
                roles.setdefault(word, [0] * len(ROLES))
        if role in ROLES and len(parts) == 1:
            roles[parts[0]][ROLES.index(role)] = row
        else:
            longer[term] = row
    numbers = {word: number for number, word in enumerate(roles, start=1)}
    classes = _Classes()
    entries = _entries(numbers, classes)
    lexis = np.zeros((len(roles) + 1, len(ROLES) + 4), dtype=np.int32)
    lexis[0, len(ROLES)] = KINDS["content"]
    for word, number in numbers.items():
        begin, stem = entries["begin"].get(word, 0), stems.get(word[:STEM], 0)
        lexis[number] = [*roles[word], kinds(word), classes[slot_class(word)], begin, stem]
    keys: dict[str, dict[int, int]] = {"pairs": {}, "triples": {}, "frames": {}}
    for term, row in longer.items():
        role, *parts = term.split(" ")
        if role == "f":
            keys["frames"][pack((classes[name] for name in parts), _MOST_CLASSES)] = row
        else:
            kind = "pairs" if len(parts) == 2 else "triples"
            keys[kind][pack((numbers[word] for word in parts), len(lexis))] = row
    return {
        "words": tuple(numbers),
        "stems": tuple(stems),
        "stem_rows": np.array(list(stems.values()), dtype=np.int32),
        "lexis": lexis,
        **{name: hash_table(found) for name, found in keys.items()},
        **{name: array for name, array in entries.items() if name != "begin"},
        "classes": np.array([classes[name] for name in ("T", "R", *EDGES)], dtype=np.int32),
    }


def _closed_classes() -> list[str]:
    closed = set().union(
        words.FUNCTION_WORDS, words.MARKS, words.BE, words.CONJUNCTIONS, words.SAY, words.PREPOSITIONS,
        words.NEGATIONS, words.QUOTES, words.CLAUSE_MARKS, words.ARTICLES, (words.POSSESSIVE, TARGET, RIVAL),
    )  # fmt: skip
    rated = (word for entries in load_lexicon().values() for parts, _ in entries for word in parts)
    return sorted(closed.union(rated))


def kinds(word: str) -> int:
    """The kinds of a word, as bits of KINDS."""
    empty = word in words.FUNCTION_WORDS or word in words.MARKS or word == words.POSSESSIVE
    is_kind = {
        "content": not empty,
        "mark": word in words.MARKS,
        "being": word in words.BE,
        "conjunction": word in words.CONJUNCTIONS,
        "saying": word in words.SAY,
        "preposition": word in words.PREPOSITIONS,
        "by": word == "by",
        "clause mark": word in words.CLAUSE_MARKS,
        "negation": word in words.NEGATIONS,
        "article": word in words.ARTICLES,
        "possessive": word == words.POSSESSIVE,
        "pause": word in (",", ";"),
    }
    return sum(KINDS[name] for name, is_one in is_kind.items() if is_one)


class _Classes(dict[str, int]):
    """Numbers of the classes in frames, given as they are asked for; none is 0."""

    def __missing__(self, name: str) -> int:
        self[name] = len(self) + 1 if name else 0
        if len(self) >= _MOST_CLASSES:
            raise ValueError(f"frames have {_MOST_CLASSES} classes of words or more: a key has no room for them")
        return self[name]


def _entries(numbers: Mapping[str, int], classes: _Classes) -> dict[str, Any]:
    begin: dict[str, int] = {}
    ratings: dict[Rating, int] = {}
    entries: list[tuple[int, int, int, int]] = []
    entry_words: list[int] = []
    for first, found in load_lexicon().items():
        begin[first] = len(entries) + 1
        for i, (parts, rating) in enumerate(found, start=1):
            at = -1 if rating is None else ratings.setdefault(rating, len(ratings))
            entries.append((len(parts), at, len(entry_words), int(i < len(found))))
            entry_words += [numbers[word] for word in parts]
    return {
        "begin": begin,
        "entries": np.array(entries, dtype=np.int32),
        "entry_words": np.array(entry_words, dtype=np.int32),
        "ratings": np.array(list(ratings), dtype=np.float64),
        "rated_classes": np.array(
            [[classes[polarity_class(rating, negated)] for negated in (False, True)] for rating in ratings],
            dtype=np.int32,
        ),
    }


def pack(numbers: Iterable[int], base: int) -> int:
    """Several numbers below `base` as one key."""
    key = 0
    for number in numbers:
        key = key * base + number
    return key


def hash_table(rows: Mapping[int, int]) -> NDArray[np.int64]:
    """An open-addressed table of keys and rows, at most half full; `models/scorer.pyx` looks up in it."""
    bits = max(2, (2 * len(rows)).bit_length())
    table = np.zeros((1 << bits, 2), dtype=np.int64)
    filled = [False] * (1 << bits)
    for key, row in rows.items():
        at = (key * _MULTIPLIER & (1 << 64) - 1) >> (64 - bits)
        while filled[at]:
            at = (at + 1) & ((1 << bits) - 1)
        filled[at] = True
        table[at] = key, row
    return table
