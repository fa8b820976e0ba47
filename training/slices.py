"""What the report looks at besides the scores: slices, learning curve, terms, mistakes, the data itself."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.pipeline import Pipeline

from models.pipeline import HeadConfig
from training.config import Config
from training.evaluate import LABELS
from training.examples import Example
from training.fit import FittedHead, source_weights, split_folds
from training.matrix import ExampleMatrix
from training.metrics import bootstrap, macro_f1
from training.records import Record, target_name
from training.validate import check_duplicates

ROLES = {
    "w": "anywhere",
    "l": "before the target",
    "r": "after the target",
    "t": "around the target",
    "cl": "in its clause, before",
    "cr": "in its clause, after",
    "f": "frame around the target",
}
SIZES = (0.1, 0.25, 0.5, 0.75, 1.0)
_SMALL = 20  # examples below which a slice says nothing
_ROUNDS = 300


def _length(example: Example) -> str:
    words = len(example.view.words)
    return "up to 15 words" if words <= 15 else "16 to 30 words" if words <= 30 else "over 30 words"


def _quote(example: Example) -> str:
    return "with a quotation" if any(mark in example.record.text for mark in '“”"«»') else "without"


SLICES: Mapping[str, Callable[[Example], str]] = {
    "target": lambda example: target_name(str(example.target)),
    "length": _length,
    "source": lambda example: example.record.corpus or "no source",
    "quotation": _quote,
    "targets in the sentence": lambda example: "several" if len(example.record.stance) > 1 else "one",
}


def slices(head: FittedHead, seed: int = 0) -> list[dict[str, Any]]:
    """Cross-validated macro-F1 of parts of the examples, with intervals; parts that are too small are left out."""
    predicted = head.predicted()
    rows = []
    for by, name_of in SLICES.items():
        parts: dict[str, list[int]] = {}
        for i, example in enumerate(head.examples):
            parts.setdefault(name_of(example), []).append(i)
        for name, places in sorted(parts.items(), key=lambda part: -len(part[1])):
            if len(places) >= _SMALL:
                rows.append({"by": by, "name": name} | _part(head.examples, predicted, places, seed))
    return rows


def _part(examples: Sequence[Example], predicted: Sequence[str], places: Sequence[int], seed: int) -> dict[str, Any]:
    gold, guess = [examples[i].label for i in places], [predicted[i] for i in places]
    clusters = [examples[i].record.digest for i in places]
    low, high = np.quantile(bootstrap(gold, guess, LABELS["stance"], clusters, seed, _ROUNDS), (0.025, 0.975))
    right = sum(a == b for a, b in zip(gold, guess, strict=True)) / len(places)
    figure = macro_f1(gold, guess, LABELS["stance"])
    return {"count": len(places), "macro_f1": figure, "low": float(low), "high": float(high), "accuracy": right}


def learning_curve(head: FittedHead, settings: HeadConfig, config: Config, jobs: int = -1) -> list[dict[str, float]]:
    """Macro-F1 on one fold of groups, trained on growing shares of the others."""
    train, test = split_folds(head.examples, config)[0]
    groups = [example.group for example in head.examples]
    names = sorted({groups[i] for i in train})
    np.random.default_rng(config.seed).shuffle(names)
    shares = []
    for size in SIZES:
        inside = set(names[: max(2, round(size * len(names)))])
        shares.append([int(i) for i in train if groups[i] in inside])
    shares = [rows for rows in shares if len({head.examples[i].label for i in rows}) == len(head.labels)]
    matrix = ExampleMatrix(settings, head.examples, source_weights(head.examples, config), config.seed)
    gold = [head.examples[i].label for i in test]
    parts = Parallel(n_jobs=jobs)(delayed(matrix.fit_and_decide)(rows, test) for rows in shares)
    figures = [macro_f1(gold, [order[k] for k in values.argmax(axis=1)], head.labels) for values, order in parts]
    return [{"examples": len(rows), "macro_f1": figure} for rows, figure in zip(shares, figures, strict=True)]


def strongest_terms(pipeline: Pipeline, most: int = 15) -> dict[str, list[dict[str, Any]]]:
    """For each label the terms that speak most for it: words, role and weight."""
    union = dict(pipeline.named_steps["features"].transformer_list)
    names = [str(name) for name in union["terms"].get_feature_names_out()]
    names += [f"sum {name}" for name in union["polarity"].get_feature_names_out()] if "polarity" in union else []
    classifier = pipeline.named_steps["classifier"]
    coefficients = (
        classifier.coef_ if len(classifier.classes_) > 2 else np.vstack([-classifier.coef_, classifier.coef_])
    )
    found = {}
    for label, row in zip(classifier.classes_, coefficients, strict=True):
        best = [k for k in np.argsort(-row)[:most] if row[k] > 0]
        found[str(label)] = [_term(names[k], float(row[k])) for k in best]
    return found


def _term(name: str, weight: float) -> dict[str, Any]:
    role, _, words = name.partition(" ")
    return {"words": words, "role": "lexicon" if role == "sum" else ROLES.get(role, role), "weight": weight}


def confidently_wrong(head: FittedHead, most: int = 25) -> list[dict[str, Any]]:
    """The cross-validated mistakes with the highest scores."""
    assert head.held_out is not None
    top = head.held_out.max(axis=1)
    guessed = head.predicted()
    rows = []
    for i in np.argsort(-top, kind="stable"):
        example = head.examples[i]
        if guessed[i] != example.label:
            row = {"text": example.record.text, "target": example.target, "gold": example.label, "label": guessed[i]}
            rows.append(row | {"score": float(top[i]), "where": example.record.where.rpartition("/")[2]})
        if len(rows) == most:
            break
    return rows


def profile(records: Sequence[Record]) -> dict[str, Any]:
    """What the data is: sizes, labels by target, sentiment, sources, lengths, conflicts."""
    stances: dict[str, Counter[str]] = {}
    for record in records:
        for target, label in record.stance.items():
            stances.setdefault(target_name(target), Counter())[label] += 1
    lengths = Counter(min(60, len(record.text.split()) // 5 * 5) for record in records)
    return {
        "sentences": len(records),
        "groups": len({record.group or record.digest for record in records}),
        "stances": dict(sorted(stances.items(), key=lambda item: -sum(item[1].values()))),
        "sentiments": Counter(record.sentiment or "not labelled" for record in records),
        "sources": Counter(record.corpus or "no source" for record in records).most_common(12),
        "lengths": [(size, lengths.get(size, 0)) for size in range(0, 65, 5)],
        "conflicts": [problem for problem in check_duplicates(records) if problem.kind == "conflict"],
    }
