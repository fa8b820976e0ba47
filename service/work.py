"""From the bytes of a request to the bytes of its answer, with no HTTP and no event loop.

The same functions run in the server process for small bodies and in a helper process for heavy
ones, so whatever they take and give can be pickled.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Generic, TypeVar

import orjson
from pydantic import ValidationError

from models.analysis import Analysis
from models.analyzer import Analyzer
from models.errors import StancewireError
from models.sentences import split_sentences
from models.tokens import tokenize
from service.errors import (
    EmptyTextError,
    InvalidInputError,
    TooLargeError,
    dump,
    error_body,
    from_validation,
    parse_body,
)
from service.schemas import BatchRequest, StanceRequest

Value = TypeVar("Value")
_SAMPLE = 16  # one document of this many is looked at for unseen words


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may ask for; see the settings of the same names."""

    max_text: int
    max_sentences: int
    max_documents: int


@dataclass(slots=True)
class Tally:
    """What was done, for the metrics.

    Attributes:
        documents, failed: documents read, and refused.
        sentences: sentences read.
        labels: stances given, by (target, label).
        unsure: stances below the threshold.
        words, unseen: words of a sample of the documents, and those among them the model never saw.
    """

    documents: int = 0
    failed: int = 0
    sentences: int = 0
    unsure: int = 0
    words: int = 0
    unseen: int = 0
    labels: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Done(Generic[Value]):
    """What a piece of work gives: its value, and its tally."""

    value: Value
    tally: Tally


@dataclass(slots=True)
class Job:
    """A heavy piece of work as its client sees it: begun, or still waiting for a helper."""

    begun: bool = False


class Reader:
    """An analyzer with the limits of the service around it.

    Attributes:
        analyzer: the model at work.
        limits: what one request may ask for.
        key: names model and targets, so that processes agree on what they have loaded.
    """

    def __init__(self, analyzer: Analyzer, limits: Limits, key: str) -> None:
        self.analyzer = analyzer
        self.limits = limits
        self.key = key
        self._seen = analyzer.known_words
        self._count = 0

    def read(
        self,
        tally: Tally,
        text: str,
        targets: list[str] | None = None,
        explain: bool = False,
        on: date | None = None,
        most: int | None = None,
    ) -> Analysis:
        """Check and read one text.

        Args:
            tally: counts what is done.
            text, targets, explain, on: as `Analyzer.analyze` takes them.
            most: sentences at most, when fewer than the limit.

        Raises:
            StancewireError: the text is blank, has characters that no text has, is beyond a limit,
                or a target is unknown.
        """
        self._check(text, self.limits.max_sentences if most is None else most)
        analysis = self.analyzer.analyze(text, targets, explain, on)
        tally.documents += 1
        tally.sentences += len(analysis.sentences)
        for sentence in analysis.sentences:
            for stance in sentence.stances:
                tally.labels[stance.target, stance.label] += 1
                tally.unsure += not stance.confident
        self._count += 1
        if self._count % _SAMPLE == 1:
            words = [word for word in tokenize(text[:20_000]).lows if word.isalpha()]
            tally.words += len(words)
            tally.unseen += sum(word not in self._seen for word in words)
        return analysis

    def _check(self, text: str, most: int) -> None:
        if len(text) > self.limits.max_text:
            raise TooLargeError(
                f"The text has {len(text):,} characters; at most {self.limits.max_text:,} are read at once. "
                "Split it, or send its parts as documents of a batch.",
                "text",
                "text_too_long",
            )
        if not text or text.isspace():
            raise EmptyTextError("The text is empty or blank. Send at least one word.", "text")
        if "\0" in text:
            raise InvalidInputError(
                f"The text has a NUL character at offset {text.index(chr(0))}. Remove it: this looks like binary data.",
                "text",
            )
        if not text.isascii():
            _check_surrogates(text)
        # No text has more sentences than characters, so most need no count.
        if len(text) > most and sum(1 for _ in islice(split_sentences(text), most + 1)) > most:
            raise TooLargeError(
                f"The text has more than {most:,} sentences, the most that are read at once. Split it.",
                "text",
                "too_many_sentences",
            )


def _check_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(
            f"The text has a lone surrogate at offset {error.start}, which is no character. Remove it.", "text"
        ) from None


def read_text(reader: Reader, text: str, targets: list[str] | None, explain: bool, on: date | None) -> Done[Analysis]:
    """Read one text that is already taken out of its request."""
    tally = Tally()
    return Done(reader.read(tally, text, targets, explain, on), tally)


def answer_stance(reader: Reader, body: bytes) -> Done[bytes]:
    """The answer to `POST /v1/stance`.

    Raises:
        StancewireError: the body is refused.
    """
    tally = Tally()
    request = parse_body(StanceRequest, body)
    analysis = reader.read(tally, request.text, request.targets, request.explain, request.date)
    return Done(orjson.dumps(analysis.as_dict(request.id)), tally)


def answer_batch(reader: Reader, body: bytes) -> Done[bytes]:
    """The answer to `POST /v1/stance/batch`: one result for each document, a bad one costs no other.

    Raises:
        StancewireError: the body as a whole is refused.
    """
    documents = parse_body(BatchRequest, body).documents
    most = reader.limits.max_documents
    if len(documents) > most:
        raise TooLargeError(
            f"The batch has {len(documents):,} documents; at most {most:,} are read at once. Send several batches, "
            "or use /v1/stance/stream.",
            "documents",
            "too_many_documents",
        )
    tally = Tally()
    left = reader.limits.max_sentences
    results = []
    for place, document in enumerate(documents):
        before = tally.sentences
        results.append(answer_document(reader, tally, document, f"documents.{place}", left))
        left -= tally.sentences - before
    return Done(b'{"results":[' + b",".join(results) + b"]}", tally)


def answer_document(reader: Reader, tally: Tally, document: Any, where: str, most: int) -> bytes:
    """The result for one document of a batch: its reading, or its error."""
    try:
        try:
            request = StanceRequest.model_validate(document)
        except ValidationError as error:
            raise from_validation(error) from None
        analysis = reader.read(tally, request.text, request.targets, request.explain, request.date, most)
        return orjson.dumps(analysis.as_dict(request.id))
    except StancewireError as error:
        tally.failed += 1
        error.field = f"{where}.{error.field}" if error.field else where
        return dump({"id": _id_of(document), **error_body(error)})


def answer_line(reader: Reader, line: bytes, number: int) -> Done[bytes]:
    """The answer to one line of `POST /v1/stance/stream`; a bad line gives an error line."""
    tally = Tally()
    where = f"line {number}"
    try:
        document = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        tally.failed += 1
        message = f'Line {number} is no JSON in UTF-8: {error}. Each line is an object such as {{"text": "…"}}.'
        out = dump({"id": None, "error": {"code": "not_json", "message": message, "field": where}})
        return Done(out + b"\n", tally)
    return Done(answer_document(reader, tally, document, where, reader.limits.max_sentences) + b"\n", tally)


def _id_of(document: Any) -> Any:
    found = document.get("id") if isinstance(document, dict) else None
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None
