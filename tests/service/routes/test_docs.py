"""The documentation pages: all of them from here."""

import re
from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from tests.service.test_keys import entry


def test_the_page_and_all_it_loads_come_from_the_service(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "//" not in re.sub(r"<!.*?>", "", page)
    found = re.findall(r'(?:src|href)="(docs/[^"]+)"', page)
    assert len(found) == 3
    for path in found:
        answer = client.get(f"/{path}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(("text/javascript", "text/css"))
        assert len(answer.content) > 100
    assert "<script>" not in page


def test_every_route_has_a_summary_and_an_answer_and_every_body_an_example(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert operation["responses"]["200"]["description"], path
            assert "HTTPValidationError" not in str(operation), path
    assert document["components"]["schemas"]["StanceRequest"]["example"]
    assert document["components"]["schemas"]["BatchRequest"]["example"]


def test_the_examples_work(client: TestClient) -> None:
    schemas: dict[str, Any] = client.get("/openapi.json").json()["components"]["schemas"]
    assert client.post("/v1/stance", json=schemas["StanceRequest"]["example"]).status_code == 200
    results = client.post("/v1/stance/batch", json=schemas["BatchRequest"]["example"]).json()["results"]
    assert not any("error" in result for result in results)


def test_keys_stand_in_the_description_when_they_are_needed(client_with: Callable[..., TestClient]) -> None:
    document = client_with(api_keys=(entry("ann", "aaa"),)).get("/openapi.json").json()
    assert set(document["components"]["securitySchemes"]) == {"bearer", "key"}
    assert document["paths"]["/v1/stance"]["post"]["security"]
    assert "security" not in document["paths"]["/healthz"]["get"]


def test_docs_can_be_turned_off(client_with: Callable[..., TestClient]) -> None:
    client = client_with(docs=False)
    assert client.get("/docs").status_code == client.get("/openapi.json").status_code == 404
