"""Examples: what the two heads are trained and tested on, made of records."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.mentions import Mention, MentionFinder
from models.targets import CORE_FILE, MORE_FILE, load_targets
from models.tokens import Tokens, tokenize
from models.views import View, target_view, whole_view
from training.records import Record


@dataclass(frozen=True, slots=True)
class Example:
    """One thing to classify: a sentence from one target (stance), or a whole sentence (sentiment).

    Attributes:
        record: where it comes from.
        target: the target judged; None for a whole sentence.
        view: what the model sees.
        label: the label given by people.
    """

    record: Record
    target: str | None
    view: View
    label: str

    @property
    def group(self) -> str:
        """What must stay on one side of a split: the record's group, or its text."""
        return self.record.group or self.record.digest


@cache
def default_finder(extra: Path | None = None) -> MentionFinder:
    """The finder of every target that is shipped, and of a further targets file."""
    files = (CORE_FILE, MORE_FILE) if extra is None else (CORE_FILE, MORE_FILE, extra)
    return MentionFinder(load_targets(*files).values())


def find_mentions(record: Record, tokens: Tokens, finder: MentionFinder) -> list[Mention]:
    """Mentions in a record: its own spans where it gives them, detected ones for other targets."""
    mentions = [mention for mention in finder.find(tokens) if mention.target not in record.spans]
    for target, spans in record.spans.items():
        for start, end in spans:
            places = [tokens.span(i, i + 1) for i in range(len(tokens.words))]
            covered = [i for i, (first, last) in enumerate(places) if first < end and last > start]
            if covered:
                given = Mention(target, covered[0], covered[-1] + 1)
                mentions = [other for other in mentions if other.last <= given.first or other.first >= given.last]
                mentions.append(given)
    return sorted(mentions, key=lambda mention: mention.first)


def stance_examples(records: Iterable[Record], finder: MentionFinder | None = None) -> list[Example]:
    """One example for every (sentence, target) pair that is labelled."""
    finder = finder or default_finder()
    examples = []
    for record in records:
        if not record.stance:
            continue
        tokens = tokenize(record.text)
        mentions = find_mentions(record, tokens, finder)
        whole = whole_view(tokens, mentions)
        for target, label in record.stance.items():
            examples.append(Example(record, target, target_view(whole, mentions, target), label))
    return examples


def sentiment_examples(records: Iterable[Record], finder: MentionFinder | None = None) -> list[Example]:
    """One example for every record whose sentiment is labelled."""
    finder = finder or default_finder()
    examples = []
    for record in records:
        if record.sentiment is not None:
            tokens = tokenize(record.text)
            view = whole_view(tokens, find_mentions(record, tokens, finder))
            examples.append(Example(record, None, view, record.sentiment))
    return examples


def views(examples: Sequence[Example]) -> list[View]:
    """The views of examples."""
    return [example.view for example in examples]


def labels(examples: Sequence[Example]) -> list[str]:
    """The labels of examples."""
    return [example.label for example in examples]
