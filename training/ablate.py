"""Ablations: what the model loses, or gains, by one change of the released configuration.

The changes are data (`ablations.toml`). Terms are counted once; an ablation then selects among
them, so that it costs its fits and nothing else. Every figure stands beside the paired difference
to the released configuration, on the same sentences.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from models.features import FAMILIES
from models.polarity import SUMS
from models.views import RIVAL, TARGET, View
from training.cmd_evaluate import without_leaks
from training.config import Config, config_from
from training.evaluate import LABELS
from training.examples import Example, labels, stance_examples
from training.fit import source_weights, split_folds
from training.matrix import ExampleMatrix, Start
from training.metrics import bootstrap, macro_f1
from training.records import DataError, Record

FILE = Path(__file__).with_name("ablations.toml")
RELEASED = "released"
CROSS_VALIDATION = "cross-validation"
# Ten times finer than a release is fitted: a fit that begins near its end must still get there, or
# settings that differ little would seem not to differ at all.
_TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class Ablation:
    """One change of the configuration.

    Attributes:
        name: as in the file.
        what: one line that says what is changed.
        config: the whole configuration with the change made; a source of weight 0 is left out of training.
        blind: mask the target like every other country, so that the model cannot see whom it judges.
        sums: the polarity sums that stay.
        kept: for the log, what was decided.
    """

    name: str
    what: str
    config: Config
    blind: bool = False
    sums: frozenset[str] = frozenset(SUMS)
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """How one configuration does on one set of sentences.

    Attributes:
        count: pairs of sentence and target that are measured.
        macro_f1, low, high: macro-F1 with its 95 % interval, by bootstrap over sentences; the mean over seeds.
        difference, least, most: macro-F1 less that of the released configuration, with its 95 % interval.
    """

    count: int
    macro_f1: float
    low: float
    high: float
    difference: float
    least: float
    most: float

    @property
    def verdict(self) -> str:
        """Whether the difference is more than chance."""
        return "better" if self.least > 0 else "worse" if self.most < 0 else ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values, four digits."""
        return {key: round(value, 4) for key, value in asdict(self).items()} | {"verdict": self.verdict}


@dataclass(frozen=True, slots=True)
class Result:
    """One configuration on every set of sentences; `measures` by the name of the set."""

    name: str
    what: str
    trained_on: int
    kept: str = ""
    measures: dict[str, Measure] = field(default_factory=dict)


def load_ablations(base: Config, path: Path = FILE, names: Sequence[str] | None = None) -> list[Ablation]:
    """The released configuration, then the ablations of a file, or those that are named.

    Raises:
        DataError: the file is missing or no TOML, a name is unknown, or a change is not allowed.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"Cannot read ablations {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is no valid TOML: {error}.") from error
    for name in names or ():
        if name not in data:
            raise DataError(f"{path} has no ablation {name!r}; it has {', '.join(data)}.")
    chosen = [name for name in data if not names or name in names]
    found = [_ablation(name, data[name], base, f"{path}, [{name}]") for name in chosen]
    return [Ablation(RELEASED, "the configuration as it is", base), *found]


def _ablation(name: str, table: Any, base: Config, where: str) -> Ablation:
    if not isinstance(table, dict) or not isinstance(table.get("what"), str):
        raise DataError(f"{where}: needs a line `what` that says what is changed.")
    changes = {key: value for key, value in table.items() if key not in ("what", "kept", "blind", "sums")}
    if not isinstance(table.get("blind", False), bool):
        raise DataError(f"{where}: `blind` is true or false.")
    try:
        kept = frozenset(sum for sum in SUMS if re.search(table.get("sums", ""), sum))
    except (re.error, TypeError) as error:
        raise DataError(f"{where}: `sums` must be a regular expression: {error}.") from error
    config = config_from(_merge(base.as_dict(), changes), where)
    return Ablation(name, table["what"], config, table.get("blind", False), kept, str(table.get("kept", "")))


def _merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = deepcopy(dict(base))
    for key, value in changes.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def blind_view(view: View) -> View:
    """A view in which the target is masked like any other country, and nothing is looked for around it."""
    return view._replace(words=[RIVAL if word == TARGET else word for word in view.words], targets=[], clauses=[])


class Laboratory:
    """Examples to train on and sets to measure on, counted once for any number of configurations.

    Args:
        base: the released configuration.
        train: sentences to train on; those that stand in a test set, or nearly so, are left out.
        tests: sentences to measure on, by name.
        seeds: how many splits cross-validation draws; 0 leaves it out.
    """

    def __init__(
        self, base: Config, train: Sequence[Record], tests: Mapping[str, Sequence[Record]], seeds: int = 1
    ) -> None:
        kept = without_leaks(train, [record for test in tests.values() for record in test], allow=True)
        self.left_out = len(train) - len(kept)
        self._base = base
        self._train = stance_examples(kept)
        if len({example.label for example in self._train}) < 2:
            raise DataError("The training data hold fewer than two stance labels, so there is nothing to fit.")
        self._examples = list(self._train)
        self._parts: dict[str, list[NDArray[np.intp]]] = {}
        self._splits: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
        if seeds:
            self._add_folds(seeds)
        self._add_tests(tests)
        self._matrices: dict[bool, ExampleMatrix] = {}
        self._starts: list[Start] = []

    def _add_folds(self, seeds: int) -> None:
        own = np.flatnonzero(source_weights(self._train, self._base) >= 1)
        for k in range(seeds):
            for train, test in split_folds(self._train, replace(self._base, seed=self._base.seed + k)):
                self._splits.append((train, np.intersect1d(test, own)))
        self._parts[CROSS_VALIDATION] = [own] * seeds

    def _add_tests(self, tests: Mapping[str, Sequence[Record]]) -> None:
        for name, records in tests.items():
            found = stance_examples(records)
            if not found:
                raise DataError(f"{name} holds no sentence with a stance to measure on.")
            self._parts[name] = [np.arange(len(self._examples), len(self._examples) + len(found))]
            self._examples += found
        rows = np.arange(len(self._train))
        if tests:
            self._splits.append((rows, np.arange(len(self._train), len(self._examples))))

    def run(
        self, ablations: Sequence[Ablation], jobs: int = -1, done: Callable[[Result], None] = lambda result: None
    ) -> list[Result]:
        """Measure configurations, the first of them the one that the others are compared with.

        Args:
            ablations: configurations; `done` is called with the result of each, in order.
            jobs: fits at the same time; -1 takes all cores.
        """
        results = []
        bases: dict[str, NDArray[np.float64]] = {}
        for ablation in ablations:
            rows, guesses = self._guesses(ablation, jobs)
            result = Result(ablation.name, ablation.what, rows, ablation.kept)
            for name in self._parts:
                drawn, figure = self._draw(name, guesses)
                first = bases.setdefault(name, np.append(drawn, figure))
                result.measures[name] = _measure(len(self._parts[name][0]), drawn, figure, first)
            results.append(result)
            done(result)
        return results

    def _matrix(self, blind: bool) -> ExampleMatrix:
        if blind not in self._matrices:
            examples = self._examples
            if blind:
                examples = [replace(example, view=blind_view(example.view)) for example in examples]
            head = replace(self._base.stance, families=FAMILIES, polarity_weight=self._base.stance.polarity_weight or 1)
            weights = source_weights(examples, self._base)
            matrix = ExampleMatrix(head, examples, weights, self._base.seed)
            self._matrices[blind] = matrix.with_tolerance(_TOLERANCE)
        return self._matrices[blind]

    def _guesses(self, ablation: Ablation, jobs: int) -> tuple[int, list[dict[int, str]]]:
        """How many pairs were trained on, and the label of each row: one mapping a split."""
        weights = source_weights(self._examples, ablation.config)
        matrix = self._matrix(ablation.blind).with_settings(ablation.config.stance).with_weights(weights)
        matrix = matrix.with_sums(ablation.sums)
        used = weights > 0
        if not used[: len(self._train)].any():
            raise DataError(f"{ablation.name}: every source has the weight 0, so nothing is left to train on.")
        # The first fit of a split is where the later ones begin: it has not seen the split's test rows either.
        starts: Sequence[Start | None] = self._starts or [None] * len(self._splits)
        parts = Parallel(n_jobs=jobs)(
            delayed(matrix.fit_from)(None if ablation.blind else start, train[used[train]], test)
            for start, (train, test) in zip(starts, self._splits, strict=True)
        )
        if not ablation.blind:
            self._starts = self._starts or [start for _, _, start in parts]
        guesses = []
        for (_, test), (values, order, _) in zip(self._splits, parts, strict=True):
            best = values.argmax(axis=1)
            guesses.append({int(row): order[k] for row, k in zip(test, best, strict=True)})
        return int(used[: len(self._train)].sum()), guesses

    def _draw(self, name: str, guesses: Sequence[Mapping[int, str]]) -> tuple[NDArray[np.float64], float]:
        """Macro-F1 over resampled sentences, shape (rounds,), and as it is; both the mean over seeds."""
        folds = self._base.folds
        drawn, figures = [], []
        for k, rows in enumerate(self._parts[name]):
            own = guesses[k * folds : (k + 1) * folds] if name == CROSS_VALIDATION else guesses[-1:]
            merged = {row: label for part in own for row, label in part.items()}
            chosen: list[Example] = [self._examples[i] for i in rows]
            guessed = [merged[int(i)] for i in rows]
            clusters = [example.record.digest for example in chosen]
            # The same seed draws the same sentences for every configuration: a paired bootstrap.
            drawn.append(bootstrap(labels(chosen), guessed, LABELS["stance"], clusters, self._base.seed))
            figures.append(macro_f1(labels(chosen), guessed, LABELS["stance"]))
        return np.asarray(np.mean(drawn, axis=0)), float(np.mean(figures))


def _measure(count: int, drawn: NDArray[np.float64], figure: float, first: NDArray[np.float64]) -> Measure:
    low, high = np.quantile(drawn, (0.025, 0.975))
    least, most = np.quantile(drawn - first[:-1], (0.025, 0.975))
    return Measure(count, figure, float(low), float(high), figure - float(first[-1]), float(least), float(most))


def as_markdown(results: Sequence[Result]) -> str:
    """A table for the log: one line a configuration; * marks differences that are more than chance."""
    names = list(results[0].measures)
    lines = [f"| change | {' | '.join(names)} | kept |", "| --- |" + " ---: |" * len(names) + " --- |"]
    for k, result in enumerate(results):
        cells = [_cell(measure, first=k == 0) for measure in result.measures.values()]
        lines.append(f"| **{result.name}**: {result.what} | {' | '.join(cells)} | {result.kept} |")
    return "\n".join(lines)


def _cell(measure: Measure, first: bool) -> str:
    if first:
        return f"{measure.macro_f1:.3f} ({measure.low:.3f}–{measure.high:.3f})"
    return f"{measure.macro_f1:.3f} ({measure.difference:+.3f}{'*' if measure.verdict else ''})"
