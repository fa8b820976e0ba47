"""The JSON schema of a body that a route reads itself, in one piece, for OpenAPI."""

from typing import Any

from pydantic import BaseModel


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
