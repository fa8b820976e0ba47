"""Polarity: what the rated words of a sentence say of the target, by where they stand to it.

The lexicon rates a word for its subject, its object and in general. Which of these touches the
target depends on the relation: "accused Russia" (object), "Russia lied" (subject), "Russia was
accused" (passive), "Russia's lies" (possessor), "accused by Russia" (agent). No parser is used:
the relation is read off the few words in between, which is fast and right often enough.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.lexicon import Rated
from models.views import View
from models.words import BE, CONJUNCTIONS, FUNCTION_WORDS, MARKS, POSSESSIVE, PREPOSITIONS, SAY

NEGATED = -0.7  # what a negation makes of a rating
FARTHEST = 4  # content words between target and rated word within which they are related
ROLES = ("subject", "object", "general")
_BEFORE = [f"{base}{mark}" for base in ("before", "before-prep", "by") for mark in ("", "-mark")]
RELATIONS = tuple(
    f"{base}{join}" for base in (*_BEFORE, "after", "after-mark", "passive", "own") for join in ("", "-join")
)
GAPS = ("0", "1", "2+")

# The sums over the whole sentence: tone, its good and its bad part, the same by the length of the
# sentence, the tone of the last rated word, and what words say of their subjects and objects.
WHOLE = ("tone", "good", "bad", "dense good", "dense bad", "last tone", "subjects", "objects")

# Names of all sums. The first part is by side and distance, the second by relation.
SUMS = (
    *WHOLE,
    *(
        f"{scope} {side} {role}"
        for scope in ("near", "clause", "sentence", "praise")
        for side in ("before", "after")
        for role in ROLES
    ),
    *(f"{relation} {role}" for relation in RELATIONS for role in ROLES),
    *(
        f"{speaker}{relation} {gap} {role}"
        for speaker in ("", "speaker ")
        for relation in RELATIONS
        for gap in GAPS
        for role in ROLES
    ),
)
SUM_INDEX = {name: i for i, name in enumerate(SUMS)}


@dataclass(frozen=True, slots=True)
class Polarity:
    """What one rated word adds to one sum.

    Attributes:
        sum: index in SUMS.
        first, last: the words of the view it covers.
        value: rating, turned where negated, weighted by nearness in the sums by side.
    """

    sum: int
    first: int
    last: int
    value: float


def find_polarities(view: View) -> Iterator[Polarity]:
    """What every rated word of a view adds to every sum."""
    rated = view.rated
    yield from _whole(view, rated)
    if view.targets:
        yield from _by_side(view, rated)
        yield from _by_relation(view, rated)


def _whole(view: View, rated: Sequence[Rated]) -> Iterator[Polarity]:
    density = 1 / math.sqrt(max(1, len(view.words)))
    last = next((each for each in reversed(rated) if each.rating.general), None)
    for each in rated:
        tone = each.rating.general * (NEGATED if each.negated else 1.0)
        values = (
            tone,
            max(tone, 0.0),
            min(tone, 0.0),
            max(tone, 0.0) * density,
            min(tone, 0.0) * density,
            tone if each is last else 0.0,
            float(each.rating.subject),
            float(each.rating.object),
        )
        yield from (Polarity(i, each.first, each.last, value) for i, value in enumerate(values) if value)


def _by_side(view: View, rated: Sequence[Rated]) -> Iterator[Polarity]:
    for each in rated:
        distances = [each.first - target if each.first > target else target - each.last + 1 for target in view.targets]
        distance = min(distances)
        nearest = distances.index(distance)
        side = "before" if each.first < view.targets[nearest] else "after"
        weight = 1 / (1 + distance / 4)
        sign = NEGATED if each.negated else 1.0
        for role, value in zip(ROLES, each.rating, strict=True):
            if not value:
                continue
            parts = [("sentence", value * sign * weight)]
            if view.clauses[nearest][0] <= each.first < view.clauses[nearest][1]:
                parts.append(("clause", value * sign * weight))
            if value > 0:
                parts.append(("praise", value * weight))
            if distance <= 2:
                parts.append(("near", value * sign))
            for scope, amount in parts:
                yield Polarity(SUM_INDEX[f"{scope} {side} {role}"], each.first, each.last, amount)


def _by_relation(view: View, rated: Sequence[Rated]) -> Iterator[Polarity]:
    for target in view.targets:
        speaker = "speaker " if speaks(view.words, target) else ""
        for each in rated:
            found = relation(view.words, target, each.first, each.last)
            if found is None:
                continue
            name, gap = found
            for role, value in zip(ROLES, each.rating, strict=True):
                if value:
                    amount = value * (NEGATED if each.negated else 1.0)
                    yield Polarity(SUM_INDEX[f"{name} {role}"], each.first, each.last, amount)
                    yield Polarity(SUM_INDEX[f"{speaker}{name} {gap} {role}"], each.first, each.last, amount)


def relation(words: Sequence[str], target: int, first: int, last: int) -> tuple[str, str] | None:
    """How a rated word stands to the target, and how many content words lie between: None when too many.

    Args:
        words: the view's words.
        target: position of the target.
        first, last: the rated word or expression (last exclusive).

    Returns:
        One of RELATIONS and one of GAPS.
    """
    between = words[last:target] if first < target else words[target + 1 : first]
    gap = sum(1 for word in between if word not in FUNCTION_WORDS and word not in MARKS and word != POSSESSIVE)
    if gap > FARTHEST:
        return None
    marked = any(word in MARKS for word in between)
    if first < target:
        name = "before"
        if "by" in words[max(0, target - 2) : target] and gap <= 1:
            name = "by"
        elif any(word in PREPOSITIONS for word in words[max(last, target - 3) : target]):
            name = "before-prep"
        name += "-mark" if marked else ""
        joined = any(word in BE or word in CONJUNCTIONS for word in between)
    else:
        if marked:
            name = "after-mark"
        elif any(word in BE for word in words[max(target + 1, first - 2) : first]):
            name = "passive"
        else:
            name = "own" if between[:1] == [POSSESSIVE] else "after"
        joined = any(word in CONJUNCTIONS or word in SAY for word in between)
    return name + ("-join" if joined else ""), GAPS[min(gap, 2)]


def speaks(words: Sequence[str], target: int) -> bool:
    """Whether the target speaks: a verb of saying follows it, or comes before it late in the sentence."""
    after = words[target + 1 : target + 5]
    if any(word in SAY for word in after) and not any(word in (",", ";") for word in after[:2]):
        return True
    return 2 * target > len(words) and any(word in SAY for word in words[max(0, target - 3) : target])
