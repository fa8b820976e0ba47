"""How good predictions are: macro-F1 with its interval, calibration, confidence."""

import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

ROUNDS = 1000  # of the bootstrap
_SHIFTS = tuple(round(-0.8 + 0.1 * step, 1) for step in range(13))  # of a label's logit, that are tried
_STANDARD_ERROR = 0.005  # of macro-F1 on some ten thousand examples


def confusion(gold: Sequence[str], predicted: Sequence[str], labels: Sequence[str]) -> NDArray[np.int64]:
    """Counts of shape (labels, labels): row the gold label, column the predicted one."""
    place = {label: i for i, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)), dtype=np.int64)
    np.add.at(table, ([place[label] for label in gold], [place[label] for label in predicted]), 1)
    return table


def f1_by_label(table: NDArray[Any]) -> NDArray[np.float64]:
    """F1 of each label from confusion counts of shape (..., labels, labels); 0 where a label never occurs."""
    hits = np.diagonal(table, axis1=-2, axis2=-1).astype(np.float64)
    total = table.sum(axis=-1) + table.sum(axis=-2)
    return np.asarray(np.divide(2 * hits, total, out=np.zeros_like(hits), where=total > 0))


def macro_f1(gold: Sequence[str], predicted: Sequence[str], labels: Sequence[str]) -> float:
    """Mean of the labels' F1."""
    return float(f1_by_label(confusion(gold, predicted, labels)).mean())


def bootstrap(
    gold: Sequence[str],
    predicted: Sequence[str],
    labels: Sequence[str],
    clusters: Sequence[str],
    seed: int = 0,
    rounds: int = ROUNDS,
) -> NDArray[np.float64]:
    """Macro-F1 over resampled clusters (sentences): an array of shape (rounds,)."""
    place = {label: i for i, label in enumerate(labels)}
    names = {name: i for i, name in enumerate(dict.fromkeys(clusters))}
    counts = np.zeros((len(names), len(labels), len(labels)))
    for cluster, true, guess in zip(clusters, gold, predicted, strict=True):
        counts[names[cluster], place[true], place[guess]] += 1
    flat = counts.reshape(len(names), -1)
    drawn = _draws(len(names), seed, rounds) @ flat.astype(np.float32)
    return np.asarray(f1_by_label(drawn.reshape(rounds, len(labels), len(labels)).astype(np.float64)).mean(axis=-1))


@lru_cache(maxsize=1)
def _draws(size: int, seed: int, rounds: int) -> NDArray[np.float32]:
    """How often each of `size` clusters is drawn in each round: shape (rounds, size).

    Kept for the next call, which is mostly for other predictions of the same sentences. Counts are
    small whole numbers, so that sums of them are exact in single precision.
    """
    rng = np.random.default_rng(seed)
    return np.asarray(rng.multinomial(size, np.full(size, 1 / size), size=rounds), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Score:
    """How well a set of predictions does.

    Attributes:
        count: number of predictions.
        macro_f1: mean of the labels' F1.
        low, high: its 95 % interval, by bootstrap over sentences.
        accuracy: share of right labels.
        f1: F1 by label.
        confusion: counts by gold label, then predicted label.
    """

    count: int
    macro_f1: float
    low: float
    high: float
    accuracy: float
    f1: dict[str, float]
    confusion: dict[str, dict[str, int]]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, rounded for people: four digits."""
        out = asdict(self)
        for key in ("macro_f1", "low", "high", "accuracy"):
            out[key] = round(out[key], 4)
        out["f1"] = {label: round(value, 4) for label, value in self.f1.items()}
        return out


def score(
    gold: Sequence[str], predicted: Sequence[str], labels: Sequence[str], clusters: Sequence[str], seed: int = 0
) -> Score:
    """Score predictions; the interval is drawn over clusters (sentences)."""
    table = confusion(gold, predicted, labels)
    each = f1_by_label(table)
    low, high = np.quantile(bootstrap(gold, predicted, labels, clusters, seed), (0.025, 0.975))
    return Score(
        count=len(gold),
        macro_f1=float(each.mean()),
        low=float(low),
        high=float(high),
        accuracy=float(np.trace(table) / max(1, len(gold))),
        f1={label: float(value) for label, value in zip(labels, each, strict=True)},
        confusion={true: {guess: int(table[i, j]) for j, guess in enumerate(labels)} for i, true in enumerate(labels)},
    )


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a reliability diagram: predictions whose score lies in [low, high)."""

    low: float
    high: float
    count: int
    score: float
    accuracy: float


def reliability(scores: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> list[Bin]:
    """Bins of equal width over the score of the given label; empty ones are left out."""
    place = np.minimum((scores * bins).astype(int), bins - 1)
    return [
        Bin(
            k / bins,
            (k + 1) / bins,
            int((place == k).sum()),
            float(scores[place == k].mean()),
            float(right[place == k].mean()),
        )
        for k in range(bins)
        if (place == k).any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: the mean gap between score and accuracy, weighted by count."""
    total = sum(each.count for each in bins)
    return sum(each.count * abs(each.score - each.accuracy) for each in bins) / max(1, total)


def softmax_rows(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of each row of decision values."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def fit_temperature(logits: NDArray[np.float64], gold: NDArray[np.intp]) -> float:
    """The temperature that makes softmax(logits / temperature) most likely (Guo et al., 2017).

    Args:
        logits: decision values of shape (n, labels), from models that did not see the examples.
        gold: index of each gold label.
    """

    def loss(log_temperature: float) -> float:
        probabilities = softmax_rows(logits / np.exp(log_temperature))
        return float(-np.log(probabilities[np.arange(len(gold)), gold] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def fit_shift(logits: NDArray[np.float64], gold: NDArray[np.intp]) -> NDArray[np.float64]:
    """What to add to each label's logit so that the best label gives a better macro-F1.

    The most frequent label stays as it is; for the others steps of 0.1 are tried. Chance says which of them is
    best, so the smallest is taken that comes within a standard error of the best: none, where none is worth it.

    Args:
        logits: decision values of shape (n, labels), from models that did not see the examples.
        gold: index of each gold label.
    """
    labels = logits.shape[1]
    fixed = int(np.bincount(gold, minlength=labels).argmax())
    tried = itertools.product(*((0.0,) if label == fixed else _SHIFTS for label in range(labels)))
    found = []
    for shift in map(np.array, tried):
        guessed = (logits + shift).argmax(axis=1)
        counts = np.bincount(gold * labels + guessed, minlength=labels**2).reshape(labels, labels)
        found.append((float(f1_by_label(counts).mean()), shift))
    good = max(value for value, _ in found) - _STANDARD_ERROR
    near = [(round(float(np.abs(shift).sum()), 1), -value, shift) for value, shift in found if value >= good]
    return min(near, key=lambda each: each[:2])[2]


def confident_threshold(scores: NDArray[np.float64], right: NDArray[np.bool_], precision: float) -> float:
    """The lowest score above which the share of right labels is at least `precision`; 1.0 when none is."""
    order = np.argsort(-scores, kind="stable")
    precisions = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precisions >= precision)
    return float(scores[order[good[-1]]]) if len(good) else 1.0
