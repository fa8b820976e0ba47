"""Symmetry: do labels follow when the U.S. and Russia change places in a sentence?

The swap is made in the text, so mention detection, masking and classifier are all tested. A
sentence counts only if everything that names a target in it can be swapped: with a leader's name,
say, it would be another sentence.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from models.tokens import tokenize
from training.examples import Example, default_finder, stance_examples
from training.records import Record

PAIR = ("us", "russia")
_TO_RUSSIA = {
    "the United States": "Russia",
    "The United States": "Russia",
    "United States": "Russian",
    "the U.S.": "Russia",
    "The U.S.": "Russia",
    "the US": "Russia",
    "The US": "Russia",
    "U.S.": "Russian",
    "US": "Russian",
    "Americans": "Russians",
    "American": "Russian",
    "America": "Russia",
    "Washington": "Moscow",
    "White House": "Kremlin",
}
_TO_US = {
    "Russians": "Americans",
    "Russian": "American",
    "Russia": "the United States",
    "Moscow": "Washington",
    "Kremlin": "White House",
}
_SWAP: Mapping[str, str] = _TO_RUSSIA | _TO_US
_NAMES = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(n) for n in sorted(_SWAP, key=len, reverse=True)) + r")(?!\w)")


@dataclass(frozen=True, slots=True)
class Symmetry:
    """How many labels follow the swap.

    Attributes:
        count: stances that could be swapped.
        broken: those whose label did not follow.
        examples: some that did not: text, target, label before, swapped text, label after.
    """

    count: int
    broken: int
    examples: tuple[tuple[str, str, str, str, str], ...] = ()

    @property
    def share(self) -> float:
        """Share of labels that do not follow; 0 when none could be swapped."""
        return self.broken / self.count if self.count else 0.0

    def as_dict(self) -> dict[str, float]:
        """Plain values, for the manifest."""
        return {"count": self.count, "broken": self.broken, "share": round(self.share, 4)}


def swap(text: str) -> str:
    """The sentence with the names of the U.S. and of Russia exchanged."""
    swapped = _NAMES.sub(lambda found: _SWAP[found.group()], text)
    return text[:1] and swapped[:1].upper() + swapped[1:] if text[:1].isupper() else swapped


def swap_record(record: Record) -> Record | None:
    """The record with names and stances exchanged; None where the text cannot be swapped whole."""
    if record.spans or not set(record.stance) & set(PAIR):
        return None
    text = swap(record.text)
    before, after = (_count_mentions(each, record) for each in (record.text, text))
    if before != after[::-1] or before == (0, 0):
        return None
    turned = dict(zip(PAIR, reversed(PAIR), strict=True))
    return replace(record, text=text, stance={turned.get(name, name): label for name, label in record.stance.items()})


def _count_mentions(text: str, record: Record) -> tuple[int, int]:
    found = [mention.target for mention in default_finder().find(tokenize(text))]
    return found.count(PAIR[0]), found.count(PAIR[1])


def measure(records: Sequence[Record], label: Callable[[Sequence[Example]], list[str]], most: int = 2000) -> Symmetry:
    """Label sentences and their swapped twins, and count labels that do not follow.

    Args:
        records: sentences; of those that can be swapped every so-many-th is taken when there are more than `most`.
        label: gives the label of each example.
        most: sentences to swap at most.
    """
    pairs = [(record, twin) for record in records if (twin := swap_record(record)) is not None]
    pairs = pairs[:: -(-len(pairs) // most) or 1]
    ours, theirs = stance_examples(one for one, _ in pairs), stance_examples(two for _, two in pairs)
    kept = [(a, b) for a, b in zip(ours, theirs, strict=True) if a.target in PAIR]
    before, after = label([a for a, _ in kept]), label([b for _, b in kept])
    broken = [
        (a.record.text, str(a.target), one, b.record.text, two)
        for (a, b), one, two in zip(kept, before, after, strict=True)
        if one != two
    ]
    return Symmetry(len(kept), len(broken), tuple(broken[:10]))
