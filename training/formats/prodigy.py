"""Prodigy: JSON Lines for its `choice` interface, one task for each sentence and question.

Only tasks that were accepted are read; rejected and ignored ones count as not answered. The
annotator is `_annotator_id`, or `_session_id`.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from training.fetch import write_aside
from training.labels_io import GIVEN, SENTIMENT, Item, annotation_from, answers, carried, choices, item_from, question
from training.lines import json_lines
from training.records import DataError

NAME = "prodigy"
SUFFIX = ".jsonl"


def write(items: Sequence[Item], path: Path) -> list[Path]:
    """Write the tasks of every item; suggestions are chosen beforehand."""
    write_aside(path, [json.dumps(task, ensure_ascii=False) for item in items for task in _tasks(item)])
    return [path]


def _tasks(item: Item) -> Iterator[dict[str, Any]]:
    beside = carried(item)
    for name in (*map(question, item.targets), SENTIMENT):
        task: dict[str, Any] = {
            "text": item.record.text,
            "options": [{"id": choice, "text": choice} for choice in choices(name)],
            "question": name,
            "meta": {"question": name, "sentence_id": item.record.id},
            "stancewire": beside,
        }
        if item.annotations:
            label = answers(item.annotations[0]).get(name)
            accepted = {"accept": [label], "answer": "accept"} if label else {"accept": [], "answer": "ignore"}
            yield task | accepted | {"_annotator_id": item.annotations[0].annotator}
        else:
            label = answers(item.suggestion).get(name) if item.suggestion else None
            yield task | ({"accept": [label]} if label else {})


def read(path: Path) -> list[Item]:
    """Read what `prodigy db-out` wrote.

    Raises:
        DataError: a line is no task of ours, or a label is none of ours.
    """
    sentences: dict[str, tuple[dict[str, Any], dict[str, dict[str, str]], str]] = {}
    for where, line in json_lines(path):
        beside, name = line.get("stancewire"), line.get("question")
        if not isinstance(name, str) or not isinstance(line.get("text"), str):
            raise DataError(f"{where}: no task with `text` and `question`. Only tasks of our own export come back.")
        key = json.dumps([line["text"], beside], sort_keys=True)
        _, by_annotator, _ = sentences.setdefault(key, (line, {}, where))
        accepted = line.get("accept") or []
        if line.get("answer") == "accept" and accepted:
            if len(accepted) != 1:
                raise DataError(f"{where}: two answers to one question. Use single choice.")
            who = str(line.get("_annotator_id") or line.get("_session_id") or path.stem)
            by_annotator.setdefault(who, {})[name] = accepted[0]
    items = []
    for line, by_annotator, where in sentences.values():
        said = [annotation_from(who or GIVEN, given, where) for who, given in by_annotator.items()]
        items.append(item_from(line["text"], line.get("stancewire"), said, where))
    return items
