"""What OpenAPI says of the compatible routes agrees with what they take."""

import re
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from service.compatible import inline_schema


class Inner(BaseModel):
    number: int


class Outer(BaseModel):
    one: Inner
    many: list[Inner] | None = None


@pytest.fixture(scope="module")
def paths(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()["paths"]
    return found


def test_a_schema_is_written_out_where_it_is_referred_to() -> None:
    schema = inline_schema(Outer)
    assert "$ref" not in str(schema)
    assert "$defs" not in schema
    assert schema["properties"]["one"]["properties"]["number"]["type"] == "integer"
    assert schema["properties"]["many"]["anyOf"][0]["items"] == schema["properties"]["one"]


def test_the_pattern_of_targets_takes_the_known_ones_only(paths: dict[str, Any], client: TestClient) -> None:
    parameters = {each["name"]: each["schema"] for each in paths["/huggingface"]["post"]["parameters"]}
    for value, taken in (("us", True), ("us,russia", True), ("mars", False), ("us,", False), ("", False)):
        assert bool(re.search(parameters["targets"]["pattern"], value)) is taken
        answer = client.post("/huggingface", params={"targets": value}, json={"inputs": "Moscow."})
        assert (answer.status_code == 200) is taken


def test_paths_of_the_model_name_it_and_its_version(paths: dict[str, Any]) -> None:
    known = {"name": ["stancewire"], "version": ["9.9.9"]}
    operation = paths["/v2/models/{name}/versions/{version}/infer"]["post"]
    assert {each["name"]: each["schema"]["enum"] for each in operation["parameters"]} == known


def test_the_examples_of_the_compatible_routes_are_taken(paths: dict[str, Any], client: TestClient) -> None:
    sent = 0
    for path in ("/huggingface", "/predict", "/v2/models/{name}/infer"):
        content = paths[path]["post"]["requestBody"]["content"]["application/json"]
        examples = [each["value"] for each in content.get("examples", {}).values()]
        for example in examples or [content["example"]]:
            assert client.post(path.replace("{name}", "stancewire"), json=example).status_code == 200
            sent += 1
    assert sent == 5
