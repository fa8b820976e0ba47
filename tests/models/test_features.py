"""Features: terms of every family, frames, and the matrix of polarity sums."""

import numpy as np
import pytest

from models.features import FAMILIES, TermAnalyzer, find_slots, find_terms
from models.pipeline import PolaritySums
from models.polarity import SUMS, find_polarities
from tests.models.conftest import stance_sample
from tests.models.test_polarity import view_of


def terms(text: str, family: str) -> list[str]:
    return [term.text for term in find_terms(view_of(text), (family,))]


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        ("words", ["w they", "w thanked", "w TARGET", "w today"]),
        ("pairs", ["w they thanked", "w thanked TARGET", "w TARGET today"]),
        ("window", ["l they", "l thanked", "r today"]),
        ("triples", ["t they thanked TARGET", "t thanked TARGET today"]),
        ("clause", ["cl they", "cl thanked", "cr today"]),
    ],
)
def test_a_family_has_these_terms(family: str, expected: list[str]) -> None:
    assert terms("they thanked TARGET today", family) == expected


def test_a_frame_keeps_who_does_what_to_whom() -> None:
    slots = [slot.name for slot in find_slots(view_of("RIVAL has accused TARGET of the theft , he said"))]
    assert slots[0] == "R"
    assert "T" in slots
    assert "of" in slots
    assert slots[-2:] == [",", "SAY"]


def test_frames_are_padded_at_the_ends_of_a_sentence() -> None:
    assert terms("TARGET", "frames") == ["f < T", "f T >", "f < < T", "f T > >", "f < T >", "f < < T >", "f < T > >"]


def test_a_view_without_target_has_words_stems_and_pairs_only() -> None:
    assert {term.text.split()[0] for term in find_terms(view_of("they left"), FAMILIES)} == {"w", "s"}


def test_terms_point_at_words_of_the_view() -> None:
    for example in stance_sample()[:100]:
        for term in find_terms(example.view, FAMILIES):
            assert 0 <= term.first < term.last <= len(example.view.words)


def test_the_analyzer_gives_the_texts_of_the_terms() -> None:
    view = view_of("they thanked TARGET today")
    assert TermAnalyzer(("words", "window"))(view) == [t.text for t in find_terms(view, ("words", "window"))]


def test_the_matrix_of_sums_adds_up_what_the_words_say() -> None:
    views = [example.view for example in stance_sample()[:50]]
    matrix = PolaritySums().fit(views).transform(views)
    assert matrix.shape == (50, len(SUMS))
    for row, view in enumerate(views):
        expected = np.zeros(len(SUMS))
        for polarity in find_polarities(view):
            expected[polarity.sum] += polarity.value
        np.testing.assert_allclose(matrix[[row]].toarray()[0], expected, atol=1e-12)


def test_a_stem_stands_for_a_word_and_its_relatives() -> None:
    found = {term.text for term in find_terms(view_of("critics criticized critical criticism"), ("stems",))}
    assert found == {"s critic"}
