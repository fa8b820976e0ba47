from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.pipeline import HeadConfig, fit_pipeline
from training.config import Config
from training.examples import Example, labels, sentiment_examples, stance_examples, views
from training.fit import decision, source_weights
from training.matrix import ExampleMatrix, family_of
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


def test_a_selection_of_what_was_counted_is_fitted_as_if_counted_alone(data_file: Path, config: Config) -> None:
    examples = stance_examples(read_data([data_file]))
    train, test = list(range(0, 70)), list(range(70, len(examples)))
    weights = source_weights(examples, config)
    whole = ExampleMatrix(HeadConfig(), examples, weights, config.seed)
    for head in (HeadConfig(families=("pairs", "clause"), C=0.5), HeadConfig(families=("frames",), polarity_weight=0)):
        alone = ExampleMatrix(head, examples, weights, config.seed)
        one, _ = whole.with_settings(head).fit_and_decide(train, test)
        two, _ = alone.fit_and_decide(train, test)
        assert np.abs(one - two).max() < 1e-6


def test_a_fit_ends_where_it_would_from_any_start(data_file: Path, config: Config) -> None:
    examples = stance_examples(read_data([data_file]))
    train, test = list(range(0, 70)), list(range(70, len(examples)))
    whole = ExampleMatrix(HeadConfig(), examples, source_weights(examples, config), config.seed).with_tolerance(1e-7)
    _, _, start = whole.fit_from(None, train, test)
    other = whole.with_settings(HeadConfig(families=("words", "frames"), C=4.0))
    cold, order, _ = other.fit_from(None, train, test)
    warm, same, _ = other.fit_from(start, train, test)
    assert order == same
    assert np.abs(cold - warm).max() < 1e-3


@pytest.mark.parametrize(
    ("term", "family"),
    [
        ("w oil", "words"),
        ("w oil deal", "pairs"),
        ("l oil", "window"),
        ("t a TARGET b", "triples"),
        ("cr oil", "clause"),
    ],
)
def test_a_term_tells_its_family(term: str, family: str) -> None:
    assert family_of(term) == family
