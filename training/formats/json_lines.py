"""JSON Lines as we train on: a file of labelled sentences is the work of the annotator it is named after."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from training.fetch import write_aside
from training.labels_io import NOT_MENTIONED, Annotation, Item
from training.records import read_records

NAME = "jsonl"
SUFFIX = ".jsonl"


def write(items: Sequence[Item], path: Path) -> list[Path]:
    """Write data lines; what is not labelled yet has an empty `stance`."""
    lines = []
    for item in items:
        record = item.record
        if item.annotations:
            said = item.annotations[0]
            stance = {target: label for target, label in said.stance.items() if label != NOT_MENTIONED}
            record = replace(record, stance=stance, sentiment=said.sentiment)
        lines.append(json.dumps(record.as_dict(), ensure_ascii=False))
    write_aside(path, lines)
    return [path]


def read(path: Path) -> list[Item]:
    """Read data lines.

    Raises:
        DataError: a line is not as the contract says.
    """
    return [
        Item(
            replace(record, stance={}, sentiment=None),
            tuple(record.stance),
            (Annotation(path.stem, dict(record.stance), record.sentiment),),
        )
        for record in read_records(path)
    ]
