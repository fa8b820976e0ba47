"""Drift: whether new text is still like the sentences that a model was trained on."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from models.analysis import STANCES, Stance
from models.analyzer import Analyzer
from models.tokens import tokenize
from training.compare import Guess, Key
from training.records import DataError, Record

FEWEST = 30  # sentences with a target, below which nothing can be said
_DRAWS = 20  # random parts of the reference, to see how much parts of one whole differ
# From which a difference is worth a look, and from which it calls for new labels.
UNSEEN = (1.5, 2.5)  # times the share of unseen words that a part of the reference itself has
SHIFT = (0.1, 0.25)  # population stability index: the usual limits for "some" and "large" shift
SURE = (0.1, 0.2)  # points that the share of confident stances fell by
MENTION = (0.5, 0.25)  # of the share of sentences that name the target in the reference


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that was compared.

    Attributes:
        name: what.
        reference, new: its value there and here.
        level: 0 fine, 1 worth a look, 2 calls for new labels.
        words: the same in a sentence.
    """

    name: str
    reference: float
    new: float
    level: int
    words: str


@dataclass(frozen=True, slots=True)
class Drift:
    """What a comparison found.

    Attributes:
        due: whether retraining is due; None when there is too little text to say.
        verdict: the same in words.
        signals: what was compared.
        new_words: the words most typical of the new text that the reference does not know, with counts.
        sentences: number of sentences, and of those with a target, on both sides.
    """

    due: bool | None
    verdict: str
    signals: list[Signal]
    new_words: list[tuple[str, int]]
    sentences: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for programs."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of the comparison: sentences with a target, as words, and what the model says of them."""

    total: int
    words: list[list[str]]
    groups: list[str]
    stances: list[tuple[str, Stance]]  # digest and stance

    @property
    def mentions(self) -> Counter[str]:
        return Counter(stance.target for _, stance in self.stances)


def compare_texts(
    reference: Sequence[Record], new: Sequence[Record], analyzer: Analyzer, known: Mapping[Key, Guess], seed: int = 13
) -> Drift:
    """Compare new text with a reference, by one model.

    Args:
        reference: what the model was trained on.
        new: new sentences; labels are not needed. Those that stand in the reference are left out.
        analyzer: the model.
        known: labels that cross-validation gave to reference sentences. They are taken where they are
            there, because a model is too sure of what it was trained on.
        seed: of the random parts.

    Raises:
        DataError: the reference holds no sentence with a target.
    """
    there = {record.digest for record in reference}
    old = _side(reference, analyzer)
    now = _side([record for record in new if record.digest not in there], analyzer)
    if len(old.words) < FEWEST:
        raise DataError(f"The reference has {len(old.words)} sentences with a target; at least {FEWEST} are needed.")
    sentences = {"reference": old.total, "reference with a target": len(old.words)}
    sentences |= {"new": now.total, "new with a target": len(now.words)}
    if len(now.words) < FEWEST:
        words = f"Too little new text to say: {len(now.words)} sentences name a target; at least {FEWEST} are needed."
        return Drift(None, words, [], [], sentences)
    signals = [_vocabulary(old, now, seed), *_mentions(old, now), *_shares(old, now, known), *_sure(now, analyzer)]
    due = any(signal.level == 2 for signal in signals) or sum(signal.level for signal in signals) >= 2
    return Drift(due, _verdict(due, signals), signals, _new_words(old, now), sentences)


def _side(records: Sequence[Record], analyzer: Analyzer) -> _Side:
    words, groups, stances = [], [], []
    for record in records:
        found = [stance for sentence in analyzer.analyze(record.text).sentences for stance in sentence.stances]
        if found:
            words.append([low for low in tokenize(record.text).lows if low.isalpha()])
            groups.append(record.group or record.digest)
            stances += [(record.digest, stance) for stance in found]
    return _Side(len(records), words, groups, stances)


def unseen(known: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> float:
    """The share of words in `new` that occur nowhere in `known`."""
    vocabulary = {word for words in known for word in words}
    total = sum(map(len, new))
    return sum(word not in vocabulary for words in new for word in words) / max(1, total)


def _vocabulary(old: _Side, new: _Side, seed: int) -> Signal:
    """Unseen words, beside those that a part of the reference has for the rest of it."""
    rng = random.Random(seed)
    groups = sorted(set(old.groups))
    size = max(1, min(len(groups) // 4, len(new.words)))
    usual = []
    for _ in range(_DRAWS):
        part = set(rng.sample(groups, size))
        inside = [words for words, group in zip(old.words, old.groups, strict=True) if group in part]
        outside = [words for words, group in zip(old.words, old.groups, strict=True) if group not in part]
        usual.append(unseen(outside, inside))
    before, now = float(np.mean(usual)), unseen(old.words, new.words)
    ratio = now / max(before, 1e-9)
    words = f"{now:.1%} of the words are unknown to the training data; of its own parts it is {before:.1%}."
    return Signal("unseen words", round(before, 4), round(now, 4), _level(ratio, UNSEEN), words)


def _mentions(old: _Side, new: _Side) -> list[Signal]:
    """How many sentences name each target. More than before is no trouble; far fewer may mean missing names."""
    out = []
    for target, count in old.mentions.most_common():
        before, now = count / old.total, new.mentions[target] / max(1, new.total)
        level = sum(now < share * before for share in MENTION)
        words = f"{now:.1%} of the new sentences name {target!r}, of the training data {before:.1%}."
        words += " If that is not what the text is about, look for names that the targets file lacks." if level else ""
        # Training data is chosen for its mentions, so this alone never calls for new labels.
        out.append(Signal(f"mentions of {target}", round(before, 4), round(now, 4), 0, words))
    return out


def _shares(old: _Side, new: _Side, known: Mapping[Key, Guess]) -> list[Signal]:
    """Shares of the predicted labels, for each target that both sides name often enough."""
    out = []
    for target, count in old.mentions.most_common():
        if min(count, new.mentions[target]) < FEWEST:
            continue
        before = Counter(
            known[digest, target].label if (digest, target) in known else stance.label
            for digest, stance in old.stances
            if stance.target == target
        )
        now = Counter(stance.label for _, stance in new.stances if stance.target == target)
        shift = stability_index(before, now)
        told = ", ".join(f"{x} {_share(before, x):.0%} → {_share(now, x):.0%}" for x in STANCES)
        words = f"Predicted stances toward {target!r}: {told} (stability index {shift:.2f})."
        out.append(Signal(f"stances toward {target}", 0.0, round(shift, 4), _level(shift, SHIFT), words))
    return out


def stability_index(before: Counter[str], now: Counter[str]) -> float:
    """Population stability index of two counts of labels; one is added to each count."""
    old = np.array([before[label] + 1 for label in STANCES], dtype=np.float64)
    new = np.array([now[label] + 1 for label in STANCES], dtype=np.float64)
    old, new = old / old.sum(), new / new.sum()
    return float(((new - old) * np.log(new / old)).sum())


def _share(counts: Counter[str], label: str) -> float:
    return counts[label] / max(1, counts.total())


def _sure(new: _Side, analyzer: Analyzer) -> list[Signal]:
    """The share of confident stances, beside that in cross-validation, which the manifest tells."""
    confident = analyzer.artifact.manifest.get("metrics", {}).get("stance", {}).get("confident")
    if not confident:
        return []
    before = float(confident["coverage"])
    now = float(np.mean([stance.confident for _, stance in new.stances]))
    words = f"{now:.0%} of the stances are confident; on the training data, by cross-validation, {before:.0%} were."
    return [Signal("confident stances", round(before, 4), round(now, 4), _level(before - now, SURE), words)]


def _level(value: float, limits: tuple[float, float]) -> int:
    return sum(value >= limit for limit in limits)


def _new_words(old: _Side, new: _Side) -> list[tuple[str, int]]:
    vocabulary = {word for words in old.words for word in words}
    sentences = Counter(word for words in new.words for word in set(words) if word not in vocabulary)
    return [(word, count) for word, count in sentences.most_common(20) if count > 1]


def _verdict(due: bool, signals: Sequence[Signal]) -> str:
    strong = [signal.name for signal in signals if signal.level == 2]
    weak = [signal.name for signal in signals if signal.level == 1]
    if due:
        return (
            f"Retraining is due: the new text differs in {', '.join(strong + weak)}. Label some of it "
            "(python -m training export --for review), train, and compare."
        )
    if weak:
        return f"Retraining is not due yet. Keep an eye on: {', '.join(weak)}."
    return "Retraining is not due: the new text is like what the model was trained on."
