"""One stance for a whole text."""

from dataclasses import replace
from datetime import date

import pytest

from models.errors import StancewireError
from service.pooling import parse_day, parse_targets, pool, read_pooled
from service.work import Reader, Tally

PRAISED, BLAMED, NOTHING = "Ankara praised Moscow.", "Oslo blamed Moscow and Washington.", "It rained."


def test_a_text_has_the_mean_over_the_sentences_that_mention_the_target(reader: Reader) -> None:
    first, second = (reader.analyzer.analyze(text).sentences[0] for text in (PRAISED, BLAMED))
    found = pool(reader.analyzer.analyze(f"{PRAISED} {NOTHING} {BLAMED}"))
    assert {target: pooled.sentences for target, pooled in found.items()} == {"russia": 2, "us": 1}
    scores = {stance.target: stance.scores for stance in second.stances}
    assert found["us"].scores == scores["us"]
    assert found["russia"].scores == pytest.approx(
        {label: (first.stances[0].scores[label] + scores["russia"][label]) / 2 for label in scores["russia"]}
    )
    assert sum(found["russia"].scores.values()) == pytest.approx(1)


def test_the_label_is_that_of_the_highest_mean(reader: Reader) -> None:
    assert pool(reader.analyzer.analyze(f"{PRAISED} {PRAISED} {PRAISED}"))["russia"].label == "favor"
    assert pool(reader.analyzer.analyze(BLAMED))["us"].label == "against"


def test_a_text_without_targets_has_no_stance(reader: Reader) -> None:
    assert pool(reader.analyzer.analyze(NOTHING)) == {}


@pytest.mark.parametrize(
    ("texts", "code", "field"),
    [
        ([PRAISED, " "], "empty_text", "texts.1"),
        ([" "], "empty_text", "texts"),
        ([PRAISED] * 4, "too_many_documents", "texts"),
        ([PRAISED, f"{PRAISED} {BLAMED}"], "too_many_sentences", "texts.1"),
    ],
)
def test_a_refused_text_is_named_by_its_place(reader: Reader, texts: list[str], code: str, field: str) -> None:
    limited = Reader(reader.analyzer, replace(reader.limits, max_documents=3, max_sentences=2), reader.key)
    with pytest.raises(StancewireError) as caught:
        read_pooled(limited, Tally(), texts, None, None, "texts")
    assert (caught.value.code, caught.value.field) == (code, field)


def test_several_texts_are_counted_together(reader: Reader) -> None:
    tally = Tally()
    assert len(read_pooled(reader, tally, [PRAISED, BLAMED], ["us"], None, "texts")) == 2
    assert (tally.documents, tally.sentences, tally.labels.total()) == (2, 2, 1)


@pytest.mark.parametrize(
    ("value", "targets"),
    [(None, None), ("us", ["us"]), ("us, russia", ["us", "russia"]), ("", [""]), ("us,", ["us", ""])],
)
def test_targets_are_written_with_commas(value: str | None, targets: list[str] | None) -> None:
    assert parse_targets(value) == targets


def test_a_day_is_written_with_hyphens_and_nothing_else() -> None:
    assert parse_day("2016-03-01") == date(2016, 3, 1)
    assert parse_day(None) is None
    for value in ("", "20160301", "2016-W09-2", "2016-02-30", "2016-03-01T10:00", "2016-3-1"):
        with pytest.raises(StancewireError, match="write the day as 2016-03-01") as caught:
            parse_day(value)
        assert caught.value.field == "date"
