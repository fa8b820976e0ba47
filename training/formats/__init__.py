"""The tools that labels go to and come from, by name."""

from training.formats import argilla, csv_table, doccano, json_lines, label_studio, parquet, prodigy
from training.labels_io import Format
from training.records import DataError

FORMATS: dict[str, Format] = {
    module.NAME: module for module in (label_studio, doccano, argilla, prodigy, csv_table, parquet, json_lines)
}


def find_format(name: str) -> Format:
    """A format by name.

    Raises:
        DataError: there is none of that name.
    """
    if name not in FORMATS:
        raise DataError(f"No format {name!r}; there are {', '.join(FORMATS)}.")
    return FORMATS[name]
