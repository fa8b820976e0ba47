"""The classifiers: real scikit-learn pipelines from views to calibrated labels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from models.features import FAMILIES, TermAnalyzer
from models.polarity import SUMS, find_polarities
from models.views import View


class PolaritySums(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Views to their polarity sums: a sparse matrix of shape (views, len(SUMS))."""

    def fit(self, views: Iterable[View], y: Any = None) -> "PolaritySums":
        """Nothing is learned."""
        return self

    def transform(self, views: Sequence[View]) -> csr_matrix:
        """The sums of each view, in the order of SUMS."""
        rows, columns, values = [], [], []
        for row, view in enumerate(views):
            for polarity in find_polarities(view):
                rows.append(row)
                columns.append(polarity.sum)
                values.append(polarity.value)
        return csr_matrix((np.array(values, dtype=np.float64), (rows, columns)), shape=(len(views), len(SUMS)))

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names of the sums."""
        return np.asarray(SUMS, dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class HeadConfig:
    """Settings of one classifier.

    Attributes:
        families: kinds of terms, of `models.features.FAMILIES`.
        min_df: a term must stand in this many training views.
        polarity_weight: weight of the polarity sums beside the terms; 0 leaves them out.
        contrast: from 0 (terms weigh alike before fitting) to 1 (terms weigh by how unevenly the labels
            use them: the log-count ratio of Wang and Manning, 2012).
        C: inverse strength of the regularization.
        balance: 0 takes the labels as frequent as they are, 1 weighs all labels alike.
        printed: sources, by their first word, of text as the press prints it: how readily each label is given is
            set by them, where there are enough. Invented text has more favor and against than any newspaper.
    """

    families: tuple[str, ...] = FAMILIES
    min_df: int = 2
    polarity_weight: float = 0.1
    contrast: float = 0.7
    C: float = 1.0
    balance: float = 1.0
    printed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        unknown = sorted(set(self.families) - set(FAMILIES))
        if unknown:
            raise ValueError(f"unknown feature family {unknown[0]!r}; known are {', '.join(FAMILIES)}")


def build_pipeline(config: HeadConfig, seed: int = 0) -> Pipeline:
    """An unfitted pipeline: views to TF-IDF terms and polarity sums to logistic regression."""
    parts: list[tuple[str, Any]] = [
        (
            "terms",
            TfidfVectorizer(
                analyzer=TermAnalyzer(tuple(config.families)), binary=True, min_df=config.min_df, dtype=np.float64
            ),
        )
    ]
    if config.polarity_weight:
        # Not scaled by their spread: rare sums would be blown up, and drive the surest and wrongest answers.
        parts.append(("polarity", PolaritySums()))
    features = FeatureUnion(parts, transformer_weights={"polarity": config.polarity_weight} if len(parts) > 1 else None)
    classifier = LogisticRegression(C=config.C, solver="newton-cg", max_iter=1000, tol=1e-4, random_state=seed)
    return Pipeline([("features", features), ("classifier", classifier)])


def label_weights(labels: Sequence[str], weights: NDArray[np.float64], balance: float) -> NDArray[np.float64]:
    """Weights multiplied so that labels weigh alike: total / (labels * label's total) to the power of `balance`."""
    values, inverse = np.unique(np.asarray(labels), return_inverse=True)
    totals = np.bincount(inverse, weights=weights)
    return np.asarray(weights * (weights.sum() / (len(values) * totals[inverse])) ** balance, dtype=np.float64)


def fit_pipeline(
    config: HeadConfig,
    views: Sequence[View],
    labels: Sequence[str],
    weights: NDArray[np.float64] | None = None,
    seed: int = 0,
) -> Pipeline:
    """Fit a pipeline; `weights` of the examples (1 each when None) are balanced by label."""
    sample_weight = label_weights(labels, np.ones(len(labels)) if weights is None else weights, config.balance)
    pipeline = build_pipeline(config, seed)
    union, classifier = pipeline.named_steps["features"], pipeline.named_steps["classifier"]
    features = csr_matrix(union.fit_transform(list(views)))
    terms = len(dict(union.transformer_list)["terms"].vocabulary_)
    fit_classifier(classifier, features, terms, labels, sample_weight, config.contrast)
    return pipeline


def fit_classifier(
    classifier: LogisticRegression,
    features: csr_matrix,
    terms: int,
    labels: Sequence[str],
    weights: NDArray[np.float64],
    contrast: float,
) -> None:
    """Fit the classifier on contrasted terms and fold the contrast into its coefficients.

    What comes out works on the plain features: the contrast only tells the regularization which
    terms are worth a large coefficient.

    Args:
        classifier: fitted in place.
        features: of shape (examples, columns); the first `terms` columns are TF-IDF terms.
        terms: number of terms.
        labels: label of each example.
        weights: weight of each example.
        contrast: as in `HeadConfig`.
    """
    scale = np.ones(features.shape[1])
    if contrast:
        scale[:terms] = 1 - contrast + contrast * log_count_ratios(features[:, :terms], labels)
    classifier.fit(csr_matrix(features @ diags(scale)), list(labels), sample_weight=weights)
    classifier.coef_ = classifier.coef_ * scale


def log_count_ratios(terms: csr_matrix, labels: Sequence[str]) -> NDArray[np.float64]:
    """How unevenly the labels use each term: the largest absolute log-count ratio over labels, mean 1."""
    present = (terms > 0).astype(np.float64)
    gold = np.asarray(labels)
    ratios = np.zeros(terms.shape[1])
    for label in np.unique(gold):
        inside = 1 + np.asarray(present[gold == label].sum(axis=0)).ravel()
        outside = 1 + np.asarray(present[gold != label].sum(axis=0)).ravel()
        ratios = np.maximum(ratios, np.abs(np.log((inside / inside.sum()) / (outside / outside.sum()))))
    return np.asarray(ratios / max(ratios.mean(), 1e-12))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Temperature and shift of each label, folded into a fitted classifier by `calibrate`."""

    temperature: float = 1.0
    shift: dict[str, float] = field(default_factory=dict)


def calibrate(pipeline: Pipeline, calibration: Calibration) -> Pipeline:
    """Fold a calibration into the pipeline's own coefficients, so that its `predict_proba` is calibrated."""
    classifier = pipeline.named_steps["classifier"]
    shift = np.array([calibration.shift.get(str(label), 0.0) for label in classifier.classes_])
    if len(shift) == 2:  # one row decides between two labels: what is shifted is their difference
        shift = shift[1:] - shift[:1]
    classifier.coef_ = classifier.coef_ / calibration.temperature
    classifier.intercept_ = classifier.intercept_ / calibration.temperature + shift
    return pipeline
