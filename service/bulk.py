"""Many documents on all cores: one answer line for each, in order, with bounded memory.

Documents go to processes in small chunks. Only so many chunks are under way that none waits long,
and they are written in the order they were read, so memory does not grow with the file.
"""

import gzip
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import IO, cast

import orjson

from models.analyzer import Analyzer
from models.errors import StancewireError
from service.documents import DocumentError, Item, parse_item, read_items, source_size
from service.inputs import InputError, load_analyzer
from service.progress import Report

CHUNK_DOCUMENTS = 64
CHUNK_BYTES = 256 * 1024  # a chunk is closed when either is reached


@dataclass(frozen=True, slots=True)
class Options:
    """How documents are read where they do not say so themselves; must cross to other processes."""

    models: Path | None = None
    targets_file: str | None = None
    targets: list[str] | None = None
    explain: bool = False
    day: date | None = None


@dataclass(slots=True)
class Done:
    """What came of a run, or of a chunk."""

    documents: int = 0
    sentences: int = 0
    errors: int = 0
    seconds: float = 0.0

    def add(self, other: "Done") -> None:
        """Count another chunk in."""
        self.documents += other.documents
        self.sentences += other.sentences
        self.errors += other.errors


def run_bulk(source: str, out: str, options: Options, jobs: int, report: Report) -> Done:
    """Read a source, write an answer line for each document.

    Args:
        source: JSON Lines (.gz too), a folder of .txt files, or "-".
        out: JSON Lines (.gz too), written aside and renamed when whole; or "-".
        options: model, targets and so on.
        jobs: processes; 1 works in this one.
        report: called as documents are done.

    Raises:
        InputError: the source cannot be read, or `out` would overwrite it.
        ArtifactError, TargetsFileError, UnknownTargetError: as `load_analyzer`; nothing is written then.
    """
    if source != "-" and out != "-" and Path(source).exists() and Path(source).resolve() == Path(out).resolve():
        raise InputError(f"{out} is the input itself. Choose another file for the output.")
    begun, done, total = time.monotonic(), Done(), source_size(source)
    analyzer = load_analyzer(options.models, options.targets_file)  # its errors come before anything is written
    analyzer.analyze("", options.targets)
    with open_aside(out) as file:
        for end, lines, counts in _answers(_chunks(read_items(source)), options, analyzer, jobs):
            file.write(lines)
            done.add(counts)
            report(end, total, done.documents)
    done.seconds = time.monotonic() - begun
    return done


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    chunk: list[Item] = []
    size = 0
    for item in items:
        chunk.append(item)
        size += len(item.data or b"")
        if len(chunk) >= CHUNK_DOCUMENTS or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _answers(
    chunks: Iterator[list[Item]], options: Options, analyzer: Analyzer, jobs: int
) -> Iterator[tuple[int, bytes, Done]]:
    """Yield (bytes of the source done, answer lines, counts) for each chunk, in order."""
    first = list(islice(chunks, 2))
    chunks = chain(first, chunks)
    if jobs == 1 or len(first) < 2:
        for chunk in chunks:
            yield chunk[-1].done, *answer_chunk(analyzer, chunk, options)
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["service.bulk"])  # scikit-learn is imported once, not by each process
    try:
        with ProcessPoolExecutor(jobs, context, _start_process, (options,)) as pool:
            waiting: deque[tuple[int, Future[tuple[bytes, Done]]]] = deque()
            try:
                for chunk in chunks:
                    waiting.append((chunk[-1].done, pool.submit(_answer_in_process, chunk)))
                    if len(waiting) >= 2 * jobs + 1:
                        end, future = waiting.popleft()
                        yield end, *future.result()
                for end, future in waiting:
                    yield end, *future.result()
            finally:
                for _, future in waiting:
                    future.cancel()
    except BrokenProcessPool as error:
        raise InputError(
            "A process was killed, perhaps for lack of memory. Nothing was written. Try fewer with --jobs."
        ) from error


_analyzer: Analyzer | None = None
_options = Options()


def _start_process(options: Options) -> None:
    global _analyzer, _options
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    _analyzer, _options = load_analyzer(options.models, options.targets_file), options


def _answer_in_process(chunk: Sequence[Item]) -> tuple[bytes, Done]:
    assert _analyzer is not None
    return answer_chunk(_analyzer, chunk, _options)


def answer_chunk(analyzer: Analyzer, chunk: Iterable[Item], options: Options) -> tuple[bytes, Done]:
    """Answer lines of some documents, in order, and their counts; a bad document becomes an error line."""
    lines, done = [], Done()
    for item in chunk:
        done.documents += 1
        id = item.id
        try:
            document = parse_item(item)
            id = document.id
            analysis = analyzer.analyze(
                document.text,
                document.targets if document.targets is not None else options.targets,
                document.explain if document.explain is not None else options.explain,
                document.day or options.day,
            )
            done.sentences += len(analysis.sentences)
            lines.append(orjson.dumps(analysis.as_dict(id), option=orjson.OPT_APPEND_NEWLINE))
        except StancewireError as error:
            done.errors += 1
            id = error.id if isinstance(error, DocumentError) else id
            message = error.message if item.where in error.message else f"{item.where}: {error.message}"
            body = {"code": error.code, "message": message, "field": error.field}
            lines.append(orjson.dumps({"id": id, "error": body}, option=orjson.OPT_APPEND_NEWLINE))
    return b"".join(lines), done


@contextmanager
def open_aside(out: str) -> Iterator[IO[bytes]]:
    """A file to write that takes its place when the block ends well, and is removed when it does not.

    Args:
        out: path (packed when it ends with .gz), or "-" for standard output.

    Raises:
        InputError: it cannot be written.
    """
    if out == "-":
        yield sys.stdout.buffer
        return
    path = Path(out).resolve()  # what a link names is replaced, not the link
    try:
        if path.is_dir():
            raise InputError(f"{out} is a folder. Give the name of a file to write.")
        if path.exists() and not path.is_file():
            with path.open("wb") as device:  # a pipe or /dev/null stays what it is
                yield device
            return
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent)
        aside = Path(name)
        try:
            with ExitStack() as stack:
                raw = stack.enter_context(os.fdopen(handle, "wb"))
                if out.endswith(".gz"):
                    packed = gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0)
                    stack.callback(packed.close)
                    yield cast(IO[bytes], packed)
                    packed.close()
                else:
                    yield raw
                raw.flush()
                os.fsync(raw.fileno())
            aside.chmod(0o666 & ~_umask())
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"Cannot write {out}: {error.strerror}.") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
