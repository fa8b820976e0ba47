"""CSV: what spreadsheets do to it, and what it must not do to them."""

import csv
from pathlib import Path

import pytest

from training.formats import csv_table
from training.labels_io import Annotation, Item, Suggestion, labelled
from training.records import DataError, Record


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'=1", "''@x"])
def test_no_cell_is_a_formula_and_each_text_comes_back(text: str, tmp_path: Path) -> None:
    [path] = csv_table.write(labelled([Record("a", text, {"us": "favor"})]), tmp_path / "a.csv")
    [row] = cells(path)
    assert row["text"] == f"'{text}"
    assert csv_table.read(path)[0].record.text == text


@pytest.mark.parametrize("text", ["'Tis a lie, Moscow said.", "1 = 1"])
def test_other_texts_are_left_as_they_are(text: str, tmp_path: Path) -> None:
    [path] = csv_table.write(labelled([Record("a", text, {})]), tmp_path / "a.csv")
    assert cells(path)[0]["text"] == text


def test_semicolons_part_the_cells_where_the_header_has_them(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    path.write_text("text;stance.us\nLima, they say; waits.;favor\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"ann\.csv:2: more cells than the header"):
        csv_table.read(path)
    path.write_text('text;stance.us\n"Lima, they say; waits.";favor\n', encoding="utf-8")
    assert csv_table.read(path)[0].record.text == "Lima, they say; waits."


def test_scores_with_a_decimal_comma_are_understood(tmp_path: Path) -> None:
    suggestion = Suggestion("v1", {"russia": "favor"}, None, {"russia": 0.25})
    item = Item(Record("a", "Lima thanked Moscow.", {}), ("russia",), (), suggestion, "margin")
    [path] = csv_table.write([item], tmp_path / "a.csv")
    saved = path.read_text(encoding="utf-8").replace("0.25", '"0,25"')
    path.write_text(saved, encoding="utf-8")
    assert csv_table.read(path)[0].suggestion == suggestion
    path.write_text(saved.replace("0,25", "high"), encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.csv:2: `score\.russia` is 'high'; it must be a number"):
        csv_table.read(path)


def test_a_place_is_that_of_the_line_even_below_a_text_of_several(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    path.write_text('text,stance.us\n"Lima\nwaits.",favor\nOslo waits.,warm\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"ann\.csv:4: stance_us is 'warm'"):
        csv_table.read(path)


def test_a_table_as_a_spreadsheet_leaves_it_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    path.write_text(
        "\ufefftext;stance.us;stance.russia;sentiment\nLima thanked Moscow.;Not mentioned; Favor ;Positive\n",
        encoding="utf-8",
    )
    [item] = csv_table.read(path)
    assert item.annotations == (Annotation("ann", {"us": "not_mentioned", "russia": "favor"}, "positive"),)


def test_a_label_that_is_none_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    path.write_text("text,stance.us\nLima waits.,warm\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"ann\.csv:2: stance_us is 'warm'; use one of favor, against"):
        csv_table.read(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "no column `text`. Found: none"), (b"a,b\n", "Found: a, b"), (b"text\ncaf\xe9\n", "is not UTF-8")],
)
def test_what_is_no_table_of_ours_is_named(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "ann.csv").write_bytes(content)
    with pytest.raises(DataError, match=rf"ann\.csv.*{message}"):
        csv_table.read(tmp_path / "ann.csv")
