from pathlib import Path
from typing import Any

import pytest

from models.pipeline import HeadConfig
from tests.training.samples import sample_lines, write_lines
from training.config import FILE, Config, load_config
from training.examples import Example, stance_examples
from training.fit import cross_validate
from training.metrics import macro_f1
from training.records import DataError
from training.tables import read_data
from training.tune import Trial, as_toml, candidates, load_ranges, search, settings_of

RANGES: dict[str, list[Any]] = {"C": [0.3, 1.0], "min_df": [1, 2]}


@pytest.fixture(scope="module")
def examples(data_file: Path) -> list[Example]:
    return stance_examples(read_data([data_file]))


@pytest.fixture(scope="module")
def heads() -> list[HeadConfig]:
    return candidates(RANGES, HeadConfig(C=0.5), 0, seed=1)


def test_the_released_configuration_declares_ranges() -> None:
    for head in ("stance", "sentiment"):
        assert len(load_ranges(FILE, head)) > 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed = 1", "no table"),
        ("[tune.stance]\nD = [1]", "unknown setting 'D'"),
        ("[tune.stance]\nC = 1", "`C` must be a list"),
    ],
)
def test_ranges_that_are_none_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(DataError, match=message):
        load_ranges(tmp_path / "c.toml", "stance")


def test_candidates_are_the_base_and_the_grid(heads: list[HeadConfig]) -> None:
    assert heads[0] == HeadConfig(C=0.5)
    assert {(head.C, head.min_df) for head in heads[1:]} == {(0.3, 1), (0.3, 2), (1.0, 1), (1.0, 2)}
    assert candidates(RANGES, HeadConfig(C=0.5), 3, seed=1) == heads[:3]
    with pytest.raises(DataError, match="unknown feature family 'smells'"):
        candidates({"families": [["smells"]]}, HeadConfig(), 0, seed=1)
    with pytest.raises(DataError, match="are the limit"):
        candidates({"C": list(range(1, 101)), "min_df": list(range(1, 101))}, HeadConfig(), 0, seed=1)


def test_trials_say_what_cross_validation_says(
    examples: list[Example], heads: list[HeadConfig], config: Config, tmp_path: Path
) -> None:
    trials = search("stance", examples, heads, config, tmp_path / "state.jsonl", jobs=1)
    assert [trial.macro_f1 for trial in trials] == sorted((trial.macro_f1 for trial in trials), reverse=True)
    logits = cross_validate(heads[2], examples, config, jobs=1)
    kinds = sorted({example.label for example in examples})
    guessed = [kinds[k] for k in logits.argmax(axis=1)]
    [same] = [trial for trial in trials if trial.settings == settings_of(heads[2])]
    assert same.macro_f1 == pytest.approx(macro_f1([example.label for example in examples], guessed, kinds))


def test_a_search_that_was_stopped_goes_on_where_it_was(
    examples: list[Example], heads: list[HeadConfig], config: Config, tmp_path: Path
) -> None:
    state = tmp_path / "state.jsonl"
    search("stance", examples, heads[:2], config, state, jobs=1)
    before = state.read_text(encoding="utf-8")
    state.write_text(before + '{"key": "cut sh', encoding="utf-8")
    seen: list[Trial] = []
    trials = search("stance", examples, heads, config, state, seen.append, jobs=1)
    assert len(trials) == len(seen) == len(heads)
    assert state.read_text(encoding="utf-8").startswith(before)
    assert len(state.read_text(encoding="utf-8").splitlines()) == 1 + len(heads)
    assert search("stance", examples, heads, config, state, jobs=1) == trials


def test_other_data_are_another_search(heads: list[HeadConfig], config: Config, tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    for lines in (sample_lines(), sample_lines()[:-1]):
        examples = stance_examples(read_data([write_lines(tmp_path / "a.jsonl", lines)]))
        search("stance", examples, heads[:1], config, state, jobs=1)
    assert len(state.read_text(encoding="utf-8").splitlines()) == 2


def test_the_best_settings_read_as_configuration(tmp_path: Path) -> None:
    head = HeadConfig(C=0.3, families=("words", "pairs"))
    path = tmp_path / "c.toml"
    path.write_text(as_toml("stance", settings_of(head)))
    assert load_config(path).stance == head
