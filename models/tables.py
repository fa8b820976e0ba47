"""Fitted pipelines as plain arrays: what the fast path looks up, and what an artifact keeps of it.

`model.joblib` is the model; `compiled.npz` is what serving needs of it, so that a serving process
loads no scikit-learn (which would double its memory) and starts at once. It is made anew whenever
it does not belong to the model beside it, or to the lexicon and word classes of this version.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import lexicon, words
from models.polarity import SUMS

# One more whenever the code that fills the tables says something else of a word, a term or a rating.
FORMAT = 2
ROLES = ("w", "l", "r", "cl", "cr")


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
        lexis: of shape (words + 1, 9): rows of a word's terms in each of ROLES, its kinds (`compiler.KINDS`), its
            class in frames, 1 + its first line in `entries`, and the row of its stem; 0 where there is none.
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

    Raises:
        ValueError: the arrays point outside of one another; the C module looks up without asking again.
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
        tables = Tables(heads=heads, terms=terms, words=_lines(words), stems=_lines(stems), **arrays)
    check_tables(tables)
    return tables


def check_tables(tables: Tables) -> None:
    """See that every number that is looked up points into its table.

    Raises:
        ValueError: one does not.
    """
    shapes = {
        "lexis": (len(tables.words) + 1, len(ROLES) + 4),
        "stem_rows": (len(tables.stems),),
        "entries": (len(tables.entries), 4),
        "entry_words": (len(tables.entry_words),),
        "ratings": (len(tables.ratings), 3),
        "rated_classes": (len(tables.ratings), 2),
        "classes": (4,),
        "matrix": (len(tables.matrix), sum(len(head.labels) + 1 for head in tables.heads.values())),
        "sums": (len(SUMS), sum(len(head.labels) for head in tables.heads.values())),
        **{name: (len(getattr(tables, name)), 2) for name in ("pairs", "triples", "frames")},
    }
    for name, shape in shapes.items():
        if getattr(tables, name).shape != shape:
            raise ValueError(f"`{name}` has the shape {getattr(tables, name).shape}, not {shape}")
    for name in ("pairs", "triples", "frames"):
        table = getattr(tables, name)
        if len(table) & (len(table) - 1) or len(table) < 2 or table[:, 1].all():
            raise ValueError(f"`{name}` is no hash table with free places")
    rows, entries, lexis = len(tables.matrix), tables.entries, tables.lexis
    begins = entries[:, 2].astype(np.int64)
    inside = {
        "rows": _within(np.concatenate([lexis[:, : len(ROLES)].ravel(), lexis[:, -1], tables.stem_rows]), 0, rows),
        "hashed rows": all(_within(getattr(tables, name)[:, 1], 0, rows) for name in ("pairs", "triples", "frames")),
        "entries": _within(lexis[:, len(ROLES) + 2], 0, len(entries) + 1),
        "words of entries": _within(entries[:, 0], 1, len(tables.entry_words) + 1)
        and _within(begins, 0, len(tables.entry_words))
        and _within(begins + entries[:, 0], 1, len(tables.entry_words) + 1),
        "ratings": _within(entries[:, 1], -1, len(tables.ratings)),
        "last entry": not len(entries) or entries[-1, 3] == 0,
        "heads": all(
            0 <= head.first <= tables.matrix.shape[1] - len(head.labels) - 1
            and 0 <= head.first_sum <= tables.sums.shape[1] - len(head.labels)
            and len(head.intercept) == len(head.labels)
            for head in tables.heads.values()
        ),
    }
    wrong = [name for name, is_inside in inside.items() if not is_inside]
    if wrong:
        raise ValueError(f"numbers point outside of their tables: {', '.join(wrong)}")


def _within(numbers: NDArray[Any], low: int, high: int) -> bool:
    return not numbers.size or bool(numbers.min() >= low and numbers.max() < high)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def _head(table: Mapping[str, Any]) -> HeadTable:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, Sequence) else value for name, value in table.items()
    }
    return HeadTable(**values)
