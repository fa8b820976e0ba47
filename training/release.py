"""A training run: data to figures, manifest and artifact."""

import csv
import hashlib
import io
import json
import os
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version as library_version
from pathlib import Path
from typing import Any

from models.analyzer import NAME
from models.artifact import Artifact, save_artifact, sha256
from training.assess import cross_validated, held_out_figures, scores_of
from training.config import Config
from training.duplicates import near_duplicates
from training.examples import Example
from training.fit import FittedModel, Step, fit_model
from training.records import DataError, Record, expand
from training.store import check_version, locked
from training.symmetry import Symmetry, measure
from training.tables import read_data
from training.validate import Problem, check_leaks, crossing, shared_groups

PREDICTIONS = "predictions.csv"
_LIBRARIES = ("scikit-learn", "numpy", "scipy", "sentencex")


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that came out of one training.

    Attributes:
        version: name of the release.
        records: what it was trained on.
        model: the fitted heads.
        metrics: the figures, as in the manifest.
        symmetry: how many labels follow when the targets change places.
        manifest: the manifest, without what saving adds.
    """

    version: str
    records: Sequence[Record]
    model: FittedModel
    metrics: Mapping[str, Any]
    symmetry: Symmetry
    manifest: dict[str, Any]


def gate(records: Sequence[Record], held_out: Sequence[Record] = ()) -> None:
    """Refuse data whose splits would leak.

    Raises:
        DataError: sentences (nearly) alike stand in different groups, or in the held-out files;
            all of them are named.
    """
    problems = list(check_leaks(records))
    problems += [
        Problem("leak", one.where, "it stands (nearly) so among the held-out sentences. Delete it.", two.where)
        for one, two, _ in crossing(records, held_out)
    ]
    problems += [
        Problem("leak", one.where, f"group {one.group!r} is held out. Move all of it to one side.", two.where)
        for one, two in shared_groups(records, held_out)
    ]
    if problems:
        lines = "\n".join(f"  {problem.where}: {problem.message} (see {problem.other})" for problem in problems)
        raise DataError(f"{len(problems)} leaks between the splits; the figures would lie.\n{lines}\nOr pass --tie.")


def tie(records: Sequence[Record], held_out: Sequence[Record] = ()) -> list[Record]:
    """Put near-duplicates in one group, and leave out what the held-out files hold."""
    leaking = {one.where for one, _, _ in crossing(records, held_out)}
    leaking |= {one.where for one, _ in shared_groups(records, held_out)}
    kept = [record for record in records if record.where not in leaking]
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while name in parent:
            name = parent[name]
        return name

    for a, b, _ in near_duplicates([record.text for record in kept]):
        one, two = root(kept[a].group or kept[a].digest), root(kept[b].group or kept[b].digest)
        if one != two:
            parent[max(one, two)] = min(one, two)
    return [replace(record, group=root(record.group or record.digest)) for record in kept]


def train(
    paths: Sequence[Path],
    config: Config,
    version: str,
    held_out: Sequence[Path] = (),
    tied: bool = False,
    step: Step = lambda name: None,
    jobs: int = -1,
) -> Run:
    """Read, check, cross-validate, fit and measure.

    Args:
        paths: data files and folders.
        config: settings.
        version: name of the release.
        held_out: files that are measured on only.
        tied: put near-duplicates in one group rather than refuse them.
        step: called as each step begins.
        jobs: processes; -1 takes all cores.

    Raises:
        DataError: the data is not fit to train on.
    """
    step("read")
    files = expand(paths)
    records, apart = read_data(files), read_data(held_out)
    if tied:
        records = tie(records, apart)
    else:
        gate(records, apart)
    model = fit_model(records, config, step, jobs)
    step("figures")
    metrics: dict[str, Any] = {
        name: cross_validated(name, head, config, jobs)
        for name, head in (("stance", model.stance), ("sentiment", model.sentiment))
    }
    metrics["held_out"] = held_out_figures(model, held_out, read_data, config)
    symmetry = measure_symmetry(model, records)
    metrics["symmetry"] = symmetry.as_dict()
    manifest = make_manifest(version, files, records, model, metrics, config, tied)
    return Run(version, records, model, metrics, symmetry, manifest)


def measure_symmetry(model: FittedModel, records: Sequence[Record]) -> Symmetry:
    """How many stances follow when the U.S. and Russia change places."""
    order = model.stance.labels

    def label(examples: Sequence[Example]) -> list[str]:
        return [order[k] for k in scores_of(model.stance.pipeline, examples).argmax(axis=1)] if examples else []

    return measure(records, label)


def make_manifest(
    version: str,
    files: Sequence[Path],
    records: Sequence[Record],
    model: FittedModel,
    metrics: Mapping[str, Any],
    config: Config,
    tied: bool,
) -> dict[str, Any]:
    """What an artifact says of itself; saving adds format and digests of its files.

    `inputs_sha256` names data, configuration and libraries together, `metrics_sha256` the figures
    that came out: the same inputs give the same figures.
    """
    libraries = {name: library_version(name) for name in _LIBRARIES}
    training = [_describe(path, records) for path in files]
    configuration = config.as_dict()
    inputs = {"training": [each["sha256"] for each in training], "configuration": configuration, "tied": tied}
    return {
        "name": NAME,
        "version": version,
        "created": _now(),
        "python": platform.python_version(),
        "libraries": libraries,
        "labels": {"stance": list(model.stance.labels), "sentiment": list(model.sentiment.labels)},
        "training": training,
        "sources": dict(Counter(record.corpus or "none" for record in records).most_common()),
        "tied": tied,
        "configuration": configuration,
        "method": f"{config.folds}-fold cross-validation by group",
        "metrics": metrics,
        "thresholds": {"confident": model.stance.threshold, "sentiment": model.sentiment.threshold},
        "calibration": {
            "stance": model.stance.calibration.temperature,
            "sentiment": model.sentiment.calibration.temperature,
        },
        "shift": {"stance": model.stance.calibration.shift, "sentiment": model.sentiment.calibration.shift},
        "inputs_sha256": digest_of(inputs | {"libraries": libraries}),
        "metrics_sha256": digest_of(metrics),
    }


def _now() -> str:
    """Now, or the moment that SOURCE_DATE_EPOCH names, for builds that repeat byte for byte."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return moment.isoformat(timespec="seconds")


def _describe(path: Path, records: Sequence[Record]) -> dict[str, Any]:
    inside = [record for record in records if record.where.rpartition(":")[0] == str(path)]
    return {
        "file": path.name,
        "sha256": sha256(path),
        "sentences": len(inside),
        "stances": sum(len(record.stance) for record in inside),
        "sentiments": sum(record.sentiment is not None for record in inside),
    }


def digest_of(data: Any) -> str:
    """SHA-256 of plain data, independent of the order of keys."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def predictions(model: FittedModel) -> str:
    """The cross-validated label of every example as CSV, by the digest of its text: no text."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(("head", "digest", "target", "gold", "label", "score"))
    for name, head in (("stance", model.stance), ("sentiment", model.sentiment)):
        assert head.held_out is not None
        scores = head.held_out.max(axis=1)
        for example, label, score in zip(head.examples, head.predicted(), scores, strict=True):
            row = (name, example.record.digest, example.target or "", example.label, label, f"{score:.3f}")
            table.writerow(row)
    return file.getvalue()


def save(run: Run, root: Path, card: str) -> Path:
    """Write the artifact into the folder of releases, whole or not at all; returns its folder.

    Raises:
        ArtifactError: the version exists.
        ReleaseError: another process writes there.
    """
    check_version(run.version)
    with locked(root):
        artifact = Artifact(run.model.pipelines, run.manifest)
        return save_artifact(artifact, root / run.version, card, {PREDICTIONS: predictions(run.model)})
