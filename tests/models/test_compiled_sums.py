"""The fast polarity sums are those of the reference."""

import numpy as np

from models.compiled_sums import add_sums
from models.lexis import Lexis
from models.polarity import SUMS, find_polarities
from models.views import View
from tests.models.conftest import sentiment_sample, stance_sample
from tests.models.test_compiled import noisy_views, odd_views

LEXIS = Lexis([{}])


def reference(view: View) -> np.ndarray:  # type: ignore[type-arg]
    sums = np.zeros(len(SUMS))
    for polarity in find_polarities(view):
        sums[polarity.sum] += polarity.value
    return sums


def fast(view: View) -> np.ndarray:  # type: ignore[type-arg]
    sums = np.zeros(len(SUMS))
    if view.rated:
        np.add.at(sums, *map(np.array, add_sums(view, LEXIS.read(view.words))))
    return sums


def test_every_sum_of_hundreds_of_sentences_is_the_same() -> None:
    views = [example.view for example in stance_sample() + sentiment_sample()]
    assert sum(1 for view in views if view.rated) > 300
    for view in views:
        np.testing.assert_allclose(fast(view), reference(view), rtol=0, atol=1e-12)


def test_every_sum_of_odd_and_noisy_views_is_the_same() -> None:
    for view in odd_views() + noisy_views():
        np.testing.assert_allclose(fast(view), reference(view), rtol=0, atol=1e-12)
