"""The report of a training run: one HTML file that needs nothing else and opens offline.

It quotes sentences of the training data, so it lies beside the releases and is not part of one.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from models.artifact import read_manifest
from models.errors import ArtifactError
from models.releases import current_folder
from training import charts, slices
from training.config import Config
from training.release import Run


def write_report(run: Run, config: Config, previous: Mapping[str, Any] | None = None, jobs: int = -1) -> str:
    """The report as HTML.

    Args:
        run: what was trained.
        config: its settings.
        previous: manifest of the release that is served now; None when there is none.
        jobs: processes for the learning curve.
    """
    environment = Environment(
        loader=PackageLoader("training", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    head = run.model.stance
    curve = slices.learning_curve(head, config.stance, config, jobs)
    return environment.get_template("report.html.j2").render(
        run=run,
        manifest=run.manifest,
        heads=[_head(name, run, previous) for name in ("stance", "sentiment")],
        curve=charts.curve(curve, "Learning curve") if len(curve) > 1 else None,
        slices=slices.slices(head, config.seed),
        terms={
            "stance": slices.strongest_terms(head.pipeline),
            "sentiment": slices.strongest_terms(run.model.sentiment.pipeline),
        },
        wrong={
            "stance": slices.confidently_wrong(head),
            "sentiment": slices.confidently_wrong(run.model.sentiment, 10),
        },
        profile=(found := slices.profile(run.records)),
        lengths=charts.histogram(found["lengths"], "Lengths", "words in a sentence"),
        symmetry=run.symmetry,
        previous=previous,
    )


def _head(name: str, run: Run, previous: Mapping[str, Any] | None) -> dict[str, Any]:
    figures = run.metrics[name]
    rows = [{"name": f"this release, {run.version}", "strong": True} | figures["overall"]]
    before = ((previous or {}).get("metrics") or {}).get(name)
    if previous and before:
        rows.append({"name": f"previous, {previous['version']}"} | before["overall"])
    rows += [{"name": baseline} | each for baseline, each in figures["baselines"].items()]
    targets = [
        {"name": target, "strong": True} | each for target, each in list(figures.get("targets", {}).items())[:10]
    ]
    parts = {"all": figures["overall"]} | figures.get("targets", {})
    return {
        "name": name,
        "figures": figures,
        "scores": charts.intervals([*rows[:1], *targets, *rows[1:]], f"Macro-F1 of {name}"),
        "confusions": {part: _confusion(each["confusion"]) for part, each in parts.items()},
        "reliability": charts.reliability(figures["calibration"]["bins"], f"Reliability of {name}"),
    }


def _confusion(table: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Rows of counts with the share of their row, for shading."""
    rows = []
    for gold, counts in table.items():
        total = max(1, sum(counts.values()))
        rows.append({"gold": gold, "cells": [(count, count / total) for count in counts.values()]})
    return {"labels": list(table), "rows": rows}


def previous_manifest(root: Path) -> dict[str, Any] | None:
    """Manifest of the release that is served, if there is one."""
    try:
        return read_manifest(current_folder(root))
    except ArtifactError:
        return None


def save_report(html: str, path: Path) -> Path:
    """Write a report aside and rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(html)
    os.chmod(aside, 0o644)
    os.replace(aside, path)
    return path
