"""A bare FastAPI route with the request and response models of POST /v1/stance, that only echoes an answer."""

import os
from pathlib import Path

from fastapi import FastAPI

from service.schemas import StanceAnswer, StanceRequest

app = FastAPI()
ANSWER = StanceAnswer.model_validate_json(Path(os.environ["ECHO_ANSWER"]).read_bytes())


@app.post("/echo")
async def echo(request: StanceRequest) -> StanceAnswer:
    """Always the same answer, through the models."""
    return ANSWER
