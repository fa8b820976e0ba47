"""POST /predict, GET /info and /health: the shapes of text-embeddings-inference."""

from importlib import metadata
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from models.analysis import STANCES
from models.analyzer import NAME
from service.compatible import inline_schema
from service.engine import Engine
from service.errors import dump
from service.predictions import EXAMPLE, Prediction, PredictRequest, answer_predict
from service.routes.stance import ERRORS

router = APIRouter(tags=["compatible clients"])
_ANSWER: list[Any] = [
    {"score": 0.95, "label": "russia:favor", "target": "russia", "stance": "favor"},
    {"score": 0.03, "label": "russia:neutral", "target": "russia", "stance": "neutral"},
    {"score": 0.02, "label": "russia:against", "target": "russia", "stance": "against"},
]


class InfoOut(BaseModel):
    """What text-embeddings-inference tells of a model, as far as it means something here."""

    model_id: str
    model_sha: str | None
    model_dtype: str
    model_type: dict[str, Any]
    max_concurrent_requests: int
    max_input_length: int
    max_batch_tokens: int
    max_batch_requests: int | None
    max_client_batch_size: int
    auto_truncate: bool
    tokenization_workers: int
    version: str
    sha: str | None
    docker_label: str | None


@router.post(
    "/predict",
    summary="text-embeddings-inference: classify",
    responses={
        200: {
            "model": list[Prediction] | list[list[Prediction]],
            "content": {"application/json": {"example": _ANSWER}},
        },
        **ERRORS,
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": inline_schema(PredictRequest),
                    "examples": {
                        "one": {"summary": "One text", "value": {"inputs": EXAMPLE}},
                        "batch": {"summary": "A batch", "value": {"inputs": [[EXAMPLE], ["Oslo blamed Washington."]]}},
                    },
                }
            },
        }
    },
)
async def predict(request: Request) -> Response:
    """A list of labels with scores for one text, likeliest first; a list of such lists for a batch.

    The label joins target and stance (`russia:favor`), since clients keep only label and score.
    """
    body = await request.body()
    out = await request.app.state.engine.run(answer_predict, body, size=len(body))
    return Response(out, media_type="application/json")


@router.get(
    "/info", summary="text-embeddings-inference: the model", responses={200: {"model": InfoOut}, 503: ERRORS[503]}
)
async def info(request: Request) -> Response:
    """The model and its limits; lengths count characters, since no tokens are."""
    engine: Engine = request.app.state.engine
    analyzer, settings = engine.analyzer, engine.settings
    labels = [f"{target}:{stance}" for target in analyzer.targets for stance in STANCES]
    files = analyzer.artifact.manifest.get("files", {})
    out = {
        "model_id": f"{NAME}/{analyzer.version}",
        "model_sha": files.get("model.joblib"),
        "model_dtype": "float64",
        "model_type": {
            "classifier": {
                "id2label": {str(place): label for place, label in enumerate(labels)},
                "label2id": {label: place for place, label in enumerate(labels)},
            }
        },
        "max_concurrent_requests": settings.max_in_flight,
        "max_input_length": settings.max_text,
        "max_batch_tokens": settings.max_body_bytes,
        "max_batch_requests": None,
        "max_client_batch_size": settings.max_documents,
        "auto_truncate": False,
        "tokenization_workers": 1,
        "version": _package_version(),
        "sha": None,
        "docker_label": None,
    }
    return Response(dump(out), media_type="application/json")


def _package_version() -> str:
    try:
        return metadata.version("stancewire")
    except metadata.PackageNotFoundError:
        return "0"


@router.get(
    "/health",
    summary="text-embeddings-inference: healthy?",
    response_class=Response,
    responses={200: {"description": "Yes."}, 503: ERRORS[503]},
)
async def health(request: Request) -> Response:
    """200 with no body when texts can be read; 503 else."""
    engine: Engine = request.app.state.engine
    _ = engine.analyzer  # raises when none is loaded
    return Response()
