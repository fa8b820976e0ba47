"""Metrics: what is counted, and what the shares say."""

import re
from collections.abc import Callable

from starlette.testclient import TestClient


def figures(client: TestClient) -> dict[str, float]:
    text = client.get("/metrics").text
    return {name: float(value) for name, value in re.findall(r"^(stancewire\S+) (\S+)$", text, re.MULTILINE)}


def test_everything_an_operator_needs_is_counted(client_with: Callable[..., TestClient]) -> None:
    client = client_with()
    client.post("/v1/stance", json={"text": "Ankara accused Moscow on Tuesday. It rained on Zzyzx."})
    client.post("/v1/stance", json={"text": " "})
    client.post("/v1/stance/batch", json={"documents": [{"text": "Oslo praised Washington."}, {"text": ""}]})
    client.get("/nothing")
    found = figures(client)
    assert found['stancewire_requests_total{method="POST",route="/v1/stance",status="200"}'] == 1
    assert found['stancewire_requests_total{method="POST",route="/v1/stance",status="422"}'] == 1
    assert found['stancewire_requests_total{method="GET",route="other",status="404"}'] == 1
    assert found['stancewire_request_seconds_count{route="/v1/stance"}'] == 2
    assert found["stancewire_documents_total"] == 2
    assert found["stancewire_documents_failed_total"] == 1
    assert found["stancewire_sentences_total"] == 3
    assert found['stancewire_labels_total{label="against",target="russia"}'] == 1
    assert found['stancewire_model_processes{version="9.9.9"}'] == 1
    assert found['stancewire_model_loads_total{result="taken"}'] == 1
    for _ in range(16):  # one text of sixteen is looked at for unseen words
        client.post("/v1/stance", json={"text": "It rained on Zzyzx on Tuesday."})
    assert 0 < figures(client)["stancewire_unseen_share"] < 1
    assert 0 <= found["stancewire_unsure_share"] <= 1
    assert found["stancewire_requests_in_flight"] == 1


def test_paths_that_do_not_exist_make_no_metrics_of_their_own(client_with: Callable[..., TestClient]) -> None:
    client = client_with()
    for i in range(20):
        client.get(f"/nothing/{i}")
        client.request(f"METHOD{i}", "/v1/stance")
    routes = [name for name in figures(client) if name.startswith("stancewire_requests_total")]
    assert len(routes) <= 3
