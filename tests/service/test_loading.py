"""Loading a model: its key, its targets, and what cannot read a sentence."""

import json
import pickle
from pathlib import Path

import pytest

from models.artifact import MANIFEST, MODEL, load_artifact, save_artifact, sha256
from models.errors import ArtifactError, TargetsFileError
from service.loading import load_reader, model_key
from service.settings import Settings
from service.work import Limits, Tally
from tests.service.test_faults import copy_version

NORWAY = '[norway]\nname = "Norway"\nnames = ["Norway", "Oslo"]\n'


def save_unreadable(source: Path, folder: Path) -> Path:
    """The model of an artifact as another version might have made it: whole and allowed, with too few features."""
    artifact = load_artifact(source)
    save_artifact(artifact, folder, "# Older\n")
    classifier = artifact.pipelines["stance"].named_steps["classifier"]
    classifier.coef_ = classifier.coef_[:, :5]
    (folder / MODEL).write_bytes(pickle.dumps(artifact.pipelines))
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"][MODEL] = sha256(folder / MODEL)
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return folder


def test_a_reader_has_the_targets_and_limits_of_the_settings(artifact_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "more.toml").write_text(NORWAY)
    given = {"max_text": 1_000, "max_sentences": 20, "max_documents": 3}
    settings = Settings(targets=(str(tmp_path / "more.toml"),), **given)
    reader = load_reader(artifact_folder, settings, "key")
    assert (reader.limits, reader.key) == (Limits(1_000, 20, 3), "key")
    analysis = reader.read(Tally(), "Lima praised Oslo.")
    assert [stance.target for stance in analysis.sentences[0].stances] == ["norway"]


def test_the_key_changes_with_folder_manifest_and_targets(releases: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.toml"
    file.write_text(NORWAY)
    plain, added = Settings(), Settings(targets=(str(file),))
    keys = [model_key(releases / "9.9.9", plain), model_key(releases / "9.9.9", added)]
    keys.append(model_key(copy_version(releases, "10.0.0"), plain))
    file.write_text(NORWAY + 'lower = ["norway"]\n')
    keys.append(model_key(releases / "9.9.9", added))
    assert len(set(keys)) == 4
    assert model_key(releases / "9.9.9", plain) == keys[0]


def test_a_model_that_loads_but_cannot_read_is_refused_before_it_serves(artifact_folder: Path, tmp_path: Path) -> None:
    damaged = save_unreadable(artifact_folder, tmp_path / "older")
    with pytest.raises(ArtifactError, match="cannot read a sentence"):
        load_reader(damaged, Settings(), "key")


def test_limits_tighter_than_any_trial_do_not_stop_the_start(artifact_folder: Path) -> None:
    assert load_reader(artifact_folder, Settings(max_sentences=1), "key").limits.max_sentences == 1


def test_a_missing_model_or_targets_file_is_named(artifact_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="nowhere"):
        load_reader(tmp_path / "nowhere", Settings(), "key")
    with pytest.raises(TargetsFileError, match=r"nothing\.toml"):
        load_reader(artifact_folder, Settings(targets=(str(tmp_path / "nothing.toml"),)), "key")
