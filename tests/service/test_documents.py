"""Many documents from a file, a folder or standard input."""

import gzip
import io
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service import documents
from service.documents import Document, DocumentError, parse_item, read_items, source_size
from service.inputs import InputError

LINES = b'{"text": "a"}\n\n  \n{"text": "b"}\r\n{"text": "c"}'


def parsed(**line: Any) -> Document:
    return parse_item(documents.Item("line 3", json.dumps(line).encode(), 0))


def test_lines_are_numbered_as_an_editor_numbers_them_and_empty_ones_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(LINES)
    items = list(read_items(str(path)))
    assert [item.where.rpartition(", ")[2] for item in items] == ["line 1", "line 4", "line 5"]
    assert [parse_item(item).text for item in items] == ["a", "b", "c"]
    assert items[-1].done == source_size(str(path)) == len(LINES)


def test_packed_lines_and_those_of_a_pipe_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "in.jsonl.gz"
    packed.write_bytes(gzip.compress(LINES))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINES)))
    data = [[item.data for item in read_items(source)] for source in (str(packed), "-")]
    assert data[0] == data[1]
    assert len(data[0]) == 3
    assert source_size("-") is None


def test_a_line_beyond_the_limit_is_skipped_and_the_next_one_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LONGEST_LINE", 20)
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"x" * 95 + b"\n" + b'{"text": "a"}\n' + b"y" * 95)
    first, second, third = read_items(str(path))
    assert (first.data, third.data) == (None, None)
    assert parse_item(second).text == "a"
    assert second.where.endswith("line 2")
    with pytest.raises(DocumentError, match="line 1: longer than"):
        parse_item(first)


@pytest.mark.parametrize("damage", [b"no gzip", gzip.compress(LINES)[:-12], gzip.compress(LINES)[:-4] + b"xxxx"])
def test_a_damaged_packed_file_is_named(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "in.jsonl.gz"
    path.write_bytes(damage)
    with pytest.raises(InputError, match=r"in\.jsonl\.gz is no whole gzip file"):
        list(read_items(str(path)))


def test_a_folder_gives_its_text_files_in_order_with_their_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name, text in (("b/z.txt", "Moscow."), ("a.txt", "Oslo."), ("c.md", "no")):
        (tmp_path / name).write_text(text)
    found = [parse_item(item) for item in read_items(str(tmp_path))]
    assert [(document.id, document.title, document.text) for document in found] == [
        ("a.txt", "a.txt", "Oslo."),
        ("b/z.txt", "b/z.txt", "Moscow."),
    ]
    assert source_size(str(tmp_path)) == 12
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    with pytest.raises(DocumentError, match=r"bad\.txt is not UTF-8") as caught:
        [parse_item(item) for item in read_items(str(tmp_path))]
    assert caught.value.id == "bad.txt"


def test_an_empty_folder_and_a_missing_file_say_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no \.txt file"):
        list(read_items(str(tmp_path)))
    with pytest.raises(InputError, match=r"Cannot read .*none\.jsonl: No such file"):
        list(read_items(str(tmp_path / "none.jsonl")))


def test_a_document_says_what_it_wants_and_other_keys_are_passed_over() -> None:
    line = {"text": "a", "id": 5, "targets": ["us"], "explain": True, "date": "2016-03-01T10:00:00Z", "title": "T"}
    assert parsed(**line, other=1) == Document("a", 5, ["us"], True, date(2016, 3, 1), "T")
    assert parsed(text="a", title=5) == Document("a")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": None}, "text"),
        ({"text": "a\0"}, "text"),
        ({"targets": "us"}, "targets"),
        ({"targets": [5]}, "targets"),
        ({"explain": 1}, "explain"),
        ({"date": "yesterday"}, "date"),
    ],
)
def test_a_wrong_value_is_named_with_its_line_and_document(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(DocumentError, match=f'^line 3: "{field}"') as caught:
        parsed(**{"text": "a", "id": "x", **wrong})
    assert (caught.value.field, caught.value.id) == (field, "x")


def test_a_line_that_is_no_object_is_refused() -> None:
    for data, message in ((b"{", "no valid JSON"), (b"[]", "found list")):
        with pytest.raises(DocumentError, match=f"line 3: .*{message}"):
            parse_item(documents.Item("line 3", data, 0))
