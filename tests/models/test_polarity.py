"""Polarity: what rated words say of the target, by where they stand to it."""

import pytest

from models.lexicon import find_rated
from models.polarity import NEGATED, SUMS, WHOLE, find_polarities, relation, speaks
from models.views import CLAUSE_MARKS, TARGET, View, clause_around


def view_of(text: str) -> View:
    words = text.split()
    targets = [i for i, word in enumerate(words) if word == TARGET]
    marks = [i for i, word in enumerate(words) if word in CLAUSE_MARKS]
    clauses = [clause_around(marks, len(words), target) for target in targets]
    return View(words, targets, [(i, i + 1) for i in range(len(words))], find_rated(words), targets, marks, clauses)


def sums(text: str) -> dict[str, float]:
    totals: dict[str, float] = {}
    for polarity in find_polarities(view_of(text)):
        totals[SUMS[polarity.sum]] = totals.get(SUMS[polarity.sum], 0.0) + polarity.value
    return totals


def related(text: str) -> tuple[str, str] | None:
    view = view_of(text)
    (rated,) = view.rated
    return relation(view.words, view.targets[0], rated.first, rated.last)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("they accused TARGET yesterday", ("before", "0")),
        ("they were accused by TARGET yesterday", ("by", "0")),
        ("they accused , today , TARGET", ("before-mark", "1")),
        ("they accused them of it with TARGET", ("before-prep", "1")),
        ("TARGET accused them", ("after", "0")),
        ("TARGET was accused yesterday", ("passive", "0")),
        ("TARGET , when accused , left", ("after-mark-join", "1")),
        ("TARGET said they accused everyone", ("after-join", "1")),
    ],
)
def test_the_relation_is_read_off_the_words_between(text: str, expected: tuple[str, str]) -> None:
    assert related(text) == expected


def test_a_rated_word_too_far_away_is_not_related() -> None:
    assert related("they accused one two three four five TARGET") is None


def test_who_is_accused_and_who_accuses_are_told_apart() -> None:
    accused, accusing = sums("they accused TARGET"), sums("TARGET accused them")
    assert accused["before object"] < 0
    assert "before object" not in accusing
    assert accusing["after object"] == accused["before object"]


def test_a_negation_turns_a_rating() -> None:
    plain, negated = sums("they praised TARGET"), sums("they never praised TARGET")
    assert negated["before object"] == pytest.approx(NEGATED * plain["before object"])


def test_a_sentence_without_target_has_only_the_sums_of_the_whole() -> None:
    found = set(sums("they praised him warmly"))
    assert {"tone", "good"} <= found
    assert found <= set(WHOLE)


def test_a_sentence_without_rated_words_has_no_sums() -> None:
    assert sums("the TARGET of the harbour") == {}


def test_a_target_speaks_where_a_verb_of_saying_follows() -> None:
    words = ["TARGET", "said", "it", "would", "pay"]
    assert speaks(words, 0)
    assert not speaks(["TARGET", "met", "him"], 0)
    assert speaks(["it", "would", "pay", "in", "full", ",", "said", "TARGET"], 7)


def test_names_of_sums_are_unique() -> None:
    assert len(set(SUMS)) == len(SUMS)
