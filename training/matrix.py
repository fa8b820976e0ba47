"""Fitting one head many times on parts of the same examples: terms are counted once for all fits.

What each fit computes is what `models.pipeline.fit_pipeline` computes, to rounding (tested); only
the vocabulary and the weights of terms depend on the part, not the terms themselves.
"""

from collections.abc import Collection, Sequence
from copy import copy
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from models.pipeline import HeadConfig, build_pipeline, fit_classifier, label_weights, log_count_ratios
from models.polarity import SUMS
from training.examples import Example, labels, views

_FAMILIES = {"s": "stems", "l": "window", "r": "window", "t": "triples", "cl": "clause", "cr": "clause", "f": "frames"}


def family_of(term: str) -> str:
    """The family of features (`models.features.FAMILIES`) that a term belongs to."""
    role, *words = term.split(" ")
    return _FAMILIES.get(role) or ("words" if len(words) == 1 else "pairs")


class Start(NamedTuple):
    """A finished fit from which another begins: weights of every counted term, then of every sum."""

    labels: list[str]
    weights: NDArray[np.float64]
    intercept: NDArray[np.float64]


class ExampleMatrix:
    """Examples with their terms counted and their polarity sums taken."""

    def __init__(self, head: HeadConfig, examples: Sequence[Example], weights: NDArray[np.float64], seed: int) -> None:
        pipeline = build_pipeline(head, seed)
        parts: dict[str, Any] = dict(pipeline.named_steps["features"].transformer_list)
        terms = parts["terms"]
        counter = CountVectorizer(analyzer=terms.analyzer, binary=terms.binary, dtype=np.float64)
        seen = views(examples)
        self._counts = csr_matrix(counter.fit_transform(seen))
        self._families = np.array([family_of(term) for term in counter.get_feature_names_out()])
        self._inside = np.ones(self._counts.shape[1], dtype=bool)
        self._least = head.min_df
        self._sums = parts["polarity"].transform(seen) if "polarity" in parts else None
        self._contrast = head.contrast
        self._polarity_weight = head.polarity_weight
        self._classifier = pipeline.named_steps["classifier"]
        self._balance = head.balance
        self._weights = weights
        self._labels = np.asarray(labels(examples))

    def with_settings(self, head: HeadConfig) -> "ExampleMatrix":
        """The same examples for other settings; only families that were counted, and sums only where there are some."""
        other = copy(self)
        other._least, other._balance, other._polarity_weight = head.min_df, head.balance, head.polarity_weight
        other._contrast = head.contrast
        other._inside = np.isin(self._families, head.families)
        if not head.polarity_weight:
            other._sums = None
        other._classifier = clone(self._classifier).set_params(C=head.C)
        return other

    def with_tolerance(self, tolerance: float) -> "ExampleMatrix":
        """The same examples, fitted until the gradient is below this."""
        other = copy(self)
        other._classifier = clone(self._classifier).set_params(tol=tolerance)
        return other

    def with_weights(self, weights: NDArray[np.float64]) -> "ExampleMatrix":
        """The same examples with other weights: shape (examples,)."""
        other = copy(self)
        other._weights = weights
        return other

    def with_sums(self, names: Collection[str]) -> "ExampleMatrix":
        """The same examples with these polarity sums (of `models.polarity.SUMS`) only; the others are 0."""
        other = copy(self)
        if self._sums is not None:
            other._sums = csr_matrix(self._sums @ diags([float(name in names) for name in SUMS]))
        return other

    def fit_and_decide(self, train: Sequence[int], test: Sequence[int]) -> tuple[NDArray[np.float64], list[str]]:
        """Fit on some rows and decide on others.

        Returns:
            Decision values of shape (test, labels), and the labels in the order of the columns.
        """
        return self.fit_from(None, train, test)[:2]

    def fit_from(
        self, start: Start | None, train: Sequence[int], test: Sequence[int]
    ) -> tuple[NDArray[np.float64], list[str], Start]:
        """Fit on some rows and decide on others, beginning where another fit ended.

        Args:
            start: a fit with other settings; the optimum does not depend on it, it is only found sooner.
            train, test: rows.

        Returns:
            Decision values of shape (test, labels), the labels in the order of the columns, and the fit.
        """
        rows, others = np.asarray(train), np.asarray(test)
        counts = self._counts[rows]
        kept = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]) >= self._least)
        kept = kept[self._inside[kept]]
        weigh = TfidfTransformer()
        x_train, x_test = weigh.fit_transform(counts[:, kept]), weigh.transform(self._counts[others][:, kept])
        columns = kept
        if self._sums is not None:
            sums = self._sums * self._polarity_weight
            x_train, x_test = hstack([x_train, sums[rows]], "csr"), hstack([x_test, sums[others]], "csr")
            columns = np.append(kept, self._counts.shape[1] + np.arange(len(SUMS)))
        gold = self._labels[rows].tolist()
        weights = label_weights(gold, self._weights[rows], self._balance)
        classifier = clone(self._classifier)
        if start is not None and start.labels == sorted(set(gold)):
            # The classifier is fitted on contrasted terms, so that is where it must begin.
            scale = np.ones(len(columns))
            scale[: len(kept)] += self._contrast * (log_count_ratios(x_train[:, : len(kept)], gold) - 1)
            classifier.set_params(warm_start=True)
            classifier.classes_, classifier.intercept_ = np.asarray(start.labels), start.intercept
            classifier.coef_ = start.weights[:, columns] / np.maximum(scale, 1e-3)
        fit_classifier(classifier, x_train, len(kept), gold, weights, self._contrast)
        values = np.asarray(classifier.decision_function(x_test))
        if values.ndim == 1:
            values = np.column_stack([-values / 2, values / 2])
        order = [str(label) for label in classifier.classes_]
        found = np.zeros((len(classifier.coef_), self._counts.shape[1] + len(SUMS)))
        found[:, columns] = classifier.coef_
        return values, order, Start(order, found, classifier.intercept_)
