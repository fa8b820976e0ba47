"""GET /metrics: what Prometheus reads, with a model and without."""

from collections.abc import Callable
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient


def test_metrics_are_as_prometheus_reads_them(client: TestClient) -> None:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = list(text_string_to_metric_families(answer.text))
    assert {"stancewire_requests", "stancewire_sentences"} <= {family.name for family in families}
    assert all(family.documentation for family in families)


def test_metrics_are_there_while_no_model_is(client_with: Callable[..., TestClient], tmp_path: Path) -> None:
    answer = client_with(model=tmp_path / "none").get("/metrics")
    assert answer.status_code == 200
    assert 'stancewire_model_processes{version="' not in answer.text
