"""The polarity sums of `models.polarity`, with their coefficients: the same logits (tested), fewer steps.

Whether words of a kind stand between target and rated word is asked many times over a sentence.
Here the kinds are counted once from the left, all packed into one integer (see `models.lexis`), so
that one subtraction answers for any stretch. What a rated word adds in some relation to the
target is worked out once and remembered.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.lexicon import Rated, Rating
from models.lexis import BEING, BY, CONJUNCTION, MARK, MASK, PREPOSITION, SAYING, Lexis
from models.polarity import FARTHEST, GAPS, NEGATED, ROLES, SUM_INDEX, WHOLE
from models.reading import Aim, Reading
from models.words import POSSESSIVE

_BEFORE_JOIN = (MASK * BEING) | (MASK * CONJUNCTION)
_AFTER_JOIN = (MASK * CONJUNCTION) | (MASK * SAYING)
_ANY_MARK, _ANY_BE, _ANY_PREPOSITION, _ANY_BY = MASK * MARK, MASK * BEING, MASK * PREPOSITION, MASK * BY
_ANY_SAYING = MASK * SAYING
_KEPT = 1 << 14  # parts remembered at most
Part = tuple[float, ...]


class Sums:
    """Parts of the logits that the polarity sums give.

    Args:
        coefficients: of shape (len(SUMS), labels).
        lexis: what the entries of the readings come from.
    """

    def __init__(self, coefficients: NDArray[np.float64], lexis: Lexis) -> None:
        self._coefficients = coefficients
        # tone = good + bad, so its coefficient goes to both.
        tone, good, bad, dense_good, dense_bad, last, subjects, objects = coefficients[: len(WHOLE)]
        rows = zip(good + tone, bad + tone, dense_good, dense_bad, last, subjects, objects, strict=True)
        self._whole = [tuple(map(float, row)) for row in rows]
        self._possessive = lexis[POSSESSIVE].id
        self._pauses = (lexis[","].id, lexis[";"].id)
        self._sides: dict[tuple[Rating, bool, bool, bool, int], Part] = {}
        self._relations: dict[tuple[Rating, bool, str, int, bool], Part] = {}

    def whole(self, reading: Reading) -> list[float]:
        """The part of each logit that is said of the sentence as a whole; there is a rated word."""
        good = bad = last = 0.0
        subjects = objects = 0
        for _, _, (subject, object_, general), negated in reading.rated:
            subjects += subject
            objects += object_
            if general:
                last = general * NEGATED if negated else float(general)
                if last > 0:
                    good += last
                else:
                    bad += last
        density = 1 / math.sqrt(len(reading.entries))
        return [
            good * (of_good + density * dense_good)
            + bad * (of_bad + density * dense_bad)
            + last * of_last
            + subjects * of_subjects
            + objects * of_objects
            for of_good, of_bad, dense_good, dense_bad, of_last, of_subjects, of_objects in self._whole
        ]

    def toward(self, aim: Aim) -> list[Part]:
        """Parts of the logits, to be added up, that are said of the target; there is a rated word."""
        parts = [self._by_side(aim, rated) for rated in aim.reading.rated] if aim.targets else []
        for target in aim.targets:
            self._add_by_relation(aim, target, parts)
        return parts

    def _by_side(self, aim: Aim, rated: Rated) -> Part:
        first, last, rating, negated = rated
        targets = aim.targets
        nearest, target = 0, targets[0]
        distance = first - target if first > target else target - last + 1
        if len(targets) > 1:
            distances = [first - target if first > target else target - last + 1 for target in targets]
            distance = min(distances)
            nearest = distances.index(distance)
        begin, end = aim.clauses[nearest]
        key = (rating, negated, first < targets[nearest], begin <= first < end, distance)
        return self._sides.get(key) or self._find_side(*key)

    def _find_side(self, rating: Rating, negated: bool, before: bool, in_clause: bool, distance: int) -> Part:
        side = "before" if before else "after"
        weight = 1 / (1 + distance / 4)
        part = np.zeros(self._coefficients.shape[1])
        for role, value in zip(ROLES, rating, strict=True):
            turned = value * NEGATED if negated else value
            amounts = {"sentence": turned * weight}
            if in_clause:
                amounts["clause"] = turned * weight
            if value > 0:
                amounts["praise"] = value * weight
            if distance <= 2:
                amounts["near"] = turned
            for scope, amount in amounts.items():
                part += amount * self._coefficients[SUM_INDEX[f"{scope} {side} {role}"]]
        return _keep(self._sides, (rating, negated, before, in_clause, distance), part)

    def _add_by_relation(self, aim: Aim, target: int, parts: list[Part]) -> None:
        counts, ids = aim.reading.counts, aim.ids
        speaker = self._speaks(counts, ids, target)
        own = ids[target + 1] == self._possessive
        by = (counts[target] - counts[max(0, target - 2)]) & _ANY_BY
        known = self._relations
        for first, last, rating, negated in aim.reading.rated:
            between = counts[target] - counts[last] if first < target else counts[first] - counts[target + 1]
            gap = between & MASK
            if gap > FARTHEST:
                if first < target:
                    continue
                break  # rated words come in order: what follows is farther still
            if first < target:
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
                if between & _ANY_MARK:
                    name = "after-mark"
                elif (counts[first] - counts[max(target + 1, first - 2)]) & _ANY_BE:
                    name = "passive"
                else:
                    name = "own" if own and first > target + 1 else "after"
                if between & _AFTER_JOIN:
                    name += "-join"
            key = (rating, negated, name, gap if gap < 2 else 2, speaker)
            parts.append(known.get(key) or self._find_relation(*key))

    def _speaks(self, counts: Sequence[int], ids: Sequence[int], target: int) -> bool:
        """As `models.polarity.speaks`."""
        size = len(ids) - 1
        if (counts[min(size, target + 5)] - counts[target + 1]) & _ANY_SAYING:
            comma, semicolon = self._pauses
            soon = ids[target + 1 : target + 3]
            if comma not in soon and semicolon not in soon:
                return True
        return 2 * target > size and bool((counts[target] - counts[max(0, target - 3)]) & _ANY_SAYING)

    def _find_relation(self, rating: Rating, negated: bool, name: str, gap: int, speaker: bool) -> Part:
        part = np.zeros(self._coefficients.shape[1])
        prefix = "speaker " if speaker else ""
        for role, value in zip(ROLES, rating, strict=True):
            turned = value * NEGATED if negated else value
            for sum_name in (f"{name} {role}", f"{prefix}{name} {GAPS[gap]} {role}"):
                part += turned * self._coefficients[SUM_INDEX[sum_name]]
        return _keep(self._relations, (rating, negated, name, gap, speaker), part)


def _keep(known: dict[Any, Part], key: tuple[Any, ...], part: NDArray[np.float64]) -> Part:
    if len(known) >= _KEPT:
        known.clear()
    known[key] = tuple(part.tolist())
    return known[key]
