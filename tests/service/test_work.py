"""From bytes to bytes: what one piece of work checks, answers and counts."""

import json
import pickle
from dataclasses import replace
from typing import Any

import pytest

from models.errors import StancewireError
from service.work import Done, Limits, Reader, Tally, answer_batch, answer_line, answer_stance, read_text

TEXT = "Ankara accused Moscow on Tuesday. It rained. Oslo praised Washington and Moscow."


def limited(reader: Reader, **limits: int) -> Reader:
    """The same model with tighter limits."""
    return Reader(reader.analyzer, replace(reader.limits, **limits), reader.key)


def body(**document: Any) -> bytes:
    return json.dumps(document).encode()


def test_the_tally_counts_texts_sentences_and_each_stance(reader: Reader) -> None:
    done = read_text(reader, TEXT, None, False, None)
    assert (done.tally.documents, done.tally.sentences, done.tally.failed) == (1, 3, 0)
    stances = [stance for sentence in done.value.sentences for stance in sentence.stances]
    assert done.tally.labels.total() == len(stances) == 3
    assert done.tally.labels["russia", "against"] >= 1
    assert done.tally.unsure == sum(not stance.confident for stance in stances)


def test_a_sample_of_one_text_in_sixteen_is_looked_at_for_unseen_words(reader: Reader) -> None:
    fresh = Reader(reader.analyzer, reader.limits, reader.key)
    tallies = [read_text(fresh, "Zzyzx accused Qwyx.", None, False, None).tally for _ in range(33)]
    assert [place for place, tally in enumerate(tallies) if tally.words] == [0, 16, 32]
    assert (tallies[0].words, tallies[0].unseen) == (3, 2)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "empty_text", "empty or blank"),
        (" \n\u2003", "empty_text", "empty or blank"),
        ("Moscow\0.", "invalid_input", "NUL character at offset 6"),
        ("Café \ud800.", "invalid_input", "lone surrogate at offset 5"),
        ("a" * 201, "text_too_long", "201 characters; at most 200"),
        ("Ha. He. Hi. Ho.", "too_many_sentences", "more than 3 sentences"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_before_any_work(
    reader: Reader, text: str, code: str, message: str
) -> None:
    tally = Tally()
    with pytest.raises(StancewireError, match=message) as caught:
        limited(reader, max_text=200, max_sentences=3).read(tally, text)
    assert (caught.value.code, caught.value.field) == (code, "text")
    assert tally == Tally()


def test_a_text_of_just_so_many_characters_and_sentences_passes(reader: Reader) -> None:
    tally = Tally()
    limited(reader, max_text=11, max_sentences=3).read(tally, "Ha. He. Hi.")
    assert tally.sentences == 3


def test_an_answer_holds_what_the_analyzer_says_and_the_id_that_was_sent(reader: Reader) -> None:
    done = answer_stance(reader, body(text=TEXT, explain=True, targets=["russia"], id=7))
    expected = reader.analyzer.analyze(TEXT, ["russia"], explain=True).as_dict(7)
    assert json.loads(done.value) == json.loads(json.dumps(expected))


def test_a_bad_document_has_an_error_in_its_place_with_its_id_and_place(reader: Reader) -> None:
    documents = [{"text": TEXT, "id": "a"}, {"text": " ", "id": "b"}, {"text": TEXT, "id": [1]}, 5, {"text": TEXT}]
    done = answer_batch(reader, body(documents=documents))
    results = json.loads(done.value)["results"]
    found = [(result["id"], result.get("error", {}).get("field")) for result in results]
    assert found == [
        ("a", None),
        ("b", "documents.1.text"),
        (None, "documents.2.id"),
        (None, "documents.3"),
        (None, None),
    ]
    assert (done.tally.documents, done.tally.failed) == (2, 3)


def test_the_documents_of_a_batch_share_the_limit_of_sentences(reader: Reader) -> None:
    documents = [{"text": "Ha. He."}, {"text": "Hi. Ho."}, {"text": "Hu."}]
    done = answer_batch(limited(reader, max_sentences=3), body(documents=documents))
    assert [
        result.get("error", {}).get("code", len(result.get("sentences", ())))
        for result in json.loads(done.value)["results"]
    ] == [2, "too_many_sentences", 1]


def test_a_batch_beyond_the_limit_is_refused_as_a_whole(reader: Reader) -> None:
    with pytest.raises(StancewireError, match="3 documents; at most 2") as caught:
        answer_batch(limited(reader, max_documents=2), body(documents=[{"text": TEXT}] * 3))
    assert (caught.value.status, caught.value.code) == (413, "too_many_documents")


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (b"{", "not_json", "line 4"),
        (b'{"text": "caf\xe9"}', "not_json", "line 4"),
        (b"[]", "invalid_input", "line 4"),
        (b'{"text": "Moscow.", "targets": ["mars"]}', "unknown_target", "line 4.targets"),
    ],
)
def test_a_bad_line_is_answered_by_an_error_line(reader: Reader, line: bytes, code: str, field: str) -> None:
    done = answer_line(reader, line, 4)
    assert done.value.count(b"\n") == 1
    assert done.value.endswith(b"\n")
    error = json.loads(done.value)["error"]
    assert (error["code"], error["field"], done.tally.failed) == (code, field, 1)


def test_a_good_line_is_answered_as_the_same_request_is(reader: Reader) -> None:
    request = body(text=TEXT, id="x")
    assert answer_line(reader, request, 1).value == answer_stance(reader, request).value + b"\n"


def test_an_answer_survives_the_way_from_a_helper_process(reader: Reader) -> None:
    done = read_text(reader, TEXT, None, True, None)
    back = pickle.loads(pickle.dumps(done))
    assert isinstance(back, Done)
    assert back == done
    assert pickle.loads(pickle.dumps(Limits(1, 2, 3))) == Limits(1, 2, 3)
