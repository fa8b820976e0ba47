"""Data files of every kind: JSON Lines, CSV and Parquet, as records.

A table has one row for each sentence, with a column for each key of the data line. Stances stand
in one column `stance` (JSON, or a struct in Parquet), or in a column for each target
(`stance.us`, `stance.russia`), or, one row for each pair, in the columns `target` and `label`.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from training.records import KEYS, DataError, Record, expand, parse_line, record_from

_PREFIXES = ("stance.", "stance_", "stance:")
_LONG = ("target", "label")

Row = tuple[str, dict[str, Any]]


def read_data(paths: Iterable[Path]) -> list[Record]:
    """Read data files of every kind; a folder stands for every .jsonl file in it.

    Raises:
        DataError: a file or row is not as the contract says.
    """
    records = []
    for path in expand(paths):
        for found in read_each(path):
            if isinstance(found, DataError):
                raise found
            records.append(found)
    return records


def read_each(path: Path) -> Iterator[Record | DataError]:
    """Every record of one file, or what is wrong with it, in order.

    Raises:
        DataError: the file as a whole cannot be read.
    """
    if path.suffix.lower() in (".csv", ".tsv"):
        yield from _records(_csv_rows(path), path)
    elif path.suffix.lower() in (".parquet", ".pq"):
        yield from _records(_parquet_rows(path), path)
    else:
        yield from _lines(path)


def _lines(path: Path) -> Iterator[Record | DataError]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    try:
                        yield parse_line(line, f"{path}:{number}")
                    except DataError as error:
                        yield error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}.") from error


def _csv_rows(path: Path) -> Iterator[Row]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
            _check_columns(reader.fieldnames or (), path)
            for row in reader:
                if None in row:
                    raise DataError(f"{path}:{reader.line_num}: more cells than the header has columns.")
                yield f"{path}:{reader.line_num}", {key: value for key, value in row.items() if value}
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except (OSError, csv.Error) as error:
        raise DataError(f"Cannot read {path}: {error}.") from error


def _parquet_rows(path: Path) -> Iterator[Row]:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise DataError(f"{path}: reading Parquet needs pyarrow. Install it with `pip install pyarrow`.") from error
    try:
        table = pyarrow.parquet.read_table(path)
    except (OSError, pyarrow.ArrowException) as error:
        raise DataError(f"{path} is no Parquet file: {error}.") from error
    _check_columns(table.column_names, path)
    for number, row in enumerate(table.to_pylist(), start=1):
        yield f"{path}:row {number}", {key: value for key, value in row.items() if value is not None}


def _check_columns(columns: Iterable[str], path: Path) -> None:
    known = list(columns)
    stances = "stance" in known or set(_LONG) <= set(known) or any(name.startswith(_PREFIXES) for name in known)
    if "text" not in known or not stances:
        raise DataError(
            f"{path}: needs a column `text` and the stances: a column `stance` with JSON, columns such as `stance.us`, "
            f"or `target` and `label`. Found: {', '.join(known) or 'none'}."
        )


def _records(rows: Iterator[Row], path: Path) -> Iterator[Record | DataError]:
    merged: dict[str, tuple[str, dict[str, Any]]] = {}
    for number, (where, row) in enumerate(rows):
        try:
            data = _data_line(row, where)
        except DataError as error:
            yield error
            continue
        key = str(data.get("id") or data.get("text")) if set(_LONG) & set(row) else f"{number}"
        if key in merged:
            merged[key][1]["stance"].update(data["stance"])
        else:
            merged[key] = (where, data)
    for where, data in merged.values():
        try:
            yield record_from(data, where)
        except DataError as error:
            yield error


def _data_line(row: dict[str, Any], where: str) -> dict[str, Any]:
    """The data line of a row: stances from whichever columns hold them, JSON cells parsed."""
    data = {key: value for key, value in row.items() if key in KEYS and key != "stance"}
    for key in ("spans", "tags"):
        if isinstance(data.get(key), str):
            data[key] = _tags(data[key]) if key == "tags" and data[key][0] != "[" else _json(data[key], key, where)
    if isinstance(data.get("spans"), dict):
        data["spans"] = {target: spans for target, spans in data["spans"].items() if spans is not None}
    stance = row.get("stance", {})
    stance = _json(stance, "stance", where) if isinstance(stance, str) else stance
    if isinstance(stance, dict):
        stance = {target: label for target, label in stance.items() if label is not None}
        for key, value in row.items():
            if key.startswith(_PREFIXES):
                stance[key[7:]] = value
        if "target" in row and "label" in row:
            stance[str(row["target"])] = row["label"]
    return data | {"stance": stance}


def _json(cell: str, key: str, where: str) -> Any:
    try:
        return json.loads(cell)
    except ValueError as error:
        raise DataError(f"{where}: `{key}` holds no valid JSON ({error}).") from error


def _tags(cell: str) -> list[str]:
    return cell.replace(",", " ").split()
