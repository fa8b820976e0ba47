"""doccano: JSON Lines for its project type "text classification", several labels to a text.

A label is question and answer: `stance_us=against`, `sentiment=negative`. doccano exports one file
for each annotator, named after them: the name of the file is the annotator.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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
)
from training.lines import json_lines
from training.records import DataError

NAME = "doccano"
SUFFIX = ".jsonl"


def write(items: Sequence[Item], path: Path) -> list[Path]:
    """Write one line for each item, and beside it the labels for the page Labels → Import."""
    labels = path.with_suffix(".labels.json")
    names = [f"{name}={choice}" for name in questions(items) for choice in choices(name)]
    write_aside(path, [json.dumps(_line(item), ensure_ascii=False) for item in items])
    write_aside(labels, [json.dumps([{"text": name} for name in names], indent=1)])
    return [path, labels]


def _line(item: Item) -> dict[str, Any]:
    said = item.annotations[0] if item.annotations else None
    beside = carried(item) | ({"annotator": said.annotator} if said else {})
    line: dict[str, Any] = {
        "text": item.record.text,
        "label": _labels(said) if said else [],
        "sentence_id": item.record.id,
        "stancewire": beside,
    }
    # doccano knows no suggestions. As labels they would come back unread; so they are shown as metadata.
    return line | ({"suggested": ", ".join(_labels(item.suggestion))} if item.suggestion else {})


def _labels(said: Annotation | Suggestion) -> list[str]:
    return [f"{name}={answer}" for name, answer in answers(said).items()]


def read(path: Path) -> list[Item]:
    """Read an export.

    Raises:
        DataError: a line is not as doccano writes it, or a label is none of ours.
    """
    items = []
    for where, line in json_lines(path):
        found = line.get("label", line.get("labels"))
        if not isinstance(found, list) or not all(isinstance(label, str) for label in found):
            raise DataError(f"{where}: `label` is no list of strings. The project type is text classification.")
        ours = [label for label in found if "=" in label]  # the project may have labels of its own
        said = dict(label.rpartition("=")[::2] for label in ours)
        if len(said) < len(ours):
            raise DataError(f"{where}: two answers to one question: {', '.join(ours)}. Keep one of them.")
        beside = line.get("stancewire")
        who = beside.get("annotator") if isinstance(beside, dict) else None
        who = GIVEN if who == GIVEN else path.stem
        annotations = [annotation_from(who, said, where)] if ours else []
        items.append(item_from(line.get("text"), beside, annotations, where))
    return items
