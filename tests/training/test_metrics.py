"""The figures are those of scikit-learn, and what is fitted does what it says."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from training.metrics import (
    bootstrap,
    confident_threshold,
    confusion,
    fit_shift,
    fit_temperature,
    macro_f1,
    reliability,
    softmax_rows,
)

LABELS = ("against", "favor", "neutral")
RNG = np.random.default_rng(5)
GOLD = RNG.choice(LABELS, 400, p=(0.3, 0.1, 0.6)).tolist()
GUESSED = [label if RNG.random() < 0.6 else str(RNG.choice(LABELS)) for label in GOLD]


def test_macro_f1_is_that_of_scikit_learn() -> None:
    assert macro_f1(GOLD, GUESSED, LABELS) == pytest.approx(f1_score(GOLD, GUESSED, average="macro"))
    assert macro_f1(["favor"], ["favor"], LABELS) == pytest.approx(1 / 3), "labels that never occur count 0"


def test_rows_of_the_confusion_are_gold_labels() -> None:
    table = confusion(["favor", "favor", "against"], ["favor", "neutral", "against"], LABELS)
    assert table.tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 0]]


def test_the_bootstrap_resamples_clusters_and_not_rows() -> None:
    clusters = [str(i // 2) for i in range(len(GOLD))]
    alone = bootstrap(GOLD, GUESSED, LABELS, [str(i) for i in range(len(GOLD))])
    doubled = bootstrap(GOLD * 2, GUESSED * 2, LABELS, [str(i) for i in range(len(GOLD))] * 2)
    np.testing.assert_allclose(doubled, alone)
    assert bootstrap(GOLD, GUESSED, LABELS, clusters).std() > 0


def logits_of(temperature: float) -> tuple[np.ndarray, np.ndarray]:
    """Decision values of a model that is surer than it should be, and gold labels drawn as it should believe."""
    true = RNG.normal(size=(4_000, 3))
    gold = np.array([RNG.choice(3, p=row) for row in softmax_rows(true)])
    return true * temperature, gold


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_that_spoiled_the_scores_is_found(temperature: float) -> None:
    assert fit_temperature(*logits_of(temperature)) == pytest.approx(temperature, rel=0.1)


def test_a_label_that_was_pushed_is_pulled_back() -> None:
    logits, gold = logits_of(1.0)
    rare = (gold != 1) | (RNG.random(len(gold)) < 0.15)
    logits, gold = logits[rare], gold[rare]
    shift = fit_shift(logits + np.array([0.0, 0.6, 0.0]), gold)
    assert shift[1] < fit_shift(logits, gold)[1]
    assert shift[np.bincount(gold).argmax()] == 0


def test_a_shift_never_makes_macro_f1_worse() -> None:
    logits, gold = logits_of(1.0)
    before = f1_score(gold, logits.argmax(axis=1), average="macro")
    assert f1_score(gold, (logits + fit_shift(logits, gold)).argmax(axis=1), average="macro") >= before


def test_the_threshold_is_the_lowest_with_the_precision() -> None:
    scores, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, False])
    assert confident_threshold(scores, right, 0.66) == 0.7
    assert confident_threshold(scores, right, 1.0) == 0.8
    assert confident_threshold(scores, ~right, 0.9) == 1.0


def test_bins_hold_every_score_once() -> None:
    scores = np.array([0.34, 0.5, 0.55, 0.99, 1.0])
    bins = reliability(scores, np.ones(5, dtype=bool))
    assert sum(each.count for each in bins) == 5
    assert all(each.low <= each.score <= each.high for each in bins)
