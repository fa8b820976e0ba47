"""Argilla: responses by user, suggestions that nobody confirmed, and the settings a dataset needs."""

import json
from pathlib import Path
from typing import Any

import pytest

from training.formats import argilla
from training.labels_io import Annotation, Item, Suggestion
from training.records import DataError, Record


def exported(tmp_path: Path, **changes: Any) -> Path:
    """What `dataset.records.to_json` writes, for one record."""
    record = {"id": "a", "fields": {"text": "Lima thanked Moscow."}, "metadata": {}, "suggestions": {}, "responses": {}}
    path = tmp_path / "export.json"
    path.write_text(json.dumps([record | changes]), encoding="utf-8")
    return path


def test_each_user_is_an_annotator(tmp_path: Path) -> None:
    responses = {
        "stance_russia": [{"value": "favor", "user_id": "u1"}, {"value": "neutral", "user_id": "u2"}],
        "sentiment": [{"value": "positive", "user_id": "u1"}, {"value": None, "user_id": "u2"}],
        "clarity": [{"value": "good", "user_id": "u1"}],
    }
    [item] = argilla.read(exported(tmp_path, responses=responses))
    assert item.annotations == (
        Annotation("u1", {"russia": "favor"}, "positive"),
        Annotation("u2", {"russia": "neutral"}),
    )
    assert item.targets == ("russia",)


def test_a_suggestion_of_a_model_is_no_answer(tmp_path: Path) -> None:
    suggestions = {"stance_russia": {"value": "favor", "score": 0.9, "agent": "2026.11.28"}}
    [item] = argilla.read(exported(tmp_path, suggestions=suggestions))
    assert item.annotations == ()


def test_a_response_outweighs_the_label_that_was_there(tmp_path: Path) -> None:
    found = argilla.read(
        exported(
            tmp_path,
            suggestions={"stance_russia": {"value": "favor", "agent": "labels"}},
            responses={"stance_russia": [{"value": "against", "user_id": "u1"}]},
        )
    )
    assert found[0].annotations == (Annotation("u1", {"russia": "against"}),)


def test_the_settings_ask_about_every_target_and_demand_the_tone_only(tmp_path: Path) -> None:
    items = [
        Item(Record("a", "Lima thanked Moscow.", {}), ("russia",), (), Suggestion("v1", {"russia": "favor"})),
        Item(Record("b", "Lima left Washington.", {}), ("us",)),
    ]
    path, settings = argilla.write(items, tmp_path / "out.json")
    asked = json.loads(settings.read_text(encoding="utf-8"))["questions"]
    assert {each["name"]: each["required"] for each in asked} == {
        "stance_russia": False,
        "stance_us": False,
        "sentiment": True,
    }
    one, two = json.loads(path.read_text(encoding="utf-8"))
    assert one["suggestions"]["stance_russia"] == {"value": "favor", "score": None, "agent": "v1"}
    assert (two["suggestions"], two["responses"]) == ({}, {})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fields": {}}, "record 1: no text"),
        ({"fields": None}, "record 1: no record of Argilla"),
        ({"responses": [1]}, "record 1: no record of Argilla"),
        ({"metadata": {"stancewire": "{"}}, "`stancewire` is damaged"),
        ({"responses": {"stance_us": [{"value": ["favor"], "user_id": "u"}]}}, "stance_us is .*; use one of favor"),
    ],
)
def test_a_damaged_record_is_named(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=rf"export\.json:.*{message}"):
        argilla.read(exported(tmp_path, **changes))
