"""Label Studio: tasks, their annotators, and the configuration that asks the questions."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from training.formats import label_studio
from training.labels_io import GIVEN, Annotation, Item, Suggestion
from training.records import DataError, Record


def choice(name: str, *labels: str) -> dict[str, Any]:
    return {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": list(labels)}}


def exported(tmp_path: Path, *annotations: dict[str, Any]) -> Path:
    path = tmp_path / "export.json"
    task = {"id": 7, "data": {"text": "Lima thanked Moscow."}, "annotations": list(annotations), "predictions": []}
    path.write_text(json.dumps([task]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("who", "name"), [(3, "3"), ({"id": 3, "email": "mia@x.org"}, "mia@x.org"), ({"id": 3}, "3"), (None, GIVEN)]
)
def test_the_annotator_is_told_in_each_way_that_exports_tell(who: Any, name: str, tmp_path: Path) -> None:
    result = [choice("stance_russia", "favor"), choice("sentiment", "positive")]
    [item] = label_studio.read(exported(tmp_path, {"completed_by": who, "result": result}))
    assert item.annotations == (Annotation(name, {"russia": "favor"}, "positive"),)


def test_cancelled_annotations_and_other_regions_do_not_count(tmp_path: Path) -> None:
    [item] = label_studio.read(
        exported(
            tmp_path,
            {"completed_by": 1, "was_cancelled": True, "result": [choice("stance_russia", "against")]},
            {
                "completed_by": 2,
                "result": [
                    {"from_name": "note", "type": "textarea", "value": {"text": ["?"]}},
                    choice("stance_us"),
                    choice("stance_russia", "favor"),
                ],
            },
        )
    )
    assert item.annotations == (Annotation("2", {"russia": "favor"}),)


def test_the_configuration_has_a_single_choice_for_each_question(tmp_path: Path) -> None:
    odd = 'a<b&"c"'
    items = [Item(Record("a", "Lima thanked Moscow.", {}), ("russia", odd))]
    _, config = label_studio.write(items, tmp_path / "out.json")
    view = ElementTree.fromstring(config.read_text(encoding="utf-8"))
    asked = {each.get("name"): [found.get("value") for found in each] for each in view.iter("Choices")}
    stances = ["favor", "against", "neutral", "not_mentioned"]
    assert asked == {
        "stance_russia": stances,
        f"stance_{odd}": stances,
        "sentiment": ["negative", "neutral", "positive"],
    }
    assert {each.get("choice") for each in view.iter("Choices")} == {"single"}
    assert [each.get("value") for each in view.iter("Text")] == ["$text"]


def test_a_prediction_scores_as_its_least_sure_answer(tmp_path: Path) -> None:
    suggestion = Suggestion("v1", {"russia": "favor"}, "positive", {"russia": 0.4, "sentiment": 0.9})
    path, _ = label_studio.write([Item(Record("a", "x", {}), ("russia",), (), suggestion)], tmp_path / "out.json")
    [task] = json.loads(path.read_text(encoding="utf-8"))
    assert "annotations" not in task
    [prediction] = task["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("v1", 0.4)
    assert prediction["result"] == [choice("stance_russia", "favor"), choice("sentiment", "positive")]


def test_another_export_and_a_damaged_task_are_named(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text('[{"id": 7, "text": "Lima thanked Moscow.", "stance_russia": "favor"}]', encoding="utf-8")
    with pytest.raises(DataError, match="Export as JSON, not as JSON-MIN"):
        label_studio.read(path)
    with pytest.raises(DataError, match=r"export\.json:task 7: no task of Label Studio \(KeyError\('value'\)\)"):
        label_studio.read(exported(tmp_path, {"result": [{"from_name": "stance_us", "type": "choices"}]}))
    with pytest.raises(DataError, match="task 7: stance_us is 'warm'"):
        label_studio.read(exported(tmp_path, {"result": [choice("stance_us", "warm")]}))
