"""The fast polarity sums are those of the reference."""

import numpy as np
import pytest

from models.compiled_sums import Sums
from models.lexis import Lexis
from models.polarity import SUMS, find_polarities
from models.reading import read_view
from models.views import View
from tests.models.conftest import sentiment_sample, stance_sample
from tests.models.test_compiled import noisy_views, odd_views

LEXIS = Lexis({})
# As coefficients, the identity shows every sum by itself.
FAST = Sums(np.eye(len(SUMS)), LEXIS)


def reference(view: View) -> list[float]:
    sums = np.zeros(len(SUMS))
    for polarity in find_polarities(view):
        sums[polarity.sum] += polarity.value
    return list(sums)


def fast(view: View) -> list[float]:
    reading, aim = read_view(LEXIS, view)
    if not reading.rated:
        return [0.0] * len(SUMS)
    return [sum(parts) for parts in zip(FAST.whole(reading), *FAST.toward(aim), strict=True)]


def test_every_sum_of_hundreds_of_sentences_is_the_same() -> None:
    views = [example.view for example in stance_sample() + sentiment_sample()]
    assert sum(1 for view in views if view.rated) > 300
    for view in views:
        assert fast(view) == pytest.approx(reference(view), abs=1e-12)


def test_every_sum_of_odd_and_noisy_views_is_the_same() -> None:
    for view in odd_views() + noisy_views():
        assert fast(view) == pytest.approx(reference(view), abs=1e-12)
