"""Search for better settings over the ranges that the configuration declares in its `[tune]` table.

Every candidate is judged by cross-validation by group. What is done is kept in a file, line by
line, so that a search that was stopped goes on where it was.
"""

import itertools
import json
import logging
import random
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from joblib.parallel import get_active_backend
from numpy.typing import NDArray

from models.pipeline import HeadConfig
from training.config import Config
from training.evaluate import LABELS
from training.examples import Example
from training.fit import source_weights, split_folds
from training.matrix import ExampleMatrix
from training.metrics import bootstrap, macro_f1
from training.records import DataError
from training.release import digest_of

Fold = tuple[NDArray[np.intp], NDArray[np.intp]]
_LIMIT = 5000  # candidates of one search


@dataclass(frozen=True, slots=True)
class Trial:
    """One candidate and how it did.

    Attributes:
        settings: of the head.
        macro_f1: by cross-validation, with its 95 % interval `low` to `high`.
        folds: macro-F1 of each fold.
    """

    settings: dict[str, Any]
    macro_f1: float
    low: float
    high: float
    folds: list[float]


def load_ranges(path: Path, head: str) -> dict[str, list[Any]]:
    """The values to try for each setting of a head, from `[tune.HEAD]`.

    Raises:
        DataError: the table is missing, or names a setting that there is not, or no list.
    """
    data = tomllib.loads(path.read_text(encoding="utf-8")).get("tune", {}).get(head)
    if not isinstance(data, dict) or not data:
        raise DataError(f"{path} has no table [tune.{head}]. Name values to try there, such as C = [0.3, 1.0, 3.0].")
    known = [item.name for item in fields(HeadConfig)]
    for name, values in data.items():
        if name not in known:
            raise DataError(f"{path}, [tune.{head}]: unknown setting {name!r}; known are {', '.join(known)}.")
        if not isinstance(values, list) or not values:
            raise DataError(f"{path}, [tune.{head}]: `{name}` must be a list of values to try.")
    return data


def candidates(ranges: Mapping[str, Sequence[Any]], base: HeadConfig, most: int, seed: int) -> list[HeadConfig]:
    """The settings to try: the base first, then the whole grid, or a random part of it.

    Raises:
        DataError: a value is not allowed, or the grid is too large to list.
    """
    size = int(np.prod([len(values) for values in ranges.values()]))
    if size > _LIMIT:
        raise DataError(f"The ranges make {size} candidates; {_LIMIT} are the limit. Name fewer values.")
    grid = []
    for values in itertools.product(*ranges.values()):
        chosen = dict(zip(ranges, values, strict=True))
        if "families" in chosen:
            chosen["families"] = tuple(chosen["families"])
        try:
            grid.append(replace(base, **chosen))
        except (TypeError, ValueError) as error:
            raise DataError(f"[tune]: {error}.") from error
    grid = [head for head in grid if head != base]
    random.Random(seed).shuffle(grid)
    return [base, *grid][: most or None]


def search(
    name: str,
    examples: Sequence[Example],
    heads: Sequence[HeadConfig],
    config: Config,
    state: Path,
    done: Callable[[Trial], None] = lambda trial: None,
    jobs: int = -1,
    backend: AbstractContextManager[Any] | None = None,
) -> list[Trial]:
    """Judge every candidate; those that the state file holds already are taken from there.

    Args:
        name: "stance" or "sentiment".
        examples: labelled examples.
        heads: the candidates.
        config: seed, folds and weights of sources.
        state: file of finished trials; made when missing.
        done: called with each trial as it is finished.
        jobs: processes; -1 takes all cores, or the whole cluster.
        backend: context that sends the work elsewhere, such as `ray_cluster()`.

    Returns:
        The trials, best first.
    """
    task = digest_of([name, config.seed, config.folds, dict(config.weights), [_identity(each) for each in examples]])
    known = _read_state(state)
    keys = [digest_of([task, asdict(head)]) for head in heads]
    trials = [known[key] for key in keys if key in known]
    for trial in trials:
        done(trial)
    todo = [(key, head) for key, head in zip(keys, heads, strict=True) if key not in known]
    state.parent.mkdir(parents=True, exist_ok=True)
    with backend or nullcontext(), state.open("a", encoding="utf-8") as file:
        if state.stat().st_size and not state.read_bytes().endswith(b"\n"):
            file.write("\n")  # after a line that a kill cut short
        for key, trial in _run(name, examples, todo, config, jobs):
            file.write(json.dumps({"key": key} | asdict(trial)) + "\n")
            file.flush()
            trials.append(trial)
            done(trial)
    return sorted(trials, key=lambda trial: (-trial.macro_f1, str(trial.settings)))


def settings_of(head: HeadConfig) -> dict[str, Any]:
    """Plain settings, equal to what comes back from the state file."""
    return asdict(head) | {"families": list(head.families), "printed": list(head.printed)}


def _identity(example: Example) -> tuple[str, str | None, str, str]:
    return example.record.digest, example.target, example.label, example.group


def _read_state(state: Path) -> dict[str, Trial]:
    """Finished trials by key; a last line that was cut short by a kill is left out."""
    known = {}
    if state.is_file():
        for line in state.read_text(encoding="utf-8").splitlines():
            try:
                data = json.loads(line)
                key = data.pop("key")
                known[key] = Trial(**data)
            except (ValueError, KeyError, TypeError):
                continue
    return known


def _run(
    name: str, examples: Sequence[Example], todo: Sequence[tuple[str, HeadConfig]], config: Config, jobs: int
) -> Iterator[tuple[str, Trial]]:
    folds = split_folds(examples, config)
    gold = [example.label for example in examples]
    clusters = [example.record.digest for example in examples]
    weights = source_weights(examples, config)

    def same_terms(item: tuple[str, HeadConfig]) -> tuple[tuple[str, ...], bool]:
        return item[1].families, bool(item[1].polarity_weight)

    for _, part in itertools.groupby(sorted(todo, key=same_terms), key=same_terms):
        items = list(part)
        matrix = ExampleMatrix(items[0][1], examples, weights, config.seed)
        tasks = [
            delayed(_judge)(
                key, settings_of(head), matrix.with_settings(head), folds, gold, clusters, LABELS[name], config.seed
            )
            for key, head in items
        ]
        if get_active_backend()[0].supports_return_generator:
            yield from Parallel(n_jobs=jobs, return_as="generator_unordered")(tasks)
        else:  # as on a Ray cluster: one round of all its processors after the other, each kept when it is done
            size = effective_n_jobs(jobs)
            for first in range(0, len(tasks), size):
                yield from Parallel(n_jobs=jobs)(tasks[first : first + size])


def _judge(
    key: str,
    settings: dict[str, Any],
    matrix: ExampleMatrix,
    folds: Sequence[Fold],
    gold: Sequence[str],
    clusters: Sequence[str],
    labels: Sequence[str],
    seed: int,
) -> tuple[str, Trial]:
    guessed = [""] * len(gold)
    each = []
    for train, test in folds:
        values, order = matrix.fit_and_decide(train.tolist(), test.tolist())
        for i, k in zip(test, values.argmax(axis=1), strict=True):
            guessed[i] = order[k]
        each.append(round(macro_f1([gold[i] for i in test], [guessed[i] for i in test], labels), 4))
    low, high = np.quantile(bootstrap(gold, guessed, labels, clusters, seed), (0.025, 0.975))
    return key, Trial(settings, macro_f1(gold, guessed, labels), float(low), float(high), each)


def ray_cluster(address: str) -> AbstractContextManager[Any]:
    """A context in which joblib's work runs on a Ray cluster; "local" starts one on this machine.

    Raises:
        DataError: ray is not installed, or the cluster cannot be reached.
    """
    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError as error:
        raise DataError(
            "Working on a Ray cluster needs ray. Install it with `pip install 'stancewire[ray]'`."
        ) from error
    try:
        ray.init(address=address, ignore_reinit_error=True, log_to_driver=False, logging_level=logging.ERROR)
    except Exception as error:
        raise DataError(f"Cannot reach a Ray cluster at {address}: {error}") from error
    register_ray()  # type: ignore[no-untyped-call, unused-ignore]
    context: AbstractContextManager[Any] = joblib.parallel_config(backend="ray")
    return context


def as_toml(name: str, settings: Mapping[str, Any]) -> str:
    """Settings as they stand in the configuration."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    return "\n".join([f"[{name}]", *lines])
