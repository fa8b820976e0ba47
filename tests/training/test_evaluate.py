"""Evaluation: the figures say what happened, on scores made up so that it is known."""

from collections import Counter

import numpy as np
import pytest

from models.compiled import CompiledHead
from models.pipeline import HeadConfig, fit_pipeline
from tests.conftest import tiny_records
from training.evaluate import by_target, evaluate_head, predict, run_baselines
from training.examples import Example, labels, sentiment_examples, stance_examples, views
from training.records import Record

ORDER = ("neutral", "against", "favor")  # any order will do


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return stance_examples(tiny_records())


def sure_of(given: list[str], score: float = 0.8) -> np.ndarray:
    """Scores that give each of the labels with one certainty."""
    rest = (1 - score) / (len(ORDER) - 1)
    return np.array([[score if label == each else rest for each in ORDER] for label in given])


def test_a_model_that_is_always_right_scores_one(examples: list[Example]) -> None:
    found = evaluate_head("stance", examples, sure_of(labels(examples)), ORDER, 0.5)
    assert found["overall"]["macro_f1"] == found["overall"]["accuracy"] == 1
    assert found["confident"] == {"threshold": 0.5, "coverage": 1, "precision": 1}
    assert found["calibration"]["error"] == pytest.approx(0.2), "it was sure to 0.8 and is right every time"
    assert sum(each["count"] for each in found["calibration"]["bins"]) == len(examples)


def test_coverage_and_precision_are_those_of_what_is_confident(examples: list[Example]) -> None:
    gold = labels(examples)
    half = len(gold) // 2
    turned = ["favor" if label == "against" else "against" for label in gold[half:]]
    scores = np.vstack([sure_of(gold[:half], 0.9), sure_of(turned, 0.6)])
    found = evaluate_head("stance", examples, scores, ORDER, 0.7, with_baselines=False)
    assert found["confident"] == {"threshold": 0.7, "coverage": 0.5, "precision": 1}
    assert found["overall"]["accuracy"] == 0.5
    assert "baselines" not in found


def test_no_precision_is_told_where_nothing_is_confident(examples: list[Example]) -> None:
    found = evaluate_head("stance", examples, sure_of(labels(examples)), ORDER, 0.9, with_baselines=False)
    assert found["confident"] == {"threshold": 0.9, "coverage": 0, "precision": None}


def test_targets_are_counted_most_frequent_first_and_entities_together() -> None:
    records = [Record("1", "Ada praised Ben.", {"entity_1": "neutral", "entity_2": "favor"})]
    records += [Record("2", "Moscow slept.", {"russia": "neutral"}), Record("3", "Ben slept.", {"entity_1": "neutral"})]
    found = by_target(stance_examples(records), ["neutral"] * 4)
    assert {target: each["count"] for target, each in found.items()} == {"entity": 3, "russia": 1}
    assert next(iter(found)) == "entity"
    assert found["entity"]["accuracy"] == pytest.approx(2 / 3, abs=1e-3)


def test_baselines_are_measured_on_the_same_examples(examples: list[Example]) -> None:
    found = evaluate_head("stance", examples, sure_of(labels(examples)), ORDER, 0.5, train=examples)
    assert set(found["baselines"]) == {"always neutral", "VADER", "plain TF-IDF + LR"}
    assert {each["count"] for each in found["baselines"].values()} == {len(examples)}
    neutral = Counter(labels(examples))["neutral"] / len(examples)
    assert found["baselines"]["always neutral"]["accuracy"] == pytest.approx(neutral, abs=1e-3)


def test_the_sentence_has_its_own_baselines_and_no_targets() -> None:
    examples = sentiment_examples(tiny_records())
    assert set(run_baselines("sentiment", [], examples)) == {"always neutral", "VADER", "TextBlob"}
    scores = np.full((len(examples), 3), 1 / 3)
    found = evaluate_head("sentiment", examples, scores, ("negative", "neutral", "positive"), 0.5)
    assert "targets" not in found


def test_scores_are_those_of_the_pipeline(examples: list[Example]) -> None:
    pipeline = fit_pipeline(HeadConfig(), views(examples), labels(examples))
    head = CompiledHead.of(pipeline)
    np.testing.assert_allclose(predict(head, examples), pipeline.predict_proba(views(examples)), atol=1e-9)
    assert predict(head, []).shape == (0, 3)
