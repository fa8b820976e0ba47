from pathlib import Path

import pytest

from tests.training.corpora import write_annotations, write_dse, write_mtsc, write_persent
from tests.training.samples import write_lines
from training.corpora import annotated, candidates, read_annotations, without
from training.records import DataError, Record, digest

DOCUMENT = 'Mr. Moss flew to Moscow  the capital. "It was cold " he said. Nobody met him!\n Two days later  he left.'


def test_labels_find_their_text_in_every_corpus(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    write_mtsc(texts / "newsmtsc" / "train.jsonl")
    write_dse(texts / "dse.valid.txt", "[Lima] blamed [Moscow] again.|Lima|Moscow|3")
    write_persent(texts / "persent" / "dev.csv", DOCUMENT)
    write_lines(texts / "more.jsonl", [{"text": "Oslo trusts Moscow.", "source": "own/more", "group": "g1"}])
    wanted = {
        "Lima blamed Moscow again.": ("dse/valid", digest("Lima blamed Moscow again.")),
        "Mr. Moss flew to Moscow the capital.": ("persent/dev", f"persent/{digest(DOCUMENT)}"),
        "Later Ben Yarrow flew to Lima.": ("newsmtsc/train", "newsmtsc/polusa_v1_55_-1"),
        "Oslo trusts Moscow.": ("own/more", "g1"),
    }
    lines = [{"digest": digest(text), "stance": {"russia": "neutral"}, "sentiment": "neutral"} for text in wanted]
    labels = write_annotations(tmp_path / "labels" / "a.jsonl", *lines, {"digest": "0" * 16, "stance": {}})
    found = annotated(texts, labels.parent)
    assert {record.text: (record.source, record.group) for record in found} == wanted
    assert all(record.stance == {"russia": "neutral"} and record.sentiment == "neutral" for record in found)


def test_the_source_of_a_label_is_kept(tmp_path: Path) -> None:
    write_lines(tmp_path / "more.jsonl", [{"text": "Oslo trusts Moscow."}])
    line = {"digest": digest("Oslo trusts Moscow"), "stance": {}, "source": "ours/read"}
    [record] = annotated(tmp_path, write_annotations(tmp_path / "labels" / "a.jsonl", line))
    assert (record.source, record.stance, record.sentiment) == ("ours/read", {}, None)


def test_spans_of_a_label_hold_for_every_printing_of_its_sentence(tmp_path: Path) -> None:
    label = {
        "digest": digest("Dr. Moss blamed Lima."),
        "stance": {"entity_1": "neutral", "entity_2": "against"},
        "spans": {"entity_1": [[2, 6]], "entity_2": [[12, 16]]},
    }
    labels = write_annotations(tmp_path / "labels" / "a.jsonl", label)
    for name, text in (("one", "Dr. Moss blamed Lima."), ("two", "“Dr Moss”  blamed «Lima»")):
        (tmp_path / name).mkdir()
        write_lines(tmp_path / name / "more.jsonl", [{"text": text}])
        [record] = annotated(tmp_path / name, labels)
        found = {target: [text[first:last] for first, last in spans] for target, spans in record.spans.items()}
        assert found == {"entity_1": ["Moss"], "entity_2": ["Lima"]}


def test_a_span_that_is_not_in_the_text_is_named(tmp_path: Path) -> None:
    write_lines(tmp_path / "more.jsonl", [{"text": "Lima."}])
    label = {"digest": digest("Lima."), "stance": {"entity_1": "neutral"}, "spans": {"entity_1": [[0, 5]]}}
    with pytest.raises(DataError, match=r"a\.jsonl:1: a span of 'entity_1' is not in the text; it has 4 letters"):
        annotated(tmp_path, write_annotations(tmp_path / "labels" / "a.jsonl", label))


def test_test_files_give_no_text(tmp_path: Path) -> None:
    write_dse(tmp_path / "dse" / "test.txt", "[Lima] blamed [Moscow] again.|Lima|Moscow|3")
    line = {"digest": digest("Lima blamed Moscow again."), "stance": {}}
    assert annotated(tmp_path, write_annotations(tmp_path / "labels" / "a.jsonl", line)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Moss flew to Moscow the capital.",
        '"It was cold " he said.',
        "Nobody met him!",
        "Two days later he left.",
        'Mr. Moss flew to Moscow the capital. "It was cold " he said.',
    ],
)
def test_a_sentence_is_found_however_it_was_split(sentence: str) -> None:
    assert digest(sentence) in {digest(text) for text in candidates(DOCUMENT)}


def test_a_label_without_digest_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.jsonl:1: a label needs `digest` and `stance`"):
        read_annotations(write_annotations(tmp_path / "a.jsonl", {"stance": {}}))


def test_sentences_are_left_out_by_digest() -> None:
    records = [Record(id=text, text=text, stance={}) for text in ("Oslo trusts Moscow.", "Lima waits.")]
    assert [record.id for record in without(records, {digest("oslo trusts moscow")})] == ["Lima waits."]
