"""POST /v1/stance/stream: one document a line in, one result a line out, of any number."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from models.errors import StancewireError
from service.engine import Engine
from service.errors import SlowBodyError, TooLargeError, dump, error_body
from service.routes.stance import ERRORS
from service.work import answer_line

router = APIRouter(prefix="/v1", tags=["stance"])
NDJSON = "application/x-ndjson"
_LINES = {"description": "One StanceRequest a line."}
_TURN = 0.005  # seconds of lines in one go, before others have their turn
_TRIES = 50  # waits for a free helper before a heavy line is refused


class LinesResponse(Response):
    """Sends pieces as they come. Unlike starlette's StreamingResponse it leaves the request's body to its reader."""

    def __init__(self, lines: AsyncIterator[bytes]) -> None:
        self.lines = lines
        self.status_code = 200
        self.background: BackgroundTask | None = None
        self.init_headers({"content-type": NDJSON})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for line in self.lines:
            await send({"type": "http.response.body", "body": line, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


@router.post(
    "/stance/stream",
    summary="Read a stream of texts",
    responses={
        200: {
            "description": "A result for each line, in order; an error line for a bad one.",
            "content": {NDJSON: {"schema": {"type": "string"}}},
        },
        **{status: ERRORS[status] for status in (401, 429, 503)},
    },
    openapi_extra={"requestBody": {"required": False, "content": {NDJSON: {"schema": _LINES}}}},
)
async def stream(request: Request) -> Response:
    """NDJSON in, NDJSON out: each line is a document as /v1/stance takes it, each answer line its result.

    Any number of lines; memory stays bounded. Answers come while lines are still being sent, so read
    while you send: a client that does not read is not read from.
    """
    engine: Engine = request.app.state.engine
    engine.reader  # noqa: B018 (not ready: say so before the answer begins)
    return LinesResponse(_answers(engine, _lines(request, engine)))


async def _answers(engine: Engine, lines: AsyncIterator[bytes | StancewireError]) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    number = 0
    out: list[bytes] = []
    turn = loop.time()
    async for line in lines:
        number += 1
        if isinstance(line, bytes) and not line.strip():
            continue
        out.append(await _answer(engine, line, number))
        if loop.time() - turn > _TURN:
            yield b"".join(out)
            out.clear()
            await asyncio.sleep(0)
            turn = loop.time()
    if out:
        yield b"".join(out)


async def _answer(engine: Engine, line: bytes | StancewireError, number: int) -> bytes:
    error = line
    for _ in range(_TRIES):
        if isinstance(line, bytes):
            try:
                return await engine.run(answer_line, line, number, size=len(line))
            except StancewireError as found:
                error = found
                if found.code == "overloaded":
                    await asyncio.sleep(0.2)  # the sender of a stream can wait
                    continue
        break
    assert isinstance(error, StancewireError)
    return dump({"id": None, **error_body(_at_line(error, number))}) + b"\n"


def _at_line(error: StancewireError, number: int) -> StancewireError:
    error.field = f"line {number}" + (f".{error.field}" if error.field else "")
    return error


async def _lines(request: Request, engine: Engine) -> AsyncIterator[bytes | StancewireError]:
    """Lines of the body; one beyond the limit is dropped and stands as an error."""
    most = engine.settings.max_body_bytes
    rest = bytearray()
    too_long = False
    pieces = request.stream().__aiter__()
    while True:
        try:
            async with asyncio.timeout(engine.settings.body_seconds):
                piece = await anext(pieces)
        except StopAsyncIteration:
            break
        except TimeoutError:
            yield SlowBodyError(f"Nothing more came within {engine.settings.body_seconds:g} seconds. Send faster.")
            return
        start = 0
        while (end := piece.find(b"\n", start)) != -1:
            line, start = bytes(rest) + piece[start:end], end + 1
            rest.clear()
            yield _too_long(most) if too_long or len(line) > most else line
            too_long = False
        if not too_long:
            rest += piece[start:]
        if len(rest) > most:
            too_long = True
            rest.clear()
    if too_long or rest:
        yield _too_long(most) if too_long else bytes(rest)


def _too_long(most: int) -> TooLargeError:
    return TooLargeError(f"The line is longer than {most:,} bytes, the most that is read at once. Split its text.")
