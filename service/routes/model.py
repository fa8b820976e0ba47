"""GET /v1/model and /v1/targets: what reads the texts, and what it can be asked for."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from models.analysis import SENTIMENTS, STANCES
from models.analyzer import NAME
from service.engine import Engine
from service.errors import dump
from service.routes.stance import ERRORS
from service.schemas import ModelOut, TargetsOut

router = APIRouter(prefix="/v1", tags=["model"])
_ERRORS: dict[int | str, dict[str, Any]] = {status: ERRORS[status] for status in (401, 429, 503)}


@router.get("/model", summary="The model", responses={200: {"model": ModelOut}, **_ERRORS})
async def model(request: Request) -> Response:
    """Version, labels, training data, metrics, thresholds and calibration table of the served model."""
    engine: Engine = request.app.state.engine
    manifest = engine.analyzer.artifact.manifest
    metrics = manifest.get("metrics", {})
    out = {
        "name": NAME,
        "version": engine.analyzer.version,
        "labels": manifest.get("labels") or {"stance": list(STANCES), "sentiment": list(SENTIMENTS)},
        "thresholds": manifest.get("thresholds", {}),
        "created": manifest.get("created"),
        "training": manifest.get("training", []),
        "metrics": metrics,
        "calibration": manifest.get("calibration", metrics.get("calibration", [])),
        "libraries": manifest.get("libraries", {}),
    }
    return Response(dump(out), media_type="application/json")


@router.get("/targets", summary="The targets", responses={200: {"model": TargetsOut}, **_ERRORS})
async def targets(request: Request) -> Response:
    """Every configured target with what it is called; names in capitals only count when written so."""
    engine: Engine = request.app.state.engine
    out = [
        {
            "id": target.id,
            "name": target.name,
            "aliases": list(dict.fromkeys(alias.exact or " ".join(alias.words) for alias in target.aliases)),
        }
        for target in engine.analyzer.targets.values()
    ]
    return Response(dump({"targets": out}), media_type="application/json")
