"""The application: contract, bad input, and offsets in every script."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.settings import Settings

TEXT = "Ankara accused Moscow on Tuesday. It rained."
JSON = {"content-type": "application/json"}


def refused(client: TestClient, body: bytes | dict[str, Any], path: str = "/v1/stance") -> tuple[int, str, str | None]:
    """Status, code and field of a refusal, which must be of the one shape, and must cost nothing else."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = client.post(path, content=data, headers=JSON)
    error = response.json()["error"]
    assert set(response.json()) == {"error"}
    assert set(error) == {"code", "message", "field"}
    assert len(error["message"]) > 15
    assert client.post("/v1/stance", json={"text": TEXT}).status_code == 200
    return response.status_code, error["code"], error["field"]


def test_a_text_is_answered_in_the_shape_of_the_contract(client: TestClient) -> None:
    response = client.post("/v1/stance", json={"text": TEXT, "explain": True, "id": "a"})
    answer = response.json()
    assert response.status_code == 200
    assert list(answer) == ["id", "model", "sentences", "summary"]
    assert answer["id"] == "a"
    assert answer["model"] == {"name": "stancewire", "version": "9.9.9"}
    first, second = answer["sentences"]
    assert list(first) == ["index", "text", "start", "end", "sentiment", "stances"]
    stance = first["stances"][0]
    assert stance["target"] == "russia"
    assert stance["label"] == "against"
    assert stance["mentions"] == [{"text": "Moscow", "start": 15, "end": 21}]
    assert sum(stance["scores"].values()) == pytest.approx(1)
    assert {"evidence", "intercept"} <= set(stance)
    assert second["stances"] == []
    assert answer["summary"]["russia"]["net"] == -1.0


def test_a_text_with_no_target_is_no_error(client: TestClient) -> None:
    answer = client.post("/v1/stance", json={"text": "It rained in the hills."})
    assert answer.status_code == 200
    assert answer.json()["sentences"][0]["stances"] == []
    assert answer.json()["summary"] == {}


def test_only_the_targets_asked_for_are_reported(client: TestClient) -> None:
    body = {"text": "Moscow accused Washington.", "targets": ["us"]}
    stances = client.post("/v1/stance", json=body).json()["sentences"][0]["stances"]
    assert [stance["target"] for stance in stances] == ["us"]


def test_a_leader_out_of_office_on_the_date_is_no_mention(client: TestClient) -> None:
    def targets(day: str | None) -> list[str]:
        answer = client.post("/v1/stance", json={"text": "Lima praised President Obama.", "date": day})
        return [stance["target"] for stance in answer.json()["sentences"][0]["stances"]]

    assert targets("2010-05-01") == ["us"]
    assert targets("2021-05-01") == []


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"text": ""}, 422, "empty_text", "text"),
        ({"text": " \n\t\u00a0"}, 422, "empty_text", "text"),
        ({"text": "Moscow\0"}, 422, "invalid_input", "text"),
        ({"text": 3}, 422, "invalid_input", "text"),
        ({"text": None}, 422, "invalid_input", "text"),
        ({}, 422, "invalid_input", "text"),
        ({"text": "a", "txet": 1}, 422, "invalid_input", "txet"),
        ({"text": "a", "explain": "yes"}, 422, "invalid_input", "explain"),
        ({"text": "a", "targets": "us"}, 422, "invalid_input", "targets"),
        ({"text": "a", "targets": ["atlantis"]}, 422, "unknown_target", "targets"),
        ({"text": "a", "id": [1]}, 422, "invalid_input", "id"),
        ({"text": "a", "id": 2**70}, 422, "invalid_input", "id"),
        ({"text": "a", "date": "2014-02-30"}, 422, "invalid_input", "date"),
        ({"text": "a", "date": "18.03.2014"}, 422, "invalid_input", "date"),
        (b"", 400, "not_json", None),
        (b"text=a", 400, "not_json", None),
        (b'{"text": "a"', 400, "not_json", None),
        (b'{"text": "a"} {}', 400, "not_json", None),
        (b'{"text": "\xff\xfe"}', 400, "not_json", None),
        (b'{"text": "\xed\xa0\x80"}', 400, "not_json", None),
        (b'{"text": "\\ud800"}', 400, "not_json", None),
        (b'{"text": "a\0b"}', 400, "not_json", None),
        (b"\0" * 50, 400, "not_json", None),
        (b"[" * 100_000, 400, "not_json", None),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400, "not_json", None),
        (b"[]", 422, "invalid_input", None),
        (b'"text"', 422, "invalid_input", None),
        (b"null", 422, "invalid_input", None),
    ],
)
def test_bad_input_gets_a_clear_error_and_costs_nothing_else(
    client: TestClient, body: bytes | dict[str, Any], status: int, code: str, field: str | None
) -> None:
    assert refused(client, body) == (status, code, field)


def test_a_message_says_how_to_mend_it(client: TestClient) -> None:
    message = client.post("/v1/stance", json={"text": "a", "targets": ["atlantis"]}).json()["error"]["message"]
    assert "russia, us" in message


@pytest.mark.parametrize(
    "text",
    [
        "Москва поблагодарила Анкару. Then Oslo praised Moscow. Конец.",
        "😀😀 Oslo praised Moscow 🎉. 👩‍👩‍👧 Lima mocked Washington.",
        "אוסלו שיבחה. Oslo praised Moscow. שלום Washington עולם.",
        "e\u0301e\u0301 Oslo praised Moscow\u2028\u0085 and Lima mocked “Washington”.",
        "\ufeffOslo praised Moscow.\r\n\r\n\u202eLima mocked Washington\u202c.",
    ],
)
def test_offsets_count_code_points_in_every_script(client: TestClient, text: str) -> None:
    answer = client.post("/v1/stance", json={"text": text, "explain": True}).json()
    found = [mention for s in answer["sentences"] for stance in s["stances"] for mention in stance["mentions"]]
    pieces = [piece for s in answer["sentences"] for stance in s["stances"] for piece in stance["evidence"]]
    assert "Moscow" in {mention["text"] for mention in found}
    for piece in (*answer["sentences"], *found, *pieces):
        assert text[piece["start"] : piece["end"]] == piece["text"]


def test_a_book_of_a_million_characters_passes(client: TestClient) -> None:
    text = "Ankara accused Moscow of it on a Tuesday that nobody in the long street would forget soon. " * 11_000
    assert len(text) > 1_000_000
    answer = client.post("/v1/stance", json={"text": text})
    assert answer.status_code == 200
    assert answer.json()["summary"]["russia"]["sentences"] == 11_000


def test_a_text_beyond_the_limits_is_refused(client_with: Callable[..., TestClient]) -> None:
    client = client_with(max_text=1000, max_sentences=10, max_body_bytes=5000)
    assert refused(client, {"text": "a" * 1001}) == (413, "text_too_long", "text")
    assert refused(client, {"text": "Moscow lied. " * 11}) == (413, "too_many_sentences", "text")
    assert refused(client, {"text": "a" * 5000}) == (413, "body_too_large", None)


def test_a_million_sentences_in_one_line_are_refused(client: TestClient) -> None:
    assert refused(client, {"text": "No. " * 1_000_000})[:2] == (413, "text_too_long")
    assert refused(client, {"text": "Rain. " * 300_000})[:2] == (413, "too_many_sentences")


def test_a_bad_document_of_a_batch_costs_no_other(client: TestClient) -> None:
    documents = [
        {"id": 1, "text": TEXT},
        {"id": 2, "text": " "},
        "no object",
        {"id": 4, "text": TEXT, "targets": ["atlantis"]},
        {"id": 5, "text": "It rained.", "wrong": 1},
        {"id": 6, "text": TEXT},
    ]
    response = client.post("/v1/stance/batch", json={"documents": documents})
    results = response.json()["results"]
    assert response.status_code == 200
    assert [result["id"] for result in results] == [1, 2, None, 4, 5, 6]
    assert [result["error"]["code"] if "error" in result else None for result in results] == [
        *(None, "empty_text", "invalid_input", "unknown_target", "invalid_input", None)
    ]
    assert results[1]["error"]["field"] == "documents.1.text"
    assert results[5]["sentences"][0]["stances"][0]["label"] == "against"


def test_a_batch_of_too_many_documents_is_refused(client_with: Callable[..., TestClient]) -> None:
    client = client_with(max_documents=2)
    body = {"documents": [{"text": "a"}] * 3}
    assert refused(client, body, "/v1/stance/batch") == (413, "too_many_documents", "documents")
    assert refused(client, {"documents": 3}, "/v1/stance/batch") == (422, "invalid_input", "documents")


def test_the_sentences_of_a_batch_are_limited_together(client_with: Callable[..., TestClient]) -> None:
    client = client_with(max_sentences=10)
    documents = [{"text": "Moscow lied. " * 6}, {"text": "Moscow lied. " * 6}, {"text": "Oslo praised Moscow."}]
    results = client.post("/v1/stance/batch", json={"documents": documents}).json()["results"]
    assert ["error" in result for result in results] == [False, True, False]


def test_unknown_routes_and_methods_have_the_one_error_body(client: TestClient) -> None:
    for method, path, status, code in (
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/docs/nothing", 404, "not_found"),
        ("GET", "/v1/stance", 405, "method_not_allowed"),
        ("PUT", "/v1/stance", 405, "method_not_allowed"),
        ("DELETE", "/v1/model", 405, "method_not_allowed"),
    ):
        response = client.request(method, path)
        assert response.status_code == status
        assert response.json()["error"]["code"] == code
        assert response.headers["content-type"] == "application/json"


def test_nothing_is_loaded_before_the_start(tmp_path: Any) -> None:
    app = create_app(Settings(releases=tmp_path / "none"))
    assert not app.state.engine.ready


def test_traces_are_made_when_asked_for(client_with: Callable[..., TestClient], monkeypatch: Any) -> None:
    trace = pytest.importorskip("opentelemetry.sdk.trace")
    export = pytest.importorskip("opentelemetry.sdk.trace.export")
    memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    from opentelemetry import trace as api

    exporter = memory.InMemorySpanExporter()
    provider = trace.TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    monkeypatch.setattr(api, "get_tracer_provider", lambda: provider)
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "none")
    client = client_with(traces=True)
    assert client.post("/v1/stance", json={"text": TEXT}).status_code == 200
    assert any(span.name == "POST /v1/stance" for span in exporter.get_finished_spans())
