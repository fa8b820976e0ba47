import math

import httpx
import pytest

from models.analyzer import Analyzer

TEXT = "Ankara thanked Moscow on Tuesday."


def test_one_text_gets_a_list_of_labels_likeliest_first(server_url: str, analyzer: Analyzer) -> None:
    scores = analyzer.analyze(TEXT).sentences[0].stances[0].scores
    for inputs in (TEXT, [TEXT]):
        found = httpx.post(f"{server_url}/predict", json={"inputs": inputs}).json()
        assert found[0]["label"] == "russia:favor"
        assert {each["label"]: each["score"] for each in found} == pytest.approx(
            {f"russia:{label}": score for label, score in scores.items()}
        )


def test_a_batch_gets_a_list_of_lists(server_url: str) -> None:
    body = {"inputs": [[TEXT], ["Rain fell."], ["Oslo condemned Washington."]], "truncate": True}
    found = httpx.post(f"{server_url}/predict", json=body).json()
    assert [each[0]["label"] if each else None for each in found] == ["russia:favor", None, "us:against"]


def test_raw_scores_turn_into_the_probabilities_by_softmax(server_url: str) -> None:
    plain, raw = (
        httpx.post(f"{server_url}/predict", json={"inputs": TEXT, "raw_scores": flag}).json() for flag in (False, True)
    )
    assert [math.exp(each["score"]) for each in raw] == pytest.approx([each["score"] for each in plain])


@pytest.mark.parametrize(
    ("inputs", "status", "message"),
    [
        (["Moscow.", "Oslo."], 422, "pair"),
        ([["Moscow.", "Oslo."]], 422, "alone"),
        ([[]], 422, "alone"),
        ([], 422, "empty"),
        ("", 422, "empty or blank"),
        ([["Moscow."]] * 21, 413, "at most 20"),
        (5, 422, ""),
    ],
)
def test_a_bad_request_gets_the_one_error_body(server_url: str, inputs: object, status: int, message: str) -> None:
    answer = httpx.post(f"{server_url}/predict", json={"inputs": inputs})
    assert answer.status_code == status
    assert message in answer.json()["error"]["message"]


def test_info_tells_the_model_its_labels_and_limits(server_url: str) -> None:
    info = httpx.get(f"{server_url}/info").json()
    assert info["model_id"] == "stancewire/9.9.9"
    assert info["max_client_batch_size"] == 20
    classifier = info["model_type"]["classifier"]
    assert sorted(classifier["label2id"]) == [
        f"{target}:{stance}" for target in ("russia", "us") for stance in ("against", "favor", "neutral")
    ]
    assert all(classifier["id2label"][str(place)] == label for label, place in classifier["label2id"].items())
    assert len(info["model_sha"]) == 64


def test_health_is_200_with_no_body(server_url: str) -> None:
    answer = httpx.get(f"{server_url}/health")
    assert (answer.status_code, answer.content) == (200, b"")
