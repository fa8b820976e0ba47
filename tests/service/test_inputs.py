"""What the command line reads."""

from datetime import date
from pathlib import Path

import pytest

from models.errors import ArtifactError, TargetsFileError
from service.inputs import (
    InputError,
    artifact_folder,
    decode_text,
    load_analyzer,
    parse_date,
    parse_targets,
    read_article,
)

CASES = [
    (b"caf\xe9", "byte 3 is 0xe9"),
    (b"a\0b", "NUL character at position 1"),
    (b"", "is empty"),
    (b"\xef\xbb\xbf \n", "is empty"),
]


@pytest.mark.parametrize(("data", "message"), CASES)
def test_what_is_no_text_is_refused_by_name_and_place(data: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        read_article(str(tmp_path / "article.txt"))
    assert "article.txt" in caught.value.message


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode_text(b"\xef\xbb\xbfCaf\xc3\xa9.", "it") == "Café."


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.txt", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(InputError, match=reason):
            read_article(str(path))


def test_targets_are_names_between_commas() -> None:
    assert parse_targets(" us , ,russia,") == ["us", "russia"]
    assert parse_targets(None) is parse_targets("") is parse_targets(" , ") is None


def test_the_day_of_a_time_counts() -> None:
    assert parse_date("2016-03-01T10:00:00Z") == parse_date("2016-03-01 10:00") == date(2016, 3, 1)
    assert parse_date(None) is parse_date("") is None


@pytest.mark.parametrize("value", ["2016-03-011", "2016-W09-2", "March 1", 20160301, True, ["2016-03-01"]])
def test_what_is_no_day_is_shown_with_the_way_to_write_it(value: object) -> None:
    with pytest.raises(InputError, match=r'"date" is .*: write the day as 2016-03-01') as caught:
        parse_date(value, '"date"')
    assert caught.value.field == "date"


def test_a_folder_of_releases_stands_for_its_current_one(releases: Path) -> None:
    assert artifact_folder(releases) == artifact_folder(releases / "9.9.9") == releases / "9.9.9"
    with pytest.raises(ArtifactError):
        artifact_folder(releases / "9.9.9" / "none")


def test_targets_of_the_users_stand_beside_the_built_in_ones(releases: Path, tmp_path: Path) -> None:
    (tmp_path / "more.toml").write_text('[norway]\nname = "Norway"\nnames = ["Norway"]\n')
    assert list(load_analyzer(releases, str(tmp_path / "more.toml")).targets) == ["us", "russia", "norway"]
    with pytest.raises(TargetsFileError):
        load_analyzer(releases, str(tmp_path / "none.toml"))
