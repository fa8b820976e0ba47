"""Fitting: nothing on both sides of a split, scores calibrated, labels given as readily as on printed text."""

from dataclasses import replace

import numpy as np
import pytest

from models.pipeline import Calibration, calibrate
from tests.conftest import tiny_records
from training import fit
from training.config import Config
from training.examples import labels, stance_examples, views
from training.fit import calibrated, decision, fit_calibration, fit_head, is_from, source_weights, split_folds
from training.metrics import softmax_rows
from training.records import DataError, Record

CONFIG = Config(folds=2)
KINDS = ["against", "favor", "neutral"]


def records(source: str) -> list[Record]:
    return [replace(record, source=source) for record in tiny_records()]


def test_no_group_and_no_text_is_on_both_sides_of_a_fold() -> None:
    twins = [replace(record, group=f"twin-{record.group}") for record in tiny_records()]
    examples = stance_examples(tiny_records() + twins)
    for train, test in split_folds(examples, CONFIG):
        assert not {examples[i].group for i in train} & {examples[i].group for i in test}
        assert not {examples[i].record.digest for i in train} & {examples[i].record.digest for i in test}


def test_a_source_weighs_what_its_first_word_says() -> None:
    examples = stance_examples([*records("dse-directed/train"), *records("invented/first"), *tiny_records()])
    weights = source_weights(examples, replace(CONFIG, weights={"dse-directed": 0.3}))
    assert sorted(set(weights)) == [0.3, 1.0]
    assert (weights == 0.3).sum() == len(stance_examples(tiny_records()))
    assert (is_from(examples, ["dse-directed"]) == (weights == 0.3)).all()


def test_what_weighs_less_is_trained_on_and_not_measured_by() -> None:
    examples = stance_examples([*records("borrowed/train"), *records("own")])
    head = fit_head("stance", CONFIG.stance, examples, replace(CONFIG, weights={"borrowed": 0.5}), jobs=1)
    assert {example.record.source for example in head.examples} == {"own"}
    assert head.held_out is not None
    assert len(head.held_out) == len(head.examples)


def test_too_little_data_is_named() -> None:
    with pytest.raises(DataError, match="Not enough data to train stance"):
        fit_head("stance", CONFIG.stance, stance_examples(tiny_records()[:6]), CONFIG)


@pytest.mark.parametrize("kinds", [("against", "favor", "neutral"), ("favor", "neutral")])
def test_a_calibrated_pipeline_gives_the_calibrated_scores(kinds: tuple[str, ...]) -> None:
    examples = [example for example in stance_examples(tiny_records()) if example.label in kinds]
    head = fit_head("stance", CONFIG.stance, examples, CONFIG, jobs=1)
    plain = decision(head.pipeline, examples)
    calibration = Calibration(2.0, {"favor": -0.4})
    expected = softmax_rows(calibrated(plain, list(head.labels), calibration))
    scores = calibrate(head.pipeline, calibration).predict_proba(views(examples))
    np.testing.assert_allclose(scores, expected, atol=1e-12)


def test_labels_are_shifted_by_printed_text_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "LEAST_PRINTED", 20)
    rng = np.random.default_rng(3)
    gold = rng.choice(3, 1_000, p=(0.25, 0.1, 0.65))
    logits = rng.normal(size=(1_000, 3)) + np.eye(3)[gold] + np.array([0.0, 0.7, 0.0])
    printed = np.arange(1_000) < 800
    found = fit_calibration(logits, gold, KINDS, printed)
    assert found.shift["favor"] < 0
    assert "neutral" not in found.shift, "the most frequent label stays"
    turned = logits.copy()
    turned[~printed] = turned[~printed][:, ::-1]  # what was not printed says something else
    assert fit_calibration(turned, gold, KINDS, printed).shift.keys() >= {"favor"}
    assert fit_calibration(logits, gold, KINDS, np.zeros(1_000, dtype=bool)).shift == {}


def test_the_cross_validated_label_of_each_example_is_kept() -> None:
    examples = stance_examples(tiny_records())
    head = fit_head("stance", CONFIG.stance, examples, CONFIG, jobs=1)
    predicted = head.predicted()
    assert len(predicted) == len(examples)
    assert set(predicted) <= set(labels(examples))
