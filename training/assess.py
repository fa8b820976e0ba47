"""Figures of a fitted model: by cross-validation, or on sentences it has not seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from models.artifact import Artifact
from models.compiled import CompiledHead
from models.pipeline import Calibration, HeadConfig, fit_pipeline
from training.baselines import plain_tfidf_folds
from training.config import Config
from training.evaluate import LABELS, evaluate_head, predict
from training.examples import Example, labels, sentiment_examples, stance_examples, views
from training.fit import FittedHead, FittedModel, Step, fit_head, source_weights, split_folds
from training.metrics import score
from training.records import DataError, Record

PLAIN = "plain TF-IDF + LR"
EXAMPLES: Mapping[str, Callable[[Sequence[Record]], list[Example]]] = {
    "stance": stance_examples,
    "sentiment": sentiment_examples,
}


def cross_validated(name: str, head: FittedHead, config: Config, jobs: int = -1) -> dict[str, Any]:
    """Figures of one head by cross-validation by group, the plain TF-IDF baseline on the same folds."""
    assert head.held_out is not None
    figures = evaluate_head(name, head.examples, head.held_out, head.labels, head.threshold, seed=config.seed)
    each = head.examples
    guessed = plain_tfidf_folds(
        each, [(a.tolist(), b.tolist()) for a, b in split_folds(each, config)], config.seed, jobs
    )
    clusters = [example.record.digest for example in each]
    figures["baselines"][PLAIN] = score(labels(each), guessed, LABELS[name], clusters, config.seed).as_dict()
    return figures


def fit_small(name: str, records: Sequence[Record], config: Config, step: Step = lambda name: None) -> FittedHead:
    """Fit one head on as little as a handful of sentences: fewer folds, and without calibration at the least.

    Raises:
        DataError: there are not two labels.
    """
    examples = EXAMPLES[name](records)
    head: HeadConfig = getattr(config, name)
    members: dict[str, set[str]] = {}
    for example in examples:
        members.setdefault(example.label, set()).add(example.group)
    if len(members) < 2:
        raise DataError(
            f"Not enough data to train {name}: {len(examples)} labelled, with the labels "
            f"{', '.join(sorted(members)) or 'none'}. At least two labels are needed."
        )
    groups = len({example.group for example in examples})
    folds = min(config.folds, groups // 2, min(len(found) for found in members.values()) // 2)
    if folds >= 2:
        return fit_head(name, head, examples, replace(config, folds=folds), step)
    step(f"{name}: fit")
    head = replace(head, min_df=1)
    pipeline = fit_pipeline(head, views(examples), labels(examples), source_weights(examples, config), config.seed)
    return FittedHead(pipeline, tuple(sorted(members)), examples, None, Calibration(), 1.0)


def scores_of(pipeline: Pipeline, examples: Sequence[Example]) -> NDArray[np.float64]:
    """Scores of shape (examples, labels), in the order of the pipeline's classes."""
    if len(pipeline.classes_) == 2:  # one row of coefficients: the compiled path wants one for each label
        return np.asarray(pipeline.predict_proba(views(examples)))
    return predict(CompiledHead.of(pipeline), examples)


def on_test(
    name: str,
    pipeline: Pipeline,
    threshold: float,
    test: Sequence[Record],
    train: Sequence[Example] = (),
    seed: int = 0,
) -> dict[str, Any] | None:
    """Figures of one head on test sentences; None when none of them is labelled for it."""
    examples = EXAMPLES[name](test)
    if not examples:
        return None
    order = [str(label) for label in pipeline.classes_]
    scores = scores_of(pipeline, examples)
    try:
        return evaluate_head(name, examples, scores, order, threshold, train, seed=seed)
    except ValueError:  # too few words for the plain baseline
        return evaluate_head(name, examples, scores, order, threshold, (), seed=seed)


def artifact_on_test(artifact: Artifact, test: Sequence[Record], seed: int = 0) -> dict[str, Any]:
    """Figures of a released model on test sentences: each head, None where nothing is labelled."""
    threshold = float(artifact.manifest.get("thresholds", {}).get("confident", 0.0))
    return {name: on_test(name, artifact.pipelines[name], threshold, test, seed=seed) for name in EXAMPLES}


def held_out_figures(
    model: FittedModel, files: Sequence[Path], read: Callable[[Sequence[Path]], list[Record]], config: Config
) -> dict[str, Any]:
    """Figures on each held-out file, by its name."""
    figures = {}
    for path in files:
        test = read([path])
        figures[path.name] = {
            name: on_test(name, head.pipeline, head.threshold, test, head.examples, config.seed)
            for name, head in (("stance", model.stance), ("sentiment", model.sentiment))
        }
    return figures
