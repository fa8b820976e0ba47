"""The configuration: what it may say, and that what it may not is named before anything is trained."""

import json
from pathlib import Path

import pytest

from training.config import Config, config_from, load_config
from training.records import DataError


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "c.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_not_named_stays_as_it_is(tmp_path: Path) -> None:
    found = load_config(written(tmp_path, 'folds = 3\n[stance]\nC = 2\nfamilies = ["words"]\n'))
    assert (found.folds, found.stance.C, found.stance.families) == (3, 2, ("words",))
    assert (found.seed, found.sentiment) == (Config().seed, Config().sentiment)


def test_the_ranges_of_tune_are_no_setting(tmp_path: Path) -> None:
    assert load_config(written(tmp_path, "[tune.stance]\nC = [1.0, 3.0]\n")) == Config()


def test_the_released_configuration_comes_back_from_a_manifest() -> None:
    released = load_config()
    assert config_from(json.loads(json.dumps(released.as_dict())), "manifest.json") == released


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("folds = [", r"c\.toml is no valid TOML"),
        ("flods = 3", r"c\.toml: unknown key 'flods'; known are seed, folds"),
        ("[stance]\nc = 1", r"c\.toml, \[stance\]: unknown key 'c'"),
        ('[sentiment]\nfamilies = ["word"]', "unknown feature family 'word'"),
        ("stance = 3", r"c\.toml: stance is 3; it must be a table"),
        ('folds = "five"', "folds is 'five'; it must be a whole number from 2"),
        ("folds = 1", "folds is 1"),
        ("seed = true", "seed is True"),
        ("confident = 80", "confident is 80; it must be a number above 0, at most 1"),
        ('[stance]\nprinted = "dse"', "printed is 'dse'; it must be a list of strings"),
        ('[stance]\nfamilies = "words"', r"\[stance\]: families is 'words'; it must be a list of strings"),
        ('[stance]\nC = "high"', "C is 'high'; it must be a number above 0"),
        ("[stance]\nC = nan", "C is nan"),
        ("[sentiment]\nmin_df = 0", "min_df is 0; it must be a whole number from 1"),
        ("weights = 3", "weights is 3; it must be a table of numbers from 0"),
        ("[weights]\ndse = -0.5", "weights is {'dse': -0.5}"),
    ],
)
def test_what_is_not_allowed_is_named_with_its_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        load_config(written(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"Cannot read configuration .*gone\.toml"):
        load_config(tmp_path / "gone.toml")
