"""Answers as Hugging Face's clients and text-embeddings-inference know them."""

import json
import math
from typing import Any

import pytest

from models.errors import StancewireError
from service.predictions import answer_classification, answer_predict
from service.work import Reader

BOTH = "Oslo praised Washington. Lima blamed Moscow."


def classified(reader: Reader, targets: str | None = None, **request: Any) -> Any:
    return json.loads(answer_classification(reader, json.dumps(request).encode(), targets, None).value)


def predicted(reader: Reader, **request: Any) -> Any:
    return json.loads(answer_predict(reader, json.dumps(request).encode()).value)


def test_labels_of_all_targets_come_likeliest_first(reader: Reader) -> None:
    for found in (classified(reader, inputs=BOTH)[0], predicted(reader, inputs=BOTH)):
        scores = [each["score"] for each in found]
        assert scores == sorted(scores, reverse=True)
        assert sum(scores) == pytest.approx(2)
        assert {each["target"] for each in found} == {"us", "russia"}


def test_of_each_target_only_so_many_labels_are_given(reader: Reader) -> None:
    (found,) = classified(reader, inputs=BOTH, parameters={"top_k": 1})
    assert {each["target"]: each["label"] for each in found} == {"us": "favor", "russia": "against"}
    (all_labels,) = classified(reader, inputs=BOTH, parameters={"top_k": 9.0})
    assert len(all_labels) == 6


@pytest.mark.parametrize("most", [0, -1, 1.5, True, "1"])
def test_a_number_of_labels_that_is_none_is_refused(reader: Reader, most: Any) -> None:
    with pytest.raises(StancewireError) as caught:
        classified(reader, inputs=BOTH, parameters={"top_k": most})
    assert caught.value.field == "parameters.top_k"


def test_raw_scores_are_logarithms_and_finite(reader: Reader) -> None:
    plain = classified(reader, inputs=BOTH)[0]
    raw = classified(reader, inputs=BOTH, parameters={"function_to_apply": "none"})[0]
    assert [math.exp(each["score"]) for each in raw] == pytest.approx([each["score"] for each in plain])


def test_a_text_in_a_list_and_one_without_are_the_same(reader: Reader) -> None:
    assert predicted(reader, inputs=[BOTH]) == predicted(reader, inputs=BOTH)
    assert predicted(reader, inputs=[[BOTH], ["Rain."]]) == [predicted(reader, inputs=BOTH), []]
    assert classified(reader, inputs=[BOTH, "Rain."], targets="us")[1] == []


def test_only_the_wanted_targets_are_classified(reader: Reader) -> None:
    assert {each["target"] for each in classified(reader, "us", inputs=BOTH)[0]} == {"us"}
