import hashlib
from pathlib import Path

import httpx
import pytest
from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError

from models.analyzer import Analyzer
from service.settings import Settings
from tests.service.shell import running

TEXT = "Ankara thanked Moscow on Tuesday."
BOTH = "Oslo praised the Kremlin and Lima praised Moscow. Oslo condemned Washington."


def test_the_hugging_face_client_gets_labels_scores_and_targets(server_url: str, analyzer: Analyzer) -> None:
    found = InferenceClient(model=f"{server_url}/huggingface").text_classification(TEXT)
    scores = analyzer.analyze(TEXT).sentences[0].stances[0].scores
    assert found[0].label == "favor"
    assert {each.label: each.score for each in found} == pytest.approx(scores)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert {each["target"] for each in found} == {"russia"}
    assert {each["sentences"] for each in found} == {1}


def test_top_k_gives_the_likeliest_labels_of_each_target(server_url: str) -> None:
    found = InferenceClient(model=f"{server_url}/huggingface").text_classification(BOTH, top_k=1)
    assert {(each["target"], each.label) for each in found} == {("russia", "favor"), ("us", "against")}


def test_scores_of_a_text_are_the_mean_over_its_sentences(server_url: str, analyzer: Analyzer) -> None:
    text = "Oslo praised the Kremlin. Oslo condemned Moscow."
    found = InferenceClient(model=f"{server_url}/huggingface").text_classification(text)
    first, second = (sentence.stances[0].scores for sentence in analyzer.analyze(text).sentences)
    assert {each.label: each.score for each in found} == pytest.approx(
        {label: (first[label] + second[label]) / 2 for label in first}
    )
    assert {each["sentences"] for each in found} == {2}


def test_targets_are_chosen_in_the_address(server_url: str) -> None:
    found = InferenceClient(model=f"{server_url}/huggingface?targets=us").text_classification(BOTH)
    assert {each["target"] for each in found} == {"us"}


def test_the_date_in_the_address_decides_who_is_in_office(server_url: str) -> None:
    for year, count in ((2015, 1), (2020, 0)):
        client = InferenceClient(model=f"{server_url}/huggingface?date={year}-05-01")
        assert len(client.text_classification("Ankara thanked President Obama.", top_k=1)) == count


def test_function_none_gives_logarithms(server_url: str) -> None:
    client = InferenceClient(model=f"{server_url}/huggingface")
    assert all(each.score < 0 for each in client.text_classification(TEXT, function_to_apply="none"))


def test_a_text_without_targets_gets_an_empty_list(server_url: str) -> None:
    assert InferenceClient(model=f"{server_url}/huggingface").text_classification("Rain fell in Lisbon.") == []


def test_several_texts_get_a_list_each(server_url: str) -> None:
    answer = httpx.post(f"{server_url}/huggingface", json={"inputs": [TEXT, "Rain."]}).json()
    assert [len(each) for each in answer] == [3, 0]


@pytest.mark.parametrize(
    ("body", "query", "status", "field"),
    [
        ({"inputs": " "}, "", 422, "inputs"),
        ({"inputs": ["Moscow.", ""]}, "", 422, "inputs.1"),
        ({"inputs": ["Moscow."] * 21}, "", 413, "inputs"),
        ({"inputs": 5}, "", 422, None),
        ({}, "", 422, "inputs"),
        ({"inputs": "Moscow.", "parameters": {"top_k": 0}}, "", 422, "parameters.top_k"),
        ({"inputs": "Moscow."}, "?targets=mars", 422, "targets"),
        ({"inputs": "Moscow."}, "?date=May", 422, "date"),
    ],
)
def test_a_bad_request_gets_the_one_error_body(
    server_url: str, body: object, query: str, status: int, field: str | None
) -> None:
    answer = httpx.post(f"{server_url}/huggingface{query}", json=body)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "field"}
    assert field is None or error["field"] == field


def test_the_hugging_face_client_shows_our_error_message(server_url: str) -> None:
    with pytest.raises(HfHubHTTPError, match="empty or blank"):
        InferenceClient(model=f"{server_url}/huggingface").text_classification(" ")


def test_the_token_of_the_client_is_the_api_key(artifact_folder: Path) -> None:
    keys = (f"reader:{hashlib.sha256(b'secret').hexdigest()}",)
    with running(Settings(model=artifact_folder, heavy_processes=0, api_keys=keys, log_level="error")) as url:
        assert InferenceClient(model=f"{url}/huggingface", token="secret").text_classification(TEXT)[0].label == "favor"
        with pytest.raises(HfHubHTTPError, match="not known"):
            InferenceClient(model=f"{url}/huggingface", token="wrong").text_classification(TEXT)
        assert httpx.get(url).status_code == 200
        assert httpx.get(f"{url}/static/page.js").status_code == 200
        assert httpx.get(f"{url}/v2/models/stancewire").json()["code"] == "unauthorized"
