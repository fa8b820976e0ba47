"""Health and readiness are two things."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient


def test_a_loaded_service_is_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready", "version": "9.9.9"}


def test_without_a_model_it_is_alive_and_not_ready(client_with: Callable[..., TestClient], tmp_path: Path) -> None:
    client = client_with(model=tmp_path / "none")
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "not_ready"
    assert "manifest.json" in answer.json()["error"]["message"]
    assert answer.headers["retry-after"] == "5"


def test_before_it_stops_it_is_not_ready_and_asks_clients_to_go(client_with: Callable[..., TestClient]) -> None:
    client = client_with()
    app: Any = client.app
    app.state.engine.stopping = True
    assert client.get("/readyz").status_code == 503
    answer = client.post("/v1/stance", json={"text": "Ankara accused Moscow."})
    assert answer.status_code == 200
    assert answer.headers["connection"] == "close"
