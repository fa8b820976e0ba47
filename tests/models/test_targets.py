"""Targets files: what they say, and what is wrong with a bad one."""

from datetime import date
from pathlib import Path

import pytest

from models.errors import TargetsFileError
from models.targets import CORE_FILE, MORE_FILE, load_targets


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_built_in_file_holds_the_us_and_russia() -> None:
    assert list(load_targets()) == list(load_targets(CORE_FILE)) == ["us", "russia"]


def test_a_later_file_adds_targets_and_replaces_tables_of_the_same_name(tmp_path: Path) -> None:
    path = write(tmp_path, '[us]\nname = "Uncle Sam"\nnames = ["Uncle Sam"]\n[oslo]\nname = "Oslo"\nnames = ["Oslo"]\n')
    targets = load_targets(CORE_FILE, path)
    assert list(targets) == ["us", "russia", "oslo"]
    assert targets["us"].name == "Uncle Sam"
    assert [alias.words for alias in targets["us"].aliases] == [("uncle", "sam")]


def test_the_further_targets_do_not_touch_the_two() -> None:
    assert not set(load_targets(MORE_FILE)) & {"us", "russia"}


def test_an_alias_in_capitals_is_exact_and_one_of_lower_counts_in_lower_case(tmp_path: Path) -> None:
    path = write(tmp_path, '[a]\nname = "A"\nnames = ["AB", "Abland"]\nlower = ["abland", "ab land"]\nweak = ["Abi"]\n')
    aliases = {alias.words: alias for alias in load_targets(path)["a"].aliases}
    assert aliases[("ab",)].exact == "AB"
    assert aliases[("abland",)].lower
    assert aliases[("ab", "land")].lower
    assert aliases[("abi",)].weak
    assert not aliases[("ab",)].weak


def test_a_leader_is_strong_by_title_and_weak_by_surname(tmp_path: Path) -> None:
    leader = '{ name = "Ada Holm", surname = "Holm", from = 2001-02-03, to = 2005-06-07 }'
    path = write(tmp_path, f'[a]\nname = "A"\nnames = ["Abland"]\nleaders = [{leader}]\n')
    aliases = {alias.words: alias for alias in load_targets(path)["a"].aliases}
    assert not aliases[("president", "holm")].weak
    assert aliases[("holm",)].weak
    assert aliases[("ada", "holm")].since == date(2001, 2, 3)
    assert aliases[("ada", "holm")].until == date(2005, 6, 7)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('[Big]\nname = "A"\nnames = ["A"]\n', ["[Big]", "lower-case"]),
        ("a = 1\n", ["[a]", "expected a table"]),
        ('[a]\nname = "A"\nnames = ["A"]\ncolour = "red"\n', ["[a]", "'colour'", "allowed are"]),
        ('[a]\nnames = ["A"]\n', ["[a]", "`name`"]),
        ('[a]\nname = " "\nnames = ["A"]\n', ["[a]", "`name`"]),
        ('[a]\nname = "A"\n', ["[a]", "`names`"]),
        ('[a]\nname = "A"\nnames = "A"\n', ["[a]", "`names`", "list"]),
        ('[a]\nname = "A"\nnames = ["A", ""]\n', ["[a]", "`names`", "non-empty"]),
        ('[a]\nname = "A"\nnames = ["A"]\nweak = [3]\n', ["[a]", "`weak`"]),
        ('[a]\nname = "A"\nnames = ["A"]\nleaders = ["Holm"]\n', ["[a]", "leader"]),
        ('[a]\nname = "A"\nnames = ["A"]\nleaders = [{name = "B C", surname = "C"}]\n', ["[a]", "from"]),
        (
            '[a]\nname = "A"\nnames = ["A"]\nleaders = [{name = "B C", surname = "C", from = "2001"}]\n',
            ["[a]", "'B C'", "dates"],
        ),
        ("[a\n", ["no valid TOML"]),
    ],
)
def test_a_bad_file_is_named_with_table_and_key(tmp_path: Path, text: str, parts: list[str]) -> None:
    path = write(tmp_path, text)
    with pytest.raises(TargetsFileError) as caught:
        load_targets(path)
    for part in (str(path), *parts):
        assert part in caught.value.message


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ('names = ["   ", "Abland"]', "names"),
        ('names = ["Abland"]\nnot = ["^"]', "not"),
        ('names = ["Abland"]\nleaders = [{name = 3, surname = "C", from = 2001-01-01}]', "leader"),
        ('names = ["Abland"]\nleaders = 3', "leaders"),
        ('names = ["Abland"]\nleaders = [{name = "B", surname = "B", from = 2001-01-01T00:00:00}]', "from"),
    ],
)
def test_values_that_name_nothing_are_refused_too(tmp_path: Path, table: str, key: str) -> None:
    path = write(tmp_path, f'[a]\nname = "A"\n{table}\n')
    with pytest.raises(TargetsFileError) as caught:
        load_targets(path)
    assert "[a]" in caught.value.message
    assert key in caught.value.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TargetsFileError, match=r"none\.toml"):
        load_targets(tmp_path / "none.toml")


def test_a_file_that_is_no_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes('[a]\nname = "Á"\n'.encode("latin-1"))
    with pytest.raises(TargetsFileError, match=r"latin\.toml"):
        load_targets(path)
