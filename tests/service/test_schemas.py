"""What a request may hold: strict, since a wrong key or type is a mistake that nobody else would notice."""

import re
import sys
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from service.schemas import TEXT_PATTERN, StanceAnswer, StanceRequest
from service.work import Reader


def made(**given: Any) -> StanceRequest:
    return StanceRequest.model_validate({"text": "Moscow.", **given})


@pytest.mark.parametrize("id", [None, "", "a" * 1000, 0, -(2**63), 2**63 - 1])
def test_an_id_of_the_client_comes_back_as_it_is(id: Any) -> None:
    assert made(id=id).id == id


def test_a_whole_number_written_as_3_0_is_an_integer() -> None:
    found = made(id=3.0).id
    assert (found, type(found)) == (3, int)


@pytest.mark.parametrize("id", ["a" * 1001, 2**63, -(2**63) - 1, 1.5, True, [1], {"a": 1}, float("inf"), float("nan")])
def test_an_id_that_json_or_a_client_cannot_keep_is_refused(id: Any) -> None:
    with pytest.raises(ValidationError, match="a string of at most 1,000 characters"):
        made(id=id)


def test_the_documented_pattern_takes_every_character_that_is_not_blank() -> None:
    pattern = re.compile(TEXT_PATTERN)
    for sign in map(chr, range(sys.maxunicode + 1)):
        assert bool(pattern.search(sign)) is not (sign.isspace() or sign == "\0"), hex(ord(sign))
    assert pattern.search(" \n a")
    assert not pattern.search("a\0b")


def test_a_date_is_a_day_and_nothing_else() -> None:
    assert made(date="2014-03-18").date == date(2014, 3, 18)
    assert made(date=None).date is None
    for value in ("2014-03-32", "20140318", "2014-03-18T00:00:00", "", 5, True, ["2014-03-18"]):
        with pytest.raises(ValidationError, match="a day written YYYY-MM-DD"):
            made(date=value)


@pytest.mark.parametrize("wrong", [{"text": 5}, {"explain": 1}, {"explain": "yes"}, {"targets": "us"}, {"other": 1}])
def test_nothing_is_converted_and_no_key_is_passed_over(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        made(**wrong)


@pytest.mark.parametrize("explain", [False, True])
def test_the_documented_answer_holds_all_that_the_analyzer_says(reader: Reader, explain: bool) -> None:
    answer = reader.analyzer.analyze("Ankara accused Moscow on Tuesday. It rained.", explain=explain).as_dict("a")
    parsed = StanceAnswer.model_validate(answer).model_dump(exclude_unset=True)
    for sentence in answer["sentences"]:  # tuples become lists
        for stance in sentence["stances"]:
            assert stance.keys() >= {"target", "label", "scores", "confident", "mentions"}
    assert parsed == answer
