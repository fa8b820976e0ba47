"""doccano: labels that are question and answer, one file for each annotator."""

import json
from pathlib import Path
from typing import Any

import pytest

from training.formats import doccano
from training.labels_io import GIVEN, Annotation, Item, Suggestion, labelled
from training.records import DataError, Record


def exported(tmp_path: Path, **line: Any) -> Path:
    path = tmp_path / "mia.jsonl"
    path.write_text(json.dumps({"id": 1, "text": "Lima thanked Moscow."} | line) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("key", ["label", "labels"])
def test_the_file_is_named_after_its_annotator(key: str, tmp_path: Path) -> None:
    [item] = doccano.read(exported(tmp_path, **{key: ["stance_russia=favor", "sentiment=positive"]}))
    assert item.annotations == (Annotation("mia", {"russia": "favor"}, "positive"),)


def test_labels_that_the_data_already_had_are_not_the_annotators(tmp_path: Path) -> None:
    items = labelled([Record("a", "Lima thanked Moscow.", {"russia": "favor"})])
    path, _ = doccano.write(items, tmp_path / "mia.jsonl")
    assert doccano.read(path)[0].annotations[0].annotator == GIVEN


def test_a_sentence_without_a_label_is_not_answered(tmp_path: Path) -> None:
    assert doccano.read(exported(tmp_path, label=[]))[0].annotations == ()


def test_other_labels_of_the_project_are_left_alone(tmp_path: Path) -> None:
    [item] = doccano.read(exported(tmp_path, label=["unclear", "stance_russia=favor", "too long"]))
    assert item.annotations == (Annotation("mia", {"russia": "favor"}),)
    [item] = doccano.read(exported(tmp_path, label=["unclear"]))
    assert item.annotations == ()


def test_two_answers_to_one_question_are_named(tmp_path: Path) -> None:
    path = exported(tmp_path, label=["stance_us=favor", "stance_us=against"])
    with pytest.raises(DataError, match=r"mia\.jsonl:1: two answers to one question: stance_us=favor, stance_us"):
        doccano.read(path)


@pytest.mark.parametrize("label", [None, "stance_us=favor", [[0, 4, "stance_us=favor"]]])
def test_another_kind_of_project_is_refused(label: Any, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="The project type is text classification"):
        doccano.read(exported(tmp_path, label=label))


def test_every_answer_that_may_be_given_is_offered_and_suggestions_are_only_shown(tmp_path: Path) -> None:
    item = Item(Record("a", "Lima thanked Moscow.", {}), ("russia",), (), Suggestion("v1", {"russia": "favor"}))
    path, labels = doccano.write([item], tmp_path / "out.jsonl")
    offered = [each["text"] for each in json.loads(labels.read_text(encoding="utf-8"))]
    assert offered == [
        *(f"stance_russia={each}" for each in ("favor", "against", "neutral", "not_mentioned")),
        *(f"sentiment={each}" for each in ("negative", "neutral", "positive")),
    ]
    line = json.loads(path.read_text(encoding="utf-8"))
    assert (line["label"], line["suggested"]) == ([], "stance_russia=favor")
