"""The fast path: fitted pipelines compiled into plain lookups.

scikit-learn spends over a millisecond on one row. Here a word is looked up once, every polarity
sum is one number, and a product of a small matrix gives the scores: equal to `predict_proba` to
1e-9 (tested on every sentence of the test data).
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from models.compiled_sums import add_sums
from models.features import FRAMES, WINDOW, Term, find_terms, polarity_class
from models.lexis import Entry, Lexis
from models.polarity import find_polarities
from models.views import View


def compile_pipelines(pipelines: Mapping[str, Pipeline]) -> "tuple[Lexis, dict[str, CompiledHead]]":
    """Compile pipelines that will read the same sentences.

    Returns:
        The lexis that they share, and each compiled head by its name.
    """
    vocabularies = [dict(_terms(pipeline).vocabulary_) for pipeline in pipelines.values()]
    lexis = Lexis(vocabularies)
    return lexis, {name: CompiledHead(pipeline, lexis, i) for i, (name, pipeline) in enumerate(pipelines.items())}


class CompiledHead:
    """One classifier, ready to score single views.

    Attributes:
        labels: the labels, in the order of the scores.
    """

    def __init__(self, pipeline: Pipeline, lexis: Lexis | None = None, head: int = 0) -> None:
        vectorizer = _terms(pipeline)
        self._vocabulary: dict[str, int] = vectorizer.vocabulary_
        self._lexis = lexis or Lexis([self._vocabulary])
        self._head = head
        self._families: frozenset[str] = frozenset(vectorizer.analyzer.families)
        self._read_coefficients(pipeline, np.asarray(vectorizer.idf_, dtype=np.float64))
        # N-grams of two and three words by the numbers of their words; frames by their text.
        self._base = self._lexis.size
        self._pairs: dict[int, int] = {}
        self._triples: dict[int, int] = {}
        self._frames: dict[str, int] = {}
        for term, column in self._vocabulary.items():
            role, *words = term.split(" ")
            if role == "f":
                self._frames[term[2:]] = int(column)
            elif len(words) > 1:
                key = 0
                for word in words:
                    key = key * self._base + self._lexis.id(word)
                (self._pairs if len(words) == 2 else self._triples)[key] = int(column)

    def _read_coefficients(self, pipeline: Pipeline, idf: NDArray[np.float64]) -> None:
        classifier = pipeline.named_steps["classifier"]
        self.labels: tuple[str, ...] = tuple(str(label) for label in classifier.classes_)
        coefficients = np.ascontiguousarray(classifier.coef_.T, dtype=np.float64)
        intercept = np.asarray(classifier.intercept_, dtype=np.float64)
        if len(intercept) == 1:  # two labels: scikit-learn keeps one column
            coefficients = np.hstack([-coefficients / 2, coefficients / 2])
            intercept = np.array([-intercept[0] / 2, intercept[0] / 2])
        self._intercept = intercept
        # One row a term: its part of each logit before normalization, and its part of the squared norm.
        self._terms = np.column_stack([coefficients[: len(idf)] * idf[:, None], idf**2])
        union = pipeline.named_steps["features"]
        parts: dict[str, Any] = dict(union.transformer_list)
        self._sums: NDArray[np.float64] | None = None
        if "polarity" in parts:
            self._sums = coefficients[len(idf) :] * union.transformer_weights["polarity"]

    def logits(self, view: View, entries: list[Entry] | None = None) -> NDArray[np.float64]:
        """Decision value of each label for one view; `entries` are those of the view's words, if read already."""
        if entries is None:
            entries = self._lexis.read(view.words)
        columns = self._columns(view, entries)
        columns.discard(-1)
        columns.discard(None)
        logits = self._intercept
        if columns:
            total = self._terms.take(list(columns), axis=0).sum(axis=0)  # type: ignore[arg-type]
            logits = logits + total[:-1] / math.sqrt(total[-1])
        if self._sums is not None and view.rated:
            indices, values = add_sums(view, entries)
            logits = logits + np.array(values).dot(self._sums.take(indices, axis=0))
        return logits

    def scores(self, view: View, entries: list[Entry] | None = None) -> list[float]:
        """Probability of each label for one view; they add up to 1."""
        return softmax(self.logits(view, entries).tolist())

    def _columns(self, view: View, entries: list[Entry]) -> set[int | None]:
        """Columns of the terms of a view; None and -1 stand for terms that are not in the vocabulary."""
        families, head, base = self._families, self._head, self._base
        rows = [entry[3][head] for entry in entries]
        columns: set[int | None] = {row[0] for row in rows} if "words" in families else set()
        ids = [entry[0] for entry in entries]
        if "pairs" in families:
            get = self._pairs.get
            columns.update([get(a * base + b) for a, b in pairwise(ids)])
        for target, (first, last) in zip(view.targets, view.clauses, strict=True):
            if "window" in families:
                columns.update([row[1] for row in rows[max(0, target - WINDOW) : target]])
                columns.update([row[2] for row in rows[target + 1 : target + WINDOW + 1]])
            if "triples" in families:
                near = ids[max(0, target - 2) : target + 3]
                keys = [(a * base + b) * base + c for a, b, c in zip(near, near[1:], near[2:], strict=False)]
                columns.update(map(self._triples.get, keys))
            if "clause" in families:
                columns.update([row[3] for row in rows[first:target]])
                columns.update([row[4] for row in rows[target + 1 : last]])
        if "frames" in families and view.targets:
            columns.update(map(self._frames.get, _frames(view, entries)))
        return columns

    def explain(self, view: View, label: int) -> tuple[list[float], float]:
        """Each word's part of the logit of a label, and the intercept.

        Args:
            view: the sentence from its target.
            label: index in `labels`.

        Returns:
            One weight for each word of the view, and the rest (the intercept); together they add
            up to the logit. The weight of a term of several words is shared equally among them.
        """
        weights = [0.0] * len(view.words)
        found: dict[int, list[Term]] = {}
        for term in find_terms(view, tuple(self._families)):
            column = self._vocabulary.get(term.text)
            if column is not None:
                found.setdefault(column, []).append(term)
        norm = math.sqrt(sum(float(self._terms[column, -1]) for column in found))
        for column, terms in found.items():
            places = [i for term in terms for i in range(term.first, term.last)]
            for i in places:
                weights[i] += float(self._terms[column, label]) / norm / len(places)
        if self._sums is not None:
            for polarity in find_polarities(view):
                weight = polarity.value * float(self._sums[polarity.sum, label])
                for i in range(polarity.first, polarity.last):
                    weights[i] += weight / (polarity.last - polarity.first)
        return weights, float(self._intercept[label])


def _terms(pipeline: Pipeline) -> Any:
    return dict(pipeline.named_steps["features"].transformer_list)["terms"]


def _frames(view: View, entries: Sequence[Entry]) -> list[str]:
    """The frame terms of a view, as `models.features` writes them, without their role."""
    slots = [entry[2] for entry in entries]
    for first, last, rating, negated in view.rated:
        slots[first] = polarity_class(rating, negated)
        if last > first + 1:
            slots[first + 1 : last] = [""] * (last - first - 1)
    kept = [i for i, slot in enumerate(slots) if slot]
    names = ["<", "<", *[slots[i] for i in kept], ">", ">"]
    frames = []
    for target in view.targets:
        at = kept.index(target) + 2
        frames += [" ".join(names[at + before : at + after]) for before, after in FRAMES]
    return frames


def softmax(logits: Sequence[float]) -> list[float]:
    """Probabilities from decision values."""
    top = max(logits)
    powers = [math.exp(value - top) for value in logits]
    total = sum(powers)
    return [power / total for power in powers]
