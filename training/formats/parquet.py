"""Parquet, with pyarrow (`pip install 'stancewire[parquet]'`)."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from training.formats.rows import check_columns, columns, from_rows, to_rows
from training.labels_io import Item
from training.records import DataError

NAME = "parquet"
SUFFIX = ".parquet"


def write(items: Sequence[Item], path: Path) -> list[Path]:
    """Write one row for each item and annotator.

    Raises:
        DataError: pyarrow is not installed.
    """
    arrow, parquet = _pyarrow(path)
    names = columns(items)
    kinds = {name: arrow.float64() if name.startswith("score.") else arrow.string() for name in names}
    rows = [{name: row.get(name) for name in names} for row in to_rows(items)]
    table = arrow.Table.from_pylist(rows, schema=arrow.schema(list(kinds.items())))
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.part")
    try:
        parquet.write_table(table, aside)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return [path]


def read(path: Path) -> list[Item]:
    """Read a table; the name of the file is the annotator where the column `annotator` is empty.

    Raises:
        DataError: pyarrow is not installed, the file is no Parquet, or a cell is not as it should be.
    """
    return from_rows(_rows(path), path.stem)


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    arrow, parquet = _pyarrow(path)
    try:
        table = parquet.read_table(path)
    except (OSError, arrow.ArrowException) as error:
        raise DataError(f"{path} is no Parquet file: {error}.") from error
    check_columns(table.column_names, str(path))
    for number, row in enumerate(table.to_pylist(), start=1):
        yield f"{path}:row {number}", {key: value for key, value in row.items() if value is not None}


def _pyarrow(path: Path) -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise DataError(
            f"{path}: Parquet needs pyarrow. Install it with `pip install 'stancewire[parquet]'`."
        ) from error
    return pyarrow, pyarrow.parquet
