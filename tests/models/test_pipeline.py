"""The classifiers and their settings."""

import numpy as np
import pytest

from models.pipeline import Calibration, HeadConfig, build_pipeline, calibrate, fit_pipeline, label_weights
from tests.models.conftest import stance_sample


def test_an_unknown_family_is_named() -> None:
    with pytest.raises(ValueError, match="'letters'"):
        HeadConfig(families=("words", "letters"))


def test_polarity_weight_nought_leaves_the_sums_out() -> None:
    parts = dict(build_pipeline(HeadConfig(polarity_weight=0)).named_steps["features"].transformer_list)
    assert set(parts) == {"terms"}


def test_balanced_labels_weigh_alike() -> None:
    labels = ["a"] * 8 + ["b"] * 2
    weights = label_weights(labels, np.ones(10), 1.0)
    assert weights[:8].sum() == pytest.approx(weights[8:].sum()) == pytest.approx(5)
    assert label_weights(labels, np.ones(10), 0.0).tolist() == [1.0] * 10


def test_the_same_data_give_the_same_coefficients() -> None:
    examples = stance_sample()[:80]
    views, labels = [example.view for example in examples], [example.label for example in examples]
    first, second = (fit_pipeline(HeadConfig(), views, labels).named_steps["classifier"] for _ in range(2))
    assert np.array_equal(first.coef_, second.coef_)


def test_calibration_divides_the_decision_values_and_shifts_them() -> None:
    examples = stance_sample()[:80]
    views, labels = [example.view for example in examples], [example.label for example in examples]
    pipeline = fit_pipeline(HeadConfig(), views, labels)
    before = pipeline.decision_function(views)
    label = str(pipeline.named_steps["classifier"].classes_[1])
    after = calibrate(pipeline, Calibration(2.0, {label: 0.5})).decision_function(views)
    np.testing.assert_allclose(after, before / 2 + [0, 0.5, 0])
