"""What annotators said, merged into labelled sentences; every conflict is told."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from training import agreement
from training.labels_io import GIVEN, NOT_MENTIONED, SENTIMENT, Item, answers, question
from training.records import Record

Votes = dict[str, dict[str, str]]  # question, then annotator: label


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that cannot be merged without a decision.

    Attributes:
        kind: "annotators" (two labels for one question), "existing" (another label stands in the file
            already), "text" (the text is not the one that went out), "id" (one id, two texts).
        id: of the sentence.
        text: the sentence.
        question: `stance_us`, `sentiment`; empty where the sentence itself is at odds.
        labels: label by who gave it.
        outcome: what was done.
    """

    kind: str
    id: str
    text: str
    question: str
    labels: dict[str, str]
    outcome: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for programs."""
        return asdict(self)


@dataclass(slots=True)
class Merged:
    """What a merge found.

    Attributes:
        records: labelled sentences, those that stood there first, then new ones.
        conflicts: everything that needed a decision.
        counts: what happened, in numbers.
        annotators: agreement of every two annotators; `alpha` of all together.
        model: agreement of the model's suggestion with each annotator.
        audit: the same on sentences that were picked blindly: what the model is worth on such text.
    """

    records: list[Record] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    annotators: list[agreement.Pair] = field(default_factory=list)
    alpha: float | None = None
    model: list[agreement.Pair] = field(default_factory=list)
    audit: list[agreement.Pair] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for programs; the records are in their file."""
        return {
            "records": len(self.records),
            "counts": dict(self.counts),
            "agreement": {
                "annotators": [pair.as_dict() for pair in self.annotators],
                "krippendorff_alpha": self.alpha,
                "model": [pair.as_dict() for pair in self.model],
                "model_on_audit": [pair.as_dict() for pair in self.audit],
            },
            "conflicts": [conflict.as_dict() for conflict in self.conflicts],
        }


def merge(
    items: Iterable[Item], existing: Sequence[Record] = (), majority: bool = False, overwrite: bool = False
) -> Merged:
    """Merge what came back.

    Args:
        items: of every annotator and file; sentences are known by id and digest of the text.
        existing: labelled sentences that are there already.
        majority: where annotators disagree, take the label that more than half of them gave; otherwise,
            and in a tie, that label is left out.
        overwrite: let new labels replace existing ones; otherwise the existing ones stay.
    """
    out = Merged()
    sentences = _by_sentence(items, out)
    _agree(sentences.values(), out)
    there = {record.digest: i for i, record in enumerate(existing)}
    out.records = list(existing)
    for name, parts in sentences.items():
        made = _decide(parts, majority, out)
        if made is None:
            continue
        if name in there:
            out.records[there[name]] = _update(existing[there[name]], made, overwrite, out)
        else:
            out.records.append(made)
            out.counts["new sentences"] += 1
    return out


def _by_sentence(items: Iterable[Item], out: Merged) -> dict[str, list[Item]]:
    """Items by digest of the text; those whose text was changed, or whose id is another's, are told and left out."""
    found: dict[str, list[Item]] = {}
    ids: dict[str, str] = {}
    for item in items:
        record = item.record
        out.counts["read"] += 1
        if item.changed:
            said = "The text is not the one that went out; left out. Label it anew, or restore it."
            out.conflicts.append(Conflict("text", record.id, record.text, "", {}, said))
        elif ids.setdefault(record.id, record.digest) != record.digest:
            said = "Another text has this id; left out. Give each text an id of its own."
            out.conflicts.append(Conflict("id", record.id, record.text, "", {}, said))
        else:
            found.setdefault(record.digest, []).append(item)
    return found


def votes(parts: Sequence[Item]) -> Votes:
    """Who said what, by question; the last answer of an annotator counts."""
    found: Votes = {}
    for item in parts:
        for said in item.annotations:
            for name, label in answers(said).items():
                found.setdefault(name, {})[said.annotator] = label
    return found


def _agree(sentences: Iterable[Sequence[Item]], out: Merged) -> None:
    people: dict[str, dict[agreement.Unit, str]] = {}
    model: dict[agreement.Unit, str] = {}
    audit: dict[agreement.Unit, str] = {}
    for parts in sentences:
        digest = parts[0].record.digest
        for name, given in votes(parts).items():
            for who, label in given.items():
                people.setdefault(who, {})[digest, name] = label
        for item in parts:
            if item.suggestion:
                said = {(digest, name): label for name, label in answers(item.suggestion).items()}
                model |= said
                audit |= said if item.why == "audit" else {}
    out.annotators = agreement.pairs(people)
    out.alpha = agreement.alpha(people)
    for found, answered in ((out.model, model), (out.audit, audit)):
        compared = (agreement.compare("model", answered, who, said) for who, said in people.items())
        found += [pair for pair in compared if pair.count]


def _decide(parts: Sequence[Item], majority: bool, out: Merged) -> Record | None:
    """The labelled sentence that annotators agree on; None when nobody answered anything."""
    if not any(item.annotations for item in parts):
        out.counts["not labelled yet"] += 1
        return None
    record = max((item.record for item in parts), key=lambda each: len(each.as_dict()))
    given = votes(parts)
    asked = dict.fromkeys(question(target) for item in parts for target in item.targets)
    out.counts["questions without an answer"] += sum(name not in given for name in asked)
    decided = {name: _settle(record, name, said, majority, out) for name, said in given.items()}
    if given and not any(decided.values()):
        return None  # nothing was settled
    stance = {
        name.removeprefix("stance_"): label
        for name, label in decided.items()
        if label is not None and name != SENTIMENT and label != NOT_MENTIONED
    }
    spans = {target: span for target, span in record.spans.items() if target in stance}
    return replace(record, stance=stance, sentiment=decided.get(SENTIMENT), spans=spans)


def _settle(record: Record, name: str, said: Mapping[str, str], majority: bool, out: Merged) -> str | None:
    ranked = Counter(said.values()).most_common()
    if len(ranked) == 1:
        return ranked[0][0]
    best = ranked[0][0] if majority and 2 * ranked[0][1] > len(said) else None
    outcome = f"Took {best!r}, the majority." if best else "Left out. Decide, correct it in one file, and import again."
    out.conflicts.append(Conflict("annotators", record.id, record.text, name, dict(said), outcome))
    return best


def _update(old: Record, new: Record, overwrite: bool, out: Merged) -> Record:
    """An existing record with new labels: added where it has none, told where they differ."""
    stance, sentiment = dict(old.stance), old.sentiment
    changed = False
    for target, label in new.stance.items():
        if target in stance and stance[target] != label:
            _clash(old, question(target), stance[target], label, overwrite, out)
        if overwrite or target not in stance:
            changed |= stance.get(target) != label
            stance[target] = label
    if new.sentiment and sentiment and sentiment != new.sentiment:
        _clash(old, SENTIMENT, sentiment, new.sentiment, overwrite, out)
    if new.sentiment and (overwrite or not sentiment):
        changed |= sentiment != new.sentiment
        sentiment = new.sentiment
    out.counts["sentences changed" if changed else "sentences unchanged"] += 1
    return replace(old, stance=stance, sentiment=sentiment, spans=old.spans | new.spans)


def _clash(old: Record, name: str, before: str, after: str, overwrite: bool, out: Merged) -> None:
    outcome = "Took the new one." if overwrite else "Kept the existing one; --overwrite takes the new one."
    labels = {GIVEN: before, "imported": after}
    out.conflicts.append(Conflict("existing", old.id, old.text, name, labels, outcome))
