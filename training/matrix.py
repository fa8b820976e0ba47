"""Fitting one head many times on parts of the same examples: terms are counted once for all fits.

What each fit computes is what `models.pipeline.fit_pipeline` computes, to rounding (tested); only
the vocabulary and the weights of terms depend on the part, not the terms themselves.
"""

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from models.pipeline import HeadConfig, build_pipeline, fit_classifier, label_weights
from training.examples import Example, labels, views


class ExampleMatrix:
    """Examples with their terms counted and their polarity sums taken."""

    def __init__(self, head: HeadConfig, examples: Sequence[Example], weights: NDArray[np.float64], seed: int) -> None:
        pipeline = build_pipeline(head, seed)
        parts: dict[str, Any] = dict(pipeline.named_steps["features"].transformer_list)
        terms = parts["terms"]
        counter = CountVectorizer(analyzer=terms.analyzer, binary=terms.binary, dtype=np.float64)
        seen = views(examples)
        self._counts = csr_matrix(counter.fit_transform(seen))
        self._least = head.min_df
        self._sums = parts["polarity"].transform(seen) if "polarity" in parts else None
        self._contrast = head.contrast
        self._polarity_weight = head.polarity_weight
        self._classifier = pipeline.named_steps["classifier"]
        self._balance = head.balance
        self._weights = weights
        self._labels = np.asarray(labels(examples))

    def with_settings(self, head: HeadConfig) -> "ExampleMatrix":
        """The same examples for other settings; the families, and whether there are sums, must be the same."""
        other = copy(self)
        other._least, other._balance, other._polarity_weight = head.min_df, head.balance, head.polarity_weight
        other._contrast = head.contrast
        other._classifier = clone(self._classifier).set_params(C=head.C)
        return other

    def fit_and_decide(self, train: Sequence[int], test: Sequence[int]) -> tuple[NDArray[np.float64], list[str]]:
        """Fit on some rows and decide on others.

        Returns:
            Decision values of shape (test, labels), and the labels in the order of the columns.
        """
        rows, others = np.asarray(train), np.asarray(test)
        counts = self._counts[rows]
        kept = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]) >= self._least)
        weigh = TfidfTransformer()
        x_train, x_test = weigh.fit_transform(counts[:, kept]), weigh.transform(self._counts[others][:, kept])
        if self._sums is not None:
            sums = self._sums * self._polarity_weight
            x_train, x_test = hstack([x_train, sums[rows]], "csr"), hstack([x_test, sums[others]], "csr")
        gold = self._labels[rows]
        weights = label_weights(gold.tolist(), self._weights[rows], self._balance)
        classifier = clone(self._classifier)
        fit_classifier(classifier, x_train, len(kept), gold.tolist(), weights, self._contrast)
        values = np.asarray(classifier.decision_function(x_test))
        if values.ndim == 1:
            values = np.column_stack([-values / 2, values / 2])
        return values, [str(label) for label in classifier.classes_]
