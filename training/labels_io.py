"""Labels out of and into the tools that people label with.

An `Item` is one sentence on its way: the record, the targets that are asked for, what annotators
said, and what the model suggests. Each module of `training/formats/` writes items as its tool reads
them and reads what the tool exports. The labels travel in the tool's own way; everything else of a
record travels beside them (`stancewire`), so that nothing is lost, and by id and digest of the text
every sentence is known again.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from models.analysis import SENTIMENTS, STANCES
from training.records import DataError, Record, digest, record_from

NOT_MENTIONED = "not_mentioned"  # an annotator's answer: what looks like a mention is none
STANCE_CHOICES = (*STANCES, NOT_MENTIONED)
SENTIMENT = "sentiment"
GIVEN = "labels"  # the annotator of labels that the data already had
_PREFIX = "stance_"


@dataclass(frozen=True, slots=True)
class Annotation:
    """What one annotator said of one sentence.

    Attributes:
        annotator: a name.
        stance: label by target; NOT_MENTIONED where the target is not mentioned.
        sentiment: of the sentence; None when it was not answered.
    """

    annotator: str
    stance: dict[str, str]
    sentiment: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the model says of one sentence.

    Attributes:
        model: version.
        stance: label by target.
        sentiment: of the sentence.
        scores: score of the suggested label, by target and for "sentiment".
    """

    model: str
    stance: dict[str, str]
    sentiment: str | None = None
    scores: dict[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence on its way to annotators or back.

    Attributes:
        record: the sentence; its own labels are empty, they stand in `annotations`.
        targets: what annotators are asked about.
        annotations: what they said, one for each annotator; none yet when it is empty.
        suggestion: of the model.
        why: "margin" or "audit", when it was picked for review.
        changed: the text is not the one that went out.
    """

    record: Record
    targets: tuple[str, ...]
    annotations: tuple[Annotation, ...] = ()
    suggestion: Suggestion | None = None
    why: str | None = None
    changed: bool = False


class Format(Protocol):
    """A module of `training/formats/`."""

    NAME: str
    SUFFIX: str

    def write(self, items: Sequence[Item], path: Path) -> list[Path]:
        """Write items; the files that were written."""
        ...

    def read(self, path: Path) -> list[Item]:
        """Read what the tool exported, or what `write` wrote."""
        ...


def labelled(records: Iterable[Record]) -> list[Item]:
    """Items of labelled records: their labels are an annotation by GIVEN."""
    return [
        Item(
            replace(record, stance={}, sentiment=None),
            tuple(record.stance),
            (Annotation(GIVEN, dict(record.stance), record.sentiment),),
        )
        for record in records
    ]


def question(target: str) -> str:
    """Name of the question about a target: `stance_us`."""
    return _PREFIX + target


def answers(annotation: Annotation | Suggestion) -> dict[str, str]:
    """What was said, by question."""
    said = {question(target): label for target, label in annotation.stance.items()}
    return said | ({SENTIMENT: annotation.sentiment} if annotation.sentiment else {})


def annotation_from(annotator: str, said: dict[str, str], where: str) -> Annotation:
    """An annotation from answers by question; other questions are somebody else's and are left alone.

    Raises:
        DataError: a label is none of ours.
    """
    stance, sentiment = {}, None
    for name, label in said.items():
        if name == SENTIMENT:
            sentiment = _one_of(label, SENTIMENTS, name, where)
        elif name.startswith(_PREFIX):
            stance[name.removeprefix(_PREFIX)] = _one_of(label, STANCE_CHOICES, name, where)
    return Annotation(annotator, stance, sentiment)


def _one_of(label: str, allowed: Sequence[str], name: str, where: str) -> str:
    if label not in allowed:
        raise DataError(f"{where}: {name} is {label!r}; use one of {', '.join(allowed)}.")
    return label


def choices(name: str) -> tuple[str, ...]:
    """The answers to a question."""
    return SENTIMENTS if name == SENTIMENT else STANCE_CHOICES


def questions(items: Iterable[Item]) -> list[str]:
    """Every question that is asked of some item, in the order of first use, the sentiment last."""
    return [*dict.fromkeys(question(target) for item in items for target in item.targets), SENTIMENT]


def carried(item: Item) -> dict[str, Any]:
    """What travels beside the labels: plain values."""
    line = {key: value for key, value in item.record.as_dict().items() if key not in ("text", "stance", "sentiment")}
    out: dict[str, Any] = {"digest": item.record.digest, "line": line, "targets": list(item.targets)}
    if any(annotation.annotator == GIVEN for annotation in item.annotations):
        out["labelled"] = True
    if item.suggestion:
        each = item.suggestion
        out["suggestion"] = {"model": each.model, "stance": each.stance, "scores": each.scores or {}}
        if each.sentiment:
            out["suggestion"]["sentiment"] = each.sentiment
    return out | ({"why": item.why} if item.why else {})


def item_from(text: Any, beside: Any, annotations: Iterable[Annotation], where: str) -> Item:
    """An item from what a tool gives back.

    Args:
        text: the sentence as the tool has it.
        beside: what `carried` gave, as an object or as JSON; None when the tool knows nothing of it.
        annotations: what annotators said.
        where: file and line, for messages.

    Raises:
        DataError: the text is missing, or what travelled beside it is damaged.
    """
    if not isinstance(text, str) or not text.strip():
        raise DataError(f"{where}: no text. Each sentence needs its `text`.")
    try:
        data = json.loads(beside) if isinstance(beside, str) else (beside or {})
        line = data.get("line") or {"id": f"text-{digest(text)}"}
        changed = data.get("digest", digest(text)) != digest(text)
        if changed:
            line = {key: value for key, value in line.items() if key != "spans"}
        record = record_from(line | {"text": text, "stance": {}}, where)
        said = data.get("suggestion")
        suggestion = Suggestion(said["model"], said["stance"], said.get("sentiment"), said["scores"]) if said else None
    except (ValueError, AttributeError, TypeError, KeyError) as error:
        raise DataError(
            f"{where}: `stancewire` is damaged ({error!r}). Leave that field as it was exported."
        ) from error
    found = tuple(annotations)
    if not found and data.get("labelled"):
        found = (Annotation(GIVEN, {}, None),)
    targets = data.get("targets") or dict.fromkeys(target for each in found for target in each.stance)
    return Item(record, tuple(targets), found, suggestion, data.get("why"), changed)


def read_json(path: Path) -> Any:
    """A JSON document.

    Raises:
        DataError: the file cannot be read or is no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}.") from error
    except ValueError as error:
        raise DataError(f"{path}: no valid JSON ({error}).") from error
