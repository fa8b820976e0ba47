"""Validation: everything that is wrong with labelled data, with file, line and mend."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.mentions import MentionFinder
from models.tokens import tokenize
from training.duplicates import near_duplicates
from training.examples import default_finder
from training.records import DataError, Record, expand
from training.tables import read_each

LARGE_GROUP = 0.1  # share of all records from which one group makes the folds of cross-validation uneven
KINDS = {
    "schema": "a line that is not as the format says",
    "id": "an id that is given twice",
    "mention": "a stance toward something that the text does not name",
    "unlabelled": "a target that is named and has no label",
    "span": "a span that is no mention",
    "duplicate": "the same sentence twice",
    "conflict": "the same sentence with two labels",
    "leak": "sentences (nearly) alike that may fall on both sides of a split",
    "group": "a group that splits cannot work with",
}
_WARNINGS = ("unlabelled", "conflict")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        kind: one of `KINDS`.
        where: file and line.
        message: what is wrong and how to mend it.
        other: file and line of the other sentence, where two are at odds.
    """

    kind: str
    where: str
    message: str
    other: str | None = None

    @property
    def stops(self) -> bool:
        """Whether it is an error; the rest are warnings."""
        return self.kind not in _WARNINGS

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for programs."""
        return asdict(self) | {"error": self.stops}


def validate(paths: Iterable[Path], finder: MentionFinder | None = None) -> tuple[list[Record], list[Problem]]:
    """Check data files, each line by itself and all against each other.

    Args:
        paths: files or folders of .jsonl files.
        finder: finds mentions; None takes every target that is shipped.

    Returns:
        The records that could be read, and every problem, by file and line.

    Raises:
        DataError: a file does not exist or cannot be read at all.
    """
    records: list[Record] = []
    problems: list[Problem] = []
    for path in expand(paths):
        for found in read_each(path):
            if isinstance(found, DataError):
                where, _, message = found.message.partition(": ")
                problems.append(Problem("schema", where, message))
            else:
                records.append(found)
    finder = finder or default_finder()
    for record in records:
        problems += check_mentions(record, finder)
    problems += [*check_ids(records), *check_duplicates(records), *check_leaks(records), *check_groups(records)]
    order = {record.where: i for i, record in enumerate(records)}
    return records, sorted(problems, key=lambda problem: order.get(problem.where, -1))


def check_mentions(record: Record, finder: MentionFinder) -> Iterator[Problem]:
    """Stances toward targets that are not named, spans of nothing, and mentions without a label."""
    named = {mention.target for mention in finder.find(tokenize(record.text), record.stance)}
    for target in record.stance:
        if target not in record.spans and target not in named:
            yield Problem(
                "mention",
                record.where,
                f"`stance` has {target!r}, but the text does not name it. Correct the target, or give its place in "
                f'`spans`, or say that it is meant but not named: "spans": {{"{target}": []}}.',
            )
    for target, spans in record.spans.items():
        if target not in record.stance:
            yield Problem("span", record.where, f"`spans` has {target!r}, which has no stance. Label it or remove it.")
        for start, end in spans:
            text = record.text[start:end]
            if text != text.strip() or _inside_word(record.text, start) or _inside_word(record.text, end):
                mend = "Offsets count code points from 0, the end excluded; let them begin and end with whole words."
                yield Problem("span", record.where, f"span {[start, end]} of {target!r} covers {text!r}. {mend}")
    strong = {mention.target for mention in finder.find(tokenize(record.text)) if mention.target in ("us", "russia")}
    for target in sorted(strong - set(record.stance)):
        yield Problem(
            "unlabelled", record.where, f"the text names {target!r}, which has no label. Label it if it is a mention."
        )


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def check_ids(records: Sequence[Record]) -> Iterator[Problem]:
    """Ids that stand twice."""
    first: dict[str, str] = {}
    for record in records:
        if record.id in first:
            yield Problem("id", record.where, f"id {record.id!r} is taken already. Give another.", first[record.id])
        first.setdefault(record.id, record.where)


def check_duplicates(records: Sequence[Record]) -> Iterator[Problem]:
    """Sentences that stand twice, with the same labels or with others."""
    first: dict[str, Record] = {}
    for record in records:
        before = first.setdefault(record.digest, record)
        if before is record or _judges_another(before, record):
            continue
        yield Problem("duplicate", record.where, "the same sentence stands twice. Delete one.", before.where)
        both = [(t, before.stance[t], label) for t, label in record.stance.items() if t in before.stance]
        if before.sentiment and record.sentiment:
            both.append(("sentiment", before.sentiment, record.sentiment))
        for what, old, new in both:
            if old != new:
                message = f"{what} is {new!r} here and {old!r} there. Decide by the labelling rules."
                yield Problem("conflict", record.where, message, before.where)


def _judges_another(one: Record, two: Record) -> bool:
    """Whether both judge one sentence, but from places that differ: two people of one corpus sentence, say."""
    shared = one.stance.keys() & two.stance.keys()
    return bool(shared) and all(
        target in one.spans and target in two.spans and one.spans[target] != two.spans[target] for target in shared
    )


def check_leaks(records: Sequence[Record]) -> Iterator[Problem]:
    """Sentences alike or nearly alike that no group ties: one could be trained on, the other tested."""
    for a, b, similarity in near_duplicates([record.text for record in records]):
        one, two = records[a], records[b]
        if (one.group or one.digest) != (two.group or two.digest):
            yield Problem(
                "leak",
                two.where,
                f"{similarity:.0%} alike and not in one group. Give both the same `group`, or delete one.",
                one.where,
            )


def check_groups(records: Sequence[Record]) -> Iterator[Problem]:
    """Groups without a name, and groups that hold too much of the data."""
    counts = Counter(record.group for record in records if record.group)
    seen: set[str] = set()
    for record in records:
        if record.group is not None and not record.group.strip():
            yield Problem("group", record.where, "`group` is blank. Name the group or leave the key out.")
        elif record.group and record.group not in seen and len(records) >= 100:
            seen.add(record.group)
            share = counts[record.group] / len(records)
            if share > LARGE_GROUP:
                message = f"group {record.group!r} holds {share:.0%} of all sentences. Split it into smaller ones."
                yield Problem("group", record.where, message)


def crossing(train: Sequence[Record], test: Sequence[Record]) -> Iterator[tuple[Record, Record, float]]:
    """Pairs of a training and a test sentence that are alike or nearly so, with their similarity."""
    texts = [record.text for record in (*train, *test)]
    for a, b, similarity in near_duplicates(texts):
        if a < len(train) <= b:
            yield train[a], test[b - len(train)], similarity


def shared_groups(train: Sequence[Record], test: Sequence[Record]) -> list[tuple[Record, Record]]:
    """Training sentences whose group stands in the test data too, each with a test sentence of that group."""
    groups = {record.group: record for record in test if record.group}
    return [(record, groups[record.group]) for record in train if record.group in groups]
