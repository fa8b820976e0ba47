"""CSV, for spreadsheets.

A text that a spreadsheet would take for a formula gets an apostrophe in front, which comes off again
on the way back.
"""

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from training.fetch import write_aside
from training.formats.rows import check_columns, columns, from_rows, to_rows
from training.labels_io import Item
from training.records import DataError

NAME = "csv"
SUFFIX = ".csv"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(items: Sequence[Item], path: Path) -> list[Path]:
    """Write one row for each item and annotator."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns(items), lineterminator="\n")
    writer.writeheader()
    for row in to_rows(items):
        writer.writerow({key: _guard(value) for key, value in row.items()})
    write_aside(path, [out.getvalue().removesuffix("\n")])
    return [path]


def _guard(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip("'").startswith(_FORMULA) else cell


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


def read(path: Path) -> list[Item]:
    """Read a table; the name of the file is the annotator where the column `annotator` is empty.

    Raises:
        DataError: it cannot be read, or a cell is not as it should be.
    """
    return from_rows(_rows(path), path.stem)


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            check_columns(reader.fieldnames or (), str(path))
            for row in reader:
                where = f"{path}:{reader.line_num}"
                if None in row:
                    raise DataError(f"{where}: more cells than the header has columns.")
                yield where, {key: _bare(value) for key, value in row.items() if value}
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except (OSError, csv.Error) as error:
        raise DataError(f"Cannot read {path}: {error}.") from error
