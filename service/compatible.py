"""What OpenAPI says of the bodies of the compatible routes, which read their bodies themselves."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from models.analyzer import NAME
from service.days import DAY
from service.schemas import TEXT_PATTERN
from service.settings import Settings
from service.tensors import INPUT

_DAY: dict[str, Any] = {"type": "string", "format": "date", "pattern": DAY}


def inline_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a model with the schemas it refers to written out in their places."""
    schema = model.model_json_schema()
    parts = schema.pop("$defs", {})

    def write_out(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return write_out(parts[value["$ref"].rsplit("/", 1)[1]])
            return {key: write_out(each) for key, each in value.items()}
        return [write_out(each) for each in value] if isinstance(value, list) else value

    out: dict[str, Any] = write_out(schema)
    return out


def describe_limits(paths: dict[str, Any], settings: Settings, targets: Sequence[str], version: str) -> None:
    """Write limits, targets and version of the running service into the schemas of the compatible routes.

    Args:
        paths: of the OpenAPI document; changed in place.
    """
    text = {"type": "string", "minLength": 1, "maxLength": settings.max_text, "pattern": TEXT_PATTERN}
    most = settings.max_documents
    known = "|".join(targets)
    wanted = {"type": "string", "pattern": rf"^({known})(,({known}))*$"}
    many = {"type": "array", "items": text, "maxItems": most}
    _describe(paths["/huggingface"]["post"], "inputs", {"anyOf": [text, many]})
    for parameter in paths["/huggingface"]["post"]["parameters"]:
        parameter["schema"] = {"targets": wanted, "date": _DAY}[parameter["name"]]
    alone = {"type": "array", "items": text, "minItems": 1, "maxItems": 1}
    batch = {"type": "array", "items": alone, "minItems": 1, "maxItems": most}
    _describe(paths["/predict"]["post"], "inputs", {"anyOf": [text, alone, batch]})
    for path, methods in paths.items():
        if path.startswith("/v2/models/"):
            for operation in methods.values():
                for parameter in operation["parameters"]:
                    parameter["schema"]["enum"] = [{"name": NAME, "version": version}[parameter["name"]]]
            if path.endswith("/infer"):
                _describe_tensors(methods["post"], text, wanted, most)


def _describe(operation: dict[str, Any], name: str, schema: dict[str, Any]) -> None:
    properties = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]
    kept = {key: properties[name][key] for key in ("title", "description", "examples") if key in properties[name]}
    properties[name] = kept | schema


def _describe_tensors(operation: dict[str, Any], text: dict[str, Any], wanted: dict[str, Any], most: int) -> None:
    _describe(operation, "inputs", {"type": "array", "minItems": 1, "maxItems": 1, "items": _tensor(text, most)})
    properties = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]
    properties["parameters"]["properties"] = {"targets": wanted, "date": _DAY}


def _tensor(text: dict[str, Any], most: int) -> dict[str, Any]:
    return {
        "type": "object",
        "description": "The product of `shape` is the number of texts in `data`.",
        "required": ["name", "shape", "datatype"],
        "properties": {
            "name": {"const": INPUT},
            "shape": {
                "type": "array",
                "prefixItems": [{"type": "integer", "minimum": 0, "maximum": most}, {"const": 1}],
                "minItems": 1,
                "maxItems": 2,
            },
            "datatype": {"const": "BYTES"},
            "data": {
                "type": ["array", "null"],
                "maxItems": most,
                "items": {"anyOf": [text, {"type": "array", "items": text, "minItems": 1, "maxItems": 1}]},
            },
            "parameters": {"type": "object", "properties": {"binary_data_size": {"type": "integer", "minimum": 0}}},
        },
    }
