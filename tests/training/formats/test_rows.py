"""Rows: one for each sentence and annotator, in columns that training data can be read from as they are."""

from pathlib import Path

import pytest

from training.formats import csv_table
from training.formats.rows import columns, from_rows, to_rows
from training.labels_io import GIVEN, Annotation, Item, Suggestion
from training.records import DataError, Record
from training.tables import read_data

RECORD = Record("a", "Lima thanked Moscow.", {}, spans={"russia": ((13, 19),)}, tags=("genre:wire",))


def test_each_annotator_has_a_row_and_a_sentence_without_any_one_too() -> None:
    said = (Annotation("ann", {"russia": "favor"}), Annotation("bob", {"russia": "neutral"}, "positive"))
    rows = to_rows([Item(RECORD, ("russia",), said), Item(RECORD, ("russia",))])
    assert [(row.get("annotator"), row.get("stance.russia"), row.get("sentiment")) for row in rows] == [
        ("ann", "favor", None),
        ("bob", "neutral", "positive"),
        (None, None, None),
    ]
    assert {key for row in rows for key in row} <= set(columns([Item(RECORD, ("russia",), said)]))


def test_columns_of_suggestions_are_there_when_there_is_one() -> None:
    bare = Item(RECORD, ("russia",))
    assert "suggested.russia" not in columns([bare])
    found = columns([bare, Item(RECORD, ("us",), (), Suggestion("v1", {"us": "favor"}))])
    assert found[:5] == ["id", "text", "stance.russia", "stance.us", "sentiment"]
    assert set(found) >= {"suggested.russia", "score.us", "suggested.sentiment", "model", "why"}


def test_a_filled_table_is_training_data_as_it_is(tmp_path: Path) -> None:
    [path] = csv_table.write([Item(RECORD, ("russia",), (Annotation("ann", {"russia": "favor"}),))], tmp_path / "a.csv")
    [record] = read_data([path])
    assert (record.stance, record.spans, record.tags) == ({"russia": "favor"}, RECORD.spans, RECORD.tags)


def test_a_row_that_nobody_filled_is_not_answered() -> None:
    row = {"id": "a", "text": "Lima thanked Moscow.", "targets": '["russia"]'}
    [item] = from_rows([("x:1", row)], "mia")
    assert (item.annotations, item.targets) == ((), ("russia",))
    [item] = from_rows([("x:1", row | {"annotator": GIVEN})], "mia")
    assert item.annotations == (Annotation(GIVEN, {}),), "labelled already: it mentions no target"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ({"spans": "{"}, "`spans` holds no valid JSON"),
        ({"tags": "wire"}, "`tags` holds no valid JSON"),
        ({"targets": "3"}, "`targets` must be a list of strings"),
        ({"targets": '"us"'}, "`targets` must be a list of strings"),
        ({"spans": '{"us": [[0, 99]]}'}, "`spans` must look like"),
        ({"text": " "}, "no text"),
    ],
)
def test_a_damaged_cell_is_named_with_its_place(cell: dict[str, str], message: str) -> None:
    with pytest.raises(DataError, match=rf"x:7: {message}"):
        from_rows([("x:7", {"id": "a", "text": "Lima thanked Moscow."} | cell)], "mia")
