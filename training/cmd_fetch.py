"""`python -m training fetch`."""

import json as jsonlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from training import converters, corpora
from training.console import err, note, out, print_json
from training.defaults import DATASETS
from training.fetch import LOCK, Advance, Corpus, CorpusFile, download, find_files, load_catalogue, write_aside
from training.lines import json_lines
from training.records import DataError, Record, digest

_CONVERTERS: dict[str, Callable[[Path, str], Sequence[Record] | Iterator[Record]]] = {
    "newsmtsc": converters.newsmtsc,
    "dse": converters.dse,
}


def command(
    names: Annotated[
        list[str] | None, typer.Argument(help="Corpora: newsmtsc, dse, persent.", show_default="all")
    ] = None,
    to: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("data"),
    source: Annotated[
        Path | None,
        typer.Option("--from", help="Take the files from this folder; download nothing.", envvar="STANCEWIRE_CORPORA"),
    ] = None,
    annotations: Annotated[
        Path, typer.Option(help="Labels by digest of the text.", show_default="datasets/annotations/")
    ] = DATASETS / "annotations",
    exclude: Annotated[
        list[Path] | None, typer.Option(help="Leave out the sentences of this .jsonl file; may be repeated.")
    ] = None,
    lock: Annotated[
        Path | None, typer.Option(help="File of known digests.", show_default=f"{LOCK} in the folder")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print what was found for programs.")] = False,
) -> None:
    """Get public corpora and make training data of them: annotated.jsonl, newsmtsc.jsonl, dse.jsonl.

    Downloads over https at pinned commits and checks SHA-256 digests; or takes files that you have
    already (DIR/dse/train.txt or DIR/dse.train.txt). Labels that ship without text, in
    datasets/annotations/, are joined with the text by its digest. A file of SemEval-2016 Task 6 in
    the --from folder becomes semeval.jsonl.

    Example: python -m training fetch && python -m training train --data datasets/ --data data/ --tie
    """
    chosen = _chosen(names)
    files = _files(chosen, to, source, lock, json)
    left_out = {digest(str(line.get("text", ""))) for path in exclude or () for _, line in json_lines(path)}
    made = convert(files, source, left_out)
    labels = corpora.read_annotations(annotations) if annotations.exists() else {}
    texts = corpora.collect_texts(files, source, set(labels))
    made["annotated"] = corpora.without(corpora.join(labels, texts), left_out)
    written = {}
    for name, records in made.items():
        if records:
            write_aside(to / f"{name}.jsonl", [jsonlib.dumps(r.as_dict(), ensure_ascii=False) for r in records])
            written[str(to / f"{name}.jsonl")] = len(records)
    found = {"files": {file.key: str(path) for file, path in files.items()}, "written": written}
    found |= {"annotations": {"labels": len(labels), "found": len(texts)}, "excluded": len(left_out)}
    if json:
        print_json(found)
        return
    _show(chosen, files, written)
    out.print(f"{len(texts)} of {len(labels)} labels of {annotations} found their text.", highlight=False)
    if written:
        note(f"Next: python -m training train --data datasets/ --data {to} --tie")


def convert(files: Mapping[CorpusFile, Path], folder: Path | None, left_out: set[str]) -> dict[str, list[Record]]:
    """Labelled sentences of the training files of each corpus.

    Sentences that stand in the corpus's own test files, or are left out by digest, are dropped; so
    are records that an earlier file of the corpus has already.
    """
    made: dict[str, list[Record]] = {}
    for name, converter in _CONVERTERS.items():
        parts = {file: list(converter(path, file.name)) for file, path in files.items() if file.corpus == name}
        dropped = left_out | {record.digest for file, part in parts.items() if file.role == "test" for record in part}
        seen: dict[str, Record] = {}
        for file, part in parts.items():
            if file.role == "train":
                for record in corpora.without(part, dropped):
                    seen.setdefault(record.id, record)
        made[name] = list(seen.values())
    tweets = [path for path in sorted(folder.glob("*.txt")) if converters.is_semeval(path)] if folder else []
    records = [record for path in tweets for record in converters.semeval(path)]
    return made | {"semeval": corpora.without(records, left_out)}


def _chosen(names: Sequence[str] | None) -> list[Corpus]:
    known = load_catalogue()
    for name in names or ():
        if name not in known:
            raise DataError(f"No corpus {name!r}; there are {', '.join(known)}.")
    return [known[name] for name in names or known]


def _files(
    chosen: Sequence[Corpus], to: Path, source: Path | None, lock: Path | None, quiet: bool
) -> dict[CorpusFile, Path]:
    if source is not None:
        return find_files(chosen, source)
    with _bars(quiet) as advance:
        wanted = [file for corpus in chosen for file in corpus.files]
        return download(wanted, to / "fetched", lock or to / LOCK, advance)


@contextmanager
def _bars(quiet: bool) -> Iterator[Advance]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=quiet) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(name: str, done: int, size: int | None) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=size)
            bars.update(tasks[name], completed=done)

        yield advance


def _show(chosen: Sequence[Corpus], files: Mapping[CorpusFile, Path], written: Mapping[str, int]) -> None:
    table = Table(header_style="bold", box=box.SIMPLE_HEAD)
    for name in ("corpus", "licence", "files"):
        table.add_column(name, overflow="fold")
    for corpus in chosen:
        names = ", ".join(file.name for file in corpus.files if file in files) or "none found"
        table.add_row(corpus.title, corpus.licence, names)
    out.print(table)
    for path, number in written.items():
        out.print(f"{path}: {number} records", highlight=False, soft_wrap=True)
