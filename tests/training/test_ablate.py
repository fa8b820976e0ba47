from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.features import find_terms
from models.pipeline import fit_pipeline
from models.polarity import SUMS
from tests.training.samples import write_lines
from training.ablate import (
    CROSS_VALIDATION,
    RELEASED,
    Ablation,
    Laboratory,
    as_markdown,
    blind_view,
    load_ablations,
)
from training.config import Config, load_config
from training.examples import labels, stance_examples, views
from training.fit import cross_validate, source_weights
from training.metrics import macro_f1
from training.records import DataError, Record
from training.tables import read_data

TEST: list[dict[str, Any]] = [
    {"text": "Lima thanked Moscow for its generous help.", "stance": {"russia": "favor"}},
    {"text": "Critics in Oslo condemned the White House for the blockade.", "stance": {"us": "against"}},
    {"text": "A delegation will meet envoys of the Kremlin on Tuesday.", "stance": {"russia": "neutral"}},
    {"text": "Quito praised Washington and mocked Moscow.", "stance": {"us": "favor", "russia": "against"}},
]


@pytest.fixture(scope="module")
def records(data_file: Path) -> list[Record]:
    return read_data([data_file])


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    return read_data([write_lines(tmp_path_factory.mktemp("test") / "fresh.jsonl", TEST)])


def test_the_shipped_ablations_each_change_something() -> None:
    base = load_config()
    [released, *others] = load_ablations(base)
    assert (released.name, released.config) == (RELEASED, base)
    assert len(others) >= 20
    for each in others:
        assert each.what
        assert each.config != base or each.blind or each.sums != frozenset(SUMS), each.name


def test_an_override_leaves_the_rest_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('["C=9"]\nwhat = "loose"\nstance.C = 9.0\n["no x"]\nwhat = "w"\nweights = {x = 0}\n')
    base = replace(load_config(), weights={"y": 0.5})
    _, loose, without = load_ablations(base, path)
    assert loose.config == replace(base, stance=replace(base.stance, C=9.0))
    assert without.config.weights == {"x": 0, "y": 0.5}
    assert [each.name for each in load_ablations(base, path, ["no x"])] == [RELEASED, "no x"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[a", "no valid TOML"),
        ("[a]\nstance.C = 1.0", "needs a line `what`"),
        ('[a]\nwhat = "x"\nstance.D = 1', "unknown key 'D'"),
        ('[a]\nwhat = "x"\nblind = 1', "`blind` is true or false"),
        ('[a]\nwhat = "x"\nsums = "("', "regular expression"),
        ('[b]\nwhat = "x"', "no ablation 'a'; it has b"),
    ],
)
def test_what_is_no_ablation_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(DataError, match=message):
        load_ablations(load_config(), tmp_path / "a.toml", ["a"])


def test_figures_are_those_of_the_configurations_themselves(
    records: list[Record], fresh: list[Record], config: Config
) -> None:
    other = replace(config, stance=replace(config.stance, families=("words", "clause"), C=0.3, balance=0.0))
    results = Laboratory(config, records, {"fresh": fresh}).run(
        [Ablation(RELEASED, "", config), Ablation("other", "", other)], jobs=1
    )
    train, test = stance_examples(records), stance_examples(fresh)
    kinds = sorted(set(labels(train)))
    for settings, result in zip((config, other), results, strict=True):
        weights = source_weights(train, settings)
        pipeline = fit_pipeline(settings.stance, views(train), labels(train), weights, settings.seed)
        expected = macro_f1(labels(test), list(pipeline.predict(views(test))), kinds)
        assert result.measures["fresh"].macro_f1 == pytest.approx(expected)
        logits = cross_validate(settings.stance, train, settings, jobs=1)
        guessed = [kinds[k] for k in logits.argmax(axis=1)]
        assert result.measures[CROSS_VALIDATION].macro_f1 == pytest.approx(macro_f1(labels(train), guessed, kinds))


def test_differences_are_paired_with_the_first_configuration(records: list[Record], config: Config) -> None:
    laboratory = Laboratory(config, records, {}, seeds=2)
    weak = replace(config, stance=replace(config.stance, families=("words",), polarity_weight=0.0, C=0.001))
    first, same, worse = laboratory.run(
        [Ablation(RELEASED, "", config), Ablation("same", "", config), Ablation("weak", "", weak, blind=True)], jobs=1
    )
    assert first.measures[CROSS_VALIDATION] == same.measures[CROSS_VALIDATION]
    assert (same.measures[CROSS_VALIDATION].least, same.measures[CROSS_VALIDATION].most) == (0, 0)
    one, two = first.measures[CROSS_VALIDATION], worse.measures[CROSS_VALIDATION]
    assert two.difference == pytest.approx(two.macro_f1 - one.macro_f1)
    assert two.least <= two.difference <= two.most
    assert two.verdict == "worse"


def test_a_source_without_weight_is_left_out_of_training_but_measured(records: list[Record], config: Config) -> None:
    half = [replace(record, source="a" if k % 2 else "b") for k, record in enumerate(records)]
    laboratory = Laboratory(config, half, {})
    _, without = laboratory.run(
        [Ablation(RELEASED, "", config), Ablation("no b", "", replace(config, weights={"b": 0}))], jobs=1
    )
    assert (without.trained_on, without.measures[CROSS_VALIDATION].count) == (len(half) // 2, len(half))
    with pytest.raises(DataError, match="nothing is left to train on"):
        laboratory.run([Ablation("none", "", replace(config, weights={"a": 0, "b": 0}))], jobs=1)


def test_a_blind_view_does_not_tell_whom_it_judges(config: Config) -> None:
    record = Record("r", "Washington accused Moscow of theft.", {"us": "neutral", "russia": "against"})
    one, two = (blind_view(example.view) for example in stance_examples([record]))
    families = config.stance.families
    assert [t.text for t in find_terms(one, families)] == [t.text for t in find_terms(two, families)]


def test_sentences_of_a_test_file_never_help_to_train(records: list[Record], config: Config) -> None:
    laboratory = Laboratory(config, records, {"same": records[:6]}, seeds=0)
    [result] = laboratory.run([Ablation(RELEASED, "", config)], jobs=1)
    assert laboratory.left_out >= 6
    assert result.trained_on == len(records) - laboratory.left_out


def test_sums_that_are_left_out_change_the_fit(records: list[Record], fresh: list[Record], config: Config) -> None:
    laboratory = Laboratory(config, records, {"fresh": fresh}, seeds=0)
    bare = replace(config, stance=replace(config.stance, families=("window",)))
    no_sums = replace(bare, stance=replace(bare.stance, polarity_weight=0.0))
    _, with_none, without = laboratory.run(
        [Ablation(RELEASED, "", bare), Ablation("none", "", bare, sums=frozenset()), Ablation("no", "", no_sums)],
        jobs=1,
    )
    assert with_none.measures == without.measures
    assert np.isfinite(with_none.measures["fresh"].macro_f1)


def test_a_markdown_table_marks_what_is_more_than_chance(records: list[Record], config: Config) -> None:
    weak = replace(config, stance=replace(config.stance, families=("words",), polarity_weight=0.0, C=0.001))
    results = Laboratory(config, records, {}).run(
        [Ablation(RELEASED, "as it is", config), Ablation("weak", "blind", weak, blind=True)], jobs=1
    )
    lines = as_markdown(results).splitlines()
    assert lines[0] == "| change | cross-validation | kept |"
    assert lines[3].startswith("| **weak**: blind | ")
    assert lines[3].endswith("*) |  |")
