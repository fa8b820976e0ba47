"""The two routes that carry the traffic, which the gate answers itself unless traces are made."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

TEXT = "Ankara accused Moscow on Tuesday."
BATCH = {"documents": [{"text": TEXT, "id": 1}, {"text": ""}]}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/stance", {"text": TEXT, "explain": True}),
        ("/v1/stance", {"text": " "}),
        ("/v1/stance/batch", BATCH),
        ("/v1/stance/batch", {}),
    ],
    ids=str,
)
def test_the_gate_and_the_router_give_the_same_answer(
    client_with: Callable[..., TestClient], path: str, body: dict[str, Any]
) -> None:
    client = client_with()
    first = client.post(path, json=body, headers={"x-request-id": "a"})
    gate = client.app.middleware_stack  # type: ignore[attr-defined]
    while type(gate).__name__ != "Gate":
        gate = gate.app
    assert path in gate.direct
    gate.direct = {}
    second = client.post(path, json=body, headers={"x-request-id": "a"})
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert dict(first.headers) == dict(second.headers)
