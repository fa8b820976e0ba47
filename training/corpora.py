"""Labels that ship without their text, and the corpora that have it.

`datasets/annotations/` holds labels by digest of the text: the text belongs to its publishers, the
labels are ours. Whoever has fetched the corpora joins both.
"""

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.converters import article_of, without_brackets
from training.fetch import CorpusFile, find_files, load_catalogue
from training.lines import json_lines, tab_lines
from training.records import DataError, Record, digest

_LONGEST_RUN = 6  # pieces between possible sentence ends that may together be one sentence
_SENTENCE_END = re.compile(r"(?<=[.!?…:;])[\"'”’)\]]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of a corpus.

    Attributes:
        text: the sentence.
        group: what must stay on one side of a split with it, such as its article; None is the sentence itself.
        source: the corpus and file.
    """

    text: str
    group: str | None
    source: str


def annotated(folder: Path, annotations: Path) -> list[Record]:
    """Labels that ship without their text, joined with the text by its digest.

    Args:
        folder: files of the corpora, and any .jsonl files with a `text`.
        annotations: a file of labels by digest, or a folder of them.

    Returns:
        A record for every label whose text was found, in the order of the labels.
    """
    labels = read_annotations(annotations)
    return join(labels, collect_texts(find_files(load_catalogue().values(), folder), folder, set(labels)))


def read_annotations(path: Path) -> dict[str, dict[str, Any]]:
    """Lines `{"digest", "stance", "sentiment", "source", "spans"}` by digest; a folder stands for its .jsonl files.

    Raises:
        DataError: there is none, or a line is not as it should be.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    found: dict[str, dict[str, Any]] = {}
    for file in files:
        for where, line in json_lines(file):
            if not isinstance(line.get("digest"), str) or not isinstance(line.get("stance"), dict):
                raise DataError(f"{where}: a label needs `digest` and `stance`.")
            found.setdefault(line["digest"], line | {"where": where})
    return found


def join(labels: Mapping[str, Mapping[str, Any]], texts: Mapping[str, Text]) -> list[Record]:
    """Records of the labels whose text is there."""
    return [
        Record(
            id=f"annotated/{key}",
            text=texts[key].text,
            stance=dict(label["stance"]),
            sentiment=label.get("sentiment"),
            spans=place_spans(texts[key].text, label),
            group=texts[key].group,
            source=label.get("source") or texts[key].source,
            where=str(label["where"]),
        )
        for key, label in labels.items()
        if key in texts
    ]


def place_spans(text: str, label: Mapping[str, Any]) -> dict[str, tuple[tuple[int, int], ...]]:
    """The spans of a label as code points of the text.

    A label's own spans count what its digest is made of, letters and digits, so that they hold for
    every printing of the sentence.

    Raises:
        DataError: a span is not in the text.
    """
    places = [found.start() for found in re.finditer(r"\w", text)]
    spans: dict[str, tuple[tuple[int, int], ...]] = {}
    for target, pairs in label.get("spans", {}).items():
        if not all(0 <= first < last <= len(places) for first, last in pairs):
            raise DataError(f"{label['where']}: a span of {target!r} is not in the text; it has {len(places)} letters.")
        spans[target] = tuple((places[first], places[last - 1] + 1) for first, last in pairs)
    return spans


def without(records: Iterable[Record], digests: set[str]) -> list[Record]:
    """The records whose text is not among some digests."""
    return [record for record in records if record.digest not in digests]


def collect_texts(files: Mapping[CorpusFile, Path], folder: Path | None, wanted: set[str]) -> dict[str, Text]:
    """The texts with some digests that lie in corpus files, or in .jsonl files of a folder.

    Args:
        files: corpus files and where they lie; those for measuring ("test") are left alone.
        folder: its .jsonl files with a `text` are searched too; None leaves that out.
        wanted: digests.

    Returns:
        Text by digest; of several alike, the first.
    """
    found: dict[str, Text] = {}
    for text in _texts(files, folder):
        key = digest(text.text)
        if key in wanted:
            found.setdefault(key, text)
    return found


def _texts(files: Mapping[CorpusFile, Path], folder: Path | None) -> Iterator[Text]:
    for file, path in files.items():
        if file.role != "test":
            yield from _READERS[file.corpus](path, f"{file.corpus}/{file.name.split('.')[0]}")
    taken = {path.resolve() for path in files.values()}
    for path in sorted(folder.glob("*.jsonl")) if folder else ():
        if path.resolve() not in taken:
            for _, line in json_lines(path):
                if isinstance(line.get("text"), str):
                    yield Text(line["text"], line.get("group"), str(line.get("source") or path.stem))


def _newsmtsc_texts(path: Path, source: str) -> Iterator[Text]:
    for where, line in json_lines(path):
        try:
            yield Text(line["sentence_normalized"], article_of(line["primary_gid"]), source)
        except (KeyError, AttributeError) as error:
            raise DataError(f"{where}: no line of NewsMTSC ({error!r}).") from error


def _dse_texts(path: Path, source: str) -> Iterator[Text]:
    for _, fields in tab_lines(path):
        text, _ = without_brackets(fields[0])
        yield Text(text, digest(text), source)


def _persent_texts(path: Path, source: str) -> Iterator[Text]:
    """Everything in PerSenT's documents that may be a sentence, whichever way sentences were split."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                document = row["DOCUMENT"] or ""
                group = f"persent/{digest(document)}"
                for text in candidates(document):
                    yield Text(text, group, source)
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise DataError(f"{path} is no file of PerSenT: {error!r}.") from error


def candidates(document: str) -> Iterator[str]:
    """Runs of pieces between possible sentence ends: one to six of them, so that no splitter's sentence is missed."""
    ends = [0, *(found.end() for found in _SENTENCE_END.finditer(document)), len(document)]
    for i, start in enumerate(ends):
        for end in ends[i + 1 : i + 1 + _LONGEST_RUN]:
            text = " ".join(document[start:end].split())
            if text:
                yield text


_READERS = {"newsmtsc": _newsmtsc_texts, "dse": _dse_texts, "persent": _persent_texts}
