"""The learning curve: what more labelled sentences are worth, by kind.

Whole groups of sentences are drawn at random until there are as many as wanted; the model fitted
on them is measured on sentences of other files. Each size is drawn with several seeds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from training.cmd_evaluate import without_leaks
from training.config import Config
from training.evaluate import LABELS
from training.examples import Example, labels, stance_examples
from training.fit import source_weights
from training.matrix import ExampleMatrix
from training.metrics import macro_f1
from training.records import DataError, Record

SIZES = (250, 500, 1000, 2000, 4000, 8000, 16000)
BOTH = "both"


@dataclass(frozen=True, slots=True)
class Point:
    """One size of one kind of data, on one test file.

    Attributes:
        kind: name of the kind of training sentences.
        sentences: how many were trained on.
        whole: these are all sentences there are.
        test: name of the test file.
        macro_f1: mean over the seeds; `low` and `high` are the lowest and the highest.
    """

    kind: str
    sentences: int
    whole: bool
    test: str
    macro_f1: float
    low: float
    high: float

    def as_dict(self) -> dict[str, Any]:
        """Plain values, four digits."""
        figures = {key: round(getattr(self, key), 4) for key in ("macro_f1", "low", "high")}
        return {"kind": self.kind, "sentences": self.sentences, "whole": self.whole, "test": self.test} | figures


def learning_curve(
    kinds: Mapping[str, Sequence[Record]],
    tests: Mapping[str, Sequence[Record]],
    config: Config,
    sizes: Sequence[int] = SIZES,
    seeds: int = 3,
    jobs: int = -1,
    done: Callable[[int, int], None] = lambda fitted, total: None,
) -> list[Point]:
    """Macro-F1 of the stances on test files against the number of training sentences.

    Args:
        kinds: training sentences by name; of two or more a kind "both" is made, that draws from all.
        tests: sentences to measure on, by name; they, and near-duplicates, are never trained on.
        config: settings of the model.
        sizes: numbers of training sentences; those that a kind does not have are left out, all of it is added.
        seeds: draws of each size.
        jobs: fits at the same time; -1 takes every core.
        done: called with the number of finished fits, and of all.

    Raises:
        DataError: a kind or a test file has nothing labelled.
    """
    measured = [record for test in tests.values() for record in test]
    kept = {name: without_leaks(records, measured, allow=True) for name, records in kinds.items()}
    if len(kept) > 1:
        kept[BOTH] = [record for records in kept.values() for record in records]
    pool = _Pool(kept, tests, config)
    draws = [
        (kind, size, seed)
        for kind, records in kept.items()
        for size in [*(size for size in sizes if size < len(records)), len(records)]
        for seed in range(1 if size == len(records) else seeds)
    ]
    found: dict[tuple[str, int], list[list[float]]] = {}
    parts = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(_fit)(pool.matrix, pool.draw(kind, size, config.seed + seed), pool.rows, pool.gold)
        for kind, size, seed in draws
    )
    for k, ((kind, size, _), figures) in enumerate(zip(draws, parts, strict=True), start=1):
        found.setdefault((kind, size), []).append(figures)
        done(k, len(draws))
    return [
        _point(kind, size, size == len(kept[kind]), test, [figures[k] for figures in each])
        for (kind, size), each in found.items()
        for k, test in enumerate(tests)
    ]


class _Pool:
    """Examples of every kind and test, counted once."""

    def __init__(
        self, kinds: Mapping[str, Sequence[Record]], tests: Mapping[str, Sequence[Record]], config: Config
    ) -> None:
        self._kinds = kinds
        self._examples: list[Example] = []
        self._rows_of: dict[int, list[int]] = {}
        for kind, records in kinds.items():
            if kind != BOTH or len(kinds) == 1:
                self._add(records)
            if not any(record.stance for record in records):
                raise DataError(f"The {kind} sentences have no stance labels, or all of them stand in a test file.")
        self.rows, self.gold = [], []
        for name, records in tests.items():
            examples = stance_examples(records)
            if not examples:
                raise DataError(f"{name} holds no sentence with a stance to measure on.")
            self.rows.append(np.arange(len(self._examples), len(self._examples) + len(examples)))
            self.gold.append(labels(examples))
            self._examples += examples
        weights = source_weights(self._examples, config)
        self.matrix = ExampleMatrix(config.stance, self._examples, weights, config.seed)

    def _add(self, records: Sequence[Record]) -> None:
        for example in stance_examples(records):
            self._rows_of.setdefault(id(example.record), []).append(len(self._examples))
            self._examples.append(example)

    def draw(self, kind: str, size: int, seed: int) -> NDArray[np.intp]:
        """Rows of about `size` sentences: whole groups in random order, the last one cut."""
        groups: dict[str, list[Record]] = {}
        for record in self._kinds[kind]:
            groups.setdefault(record.group or record.digest, []).append(record)
        order = list(groups.values())
        np.random.default_rng(seed).shuffle(order)
        chosen = [record for group in order for record in group][:size]
        return np.array([row for record in chosen for row in self._rows_of.get(id(record), [])], dtype=np.intp)


def _fit(
    matrix: ExampleMatrix, train: NDArray[np.intp], tests: Sequence[NDArray[np.intp]], gold: Sequence[Sequence[str]]
) -> list[float]:
    values, order = matrix.fit_and_decide(train.tolist(), np.concatenate(tests).tolist())
    guessed = [order[k] for k in values.argmax(axis=1)]
    figures, first = [], 0
    for right in gold:
        figures.append(macro_f1(right, guessed[first : first + len(right)], LABELS["stance"]))
        first += len(right)
    return figures


def _point(kind: str, size: int, whole: bool, test: str, figures: Sequence[float]) -> Point:
    return Point(kind, size, whole, test, float(np.mean(figures)), min(figures), max(figures))


def as_markdown(points: Sequence[Point]) -> str:
    """A table: a line for each kind and size, a column for each test file."""
    tests = list(dict.fromkeys(point.test for point in points))
    lines = ["| trained on | sentences | " + " | ".join(tests) + " |", "| --- | ---: |" + " ---: |" * len(tests)]
    rows: dict[tuple[str, int, bool], list[Point]] = {}
    for point in points:
        rows.setdefault((point.kind, point.sentences, point.whole), []).append(point)
    for (kind, size, whole), each in rows.items():
        lines.append(f"| {kind}{', all' if whole else ''} | {size:,} | {' | '.join(map(_cell, each))} |")
    return "\n".join(lines)


def _cell(point: Point) -> str:
    spread = "" if point.low == point.high else f" ({point.low:.3f}–{point.high:.3f})"
    return f"{point.macro_f1:.3f}{spread}"
