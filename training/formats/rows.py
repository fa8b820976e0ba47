"""Items as rows of a table: one row for each sentence and annotator, one column for each question.

`stance.us`, `sentiment` are for the annotator to fill; `suggested.us`, `score.us` say what the model
thinks. The columns are those that `train` reads, so a filled table is training data as it is.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from training.labels_io import GIVEN, SENTIMENT, Annotation, Item, annotation_from, item_from, question
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
    line = {key: row[key] for key in KEYS if key in row and key not in ("text", "sentiment")}
    beside: dict[str, Any] = {"line": line, "digest": row.get("digest")} if "id" in row else {}
    for key in _JSON:
        if key in row:
            (beside if key == "targets" else line)[key] = _parse(row[key], key, where)
    targets = beside.get("targets", [])
    if not isinstance(targets, list) or not all(isinstance(target, str) for target in targets):
        raise DataError(f'{where}: `targets` must be a list of strings such as ["us"].')
    if not row.get("digest"):
        beside.pop("digest", None)
    who = str(row.get("annotator") or annotator)
    said = _answers(row, targets)
    annotations = [annotation_from(who, said, where)] if said or who == GIVEN else []
    return item_from(row.get("text"), beside | _suggestion(row, where), annotations, where)


def _answers(row: dict[str, Any], targets: Sequence[str]) -> dict[str, str]:
    """Answers by question, those about `targets` in their order and first."""
    given = {key.removeprefix(_STANCE): label for key, label in row.items() if key.startswith(_STANCE)}
    ordered = [*(target for target in targets if target in given), *(name for name in given if name not in targets)]
    said = {question(target): given[target] for target in ordered}
    return said | ({SENTIMENT: row["sentiment"]} if row.get("sentiment") else {})


def _suggestion(row: dict[str, Any], where: str) -> dict[str, Any]:
    if "model" not in row:
        return {}
    given = {key.removeprefix("suggested."): str(label) for key, label in row.items() if key.startswith("suggested.")}
    out: dict[str, Any] = {
        "model": row["model"],
        "stance": {name: label for name, label in given.items() if name != SENTIMENT},
        "scores": {key[6:]: _number(row[key], key, where) for key in row if key.startswith("score.")},
    }
    out |= {"sentiment": given[SENTIMENT]} if SENTIMENT in given else {}
    return {"suggestion": out} | ({"why": row["why"]} if "why" in row else {})


def _number(cell: Any, key: str, where: str) -> float:
    try:
        return float(str(cell).replace(",", "."))  # spreadsheets may write the decimal mark as a comma
    except ValueError:
        raise DataError(f"{where}: `{key}` is {cell!r}; it must be a number.") from None


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
