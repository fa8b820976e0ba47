import json
from dataclasses import replace
from pathlib import Path

import pytest

from models.analyzer import Analyzer
from models.artifact import load_artifact
from tests.training.samples import sample_lines, write_lines
from training import release
from training.config import Config
from training.records import DataError, digest
from training.store import ReleaseError, locked


def test_the_same_data_configuration_and_seed_give_the_same_bytes_of_metrics(
    run: release.Run, data_file: Path, config: Config
) -> None:
    again = release.train([data_file], config, "again", jobs=2)
    assert json.dumps(again.metrics) == json.dumps(run.metrics)
    for name in ("inputs_sha256", "metrics_sha256"):
        assert again.manifest[name] == run.manifest[name]


def test_another_configuration_or_other_data_have_another_digest(
    run: release.Run, data_file: Path, config: Config, tmp_path: Path
) -> None:
    seeded = release.train([data_file], replace(config, seed=14), "seeded", jobs=1)
    fewer = release.train([write_lines(tmp_path / "b.jsonl", sample_lines()[:-1])], config, "fewer", jobs=1)
    digests = {each.manifest["inputs_sha256"] for each in (run, seeded, fewer)}
    assert len(digests) == 3


def test_the_manifest_says_what_the_release_is_made_of(root: Path, data_file: Path) -> None:
    manifest = load_artifact(root / "one").manifest
    [file] = manifest["training"]
    assert (file["file"], file["sentences"], file["stances"]) == (data_file.name, len(sample_lines()), 108)
    assert manifest["labels"]["stance"] == ["against", "favor", "neutral"]
    assert 0 < manifest["thresholds"]["confident"] <= 1
    assert manifest["metrics_sha256"] == release.digest_of(manifest["metrics"])
    assert set(manifest["files"]) == {"model.joblib", "compiled.npz", "MODEL_CARD.md", release.PREDICTIONS}


def test_a_release_answers(root: Path) -> None:
    [sentence] = Analyzer.load(root / "one").analyze("Oslo condemned Moscow for the blockade.").sentences
    assert [stance.target for stance in sentence.stances] == ["russia"]


def test_predictions_hold_no_text(root: Path) -> None:
    text = (root / "one" / release.PREDICTIONS).read_text(encoding="utf-8")
    assert digest(str(sample_lines()[0]["text"])) in text
    assert "praised" not in text


def test_near_duplicates_across_groups_stop_the_run_and_name_the_lines(tmp_path: Path, config: Config) -> None:
    lines = sample_lines()
    lines.append(lines[0] | {"id": "twin", "group": "elsewhere"})
    path = write_lines(tmp_path / "a.jsonl", lines)
    with pytest.raises(DataError, match=rf"leaks.*\n.*{path}:109: .*see {path}:1\)"):
        release.train([path], config, "leaky")
    tied = release.train([path], config, "tied", tied=True, jobs=1)
    groups = {record.id: record.group for record in tied.records}
    assert groups["twin"] == groups[str(lines[0]["id"])]
    assert tied.manifest["tied"] is True


def test_held_out_sentences_in_the_training_data_stop_the_run(tmp_path: Path, config: Config, data_file: Path) -> None:
    held = write_lines(tmp_path / "held.jsonl", [{"text": sample_lines()[5]["text"], "stance": {"us": "favor"}}])
    with pytest.raises(DataError, match=rf"{data_file}:6: it stands \(nearly\) so among the held-out"):
        release.train([data_file], config, "leaky", held_out=[held])


def test_a_group_that_is_held_out_in_part_stops_the_run(tmp_path: Path, config: Config, data_file: Path) -> None:
    line = {"text": "Snow fell on Moscow.", "stance": {"russia": "neutral"}, "group": "t3"}
    held = write_lines(tmp_path / "held.jsonl", [line])
    with pytest.raises(DataError, match="group 't3' is held out"):
        release.train([data_file], config, "leaky", held_out=[held])
    tied = release.train([data_file], config, "tied", held_out=[held], tied=True, jobs=1)
    assert not any("t3-" in record.id for record in tied.records)


def test_held_out_files_are_measured_on(tmp_path: Path, config: Config, data_file: Path) -> None:
    held = write_lines(tmp_path / "held.jsonl", [{"text": "Lima mocked Moscow.", "stance": {"russia": "against"}}])
    run = release.train([data_file], config, "measured", held_out=[held], jobs=1)
    figures = run.metrics["held_out"]["held.jsonl"]
    assert figures["stance"]["overall"]["count"] == 1
    assert figures["sentiment"] is None


def test_nothing_is_written_while_another_process_writes(run: release.Run, tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(ReleaseError, match="Another process"):
        release.save(run, tmp_path, "card")
