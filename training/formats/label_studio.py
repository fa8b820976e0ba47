"""Label Studio: its JSON of tasks, with one single choice for each question.

Beside the tasks a labelling configuration is written, for Settings → Labeling Interface → Code.
Reads its export "JSON" (not "JSON-MIN").
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from training.fetch import write_aside
from training.labels_io import (
    GIVEN,
    Annotation,
    Item,
    Suggestion,
    annotation_from,
    answers,
    carried,
    choices,
    item_from,
    questions,
    read_json,
)
from training.records import DataError

NAME = "label-studio"
SUFFIX = ".json"


def write(items: Sequence[Item], path: Path) -> list[Path]:
    """Write tasks, and beside them the labelling configuration."""
    config = path.with_suffix(".config.xml")
    write_aside(path, [json.dumps([_task(item) for item in items], ensure_ascii=False, indent=1)])
    write_aside(config, _config(questions(items)))
    return [path, config]


def _task(item: Item) -> dict[str, Any]:
    data = {"text": item.record.text, "sentence_id": item.record.id, "stancewire": carried(item)}
    task: dict[str, Any] = {"data": data}
    if item.annotations:
        task["annotations"] = [_annotation(annotation) for annotation in item.annotations]
    if item.suggestion:
        scores = (item.suggestion.scores or {}).values()
        task["predictions"] = [
            {"model_version": item.suggestion.model, "score": min(scores, default=0.0)} | _result(item.suggestion)
        ]
    return task


def _annotation(annotation: Annotation) -> dict[str, Any]:
    who = {} if annotation.annotator == GIVEN else {"completed_by": {"email": annotation.annotator}}
    return who | _result(annotation)


def _result(said: Annotation | Suggestion) -> dict[str, Any]:
    return {
        "result": [
            {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [label]}}
            for name, label in answers(said).items()
        ]
    }


def _config(names: Sequence[str]) -> list[str]:
    lines = ["<View>", '  <Text name="text" value="$text"/>']
    for name in names:
        lines.append(f"  <Header value={quoteattr(name)}/>")
        lines.append(f'  <Choices name={quoteattr(name)} toName="text" choice="single" showInline="true">')
        lines += [f'    <Choice value="{choice}"/>' for choice in choices(name)]
        lines.append("  </Choices>")
    return [*lines, "</View>"]


def read(path: Path) -> list[Item]:
    """Read an export.

    Raises:
        DataError: it is no Label Studio JSON, or a label is none of ours.
    """
    tasks = read_json(path)
    if not isinstance(tasks, list) or not all(isinstance(task, dict) and "data" in task for task in tasks):
        raise DataError(f"{path} is no Label Studio export with `data`. Export as JSON, not as JSON-MIN or CSV.")
    items = []
    for number, task in enumerate(tasks, start=1):
        where = f"{path}:task {task.get('id', number)}"
        try:
            said = [_read(each, where) for each in task.get("annotations") or () if not each.get("was_cancelled")]
            items.append(item_from(task["data"].get("text"), task["data"].get("stancewire"), said, where))
        except (AttributeError, KeyError, TypeError, IndexError) as error:
            raise DataError(f"{where}: no task of Label Studio ({error!r}).") from error
    return items


def _read(annotation: dict[str, Any], where: str) -> Annotation:
    said = {
        result["from_name"]: result["value"]["choices"][0]
        for result in annotation.get("result") or ()
        if result.get("type") == "choices" and result["value"].get("choices")
    }
    who = annotation.get("completed_by")
    who = (who.get("email") or who.get("id")) if isinstance(who, dict) else who
    return annotation_from(GIVEN if who is None else str(who), said, where)
