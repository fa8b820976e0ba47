"""What comes out: plain immutable results, and their JSON shape."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

STANCES = ("favor", "against", "neutral")
SENTIMENTS = ("negative", "neutral", "positive")


class Span(NamedTuple):
    """A piece of the text: offsets count code points of the whole text."""

    text: str
    start: int
    end: int

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape."""
        return {"text": self.text, "start": self.start, "end": self.end}


class Evidence(NamedTuple):
    """A piece of the text with its part of the logit of the label that was given."""

    text: str
    start: int
    end: int
    weight: float

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape."""
        return {"text": self.text, "start": self.start, "end": self.end, "weight": self.weight}


class Stance(NamedTuple):
    """The stance of one sentence toward one target that it mentions.

    Attributes:
        target: id of the target.
        label: favor, against or neutral.
        scores: calibrated probability of each label; they add up to 1.
        confident: whether the label's score reaches the released threshold.
        mentions: where the sentence names the target.
        evidence: with `intercept`, parts that add up to the logit of the label; the strongest first.
            None when no explanation was asked for.
        intercept: the part of the logit that no word has.
    """

    target: str
    label: str
    scores: dict[str, float]
    confident: bool
    mentions: tuple[Span, ...]
    evidence: tuple[Evidence, ...] | None = None
    intercept: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape; evidence and intercept only when asked for."""
        out: dict[str, Any] = {
            "target": self.target,
            "label": self.label,
            "scores": self.scores,
            "confident": self.confident,
            "mentions": [mention.as_dict() for mention in self.mentions],
        }
        if self.evidence is not None:
            out["evidence"] = [piece.as_dict() for piece in self.evidence]
            out["intercept"] = self.intercept
        return out


class Sentiment(NamedTuple):
    """The tone of a whole sentence, with the calibrated probability of each label."""

    label: str
    scores: dict[str, float]

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape."""
        return {"label": self.label, "scores": self.scores}


class Sentence(NamedTuple):
    """One sentence of a text: where it stands, its sentiment, its stance toward each target it mentions."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody asks of a sentence
    text: str
    start: int
    end: int
    sentiment: Sentiment
    stances: tuple[Stance, ...]

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape."""
        return {
            "index": self.index,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "sentiment": self.sentiment.as_dict(),
            "stances": [stance.as_dict() for stance in self.stances],
        }


@dataclass(frozen=True, slots=True)
class Analysis:
    """A whole text: the model that read it, and its sentences in order."""

    model: str
    version: str
    sentences: tuple[Sentence, ...]

    def summary(self) -> dict[str, dict[str, float]]:
        """For each target mentioned: sentences, count of each label, net = (favor - against) / sentences."""
        return summarize(stance for sentence in self.sentences for stance in sentence.stances)

    def as_dict(self, id: Any = None) -> dict[str, Any]:
        """The JSON shape of an answer."""
        return {
            "id": id,
            "model": {"name": self.model, "version": self.version},
            "sentences": [sentence.as_dict() for sentence in self.sentences],
            "summary": self.summary(),
        }


def summarize(stances: Iterable[Stance]) -> dict[str, dict[str, float]]:
    """Counts by target over any stances, in order of first appearance."""
    counts: dict[str, dict[str, float]] = {}
    for stance in stances:
        row = counts.setdefault(stance.target, {"sentences": 0, **dict.fromkeys(STANCES, 0)})
        row["sentences"] += 1
        row[stance.label] += 1
    for row in counts.values():
        row["net"] = (row["favor"] - row["against"]) / row["sentences"]
    return counts
