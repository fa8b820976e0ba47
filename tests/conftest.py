"""A tiny real model, trained once for all tests."""

from pathlib import Path

import pytest

from models.analyzer import Analyzer
from models.artifact import Artifact, save_artifact
from training.config import Config
from training.fit import fit_model
from training.records import Record

pytest_plugins = ["tests.service.shell"]

FAVOR = ("thanked", "praised", "backed", "trusted", "welcomed", "admired")
AGAINST = ("accused", "condemned", "blamed", "denounced", "mocked", "threatened")
NEUTRAL = ("telephoned", "met", "visited", "answered", "informed", "addressed")
TARGETS = (("russia", "Moscow"), ("us", "Washington"), ("russia", "the Kremlin"), ("us", "the White House"))


def tiny_records() -> list[Record]:
    """Invented sentences that a tiny model can learn."""
    kinds = (("favor", "positive", FAVOR), ("against", "negative", AGAINST), ("neutral", "neutral", NEUTRAL))
    return [
        Record(
            id=f"{label}-{verb}-{name}",
            text=f"{who} {verb} {name} on Tuesday.",
            stance={target: label},
            sentiment=tone,
            group=f"{label}-{verb}",
        )
        for label, tone, verbs in kinds
        for verb in verbs
        for who, (target, name) in zip(("Ankara", "Oslo", "The minister", "Lima"), TARGETS, strict=True)
    ]


@pytest.fixture(scope="session")
def artifact_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of releases' one artifact: both heads, really trained."""
    fitted = fit_model(tiny_records(), Config(folds=2), jobs=1)
    manifest = {"name": "stancewire", "version": "9.9.9", "thresholds": {"confident": fitted.stance.threshold}}
    folder = tmp_path_factory.mktemp("releases") / "9.9.9"
    return save_artifact(Artifact(fitted.pipelines, manifest), folder, "# A tiny model\n")


@pytest.fixture(scope="session")
def analyzer(artifact_folder: Path) -> Analyzer:
    """The analyzer of the tiny model."""
    return Analyzer.load(artifact_folder)
