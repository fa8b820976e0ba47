"""Sentences of the project's own data, and small pipelines really trained on them."""

import random
from functools import cache
from pathlib import Path

import pytest
from sklearn.pipeline import Pipeline

from models.features import FAMILIES
from models.pipeline import HeadConfig, fit_pipeline
from training.examples import Example, labels, sentiment_examples, stance_examples, views
from training.records import Record, read_records

DATASETS = Path(__file__).parents[2] / "datasets"
# Settings of each head under test: all families, every family alone, and without polarity sums.
HEADS = {
    "all": HeadConfig(),
    "no-polarity": HeadConfig(polarity_weight=0.0),
    **{family: HeadConfig(families=(family,), min_df=1) for family in FAMILIES},
}


@cache
def sample_records() -> list[Record]:
    """The same 600 sentences each time, from all data files."""
    records = sorted(read_records(DATASETS), key=lambda record: record.id)
    return random.Random(7).sample(records, min(600, len(records)))


@cache
def stance_sample() -> list[Example]:
    """Stance examples of the sample."""
    return stance_examples(sample_records())


@cache
def sentiment_sample() -> list[Example]:
    """Sentiment examples of the sample."""
    return sentiment_examples(sample_records())


@cache
def stance_pipeline(name: str) -> Pipeline:
    """A small stance pipeline with one of HEADS."""
    examples = stance_sample()[:250]
    return fit_pipeline(HEADS[name], views(examples), labels(examples))


@cache
def sentiment_pipeline(*families: str) -> Pipeline:
    """A small sentiment pipeline with some families, words and pairs when none is named."""
    examples = sentiment_sample()[:250]
    return fit_pipeline(HeadConfig(families=families or ("words", "pairs")), views(examples), labels(examples))


@pytest.fixture(scope="session", params=sorted(HEADS))
def stance_head(request: pytest.FixtureRequest) -> Pipeline:
    """Each small stance pipeline in turn."""
    return stance_pipeline(request.param)
