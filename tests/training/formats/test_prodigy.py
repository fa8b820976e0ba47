"""Prodigy: one task for each question, and answers of several annotators to them."""

import json
from pathlib import Path
from typing import Any

import pytest

from training.formats import prodigy
from training.labels_io import Annotation, Item, Suggestion
from training.records import DataError, Record

TEXT = "Lima thanked Moscow."


def task(name: str, *accept: str, answer: str = "accept", **more: Any) -> dict[str, Any]:
    return {"text": TEXT, "question": name, "accept": list(accept), "answer": answer} | more


def exported(tmp_path: Path, *tasks: dict[str, Any]) -> Path:
    path = tmp_path / "mia.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in tasks), encoding="utf-8")
    return path


def test_answers_to_the_questions_of_a_sentence_come_together(tmp_path: Path) -> None:
    tasks = (
        task("stance_russia", "favor", _annotator_id="ann"),
        task("stance_russia", "neutral", _session_id="bob"),
        task("sentiment", "positive", _annotator_id="ann"),
        task("sentiment", "neutral", text="Rain fell."),
    )
    one, two = prodigy.read(exported(tmp_path, *tasks))
    assert one.annotations == (
        Annotation("ann", {"russia": "favor"}, "positive"),
        Annotation("bob", {"russia": "neutral"}),
    )
    assert two.annotations == (Annotation("mia", {}, "neutral"),), "the file is named after its annotator"


@pytest.mark.parametrize("answer", ["reject", "ignore"])
def test_what_was_not_accepted_is_not_answered(answer: str, tmp_path: Path) -> None:
    tasks = (task("stance_russia", "favor", answer=answer), task("sentiment"))
    [item] = prodigy.read(exported(tmp_path, *tasks))
    assert item.annotations == ()


def test_each_question_is_a_task_with_its_suggestion_chosen(tmp_path: Path) -> None:
    suggestion = Suggestion("v1", {"russia": "favor"})
    [path] = prodigy.write([Item(Record("a", TEXT, {}), ("russia", "us"), (), suggestion)], tmp_path / "out.jsonl")
    tasks = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(each["question"], each.get("accept")) for each in tasks] == [
        ("stance_russia", ["favor"]),
        ("stance_us", None),
        ("sentiment", None),
    ]
    assert all("answer" not in each for each in tasks)
    assert [each["id"] for each in tasks[2]["options"]] == ["negative", "neutral", "positive"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"text": TEXT, "label": "favor", "answer": "accept"}, "no task with `text` and `question`"),
        (task("stance_us", "favor", "against"), "two answers to one question"),
        (task("stance_us", "warm"), "stance_us is 'warm'; use one of"),
        (task("stance_us", "favor", stancewire="{"), "`stancewire` is damaged"),
    ],
)
def test_a_task_that_is_none_of_ours_is_named(line: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"mia\.jsonl:1: {message}"):
        prodigy.read(exported(tmp_path, line))
