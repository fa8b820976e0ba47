"""The polarity sums of `models.polarity`, computed fast: the same numbers (tested), fewer steps.

Whether words of a kind stand between target and rated word is asked many times over a sentence.
Here the kinds are counted once from the left, all packed into one integer (see `models.lexis`), so
that one subtraction answers for any stretch.
"""

import math
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

from models.lexis import BEING, BY, CONJUNCTION, MARK, MASK, PREPOSITION, SAYING, Entry
from models.polarity import FARTHEST, GAPS, NEGATED, RELATIONS, ROLES, SUM_INDEX, WHOLE, speaks
from models.views import View
from models.words import POSSESSIVE

_BEFORE_JOIN = (MASK * BEING) | (MASK * CONJUNCTION)
_AFTER_JOIN = (MASK * CONJUNCTION) | (MASK * SAYING)
_ANY_MARK, _ANY_BE, _ANY_PREPOSITION, _ANY_BY = MASK * MARK, MASK * BEING, MASK * PREPOSITION, MASK * BY
# Index of the first of the three roles of a sum; the roles follow one another in SUMS.
_BY_SIDE = {
    before: tuple(SUM_INDEX[f"{scope} {side} {ROLES[0]}"] for scope in ("near", "clause", "sentence", "praise"))
    for before, side in ((True, "before"), (False, "after"))
}
_RELATION = {name: SUM_INDEX[f"{name} {ROLES[0]}"] for name in RELATIONS}
_RELATION_GAP = {
    speaker: {name: [SUM_INDEX[f"{prefix}{name} {gap} {ROLES[0]}"] for gap in GAPS] for name in RELATIONS}
    for speaker, prefix in ((False, ""), (True, "speaker "))
}


def add_sums(view: View, entries: Sequence[Entry]) -> tuple[list[int], list[float]]:
    """Index and value of everything that `models.polarity.find_polarities` would yield.

    Args:
        view: the view, with at least one rated word.
        entries: the entries of its words.
    """
    indices: list[int] = []
    values: list[float] = []
    _add_whole(view, indices, values)
    if view.targets:
        _add_by_side(view, indices, values)
        counts = [0, *accumulate([entry[1] for entry in entries])]
        for target in view.targets:
            _add_by_relation(view, target, counts, indices, values)
    return indices, values


def _add_whole(view: View, indices: list[int], values: list[float]) -> None:
    good = bad = last = 0.0
    subjects = objects = 0
    for _, _, (subject, object_, general), negated in view.rated:
        subjects += subject
        objects += object_
        if general:
            last = general * NEGATED if negated else float(general)
            if last > 0:
                good += last
            else:
                bad += last
    density = 1 / math.sqrt(len(view.words))
    indices += range(len(WHOLE))
    values += (good + bad, good, bad, good * density, bad * density, last, subjects, objects)


def _add_by_side(view: View, indices: list[int], values: list[float]) -> None:
    targets = view.targets
    clauses = view.clauses
    for first, last, rating, negated in view.rated:
        if len(targets) == 1:
            nearest = 0
            distance = first - targets[0] if first > targets[0] else targets[0] - last + 1
        else:
            distances = [first - target if first > target else target - last + 1 for target in targets]
            distance = min(distances)
            nearest = distances.index(distance)
        before = first < targets[nearest]
        in_clause = clauses[nearest][0] <= first < clauses[nearest][1]
        weight = 1 / (1 + distance / 4)
        near, clause, sentence, praise = _BY_SIDE[before]
        for role in _used(rating):
            value = rating[role]
            turned = value * NEGATED if negated else value
            indices.append(sentence + role)
            values.append(turned * weight)
            if in_clause:
                indices.append(clause + role)
                values.append(turned * weight)
            if value > 0:
                indices.append(praise + role)
                values.append(value * weight)
            if distance <= 2:
                indices.append(near + role)
                values.append(turned)


@cache
def _used(rating: tuple[int, int, int]) -> tuple[int, ...]:
    """Roles of which a rating says something."""
    return tuple(role for role, value in enumerate(rating) if value)


def _add_by_relation(view: View, target: int, counts: Sequence[int], indices: list[int], values: list[float]) -> None:
    speaker = _RELATION_GAP[speaks(view.words, target)]
    own = view.words[target + 1 : target + 2] == [POSSESSIVE]
    by = bool((counts[target] - counts[max(0, target - 2)]) & _ANY_BY)
    for first, last, rating, negated in view.rated:
        if first < target:
            between = counts[target] - counts[last]
            gap = between & MASK
            if gap > FARTHEST:
                continue
            name = "before"
            if by and gap <= 1:
                name = "by"
            elif (counts[target] - counts[min(target, max(last, target - 3))]) & _ANY_PREPOSITION:
                name = "before-prep"
            if between & _ANY_MARK:
                name += "-mark"
            if between & _BEFORE_JOIN:
                name += "-join"
        else:
            between = counts[first] - counts[target + 1]
            gap = between & MASK
            if gap > FARTHEST:
                break  # rated words come in order: what follows is farther still
            if between & _ANY_MARK:
                name = "after-mark"
            elif (counts[first] - counts[max(target + 1, first - 2)]) & _ANY_BE:
                name = "passive"
            else:
                name = "own" if own and first > target + 1 else "after"
            if between & _AFTER_JOIN:
                name += "-join"
        plain, detailed = _RELATION[name], speaker[name][gap if gap < 2 else 2]
        for role in _used(rating):
            value = rating[role] * NEGATED if negated else float(rating[role])
            indices += (plain + role, detailed + role)
            values += (value, value)
