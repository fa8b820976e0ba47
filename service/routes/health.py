"""GET /healthz and /readyz: whether the process is alive, and whether it can read texts."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.engine import Engine
from service.errors import RetryLaterError, dump
from service.schemas import ErrorBody, HealthOut

router = APIRouter(tags=["operations"])


@router.get("/healthz", summary="Is the process alive?", responses={200: {"model": HealthOut}})
async def healthz() -> Response:
    """Always 200 while the process answers at all; restart it when it does not."""
    return Response(b'{"status":"alive"}', media_type="application/json")


@router.get(
    "/readyz",
    summary="Can it read texts?",
    responses={200: {"model": HealthOut}, 503: {"model": ErrorBody, "description": "Not ready; see Retry-After."}},
)
async def readyz(request: Request) -> Response:
    """200 with the version when a model is loaded; 503 when none is, or when the service is about to stop."""
    engine: Engine = request.app.state.engine
    if engine.stopping:
        raise RetryLaterError("The service is about to stop.", "stopping", retry_after=5)
    return Response(dump({"status": "ready", "version": engine.analyzer.version}), media_type="application/json")
