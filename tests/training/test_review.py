from pathlib import Path

import pytest

from models.analyzer import Analyzer
from tests.training.samples import write_lines
from training.records import DataError, Record
from training.review import candidates, pick, read_texts

VERBS = ("thanked", "accused", "met", "asked", "paid", "warned", "hired", "left", "saw", "drew", "fed", "lit")


@pytest.fixture
def records() -> list[Record]:
    """Unlabelled sentences: many about Moscow, few about Washington, some about neither."""
    names = ["Moscow"] * 9 + ["Washington"] * 3
    lines = [f"The mayor of Lima {verb} {name} over plan {verb}." for verb, name in zip(VERBS, names, strict=True)]
    return [Record(id=f"r{k}", text=text, stance={}) for k, text in enumerate([*lines, "It rained in Lima."])]


def test_only_sentences_that_mention_a_target_are_candidates(analyzer: Analyzer, records: list[Record]) -> None:
    found = candidates(records, analyzer)
    assert {each.record.id for each in found} == {f"r{k}" for k in range(12)}
    assert all(0 <= margin <= 1 for each in found for margin in each.margins.values())


def test_targets_take_turns_closest_calls_first(analyzer: Analyzer, records: list[Record]) -> None:
    found = candidates(records, analyzer)
    items = pick(found, 4, audit=0.0)
    assert sorted(target for item in items for target in item.targets) == ["russia", "russia", "us", "us"]
    margins = sorted((each.margins["us"], each.record.id) for each in found if "us" in each.margins)
    assert {item.record.id for item in items if item.targets == ("us",)} == {name for _, name in margins[:2]}


def test_a_share_is_picked_at_random_and_by_the_seed(analyzer: Analyzer, records: list[Record]) -> None:
    found = candidates(records, analyzer)
    items = pick(found, 10, audit=0.5, seed=1)
    assert [item.why for item in items].count("audit") == 5
    assert items == pick(found[::-1], 10, audit=0.5, seed=1)
    assert items != pick(found, 10, audit=0.5, seed=2)


def test_no_more_than_there_is_is_picked(analyzer: Analyzer, records: list[Record]) -> None:
    assert len(pick(candidates(records, analyzer), 500)) == 12
    assert pick([], 5) == []


def test_near_duplicates_and_what_is_labelled_are_left_out(analyzer: Analyzer) -> None:
    text = "The mayor of the old town near Lima thanked Moscow for rice on Tuesday"
    records = [Record(id=f"r{k}", text=text + end, stance={}) for k, end in enumerate((".", "!", " again.", " once."))]
    assert [each.record.id for each in candidates(records, analyzer)] == ["r0"]
    assert candidates(records, analyzer, [Record(id="x", text=text, stance={"russia": "favor"})]) == []


def test_every_item_has_the_models_suggestion(analyzer: Analyzer, records: list[Record]) -> None:
    [item] = pick(candidates(records, analyzer), 1)
    assert item.suggestion is not None
    assert item.suggestion.model == "9.9.9"
    assert set(item.suggestion.stance) == set(item.targets)
    assert set(item.suggestion.scores or {}) == {*item.targets, "sentiment"}


def test_texts_are_split_into_sentences_of_one_group(tmp_path: Path) -> None:
    lines = [{"id": "d1", "text": "Moscow waits. Lima does not."}, {"text": "One only."}]
    found = list(read_texts([write_lines(tmp_path / "news.jsonl", lines)]))
    assert [(each.id, each.text, each.group) for each in found] == [
        ("d1-0", "Moscow waits.", "d1"),
        ("d1-1", "Lima does not.", "d1"),
        ("news-2", "One only.", None),
    ]


def test_plain_text_is_read_by_line(tmp_path: Path) -> None:
    path = tmp_path / "news.txt"
    path.write_text("Moscow waits.\n\nLima does not.\n", encoding="utf-8")
    assert [each.text for each in read_texts([path])] == ["Moscow waits.", "Lima does not."]


def test_a_line_without_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"news\.jsonl:1: no `text`"):
        list(read_texts([write_lines(tmp_path / "news.jsonl", [{"title": "Lima"}])]))
