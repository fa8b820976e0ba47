"""The OpenAPI description: what FastAPI makes of the routes, and what they read by themselves."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from models.errors import StancewireError
from service.compatible import describe_limits
from service.engine import Engine
from service.errors import JSON
from service.gate import OPEN
from service.schemas import BatchRequest, StanceRequest

_REF = "#/components/schemas/{model}"
_EXAMPLE = {"text": "The Kremlin accused Washington of fuelling the war.", "explain": True}
_DOCUMENTS = [{"id": 1, "text": "Ankara thanked Moscow for its help."}, {"id": 2, "text": "It rained."}]
EXAMPLES: dict[str, Any] = {"StanceRequest": _EXAMPLE, "BatchRequest": {"documents": _DOCUMENTS}}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the application, with its limits and targets in the schemas."""
    out = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    schemas = out.setdefault("components", {}).setdefault("schemas", {})
    for model in (StanceRequest, BatchRequest):
        schema = model.model_json_schema(ref_template=_REF)
        schema.pop("$defs", None)
        schema["example"] = EXAMPLES[model.__name__]
        schemas[model.__name__] = schema
    _own_errors(out)
    engine: Engine = app.state.engine
    schemas["StanceRequest"]["properties"]["text"]["maxLength"] = engine.settings.max_text
    documents = schemas["BatchRequest"]["properties"]["documents"]
    documents["maxItems"] = engine.settings.max_documents
    # Anything is taken: what is no StanceRequest has an error in its place.
    documents["items"] = {"anyOf": [{"$ref": _REF.format(model="StanceRequest")}, {}]}
    try:
        known = list(engine.analyzer.targets)
    except StancewireError:
        known = []
    wanted = schemas["StanceRequest"]["properties"]["targets"]
    if known:
        wanted["anyOf"][0]["items"] = {"type": "string", "enum": known}
    if known:
        describe_limits(out["paths"], engine.settings, known, engine.analyzer.version)
    if engine.settings.api_keys:
        out["components"]["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer"},
            "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        }
        for path, methods in out["paths"].items():
            if path not in OPEN:
                for operation in methods.values():
                    operation["security"] = [{"bearer": []}, {"key": []}]
    return out


def _own_errors(out: dict[str, Any]) -> None:
    """Where FastAPI puts its own validation error, ours is what is answered."""
    for path, methods in out["paths"].items():
        schema = {"$ref": _REF.format(model="ProtocolError" if path.startswith("/v2/") else "ErrorBody")}
        ours = {"description": "A value is not as documented.", "content": {JSON: {"schema": schema}}}
        for operation in methods.values():
            if "HTTPValidationError" in str(operation["responses"].get("422")):
                operation["responses"]["422"] = ours
    for name in ("HTTPValidationError", "ValidationError"):
        out["components"]["schemas"].pop(name, None)
