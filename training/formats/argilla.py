"""Argilla 2: the JSON that `dataset.records.to_json` writes and `from_json` reads.

A question for each target (`stance_us`) and `sentiment`, as label questions. Labels that the data
already had go in as suggestions by the agent `labels`, because a response belongs to a user of the
server; responses come back by user.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.fetch import write_aside
from training.labels_io import (
    GIVEN,
    SENTIMENT,
    Annotation,
    Item,
    annotation_from,
    answers,
    carried,
    choices,
    item_from,
    questions,
    read_json,
)
from training.records import DataError

NAME = "argilla"
SUFFIX = ".json"


def write(items: Sequence[Item], path: Path) -> list[Path]:
    """Write records, and beside them the fields and questions that the dataset needs."""
    settings = path.with_suffix(".settings.json")
    write_aside(path, [json.dumps([_record(item) for item in items], ensure_ascii=False, indent=1)])
    plain = {
        "fields": [{"name": "text", "type": "text"}],
        "questions": [
            {"name": name, "type": "label_selection", "labels": list(choices(name)), "required": name == SENTIMENT}
            for name in questions(items)
        ],
        "allow_extra_metadata": True,
    }
    write_aside(settings, [json.dumps(plain, indent=1)])
    return [path, settings]


def _record(item: Item) -> dict[str, Any]:
    suggestions: dict[str, Any] = {}
    if item.suggestion:
        scores, agent = item.suggestion.scores or {}, item.suggestion.model
        for name, label in answers(item.suggestion).items():
            score = scores.get(name.removeprefix("stance_"))
            suggestions[name] = {"value": label, "score": score, "agent": agent}
    for annotation in item.annotations:
        for name, label in answers(annotation).items():
            suggestions[name] = {"value": label, "score": None, "agent": annotation.annotator}
    return {
        "id": item.record.id,
        "fields": {"text": item.record.text},
        "metadata": {"stancewire": json.dumps(carried(item), ensure_ascii=False)},
        "suggestions": suggestions,
        "responses": {},
        "vectors": {},
    }


def read(path: Path) -> list[Item]:
    """Read an export.

    Raises:
        DataError: it is no Argilla JSON, or a label is none of ours.
    """
    records = read_json(path)
    if not isinstance(records, list):
        raise DataError(f"{path} is no Argilla export: expected a list, as `dataset.records.to_json` writes.")
    items = []
    for number, record in enumerate(records, start=1):
        where = f"{path}:record {number}"
        try:
            beside = (record.get("metadata") or {}).get("stancewire")
            items.append(item_from(record["fields"].get("text"), beside, _annotations(record, where), where))
        except (AttributeError, KeyError, TypeError) as error:
            raise DataError(f"{where}: no record of Argilla ({error!r}).") from error
    return items


def _annotations(record: dict[str, Any], where: str) -> list[Annotation]:
    by_user: dict[str, dict[str, str]] = {}
    for name, responses in (record.get("responses") or {}).items():
        for response in responses:
            if response.get("value") is not None:
                by_user.setdefault(str(response.get("user_id")), {})[name] = response["value"]
    if not by_user:
        given = {
            name: each["value"]
            for name, each in (record.get("suggestions") or {}).items()
            if each.get("agent") == GIVEN and each.get("value") is not None
        }
        by_user = {GIVEN: given} if given else {}
    return [annotation_from(who, said, where) for who, said in by_user.items()]
