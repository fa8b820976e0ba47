"""POST /huggingface: text classification as `huggingface_hub.InferenceClient` calls it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from service.compatible import inline_schema
from service.predictions import EXAMPLE, Classification, ClassificationRequest, answer_classification
from service.routes.stance import ERRORS

router = APIRouter(tags=["compatible clients"])
_ANSWER: list[Any] = [
    [
        {"label": "favor", "score": 0.95, "target": "russia", "sentences": 1},
        {"label": "neutral", "score": 0.03, "target": "russia", "sentences": 1},
        {"label": "against", "score": 0.02, "target": "russia", "sentences": 1},
    ]
]


@router.post(
    "/huggingface",
    summary="Hugging Face text classification",
    responses={
        200: {"model": list[list[Classification]], "content": {"application/json": {"example": _ANSWER}}},
        **ERRORS,
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": inline_schema(ClassificationRequest),
                    "examples": {
                        "one": {"summary": "One text", "value": {"inputs": EXAMPLE}},
                        "several": {
                            "summary": "Several, the likeliest label of each target only",
                            "value": {"inputs": [EXAMPLE, "Oslo blamed Washington."], "parameters": {"top_k": 1}},
                        },
                    },
                }
            },
        }
    },
)
async def classify(
    request: Request,
    targets: Annotated[str | None, Query(description="Only these targets, as in us,russia.")] = None,
    date: Annotated[str | None, Query(description="Day of the texts, as in 2016-03-01.")] = None,
) -> Response:
    """For each text its labels with scores, likeliest first, for every target that it mentions.

    A text of several sentences gets the mean over those that mention the target; `target` says which one a
    label is about. A text that mentions no target gets an empty list.
    """
    body = await request.body()
    out = await request.app.state.engine.run(answer_classification, body, targets, date, size=len(body))
    return Response(out, media_type="application/json")
