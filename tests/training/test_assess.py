"""Figures of a fitted model: by cross-validation, on unseen sentences, and with next to no data."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.artifact import load_artifact
from tests.conftest import tiny_records
from tests.training.samples import sample_lines, write_lines
from training.assess import PLAIN, artifact_on_test, cross_validated, fit_small, held_out_figures, on_test, scores_of
from training.baselines import plain_tfidf_folds
from training.config import Config
from training.examples import labels, stance_examples, views
from training.fit import fit_head, split_folds
from training.metrics import macro_f1
from training.records import DataError, Record, read_records
from training.release import Run

CONFIG = Config(folds=2)


def of(*kinds: str) -> list[Record]:
    return [record for record in tiny_records() if set(record.stance.values()) <= set(kinds)]


def test_cross_validated_figures_are_of_labels_that_each_fold_gave_unseen() -> None:
    head = fit_head("stance", CONFIG.stance, stance_examples(tiny_records()), CONFIG, jobs=1)
    found = cross_validated("stance", head, CONFIG, jobs=1)
    gold = labels(head.examples)
    assert found["overall"]["macro_f1"] == pytest.approx(macro_f1(gold, head.predicted(), head.labels), abs=1e-4)
    folds = [(train.tolist(), test.tolist()) for train, test in split_folds(head.examples, CONFIG)]
    guessed = plain_tfidf_folds(head.examples, folds, CONFIG.seed, jobs=1)
    expected = macro_f1(gold, guessed, ("favor", "against", "neutral"))
    assert found["baselines"][PLAIN]["macro_f1"] == pytest.approx(expected, abs=1e-4)


def test_a_handful_of_sentences_is_fitted_without_cross_validation() -> None:
    records = [of("favor")[0], of("against")[0]]
    head = fit_small("stance", records, CONFIG)
    assert (head.labels, head.held_out, head.threshold) == (("against", "favor"), None, 1.0)
    assert [head.pipeline.predict(views(stance_examples([record])))[0] for record in records] == ["favor", "against"]


def test_a_few_more_are_cross_validated_in_fewer_folds() -> None:
    groups = sorted({str(record.group) for record in of("favor", "against")})
    few = [record for record in of("favor", "against") if record.group in (*groups[:4], *groups[-4:])]
    wanted = replace(CONFIG, folds=5)
    with pytest.raises(DataError, match="10 groups are needed"):
        fit_head("stance", wanted.stance, stance_examples(few), wanted)
    head = fit_small("stance", few, wanted)
    assert head.held_out is not None
    assert len(head.held_out) == len(few)


def test_one_label_alone_is_refused() -> None:
    with pytest.raises(DataError, match=r"train stance: 24 labelled, with the labels favor\. At least two"):
        fit_small("stance", of("favor"), CONFIG)
    with pytest.raises(DataError, match="0 labelled, with the labels none"):
        fit_small("sentiment", [], CONFIG)


@pytest.mark.parametrize("kinds", [("favor", "against", "neutral"), ("against", "neutral")])
def test_scores_are_those_of_the_pipeline_for_two_labels_as_for_three(kinds: tuple[str, ...]) -> None:
    head = fit_small("stance", of(*kinds), CONFIG)
    scores = scores_of(head.pipeline, head.examples)
    assert scores.shape == (len(head.examples), len(kinds))
    np.testing.assert_allclose(scores, head.pipeline.predict_proba(views(head.examples)), atol=1e-9)
    figures = on_test("stance", head.pipeline, head.threshold, of(*kinds))
    assert figures
    assert figures["overall"]["accuracy"] > 0.9, "it was trained on these"


def test_a_head_that_nothing_is_labelled_for_has_no_figures() -> None:
    head = fit_small("stance", tiny_records(), CONFIG)
    assert on_test("stance", head.pipeline, 0.5, [Record("a", "Oslo slept.", {}, "neutral")]) is None


def test_sentences_of_too_few_words_cost_the_plain_baseline_only() -> None:
    head = fit_small("stance", tiny_records(), CONFIG)
    mute = [Record("a", "?", {"us": "favor"}, spans={"us": ()})]
    figures = on_test("stance", head.pipeline, 0.5, mute, stance_examples(mute))
    assert figures
    assert set(figures["baselines"]) == {"always neutral", "VADER"}


def test_a_saved_model_is_measured_by_its_own_threshold(artifact_folder: Path) -> None:
    artifact = load_artifact(artifact_folder)
    found = artifact_on_test(artifact, [replace(record, sentiment=None) for record in of("favor")])
    assert found["stance"]["overall"]["count"] == 24
    threshold = artifact.manifest["thresholds"]["confident"]
    assert found["stance"]["confident"]["threshold"] == pytest.approx(threshold, abs=1e-4)
    assert found["sentiment"] is None


def test_each_held_out_file_has_figures_of_its_own(run: Run, tmp_path: Path, config: Config) -> None:
    one = write_lines(tmp_path / "one.jsonl", sample_lines()[:6])
    two = write_lines(tmp_path / "two.jsonl", [{"text": "Moscow slept.", "stance": {"russia": "neutral"}}])
    found = held_out_figures(run.model, [one, two], lambda paths: read_records(*paths), config)
    assert found["one.jsonl"]["stance"]["overall"]["count"] == 6
    assert PLAIN in found["one.jsonl"]["stance"]["baselines"]
    assert found["two.jsonl"]["sentiment"] is None
