"""Lines of text files: each keeps its number, and what is wrong with one is told with it."""

from pathlib import Path

import pytest

from training.lines import json_lines, tab_lines, text_lines
from training.records import DataError


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    return path


def test_blank_lines_are_left_out_and_counted(tmp_path: Path) -> None:
    path = written(tmp_path, b"\none\n \t\ntwo")
    assert list(text_lines(path)) == [(f"{path}:2", "one\n"), (f"{path}:4", "two")]


def test_fields_keep_their_spaces_and_empty_ones_their_place(tmp_path: Path) -> None:
    path = written(tmp_path, b"a\t\t b \r\nc\t\r\n")
    assert [fields for _, fields in tab_lines(path)] == [["a", "", " b "], ["c", ""]]


def test_another_encoding_is_read_when_named(tmp_path: Path) -> None:
    path = written(tmp_path, b"\x93caf\xe9\x94\tx")
    assert [fields for _, fields in tab_lines(path, "cp1252")] == [["“café”", "x"]]
    with pytest.raises(DataError, match=r"a\.txt is not utf-8 \(byte 0\)"):
        list(tab_lines(path))


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    path = written(tmp_path, '\ufeff{"a": 1}\n'.encode())
    assert [data for _, data in json_lines(path)] == [{"a": 1}]
    assert [line for _, line in text_lines(path)] == ['{"a": 1}\n']


@pytest.mark.parametrize(
    ("line", "message"), [("{bad", "no valid JSON"), ("[1]", "expected an object, found list"), ("null", "NoneType")]
)
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str, message: str) -> None:
    found = json_lines(written(tmp_path, b'{"a": 1}\n' + line.encode()))
    assert next(found)[1] == {"a": 1}, "the lines before it are read"
    with pytest.raises(DataError, match=rf"a\.txt:2: .*{message}"):
        next(found)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"Cannot read .*gone\.txt: No such file"):
        list(text_lines(tmp_path / "gone.txt"))
