"""The Open Inference Protocol V2, as KServe and Triton's clients speak it."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from models.analyzer import NAME
from service import tensors
from service.compatible import inline_schema
from service.engine import Engine
from service.errors import RetryLaterError, dump
from service.predictions import EXAMPLE
from service.routes.stance import ERRORS

router = APIRouter(prefix="/v2", tags=["Open Inference Protocol"])
LENGTH = "Inference-Header-Content-Length"
_REQUEST = {"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": [EXAMPLE]}]}


class ProtocolError(BaseModel):
    """What is wrong, where, and how to mend it; `error` is a string, as the protocol wants it."""

    error: str
    code: str
    field: str | None = None


_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProtocolError, "description": each["description"]} for status, each in ERRORS.items()
}
_404: dict[int | str, dict[str, Any]] = {
    404: {"model": ProtocolError, "description": "No such model or version."},
    503: _ERRORS[503],
}


class ServerOut(BaseModel):
    """What the server is."""

    name: str
    version: str
    extensions: list[str]


class LiveOut(BaseModel):
    """Whether the server is alive."""

    live: bool


class ReadyOut(BaseModel):
    """Whether the server, or the model, is ready."""

    ready: bool
    name: str | None = None


class TensorMetadata(BaseModel):
    """Name, type and shape of a tensor; -1 is any number of texts."""

    name: str
    datatype: str
    shape: list[int]


class MetadataOut(BaseModel):
    """Inputs and outputs of the model. `parameters` names the targets and classes, in the order of the tensors."""

    name: str
    versions: list[str]
    platform: str
    inputs: list[TensorMetadata]
    outputs: list[TensorMetadata]
    parameters: dict[str, str]


def _json(value: Any) -> Response:
    return Response(dump(value), media_type="application/json")


@router.get("", summary="V2: the server", responses={200: {"model": ServerOut}, 503: _ERRORS[503]})
async def server(request: Request) -> Response:
    """Name, version and extensions of the server."""
    engine: Engine = request.app.state.engine
    return _json({"name": NAME, "version": engine.analyzer.version, "extensions": ["binary_tensor_data"]})


@router.get("/health/live", summary="V2: alive?", responses={200: {"model": LiveOut}})
async def live() -> Response:
    """Always true while the server answers."""
    return _json({"live": True})


@router.get("/health/ready", summary="V2: ready?", responses={200: {"model": ReadyOut}, 503: _ERRORS[503]})
async def ready(request: Request) -> Response:
    """200 when a model is loaded; 503 else, or when the server is about to stop."""
    _ready(request.app.state.engine)
    return _json({"ready": True})


@router.get("/models/{name}/ready", summary="V2: model ready?", responses={200: {"model": ReadyOut}, **_404})
async def model_ready(request: Request, name: str) -> Response:
    """200 when this model is loaded."""
    return _model_ready(request, name, None)


@router.get(
    "/models/{name}/versions/{version}/ready",
    summary="V2: version ready?",
    responses={200: {"model": ReadyOut}, **_404},
)
async def version_ready(request: Request, name: str, version: str) -> Response:
    """200 when this version of the model is loaded."""
    return _model_ready(request, name, version)


@router.get("/models/{name}", summary="V2: the model", responses={200: {"model": MetadataOut}, **_404})
async def model(request: Request, name: str) -> Response:
    """Inputs and outputs of the model."""
    return _metadata(request, name, None)


@router.get(
    "/models/{name}/versions/{version}", summary="V2: a version", responses={200: {"model": MetadataOut}, **_404}
)
async def model_version(request: Request, name: str, version: str) -> Response:
    """Inputs and outputs of a version of the model."""
    return _metadata(request, name, version)


_INFER: dict[str, Any] = {
    "responses": {
        200: {"model": tensors.InferAnswer, "description": "JSON; binary tensors follow it where they are asked for."},
        404: _404[404],
        **_ERRORS,
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": inline_schema(tensors.InferRequest), "example": _REQUEST},
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
}


@router.post("/models/{name}/infer", summary="V2: infer", **_INFER)
async def infer(request: Request, name: str) -> Response:
    """Texts in (`text`, BYTES), for each text and target `target`, `label`, `sentences`, `probability` out.

    A text of several sentences gets the mean over those that mention the target. A target that a text does
    not mention has an empty label and probabilities of 0. Where binary tensors follow the JSON, the header
    Inference-Header-Content-Length gives the bytes of the JSON, in the request as in the answer.
    """
    return await _infer(request, name, None)


@router.post("/models/{name}/versions/{version}/infer", summary="V2: infer with a version", **_INFER)
async def infer_version(request: Request, name: str, version: str) -> Response:
    """As without the version, but only if that version is the one served."""
    return await _infer(request, name, version)


def _model_ready(request: Request, name: str, version: str | None) -> Response:
    engine: Engine = request.app.state.engine
    _ready(engine)
    tensors.check_model(name, version, engine.analyzer.version)
    return _json({"name": name, "ready": True})


def _metadata(request: Request, name: str, version: str | None) -> Response:
    engine: Engine = request.app.state.engine
    tensors.check_model(name, version, engine.analyzer.version)
    return _json(tensors.metadata(engine.analyzer.version, list(engine.analyzer.targets)))


async def _infer(request: Request, name: str, version: str | None) -> Response:
    body, header = await request.body(), request.headers.get(LENGTH)
    out = await request.app.state.engine.run(tensors.infer, body, header, name, version, size=len(body))
    if out.header is None:
        return Response(out.body, media_type="application/json")
    return Response(out.body, headers={LENGTH: str(out.header)}, media_type="application/octet-stream")


def _ready(engine: Engine) -> None:
    if engine.stopping:
        raise RetryLaterError("The service is about to stop.", "stopping", retry_after=5)
    _ = engine.analyzer  # raises when none is loaded
