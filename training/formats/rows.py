"""Items as rows of a table: one row for each sentence and annotator, one column for each question.

`stance.us`, `sentiment` are for the annotator to fill; `suggested.us`, `score.us` say what the model
thinks. The columns are those that `train` reads, so a filled table is training data as it is.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from training.labels_io import GIVEN, SENTIMENT, Annotation, Item, annotation_from, item_from
from training.records import KEYS, DataError

_STANCE = "stance."
_JSON = ("spans", "tags", "targets")


def columns(items: Iterable[Item]) -> list[str]:
    """The columns for some items."""
    items = list(items)
    targets = list(dict.fromkeys(target for item in items for target in item.targets))
    out = ["id", "text", *(_STANCE + target for target in targets), "sentiment"]
    out += ["annotator", "digest", "spans", "group", "source", "tags", "targets"]
    if any(item.suggestion for item in items):
        out += [f"{kind}.{name}" for name in (*targets, SENTIMENT) for kind in ("suggested", "score")]
        out += ["model", "why"]
    return out


def to_rows(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Rows of plain values, None where there is nothing; lists and objects as JSON."""
    return [_row(item, said) for item in items for said in item.annotations or (None,)]


def _row(item: Item, said: Annotation | None) -> dict[str, Any]:
    line = item.record.as_dict()
    row = {key: line.get(key) for key in ("id", "text", "group", "source")}
    row |= {"digest": item.record.digest, "targets": json.dumps(item.targets)}
    row |= {key: json.dumps(line[key], ensure_ascii=False) for key in ("spans", "tags") if key in line}
    if said:
        row |= {_STANCE + target: label for target, label in said.stance.items()}
        row |= {"sentiment": said.sentiment, "annotator": said.annotator}
    if item.suggestion:
        given = item.suggestion.stance | ({SENTIMENT: item.suggestion.sentiment} if item.suggestion.sentiment else {})
        row |= {f"suggested.{name}": label for name, label in given.items()}
        row |= {f"score.{name}": round(score, 4) for name, score in (item.suggestion.scores or {}).items()}
        row |= {"model": item.suggestion.model, "why": item.why}
    return row


def from_rows(rows: Iterable[tuple[str, dict[str, Any]]], annotator: str) -> list[Item]:
    """Items of rows; cells without a value are left out of a row.

    Args:
        rows: each with its file and line.
        annotator: who it was, where the row does not say.

    Raises:
        DataError: a cell is not as it should be.
    """
    return [_item(row, annotator, where) for where, row in rows]


def _item(row: dict[str, Any], annotator: str, where: str) -> Item:
    said = {f"stance_{key.removeprefix(_STANCE)}": label for key, label in row.items() if key.startswith(_STANCE)}
    if row.get("sentiment"):
        said[SENTIMENT] = row["sentiment"]
    who = str(row.get("annotator") or annotator)
    annotations = [annotation_from(who, said, where)] if said or who == GIVEN else []
    line = {key: row[key] for key in KEYS if key in row and key not in ("text", "sentiment")}
    beside: dict[str, Any] = {"line": line, "digest": row.get("digest")} if "id" in row else {}
    for key in _JSON:
        if key in row:
            (beside if key == "targets" else line)[key] = _parse(row[key], key, where)
    if not row.get("digest"):
        beside.pop("digest", None)
    return item_from(row.get("text"), beside | _suggestion(row), annotations, where)


def _suggestion(row: dict[str, Any]) -> dict[str, Any]:
    if "model" not in row:
        return {}
    given = {key.removeprefix("suggested."): str(label) for key, label in row.items() if key.startswith("suggested.")}
    out: dict[str, Any] = {
        "model": row["model"],
        "stance": {name: label for name, label in given.items() if name != SENTIMENT},
        "scores": {key.removeprefix("score."): float(row[key]) for key in row if key.startswith("score.")},
    }
    out |= {"sentiment": given[SENTIMENT]} if SENTIMENT in given else {}
    return {"suggestion": out} | ({"why": row["why"]} if "why" in row else {})


def _parse(cell: Any, key: str, where: str) -> Any:
    try:
        return json.loads(cell)
    except (TypeError, ValueError) as error:
        raise DataError(f"{where}: `{key}` holds no valid JSON ({error}).") from error


def check_columns(names: Sequence[str], where: str) -> None:
    """Refuse a table without text.

    Raises:
        DataError: there is no column `text`.
    """
    if "text" not in names:
        raise DataError(f"{where}: no column `text`. Found: {', '.join(names) or 'none'}.")
