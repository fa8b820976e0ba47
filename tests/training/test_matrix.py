from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.pipeline import HeadConfig, fit_pipeline
from training.config import Config
from training.examples import Example, labels, sentiment_examples, stance_examples, views
from training.fit import decision, source_weights
from training.matrix import ExampleMatrix
from training.tables import read_data


@pytest.mark.parametrize("head", [HeadConfig(), HeadConfig(polarity_weight=0, min_df=1, C=3, balance=0.5)])
@pytest.mark.parametrize("make", [stance_examples, sentiment_examples])
def test_decisions_are_those_of_the_pipeline(
    data_file: Path, config: Config, head: HeadConfig, make: Callable[..., list[Example]]
) -> None:
    examples = make(read_data([data_file]))
    train, test = list(range(0, 70)), list(range(70, len(examples)))
    matrix = ExampleMatrix(head, examples, source_weights(examples, config), config.seed)
    values, order = matrix.fit_and_decide(train, test)
    inside = [examples[i] for i in train]
    pipeline = fit_pipeline(head, views(inside), labels(inside), seed=config.seed)
    assert order == list(pipeline.classes_)
    assert np.abs(values - decision(pipeline, [examples[i] for i in test])).max() < 1e-6
