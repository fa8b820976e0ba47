"""What stands before every route."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.service.test_keys import entry

BODY = {"text": "Ankara accused Moscow."}


def test_every_answer_carries_security_headers_and_a_request_id(client: TestClient) -> None:
    for path in ("/healthz", "/nothing", "/docs", "/metrics"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert len(headers["x-request-id"]) == 24
    assert client.get("/docs").headers["x-frame-options"] == "DENY"


def test_a_request_id_of_the_client_is_kept_if_it_is_one(client: TestClient) -> None:
    assert client.get("/healthz", headers={"x-request-id": "a-1"}).headers["x-request-id"] == "a-1"
    assert client.get("/healthz", headers={"x-request-id": 'a"b'}).headers["x-request-id"] != 'a"b'


def test_other_hosts_are_refused_when_hosts_are_set(client_with: Callable[..., TestClient]) -> None:
    client = client_with(trusted_hosts=("api.example", "*.inner.example"))
    for host, status in (
        ("api.example", 200),
        ("API.example:8000", 200),
        ("a.inner.example", 200),
        ("evil.example", 400),
        ("inner.example.evil", 400),
        ("notinner.example", 400),
    ):
        assert client.post("/v1/stance", json=BODY, headers={"host": host}).status_code == status


def test_with_keys_set_only_probes_and_pages_are_open(client_with: Callable[..., TestClient]) -> None:
    client = client_with(api_keys=(entry("ann", "aaa"),))
    for path in ("/healthz", "/readyz", "/metrics", "/docs", "/openapi.json"):
        assert client.get(path).status_code == 200
    for path in ("/v1/model", "/v1/targets", "/nothing"):
        assert client.get(path).status_code == 401
    answer = client.post("/v1/stance", json=BODY)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthorized"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert client.post("/v1/stance", json=BODY, headers={"authorization": "Bearer aaa"}).status_code == 200


def test_a_key_beyond_its_rate_is_told_when_to_come_again(client_with: Callable[..., TestClient]) -> None:
    client = client_with(api_keys=(entry("ann", "aaa", "0.01"),))
    headers = {"x-api-key": "aaa"}
    assert client.post("/v1/stance", json=BODY, headers=headers).status_code == 200
    answer = client.post("/v1/stance", json=BODY, headers=headers)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 90


def test_a_body_is_limited_whether_or_not_it_tells_its_length(client_with: Callable[..., TestClient]) -> None:
    client = client_with(max_body_bytes=2000)

    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 100

    for content in (b" " * 2001, pieces()):
        answer = client.post("/v1/stance", content=content)
        assert answer.status_code == 413
        assert answer.json()["error"]["code"] == "body_too_large"
    assert client.post("/v1/stance", json=BODY).status_code == 200


def test_bodies_held_at_once_are_limited_together(client_with: Callable[..., TestClient]) -> None:
    client = client_with(max_body_bytes=3000, max_buffered_bytes=3000, heavy_bytes=0)
    text = json.dumps({"text": "Ankara accused Moscow. " * 100})
    codes: list[int] = []

    def send() -> None:
        codes.append(client.post("/v1/stance", content=text).status_code)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) <= {200, 503}
    assert 200 in codes
    assert client.post("/v1/stance", content=text).status_code == 200


def test_a_full_service_says_so_and_stays_alive(client_with: Callable[..., TestClient], monkeypatch: Any) -> None:
    client = client_with(max_in_flight=1)
    gate = client.app.middleware_stack  # type: ignore[attr-defined]
    while type(gate).__name__ != "Gate":
        gate = gate.app
    gate.in_flight = 1  # as when another request is at work
    answer = client.post("/v1/stance", json=BODY)
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "overloaded"
    assert answer.headers["retry-after"] == "1"
    assert client.get("/healthz").status_code == 200
    gate.in_flight = 0
    assert client.post("/v1/stance", json=BODY).status_code == 200


def test_browsers_of_other_sites_may_call_only_when_allowed(client_with: Callable[..., TestClient]) -> None:
    origin = {"origin": "https://a.example"}
    preflight = {**origin, "access-control-request-method": "POST"}
    closed, opened = client_with(), client_with(cors_origins=("https://a.example",), api_keys=(entry("ann", "aaa"),))
    assert "access-control-allow-origin" not in closed.post("/v1/stance", json=BODY, headers=origin).headers
    assert closed.options("/v1/stance", headers=preflight).status_code == 405
    assert opened.options("/v1/stance", headers=preflight).status_code == 200
    refused = opened.post("/v1/stance", json=BODY, headers=origin)
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "https://a.example"


def test_an_error_inside_is_told_apart_from_bad_input(client_with: Callable[..., TestClient], monkeypatch: Any) -> None:
    client = client_with()

    def fail(*args: Any) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("models.analyzer.Analyzer.analyze", fail)
    answer = client.post("/v1/stance", json=BODY)
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal_error"
    assert "secret" not in answer.text


@pytest.mark.parametrize("shown", [True, False])
def test_texts_are_logged_only_when_asked_for(
    client_with: Callable[..., TestClient], tmp_path: Path, shown: bool
) -> None:
    from service.logs import SINK

    lines: list[bytes] = []
    client = client_with(log_texts=shown, log_level="info")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SINK, "write", lines.append)
        client.post("/v1/stance", json=BODY, headers={"x-request-id": "here"})
        client.post("/v1/stance/batch", json={"documents": [{"text": "Ankara accused Moscow.", "wrong": 1}]})
    found = [json.loads(line) for line in lines]
    assert found[0]["request_id"] == "here"
    assert found[0]["path"] == "/v1/stance"
    assert found[0]["status"] == 200
    assert any(b"Ankara" in line for line in lines) is shown
