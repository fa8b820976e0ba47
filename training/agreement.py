"""How far those who label agree: Cohen's kappa of two, Krippendorff's alpha of all."""

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
from sklearn.metrics import cohen_kappa_score

Unit = tuple[str, str]  # digest of the text, question
Answers = Mapping[str, Mapping[Unit, str]]  # by annotator


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who labelled the same things.

    Attributes:
        one, two: names.
        count: answers that both gave.
        agreement: share of equal ones.
        kappa: Cohen's kappa; None where both said the same one thing throughout, or nothing.
    """

    one: str
    two: str
    count: int
    agreement: float | None
    kappa: float | None

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for programs."""
        return asdict(self)


def pairs(answers: Answers) -> list[Pair]:
    """Every two annotators who share an answer."""
    found = (compare(one, answers[one], two, answers[two]) for one, two in combinations(answers, 2))
    return [pair for pair in found if pair.count]


def compare(one: str, first: Mapping[Unit, str], two: str, second: Mapping[Unit, str]) -> Pair:
    """Two annotators, on what both answered."""
    shared = [unit for unit in first if unit in second]
    if not shared:
        return Pair(one, two, 0, None, None)
    a, b = [first[unit] for unit in shared], [second[unit] for unit in shared]
    same = float(np.mean([x == y for x, y in zip(a, b, strict=True)]))
    return Pair(one, two, len(shared), round(same, 4), _kappa(a, b))


def _kappa(a: Sequence[str], b: Sequence[str]) -> float | None:
    if len({*a, *b}) < 2:
        return None  # chance alone explains everything
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = float(cohen_kappa_score(a, b))
    return None if np.isnan(value) else round(value, 4)


def alpha(answers: Answers) -> float | None:
    """Krippendorff's alpha for nominal labels and any number of annotators, some of whom may skip.

    Written here because the library for it is under the GPL, which would bind whoever ships us.

    Returns:
        1 for full agreement, 0 for chance; None where no two share an answer, or there is one label only.

    Source:
        Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).
    """
    units: dict[Unit, Counter[str]] = {}
    for said in answers.values():
        for unit, label in said.items():
            units.setdefault(unit, Counter())[label] += 1
    paired = [counts for counts in units.values() if counts.total() > 1]
    totals = sum(paired, Counter())
    n = totals.total()
    expected = n * n - sum(count * count for count in totals.values())
    if expected == 0:
        return None
    observed = sum(
        (counts.total() ** 2 - sum(count * count for count in counts.values())) / (counts.total() - 1)
        for counts in paired
    )
    return round(1 - (n - 1) * observed / expected, 4)
