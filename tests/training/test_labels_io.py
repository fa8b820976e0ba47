from pathlib import Path

import pytest

from tests.training.samples import sample_lines
from training.formats import FORMATS, find_format
from training.labels_io import GIVEN, Annotation, Item, Suggestion, labelled
from training.merge import merge
from training.records import DataError, Record, record_from

HARD = (
    {"id": "h1", "text": 'Oslo, “quoted”\nand "more" … Россия\u2028= 1.', "stance": {"us": "against"}},
    {"id": "h2", "text": "=1+1 is no formula for Moscow.", "stance": {"russia": "neutral"}, "sentiment": "neutral"},
    {"id": "h3", "text": "'-2 in Moscow.", "stance": {"russia": "favor"}, "spans": {"russia": [[7, 13]]}},
    {"id": "h4", "text": "A lake in Washington state.", "stance": {}, "tags": ["genre:wire", "a b, c"]},
    {
        "id": "h5",
        "text": "The envoy came.",
        "stance": {"us": "favor"},
        "spans": {"us": []},
        "group": "g",
        "source": "s/t",
    },
    {"id": "h7", "text": "Moscow told Washington off.", "stance": {"russia": "neutral", "us": "against"}},
    {"id": "h8", "text": "Washington told Moscow off.", "stance": {"us": "neutral", "russia": "against"}},
    {"id": "h6", "text": "A fine day in Lima.", "stance": {}, "sentiment": "positive"},
)


@pytest.fixture
def records() -> list[Record]:
    return [record_from(dict(line), "x") for line in (*sample_lines(), *HARD)]


@pytest.mark.parametrize("name", FORMATS)
def test_labels_come_back_as_they_went_out(name: str, records: list[Record], tmp_path: Path) -> None:
    form = FORMATS[name]
    path = tmp_path / f"labels{form.SUFFIX}"
    assert path in form.write(labelled(records), path)
    found = merge(form.read(path))
    assert [str(record.as_dict()) for record in found.records] == [str(record.as_dict()) for record in records]
    assert found.conflicts == []


@pytest.mark.parametrize("name", FORMATS)
def test_the_second_way_there_and_back_gives_the_same_bytes(name: str, records: list[Record], tmp_path: Path) -> None:
    form = FORMATS[name]
    one, two = tmp_path / f"labels{form.SUFFIX}", tmp_path / "again" / f"labels{form.SUFFIX}"
    form.write(labelled(records), one)
    form.write(labelled(merge(form.read(one)).records), two)
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "jsonl"])
def test_a_suggestion_travels_but_is_no_label(name: str, tmp_path: Path) -> None:
    record = Record(id="a", text="Lima thanked Moscow.", stance={}, group="g")
    suggestion = Suggestion("v1", {"russia": "favor"}, "positive", {"russia": 0.5, "sentiment": 0.6})
    form = FORMATS[name]
    path = tmp_path / f"review{form.SUFFIX}"
    form.write([Item(record, ("russia",), (), suggestion, "margin")], path)
    [item] = form.read(path)
    assert (item.annotations, item.suggestion, item.why, item.targets) == ((), suggestion, "margin", ("russia",))
    assert item.record.as_dict() == record.as_dict()
    assert merge([item]).records == []


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("jsonl", "parquet")])
def test_an_edited_text_is_noticed(name: str, tmp_path: Path) -> None:
    form = FORMATS[name]
    path = tmp_path / f"labels{form.SUFFIX}"
    form.write(labelled([Record(id="a", text="Lima thanked Moscow.", stance={"russia": "favor"})]), path)
    path.write_text(path.read_text(encoding="utf-8").replace("Lima", "Oslo"), encoding="utf-8")
    found = merge(form.read(path))
    assert [conflict.kind for conflict in found.conflicts] == ["text"]
    assert found.records == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_foreign_file_is_refused_with_its_name(name: str, tmp_path: Path) -> None:
    form = FORMATS[name]
    path = tmp_path / f"foreign{form.SUFFIX}"
    path.write_text('{"a": 1}\n', encoding="utf-8")
    with pytest.raises(DataError, match="foreign"):
        form.read(path)


@pytest.mark.parametrize("name", FORMATS)
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="gone"):
        FORMATS[name].read(tmp_path / "gone.x")


def test_an_unknown_format_is_named_with_those_there_are() -> None:
    with pytest.raises(DataError, match=r"'brat'; there are label-studio, doccano"):
        find_format("brat")


def test_labels_that_were_given_are_an_annotation() -> None:
    [item] = labelled([Record(id="a", text="Lima.", stance={"us": "favor"}, sentiment="neutral")])
    assert item.annotations == (Annotation(GIVEN, {"us": "favor"}, "neutral"),)
    assert item.record.stance == {}
