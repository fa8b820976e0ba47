"""Fitting: cross-validation by group, calibration, threshold, and the final pipelines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline

from models.pipeline import Calibration, HeadConfig, calibrate, fit_pipeline
from training.config import Config
from training.examples import Example, labels, sentiment_examples, stance_examples, views
from training.matrix import ExampleMatrix
from training.metrics import confident_threshold, fit_shift, fit_temperature, softmax_rows
from training.records import DataError, Record

Step = Callable[[str], None]
LEAST_PRINTED = 200  # examples of each label, or how readily labels are given stays as it is


@dataclass(frozen=True, slots=True)
class FittedHead:
    """One trained and calibrated head, with what cross-validation said of it.

    Attributes:
        pipeline: fitted on all examples; its probabilities are calibrated.
        labels: the labels, in the order of the scores.
        examples: what it was trained on and is measured by: those of full weight. What is borrowed from
            other tasks (a lower weight in the configuration) is trained on as well, but not measured by.
        held_out: calibrated scores of shape (examples, labels), each by a model of other groups;
            None when cross-validation was left out.
        calibration: what was folded into the pipeline.
        threshold: score from which a label counts as confident.
    """

    pipeline: Pipeline
    labels: tuple[str, ...]
    examples: list[Example]
    held_out: NDArray[np.float64] | None
    calibration: Calibration
    threshold: float

    def predicted(self) -> list[str]:
        """The cross-validated label of each example."""
        assert self.held_out is not None
        return [self.labels[k] for k in self.held_out.argmax(axis=1)]


@dataclass(frozen=True, slots=True)
class FittedModel:
    """Both heads."""

    stance: FittedHead
    sentiment: FittedHead

    @property
    def pipelines(self) -> dict[str, Pipeline]:
        """The pipelines as an artifact keeps them."""
        return {"stance": self.stance.pipeline, "sentiment": self.sentiment.pipeline}


def source_weights(examples: Sequence[Example], config: Config) -> NDArray[np.float64]:
    """Weight of each example by the first word of its source; 1 where the configuration names none."""
    return np.array([config.weights.get(each.record.corpus, 1.0) for each in examples])


def is_from(examples: Sequence[Example], corpora: Sequence[str]) -> NDArray[np.bool_]:
    """Whether the first word of each example's source is one of these."""
    return np.array([each.record.corpus in corpora for each in examples], dtype=bool)


def fit_calibration(
    logits: NDArray[np.float64], gold: NDArray[np.intp], kinds: Sequence[str], printed: NDArray[np.bool_]
) -> Calibration:
    """Temperature by all examples; how readily each label is given by the printed ones, where there are enough.

    Args:
        logits: decision values of shape (examples, labels), from models that did not see the examples.
        gold: index of each gold label.
        kinds: the labels.
        printed: which examples are text as the press prints it.
    """
    temperature = fit_temperature(logits, gold)
    if np.bincount(gold[printed], minlength=len(kinds)).min() < LEAST_PRINTED:
        return Calibration(temperature)
    shift = fit_shift(logits[printed] / temperature, gold[printed])
    return Calibration(temperature, {kind: float(value) for kind, value in zip(kinds, shift, strict=True) if value})


def calibrated(logits: NDArray[np.float64], kinds: Sequence[str], calibration: Calibration) -> NDArray[np.float64]:
    """Decision values as `models.pipeline.calibrate` makes them."""
    shift = np.array([calibration.shift.get(kind, 0.0) for kind in kinds])
    return np.asarray(logits / calibration.temperature + shift, dtype=np.float64)


def fit_model(records: Sequence[Record], config: Config, step: Step = lambda name: None, jobs: int = -1) -> FittedModel:
    """Train both heads.

    Args:
        records: labelled sentences.
        config: settings.
        step: called with a name as each step begins, for a progress bar.
        jobs: processes for the cross-validation; -1 takes all cores.

    Raises:
        DataError: too few examples, groups or labels to train and cross-validate.
    """
    stance = fit_head("stance", config.stance, stance_examples(records), config, step, jobs)
    sentiment = fit_head("sentiment", config.sentiment, sentiment_examples(records), config, step, jobs)
    return FittedModel(stance, sentiment)


def fit_head(
    name: str, head: HeadConfig, examples: list[Example], config: Config, step: Step = lambda name: None, jobs: int = -1
) -> FittedHead:
    """Cross-validate, calibrate and fit one head.

    Raises:
        DataError: too few examples, groups or labels.
    """
    kinds = sorted(set(labels(examples)))
    groups = len({example.group for example in examples})
    if len(kinds) < 2 or groups < 2 * config.folds:
        raise DataError(
            f"Not enough data to train {name}: {len(examples)} examples in {groups} groups with labels "
            f"{', '.join(kinds) or 'none'}. At least two labels and {2 * config.folds} groups are needed."
        )
    step(f"{name}: cross-validation")
    weights = source_weights(examples, config)
    own = np.flatnonzero(weights >= 1) if (weights >= 1).any() else np.arange(len(examples))
    logits = cross_validate(head, examples, config, jobs)[own]
    measured = [examples[i] for i in own]
    gold = np.array([kinds.index(example.label) for example in measured])
    calibration = fit_calibration(logits, gold, kinds, is_from(measured, head.printed))
    held_out = softmax_rows(calibrated(logits, kinds, calibration))
    threshold = confident_threshold(held_out.max(axis=1), held_out.argmax(axis=1) == gold, config.confident)
    step(f"{name}: fit")
    pipeline = fit_pipeline(head, views(examples), labels(examples), weights, config.seed)
    return FittedHead(calibrate(pipeline, calibration), tuple(kinds), measured, held_out, calibration, threshold)


def cross_validate(
    head: HeadConfig, examples: Sequence[Example], config: Config, jobs: int = -1
) -> NDArray[np.float64]:
    """Decision values of each example by a model fitted on other groups: shape (examples, labels)."""
    kinds = sorted(set(labels(examples)))
    folds = split_folds(examples, config)
    matrix = ExampleMatrix(head, examples, source_weights(examples, config), config.seed)
    parts = Parallel(n_jobs=jobs)(delayed(matrix.fit_and_decide)(train, test) for train, test in folds)
    logits = np.zeros((len(examples), len(kinds)))
    for (_, test), (part, order) in zip(folds, parts, strict=True):
        if order != kinds:
            raise DataError(
                f"The label {(set(kinds) - set(order)).pop()!r} has too few groups to cross-validate: all of them came "
                "into one fold. Add sentences with that label in further groups."
            )
        logits[test] = part
    return logits


def split_folds(examples: Sequence[Example], config: Config) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Folds for cross-validation: rows to train on and rows to test on; no group and no text is on both sides."""
    splitter = StratifiedGroupKFold(n_splits=config.folds, shuffle=True, random_state=config.seed)
    groups = [example.group for example in examples]
    digests = np.array([example.record.digest for example in examples])
    folds = splitter.split(np.zeros(len(examples)), labels(examples), groups)
    return [(train[~np.isin(digests[train], digests[test])], test) for train, test in folds]


def decision(pipeline: Pipeline, examples: Sequence[Example]) -> NDArray[np.float64]:
    """Decision values of shape (examples, labels); two labels give two columns as well."""
    values = np.asarray(pipeline.decision_function(views(examples)))
    return np.column_stack([-values / 2, values / 2]) if values.ndim == 1 else values
