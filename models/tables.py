"""Fitted pipelines as plain arrays: what the fast path looks up, and what an artifact keeps of it.

`model.joblib` is the model; `compiled.npz` is what serving needs of it, so that a serving process
loads no scikit-learn (which would double its memory) and starts at once. It is made anew whenever
it does not belong to the model beside it, or to the lexicon and word classes of this version.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models import lexicon, words
from models.features import STEM, polarity_class, slot_class
from models.lexicon import Rating, load_lexicon
from models.polarity import SUMS
from models.views import RIVAL, TARGET

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

FORMAT = 2
ROLES = ("w", "l", "r", "cl", "cr")
# Kinds of words, one bit each; `models/scorer.pyx` has the same numbers (tested).
KINDS = {
    "content": 1, "mark": 2, "being": 4, "conjunction": 8, "saying": 16, "preposition": 32, "by": 64,
    "clause mark": 128, "negation": 256, "article": 512, "possessive": 1024, "pause": 2048,
}  # fmt: skip
EDGES = ("<", ">")  # classes of a frame beyond the first and the last word
_MULTIPLIER = 0x9E3779B97F4A7C15  # spreads keys over a table (Fibonacci hashing)
_MOST_CLASSES = 256  # a class of a frame is one byte of its key


@dataclass(frozen=True, slots=True)
class HeadTable:
    """One classifier.

    Attributes:
        labels: the labels, in the order of the scores.
        families: kinds of terms that it was fitted on.
        first: its first column in `Tables.matrix`: a logit for each label, then the squared norm.
        first_sum: its first column in `Tables.sums`.
        intercept: of each label.
    """

    labels: tuple[str, ...]
    families: tuple[str, ...]
    first: int
    first_sum: int
    intercept: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The arrays. A row of `matrix` belongs to one term; row 0 is for terms that no vocabulary has.

    Attributes:
        heads: the classifiers by name.
        terms: every term, a line each, by row from 1.
        words: every word that anything asks for, by its number from 1.
        stems: every stem that has a term.
        lexis: of shape (words + 1, 9): rows of a word's terms in each of ROLES, its KINDS, its class in
            frames, 1 + its first line in `entries`, and the row of its stem; 0 where there is none.
        stem_rows: row of each of `stems`.
        matrix: of shape (terms + 1, columns): parts of each logit before normalization and of the squared norm.
        pairs, triples, frames: hash tables of shape (a power of two, 2): key and row; row 0 is free.
        entries: of shape (n, 4): an entry of the lexicon, the longest of a first word first: number of words,
            row in `ratings` or -1, where its words begin in `entry_words`, whether another follows.
        entry_words: numbers of the entries' words, one after the other.
        ratings: of shape (n, 3): what a rating says of subject, object, and in general.
        rated_classes: of shape (n, 2): class of a rating in frames, and where it stands negated.
        classes: of T, R, < and > in frames.
        sums: of shape (len(SUMS), columns): coefficients of the polarity sums.
    """

    heads: dict[str, HeadTable]
    terms: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    lexis: NDArray[np.int32]
    stem_rows: NDArray[np.int32]
    matrix: NDArray[np.float64]
    pairs: NDArray[np.int64]
    triples: NDArray[np.int64]
    frames: NDArray[np.int64]
    entries: NDArray[np.int32]
    entry_words: NDArray[np.int32]
    ratings: NDArray[np.float64]
    rated_classes: NDArray[np.int32]
    classes: NDArray[np.int32]
    sums: NDArray[np.float64]


_ARRAYS = tuple(field.name for field in fields(Tables) if field.name not in ("heads", "terms", "words", "stems"))


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
    lexis[0, 5] = KINDS["content"]
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


@cache
def lexicon_digest() -> str:
    """Digest of all that the tables take from this version's own files rather than from the model."""
    found = hashlib.sha256(f"{FORMAT} {SUMS}".encode())
    for path in (lexicon.FILE, Path(words.__file__)):
        found.update(path.read_bytes())
    return found.hexdigest()


def save_tables(tables: Tables, path: Path, belongs_to: str) -> None:
    """Write the tables; `belongs_to` is the digest of the model that they were made of."""
    meta = {
        "belongs_to": belongs_to,
        "lexicon": lexicon_digest(),
        "heads": {
            name: {field.name: getattr(head, field.name) for field in fields(HeadTable)}
            for name, head in tables.heads.items()
        },
    }
    texts = {"meta": json.dumps(meta), "terms": tables.terms}
    texts |= {"words": "\n".join(tables.words), "stems": "\n".join(tables.stems)}
    arrays: dict[str, Any] = {name: np.frombuffer(text.encode(), dtype=np.uint8) for name, text in texts.items()}
    np.savez(path, **arrays, **{name: getattr(tables, name) for name in _ARRAYS})


def load_tables(path: Path, belongs_to: str) -> Tables | None:
    """Read tables; None when there are none, or when they belong to another model or lexicon.

    Args:
        path: what `save_tables` wrote. Its digest has been checked.
        belongs_to: digest of the model that is wanted.
    """
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as file:
        meta = json.loads(file["meta"].tobytes())
        if meta["belongs_to"] != belongs_to or meta["lexicon"] != lexicon_digest():
            return None
        heads = {name: _head(head) for name, head in meta["heads"].items()}
        terms, words, stems = (file[name].tobytes().decode() for name in ("terms", "words", "stems"))
        arrays = {name: file[name] for name in _ARRAYS}
        return Tables(heads=heads, terms=terms, words=_lines(words), stems=_lines(stems), **arrays)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def _head(table: Mapping[str, Any]) -> HeadTable:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, Sequence) else value for name, value in table.items()
    }
    return HeadTable(**values)
