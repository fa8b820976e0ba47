"""The data line: what it may hold, and what is said of one that is not right."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.training.samples import write_lines
from training.records import DataError, Record, digest, parse_line, read_records, record_from, target_name

LINE: dict[str, Any] = {
    "id": "a1",
    "text": "Moscow thanked the White House.",
    "stance": {"us": "favor", "russia": "neutral"},
    "sentiment": "positive",
    "spans": {"us": [[15, 30]], "russia": []},
    "group": "g",
    "source": "invented",
    "tags": ["genre:wire"],
}


def test_a_line_comes_out_as_it_went_in() -> None:
    assert parse_line(json.dumps(LINE), "a:1").as_dict() == LINE


def test_only_text_and_stance_must_be_there() -> None:
    record = parse_line('{"text": "Oslo slept.", "stance": {}}', "a.jsonl:7")
    assert record == Record("a.jsonl:7", "Oslo slept.", {}, where="a.jsonl:7")
    assert record.as_dict() == {"id": "a.jsonl:7", "text": "Oslo slept.", "stance": {}}


def test_a_number_that_is_an_id_becomes_a_string() -> None:
    assert record_from(LINE | {"id": 0}, "a:1").id == "0"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": "favor"}, "unknown key 'label'; allowed are id, text"),
        ({"text": " \n"}, "`text` must be a non-empty string"),
        ({"text": 5}, "`text` must be"),
        ({"stance": "favor"}, "`stance` must be an object"),
        ({"stance": {"us": "warm"}}, "stance 'us' is 'warm'; use one of favor, against, neutral"),
        ({"stance": {"us": ["favor"]}}, "stance 'us' is"),
        ({"sentiment": "good"}, "`sentiment` is 'good'; use one of"),
        ({"group": 5}, "`group` must be a string"),
        ({"tags": "genre:wire"}, "`tags` must be a list of strings"),
        ({"spans": [[0, 6]]}, "`spans` must look like"),
        ({"spans": {"us": "0-6"}}, "'us' is no list"),
        ({"spans": {"us": [[6, 6]]}}, r"'us' has \[6, 6\]"),
        ({"spans": {"us": [[0, 32]]}}, r"end <= 31; 'us' has \[0, 32\]"),
        ({"spans": {"us": [[-1, 4]]}}, "has"),
        ({"spans": {"us": [[0, 6.0]]}}, "has"),
        ({"spans": {"us": [[False, True]]}}, "has"),
    ],
)
def test_a_bad_value_is_named_with_its_line_and_its_mend(change: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=rf"^a\.jsonl:3: .*{message}"):
        record_from(LINE | change, "a.jsonl:3")


@pytest.mark.parametrize(("line", "message"), [("{", "no valid JSON"), ("[]", "expected an object, found list")])
def test_a_line_that_is_no_object_is_named(line: str, message: str) -> None:
    with pytest.raises(DataError, match=rf"a:1: {message}"):
        parse_line(line, "a:1")


def test_case_spaces_and_punctuation_do_not_make_another_sentence() -> None:
    assert digest("“Moscow said no”, Oslo wrote.") == digest('moscow said "NO" – Oslo wrote')
    assert digest("Moscow said no.") != digest("Moscow said so.")
    assert digest("Москва ждёт.") != digest("Москва ждала.")


def test_entities_of_all_sentences_are_counted_under_one_name() -> None:
    assert {target_name(each) for each in ("entity_1", "entity_12", "entity")} == {"entity"}
    assert target_name("us") == "us"


def test_files_of_a_folder_are_read_in_order_and_blank_lines_left_out(tmp_path: Path) -> None:
    write_lines(tmp_path / "b.jsonl", [{"text": "Second.", "stance": {}}])
    (tmp_path / "a.jsonl").write_text('\n{"text": "First.", "stance": {}}\n\n', encoding="utf-8")
    assert [(r.text, r.where) for r in read_records(tmp_path)] == [
        ("First.", f"{tmp_path}/a.jsonl:2"),
        ("Second.", f"{tmp_path}/b.jsonl:1"),
    ]


def test_a_line_separator_within_a_text_ends_no_line(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [{"text": "Oslo\u2028slept\x85.", "stance": {}}])
    assert [record.text for record in read_records(path)] == ["Oslo\u2028slept\x85."]


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(LINE), encoding="utf-8-sig")
    assert [record.as_dict() for record in read_records(path)] == [LINE]


def test_paths_without_data_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no \.jsonl file"):
        read_records(tmp_path)
    with pytest.raises(DataError, match="gone does not exist"):
        read_records(tmp_path / "gone")
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "caf\xe9"}')
    with pytest.raises(DataError, match=r"a\.jsonl is not UTF-8 \(byte 13\)"):
        read_records(tmp_path)


def test_the_corpus_is_the_first_word_of_the_source() -> None:
    assert Record("1", "Oslo.", {}, source="dse-directed/train").corpus == "dse-directed"
    assert Record("1", "Oslo.", {}).corpus == ""
