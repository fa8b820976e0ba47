"""The OpenAPI document: it tells the limits and targets of the service that runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.service.test_keys import entry


@pytest.fixture
def described(client_with: Callable[..., TestClient]) -> Callable[..., dict[str, Any]]:
    """The document of a service with some settings."""

    def describe(**given: Any) -> dict[str, Any]:
        out: dict[str, Any] = client_with(**given).get("/openapi.json").json()
        return out

    return describe


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(path, operation) for path, methods in document["paths"].items() for operation in methods.values()]


def test_limits_and_targets_are_those_of_the_service(described: Callable[..., dict[str, Any]]) -> None:
    document = described(max_text=1234, max_documents=17)
    schemas = document["components"]["schemas"]
    request = schemas["StanceRequest"]["properties"]
    assert request["text"]["maxLength"] == 1234
    assert request["targets"]["anyOf"][0]["items"]["enum"] == ["us", "russia"]
    assert schemas["BatchRequest"]["properties"]["documents"]["maxItems"] == 17


def test_every_route_has_a_summary_and_only_our_error_bodies(described: Callable[..., dict[str, Any]]) -> None:
    document = described()
    assert "HTTPValidationError" not in str(document)
    for path, operation in operations(document):
        assert operation["summary"], path
        for status, answer in operation["responses"].items():
            if status >= "400":
                schema = answer["content"]["application/json"]["schema"]["$ref"]
                assert schema.rsplit("/")[-1] == ("ProtocolError" if path.startswith("/v2") else "ErrorBody")


def test_every_reference_leads_somewhere(described: Callable[..., dict[str, Any]]) -> None:
    document = described()

    def references(value: Any) -> list[str]:
        if isinstance(value, list):
            return [found for each in value for found in references(each)]
        if not isinstance(value, dict):
            return []
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for each in value.values() for found in references(each)]

    found = set(references(document))
    assert len(found) > 5
    assert {reference.removeprefix("#/components/schemas/") for reference in found} <= set(
        document["components"]["schemas"]
    )


def test_with_keys_all_but_the_open_routes_ask_for_one(described: Callable[..., dict[str, Any]]) -> None:
    assert not any("security" in operation for _, operation in operations(described()))
    asked = {path: "security" in operation for path, operation in operations(described(api_keys=(entry("a", "k"),)))}
    assert not any(asked[path] for path in ("/healthz", "/readyz", "/metrics", "/health", "/v2/health/live"))
    assert all(asked[path] for path in ("/v1/stance", "/v1/model", "/predict", "/v2/models/{name}/infer", "/info"))


def test_a_service_without_a_model_still_describes_its_routes(tmp_path: Path) -> None:
    document = create_app(Settings(releases=tmp_path)).openapi()
    assert "/v1/stance" in document["paths"]
    assert "enum" not in str(document["components"]["schemas"]["StanceRequest"])
