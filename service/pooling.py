"""One stance for a whole text, for clients that know a text and its labels but no sentences."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.analysis import STANCES, Analysis
from models.errors import StancewireError
from service.days import read_day
from service.errors import InvalidInputError, TooLargeError
from service.work import Reader, Tally


@dataclass(frozen=True, slots=True)
class Pooled:
    """The stance of a text toward one target.

    Attributes:
        scores: probability of each label, the mean over the sentences that mention the target.
        sentences: how many do.
    """

    scores: dict[str, float]
    sentences: int

    @property
    def label(self) -> str:
        """The label with the highest score."""
        return max(STANCES, key=self.scores.__getitem__)


def pool(analysis: Analysis) -> dict[str, Pooled]:
    """The stance of a whole text toward each target that it mentions."""
    found: dict[str, list[dict[str, float]]] = {}
    for sentence in analysis.sentences:
        for stance in sentence.stances:
            found.setdefault(stance.target, []).append(stance.scores)
    return {
        target: Pooled({label: math.fsum(each[label] for each in rows) / len(rows) for label in STANCES}, len(rows))
        for target, rows in found.items()
    }


def read_pooled(
    reader: Reader, tally: Tally, texts: Sequence[str], targets: list[str] | None, on: date | None, field: str
) -> list[dict[str, Pooled]]:
    """Read several texts within the limits of one request.

    Args:
        field: the name of the texts in the request, for errors.

    Raises:
        StancewireError: there are too many texts, or one is refused; its field is then `field.index`.
    """
    most = reader.limits.max_documents
    if len(texts) > most:
        raise TooLargeError(
            f"There are {len(texts):,} texts; at most {most:,} are read at once. Send several requests.",
            field,
            "too_many_documents",
        )
    left, pooled = reader.limits.max_sentences, []
    for place, text in enumerate(texts):
        try:
            analysis = reader.read(tally, text, targets, False, on, left)
        except StancewireError as error:
            if error.field == "text":
                error.field = f"{field}.{place}" if len(texts) > 1 else field
            raise
        left -= len(analysis.sentences)
        pooled.append(pool(analysis))
    return pooled


def parse_targets(value: str | None) -> list[str] | None:
    """Targets out of "us,russia"; None when nothing is said. An empty name is one that nobody knows."""
    return None if value is None else [name.strip() for name in value.split(",")]


def parse_day(value: str | None) -> date | None:
    """A day written 2016-03-01; None stays None.

    Raises:
        InvalidInputError: it is no such day.
    """
    if value is None:
        return None
    try:
        return read_day(value)
    except ValueError:
        raise InvalidInputError(f"date is {value!r}: write the day as 2016-03-01.", "date") from None
