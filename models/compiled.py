"""The fast path: fitted pipelines compiled into plain lookups.

scikit-learn spends over a millisecond on one row. Here a word is looked up once for all heads and
targets, what a rated word adds is remembered, and one product of numpy adds up the terms of many
sentences: equal to `predict_proba` to 1e-9 (tested on every kind of feature and odd text).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from models.compiled_sums import Sums
from models.compiled_terms import Terms
from models.features import Term, find_terms
from models.polarity import find_polarities
from models.reading import Aim, Reading, read_view
from models.views import View


class CompiledModel:
    """Pipelines that read the same sentences, compiled together.

    Attributes:
        terms: the terms of all of them, and the lexis of their words.
        heads: each compiled head by its name.
    """

    def __init__(self, pipelines: Mapping[str, Pipeline]) -> None:
        parts = {name: _Parts(pipeline) for name, pipeline in pipelines.items()}
        self.terms = Terms(part.vocabulary for part in parts.values())
        self.heads: dict[str, CompiledHead] = {}
        blocks = []
        first = 0
        for name, part in parts.items():
            # One row a term: its part of each logit before normalization, and its part of the squared norm.
            block = np.zeros((len(self.terms.rows) + 1, part.terms.shape[1]))
            block[[self.terms.rows[term] for term in part.vocabulary]] = part.terms[list(part.vocabulary.values())]
            blocks.append(block)
            self.heads[name] = CompiledHead(part, self, first)
            first += block.shape[1]
        self._matrix = np.ascontiguousarray(np.hstack(blocks))

    def add_up(self, groups: Iterable[set[int | None]]) -> list[list[float]]:
        """The sum of the rows of each group; None stands for no row."""
        rows: list[int] = []
        starts: list[int] = []
        for group in groups:
            starts.append(len(rows))
            rows.append(0)  # a group without rows is summed right too
            group.discard(None)
            rows += group  # type: ignore[arg-type]
        taken = self._matrix.take(rows, axis=0, mode="clip")
        sums: list[list[float]] = np.add.reduceat(taken, starts, axis=0).tolist()
        return sums


class _Parts:
    """What a fitted pipeline knows, taken out of it."""

    def __init__(self, pipeline: Pipeline) -> None:
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
        self.sums: NDArray[np.float64] | None = None
        if "polarity" in parts:
            self.sums = coefficients[len(idf) :] * union.transformer_weights["polarity"]


class CompiledHead:
    """One classifier, ready to score single views.

    Attributes:
        labels: the labels, in the order of the scores.
    """

    def __init__(self, pipeline: "Pipeline | _Parts", model: CompiledModel | None = None, first: int = 0) -> None:
        """Compile one pipeline alone; `CompiledModel` passes itself and the head's first column in its sums."""
        parts = pipeline if isinstance(pipeline, _Parts) else _Parts(pipeline)
        self._parts = parts
        self.labels = parts.labels
        self._model = model or CompiledModel({"": pipeline})
        self._first, self._norm = first, first + len(parts.labels)
        self._sums = None if parts.sums is None else Sums(parts.sums, self._model.terms.lexis)

    def logits(self, view: View) -> list[float]:
        """Decision value of each label for one view."""
        terms = self._model.terms
        reading, aim = read_view(terms.lexis, view)
        shared, own = self._model.add_up([terms.shared(reading), terms.toward(aim)])
        return self.add_up(shared, own, reading, aim)

    def scores(self, view: View) -> list[float]:
        """Probability of each label for one view; they add up to 1."""
        return softmax(self.logits(view))

    def add_up(
        self, shared: Sequence[float], own: Sequence[float], reading: Reading, aim: Aim | None = None
    ) -> list[float]:
        """Decision value of each label.

        Args:
            shared, own: what `CompiledModel.add_up` says of the rows of the sentence and of those of its masks.
            reading: the sentence.
            aim: the target it is seen from; None judges the sentence itself.
        """
        first, norm = self._first, self._norm
        square = shared[norm] + own[norm]
        scale = 1 / math.sqrt(square) if square else 0.0
        logits = self._parts.intercept
        logits = [
            base + (a + b) * scale for base, a, b in zip(logits, shared[first:norm], own[first:norm], strict=True)
        ]
        if self._sums is not None and reading.rated:
            parts = [logits, self._sums.whole(reading)]
            if aim is not None:
                parts += self._sums.toward(aim)
            logits = list(map(sum, zip(*parts, strict=True)))
        return logits

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
        for term in find_terms(view, self._parts.families):
            column = self._parts.vocabulary.get(term.text)
            if column is not None:
                found.setdefault(column, []).append(term)
        norm = math.sqrt(sum(float(self._parts.terms[column, -1]) for column in found))
        for column, terms in found.items():
            places = [i for term in terms for i in range(term.first, term.last)]
            for i in places:
                weights[i] += float(self._parts.terms[column, label]) / norm / len(places)
        sums = self._parts.sums
        if sums is not None:
            for polarity in find_polarities(view):
                weight = polarity.value * float(sums[polarity.sum, label])
                for i in range(polarity.first, polarity.last):
                    weights[i] += weight / (polarity.last - polarity.first)
        return weights, self._parts.intercept[label]


def softmax(logits: Sequence[float]) -> list[float]:
    """Probabilities from decision values."""
    top = max(logits)
    powers = [math.exp(value - top) for value in logits]
    total = sum(powers)
    return [power / total for power in powers]
