"""Evaluation: how good a model is on labelled sentences, beside the baselines."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.analysis import SENTIMENTS, STANCES
from models.compiled import CompiledHead
from training import baselines
from training.examples import Example, labels
from training.metrics import calibration_error, reliability, score
from training.records import target_name

LABELS = {"stance": STANCES, "sentiment": SENTIMENTS}


def predict(head: CompiledHead, examples: Sequence[Example]) -> NDArray[np.float64]:
    """Scores of shape (examples, labels), by the path that the service uses."""
    return np.array([head.scores(example.view) for example in examples]).reshape(len(examples), len(head.labels))


def evaluate_head(
    name: str,
    test: Sequence[Example],
    scores: NDArray[np.float64],
    order: Sequence[str],
    threshold: float,
    train: Sequence[Example] = (),
    with_baselines: bool = True,
    seed: int = 0,
) -> dict[str, Any]:
    """All figures of one head on one set of examples.

    Args:
        name: "stance" or "sentiment".
        test: the examples.
        scores: probability of each label, shape (examples, labels).
        order: the labels in the order of `scores`.
        threshold: score from which a label counts as confident.
        train: what the model was trained on, for the plain TF-IDF baseline; empty leaves it out.

    Returns:
        `overall` and, for stance, `targets` (macro-F1 with interval, F1 by label, confusion),
        `calibration` (error and bins), `confident` (threshold, coverage, precision), `baselines`.
    """
    guessed = [order[k] for k in scores.argmax(axis=1)]
    right = np.array([guess == example.label for guess, example in zip(guessed, test, strict=True)])
    top = scores.max(axis=1)
    bins = reliability(top, right)
    sure = top >= threshold
    out: dict[str, Any] = {
        "overall": _score(name, test, guessed, seed),
        "calibration": {
            "error": round(calibration_error(bins), 4),
            "bins": [
                {
                    "low": b.low,
                    "high": b.high,
                    "count": b.count,
                    "score": round(b.score, 4),
                    "accuracy": round(b.accuracy, 4),
                }
                for b in bins
            ],
        },
        "confident": {
            "threshold": round(threshold, 4),
            "coverage": round(float(sure.mean()), 4),
            "precision": round(float(right[sure].mean()), 4) if sure.any() else None,
        },
    }
    if name == "stance":
        out["targets"] = by_target(test, guessed, seed)
    if with_baselines:
        out["baselines"] = {
            baseline: _score(name, test, predicted, seed)
            for baseline, predicted in run_baselines(name, train, test, seed).items()
        }
    return out


def by_target(test: Sequence[Example], guessed: Sequence[str], seed: int = 0) -> dict[str, Any]:
    """The figures of each target by itself, most frequent first."""
    places: dict[str, list[int]] = {}
    for i, example in enumerate(test):
        places.setdefault(target_name(example.target or ""), []).append(i)
    ordered = sorted(places.items(), key=lambda item: -len(item[1]))
    return {
        target: _score("stance", [test[i] for i in chosen], [guessed[i] for i in chosen], seed)
        for target, chosen in ordered
    }


def run_baselines(name: str, train: Sequence[Example], test: Sequence[Example], seed: int = 0) -> dict[str, list[str]]:
    """Predictions of every baseline that fits the head."""
    found: Mapping[str, list[str]] = {
        "always neutral": baselines.always_neutral(test),
        "VADER": baselines.vader(test, name),
    }
    out = dict(found)
    if name == "sentiment":
        out["TextBlob"] = baselines.textblob(test)
    if train:
        out["plain TF-IDF + LR"] = baselines.plain_tfidf(train, test, seed)
    return out


def _score(name: str, test: Sequence[Example], guessed: Sequence[str], seed: int) -> dict[str, Any]:
    clusters = [example.record.digest for example in test]
    return score(labels(test), guessed, LABELS[name], clusters, seed).as_dict()
