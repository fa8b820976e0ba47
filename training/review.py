"""What to label next: the sentences that the model is least sure of, and a random share to check it by."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.analysis import Sentence
from models.analyzer import Analyzer
from models.sentences import split_sentences
from training.duplicates import near_duplicates
from training.labels_io import SENTIMENT, Item, Suggestion
from training.lines import json_lines, text_lines
from training.records import DataError, Record


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that could be labelled.

    Attributes:
        record: the sentence, without labels.
        suggestion: of the model.
        margins: by target, how far the best score is above the second.
    """

    record: Record
    suggestion: Suggestion
    margins: dict[str, float]


def read_texts(paths: Sequence[Path]) -> Iterator[Record]:
    """Unlabelled sentences of files: JSON Lines with a `text`, or plain text, one paragraph a line.

    Texts are split into sentences; those of one text are one group.

    Raises:
        DataError: a file cannot be read, or a line has no text.
    """
    for path in paths:
        for number, (where, line) in enumerate(_documents(path), start=1):
            text = line.get("text")
            if not isinstance(text, str):
                raise DataError(f"{where}: no `text`. Each line is an object with the text to be labelled.")
            name = str(line.get("id") or f"{path.stem}-{number}")
            spans = list(split_sentences(text))
            for k, (start, end) in enumerate(spans):
                yield Record(
                    id=name if len(spans) == 1 else f"{name}-{k}",
                    text=text[start:end],
                    stance={},
                    group=line.get("group") or (None if len(spans) == 1 else name),
                    source=line.get("source"),
                    where=where,
                )


def _documents(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    if path.suffix.lower() == ".txt":
        yield from ((where, {"text": line.strip()}) for where, line in text_lines(path))
    else:
        yield from json_lines(path)


def candidates(records: Sequence[Record], analyzer: Analyzer, labelled: Sequence[Record] = ()) -> list[Candidate]:
    """The sentences that mention a target, each once, and none that is (nearly) labelled already.

    Args:
        records: unlabelled sentences.
        analyzer: suggests labels; its targets are those that are asked about.
        labelled: sentences that need no more labels.
    """
    known = {record.digest for record in labelled}
    fresh: dict[str, Record] = {}
    for record in records:
        if record.digest not in known:
            fresh.setdefault(record.digest, record)
    kept = list(fresh.values())
    texts = [record.text for record in (*labelled, *kept)]
    alike = {b - len(labelled) for _, b, _ in near_duplicates(texts) if b >= len(labelled)}
    found = (_candidate(record, analyzer) for i, record in enumerate(kept) if i not in alike)
    return [candidate for candidate in found if candidate is not None]


def _candidate(record: Record, analyzer: Analyzer) -> Candidate | None:
    # A sentence that was split off stays one: what the analyzer would split again is left alone.
    sentences = analyzer.analyze(record.text).sentences
    if len(sentences) != 1 or not sentences[0].stances:
        return None
    return Candidate(record, _suggestion(sentences[0], analyzer.version), _margins(sentences[0]))


def _suggestion(sentence: Sentence, version: str) -> Suggestion:
    scores = {each.target: each.scores[each.label] for each in sentence.stances}
    scores[SENTIMENT] = sentence.sentiment.scores[sentence.sentiment.label]
    stance = {each.target: each.label for each in sentence.stances}
    return Suggestion(version, stance, sentence.sentiment.label, {name: round(s, 4) for name, s in scores.items()})


def _margins(sentence: Sentence) -> dict[str, float]:
    ranked = {each.target: sorted(each.scores.values(), reverse=True) for each in sentence.stances}
    return {target: scores[0] - scores[1] for target, scores in ranked.items()}


def pick(found: Sequence[Candidate], count: int, audit: float = 0.2, seed: int = 0) -> list[Item]:
    """Choose what to label next.

    Targets take turns, each with the sentence on which the model's two best labels are closest. A
    random share is picked blindly: only on it the model can be measured fairly.

    Args:
        found: candidates.
        count: how many.
        audit: share that is picked at random.
        seed: of the random choice.

    Returns:
        Items in random order, so that annotators cannot tell why one was picked.
    """
    rng = random.Random(seed)
    ordered = sorted(found, key=lambda each: each.record.digest)
    blind = rng.sample(ordered, min(len(ordered), round(count * audit)))
    chosen = {each.record.digest: "audit" for each in blind}
    queues = _queues(ordered)
    while queues and len(chosen) < min(count, len(ordered)):
        for target in list(queues):
            rest = queues[target] = [each for each in queues[target] if each.record.digest not in chosen]
            if not rest:
                del queues[target]
            elif len(chosen) < count:
                chosen[rest[0].record.digest] = "margin"
    items = [
        Item(each.record, tuple(each.suggestion.stance), (), each.suggestion, chosen[each.record.digest])
        for each in ordered
        if each.record.digest in chosen
    ]
    rng.shuffle(items)
    return items


def _queues(found: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    """Candidates of each target, closest margin first."""
    targets = sorted({target for each in found for target in each.margins})
    return {
        target: sorted((each for each in found if target in each.margins), key=lambda each: each.margins[target])
        for target in targets
    }
