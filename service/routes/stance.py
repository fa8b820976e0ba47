"""POST /v1/stance and /v1/stance/batch."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.schemas import BatchAnswer, ErrorBody, StanceAnswer
from service.work import answer_batch, answer_stance

router = APIRouter(prefix="/v1", tags=["stance"])
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorBody, "description": "The body is no JSON."},
    401: {"model": ErrorBody, "description": "No API key, or an unknown one."},
    408: {"model": ErrorBody, "description": "The body did not come in time."},
    413: {"model": ErrorBody, "description": "The body, a text or the batch is beyond a limit."},
    422: {"model": ErrorBody, "description": "A key or value is not as documented."},
    429: {"model": ErrorBody, "description": "The rate limit of the key is reached; see Retry-After."},
    503: {"model": ErrorBody, "description": "Too busy, too slow or not ready; see Retry-After."},
}


def json_body(name: str) -> dict[str, Any]:
    """The OpenAPI of a route that reads a JSON body of a schema of ours itself."""
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.post(
    "/stance",
    summary="Read one text",
    responses={200: {"model": StanceAnswer}, **ERRORS},
    openapi_extra=json_body("StanceRequest"),
)
async def stance(request: Request) -> Response:
    """Stances and sentiment of every sentence of a text."""
    body = await request.body()
    out = await request.app.state.engine.run(answer_stance, body, size=len(body))
    return Response(out, media_type="application/json")


@router.post(
    "/stance/batch",
    summary="Read several texts",
    responses={200: {"model": BatchAnswer}, **ERRORS},
    openapi_extra=json_body("BatchRequest"),
)
async def batch(request: Request) -> Response:
    """One result for each document, in order; a bad document has an error in its place."""
    body = await request.body()
    out = await request.app.state.engine.run(answer_batch, body, size=len(body))
    return Response(out, media_type="application/json")
