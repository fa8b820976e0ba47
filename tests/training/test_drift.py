from collections import Counter
from dataclasses import replace

import pytest

from models.analyzer import Analyzer
from tests.training.samples import sample_lines
from training.drift import compare_texts, stability_index, unseen
from training.records import DataError, Record, record_from


@pytest.fixture
def reference() -> list[Record]:
    return [record_from(dict(line), "x") for line in sample_lines()]


def test_the_same_text_has_not_drifted(analyzer: Analyzer, reference: list[Record]) -> None:
    new = [replace(record, text=record.text.replace(".", " too.")) for record in reference]
    found = compare_texts(reference, new, analyzer, {})
    assert found.due is False
    assert found.verdict.startswith("Retraining is not due")
    assert all(signal.level == 0 for signal in found.signals)
    assert [word for word, _ in found.new_words] == ["too"]


def test_text_in_other_words_has(analyzer: Analyzer, reference: list[Record]) -> None:
    new = [
        Record(id=str(k), text=f"Zorbs {k} quibbled flimly at Moscow whilst gronking blips.", stance={})
        for k in range(40)
    ]
    found = compare_texts(reference, new, analyzer, {})
    assert found.due is True
    assert "unseen words" in found.verdict
    assert ("quibbled", 40) in found.new_words


def test_other_stances_are_seen(analyzer: Analyzer, reference: list[Record]) -> None:
    new = [Record(id=str(k), text="The minister condemned Moscow and blamed Moscow.", stance={}) for k in range(60)]
    signals = {signal.name: signal for signal in compare_texts(reference, new, analyzer, {}).signals}
    assert signals["stances toward russia"].level == 2
    assert "against" in signals["stances toward russia"].words


def test_names_that_go_missing_are_told_but_alone_call_for_nothing(analyzer: Analyzer, reference: list[Record]) -> None:
    rain = [Record(id=str(k), text=f"It rained in Lima on day {k}.", stance={}) for k in range(400)]
    new = [replace(record, text=record.text.replace(".", " too.")) for record in reference]
    found = compare_texts(reference, [*new, *rain], analyzer, {})
    assert found.due is False
    assert any("names that the targets file lacks" in signal.words for signal in found.signals)


def test_too_little_text_says_so(analyzer: Analyzer, reference: list[Record]) -> None:
    found = compare_texts(reference, reference[:5], analyzer, {})
    assert found.due is None
    assert "Too little" in found.verdict


def test_a_reference_without_targets_is_refused(analyzer: Analyzer, reference: list[Record]) -> None:
    with pytest.raises(DataError, match="reference has 0 sentences"):
        compare_texts([Record(id="a", text="It rained.", stance={})], reference, analyzer, {})


def test_the_share_of_unseen_words_counts_words() -> None:
    assert unseen([["a", "b"]], [["a", "c"], ["c", "b"]]) == 0.5


def test_the_stability_index_grows_with_the_shift() -> None:
    even = Counter(favor=50, against=50, neutral=50)
    assert stability_index(even, even) == 0
    some = stability_index(even, Counter(favor=60, against=50, neutral=40))
    assert 0 < some < stability_index(even, Counter(favor=120, against=20, neutral=10))
