import json
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from tests.training.samples import sample_lines, write_lines
from training.records import DataError
from training.tables import read_data, read_each

LINE: dict[str, Any] = {
    "id": "a1",
    "text": "Moscow thanked the White House, calmly.",
    "stance": {"us": "favor", "russia": "neutral"},
    "sentiment": "positive",
    "spans": {"us": [[15, 30]]},
    "group": "g",
    "source": "invented",
    "tags": ["genre:wire", "rule:1"],
}


def test_a_folder_stands_for_its_jsonl_files(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", sample_lines()[:3])
    write_lines(tmp_path / "b.jsonl", sample_lines()[3:5])
    (tmp_path / "notes.txt").write_text("no data")
    assert [record.id for record in read_data([tmp_path])] == [line["id"] for line in sample_lines()[:5]]


def test_csv_with_a_json_column_reads_as_the_same_record(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    cells = [LINE[key] if isinstance(LINE[key], str) else json.dumps(LINE[key]) for key in LINE]
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    path.write_text(",".join(LINE) + "\n" + quoted + "\n", encoding="utf-8-sig")
    assert read_data([path])[0].as_dict() == LINE


def test_csv_with_a_column_for_each_target(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,stance.us,stance.russia\nOslo praised Moscow.,,favor\n", encoding="utf-8")
    [record] = read_data([path])
    assert record.stance == {"russia": "favor"}
    assert record.id == f"{path}:2"


def test_csv_with_a_row_for_each_pair_is_merged_by_id(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(
        "id\ttext\ttarget\tlabel\n"
        "1\tMoscow met Washington.\tus\tneutral\n1\tMoscow met Washington.\trussia\tneutral\n"
        "2\tOslo blamed Moscow.\trussia\tagainst\n",
        encoding="utf-8",
    )
    assert [record.stance for record in read_data([path])] == [
        {"us": "neutral", "russia": "neutral"},
        {"russia": "against"},
    ]


def test_parquet_reads_as_the_same_record(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    other = {"id": "a2", "text": "Oslo blamed Moscow.", "stance": {"russia": "against"}}
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([LINE, other]), path)
    assert [record.as_dict() for record in read_data([path])] == [LINE, other]


def test_a_table_without_the_columns_is_refused_with_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sentence,label\nx,y\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"needs a column `text`.*Found: sentence, label"):
        read_data([path])


def test_a_bad_row_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'text,stance\nOslo slept.,{}\nOslo woke.,"{bad"\nOslo ate.,"{""us"": ""so-so""}"\n', encoding="utf-8"
    )
    found = list(read_each(path))
    errors = [each.message for each in found if isinstance(each, DataError)]
    assert len(found) == 3
    assert any(f"{path}:3" in message and "no valid JSON" in message for message in errors)
    assert any(f"{path}:4" in message and "'so-so'" in message for message in errors)


@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.jsonl"])
def test_a_file_of_other_bytes_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xff\xfe\x00text")
    with pytest.raises(DataError, match=name):
        read_data([tmp_path / name])


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(LINE) + "\n", encoding="utf-8-sig")
    assert [record.as_dict() for record in read_data([path])] == [LINE]
