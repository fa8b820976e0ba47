"""What stands before every route: who may enter, how much, how long; and what is told of it after.

One ASGI layer, in this order: host, key and rate, room, body (read whole within its limits, so
that nothing is parsed before it is known to be small enough), route, headers, metrics, log line.
"""

import asyncio
import re
import time
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from random import getrandbits
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import StancewireError
from service.engine import Engine
from service.errors import BadRequestError, RetryLaterError, SlowBodyError, TooLargeError, dump, error_response
from service.keys import KeyRing
from service.logs import LEVELS, REQUEST_ID, SINK, get_logger
from service.metrics import Metrics
from service.work import Job

STREAMED = frozenset({"/v1/stance/stream"})  # routes that read their body piece by piece
# What needs no key: probes, figures, documentation and the page, which hold no texts.
OPEN = frozenset(
    (
        "/",
        "/healthz",
        "/readyz",
        "/health",
        "/metrics",
        "/docs",
        "/openapi.json",
        "/favicon.ico",
        "/v2/health/live",
        "/v2/health/ready",
    )
)
OPEN_BELOW = ("/docs/", "/static/")
_BODIES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")
_LARGE = 65_536  # an answer beyond this may have to wait for its reader
_API_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_PAGE_POLICY = (
    b"content-security-policy",
    b"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
    b"base-uri 'none'; frame-ancestors 'none'",
)
_HEADERS = [(b"x-content-type-options", b"nosniff")]
_PAGE_HEADERS = [
    *_HEADERS,
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
# Routes that turn a body into an answer and need nothing else of the request are answered right here.
Direct = Callable[[bytes, Job], Coroutine[Any, Any, bytes]]
log = get_logger("http")


class SlowReaderError(Exception):
    """The client does not take its answer; the connection is given up."""


class Gate:
    """The layer; counts what is in it."""

    def __init__(
        self, app: ASGIApp, engine: Engine, metrics: Metrics, keys: KeyRing, direct: Mapping[str, Direct]
    ) -> None:
        self.app = app
        self.engine = engine
        self.direct = direct
        self.settings = engine.settings
        self.metrics = metrics
        self.keys = keys
        self.in_flight = 0
        self.held = 0
        self._hosts = tuple(host.lower() for host in self.settings.trusted_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        call = _Call(self, scope, receive, send)
        REQUEST_ID.set(call.id)
        self.in_flight += 1
        self.metrics.in_flight.inc()
        try:
            await call.run()
        finally:
            self.in_flight -= 1
            self.held -= call.held
            self.metrics.in_flight.dec()
            call.tell()

    def admit(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        """Refuse whom the service does not know, and what it has no room for.

        Raises:
            StancewireError: refused.
        """
        if self._hosts and not self._trusts(headers.get(b"host", b"").decode("latin-1")):
            raise BadRequestError("This service does not answer to that host name. Check the URL.", "host")
        path: str = scope["path"]
        if self.keys.keys and path not in OPEN and not path.startswith(OPEN_BELOW):
            self.keys.admit(headers)
        if self.in_flight > self.settings.max_in_flight and path not in OPEN:
            raise RetryLaterError("The service is full. Try again in a moment.")
        length = headers.get(b"content-length")
        if length is not None and path not in STREAMED and int(length) > self.settings.max_body_bytes:
            raise self.too_large()

    def _trusts(self, host: str) -> bool:
        name = re.sub(r":\d+$", "", host).lower()
        return any(name == known or (known[:2] == "*." and name.endswith(known[1:])) for known in self._hosts)

    def too_large(self) -> TooLargeError:
        """The error for a body beyond the limit."""
        return TooLargeError(
            f"The body is larger than {self.settings.max_body_bytes:,} bytes, the most that is read at once. "
            "Split it, or use /v1/stance/stream, which takes any number of lines.",
            code="body_too_large",
        )

    def hold(self, size: int) -> None:
        """Make room for bytes of a body.

        Raises:
            RetryLaterError: there is none.
        """
        if self.held + size > self.settings.max_buffered_bytes:
            raise RetryLaterError("Too many large requests at once. Try again in a moment.", retry_after=2)
        self.held += size


class _Call:
    """One request on its way."""

    def __init__(self, gate: Gate, scope: Scope, receive: Receive, send: Send) -> None:
        self.gate = gate
        self.scope = scope
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        given = self.headers.get(b"x-request-id")
        self.id = given.decode() if given and _REQUEST_ID.fullmatch(given) else f"{getrandbits(96):024x}"
        self.held = 0
        self.status = 0
        self.size = 0
        self.code: str | None = None
        self._receive = receive
        self._send = send
        self._body: bytes | None = None
        self._given = False
        self._started = time.perf_counter()

    async def run(self) -> None:
        try:
            self.gate.admit(self.scope, self.headers)
            if self.scope["method"] in _BODIES and self.scope["path"] not in STREAMED:
                self._body = await self._read()
                direct = self.gate.direct.get(self.scope["path"]) if self.scope["method"] == "POST" else None
                if direct is not None:
                    await self._answer(await self._do(direct, self._body))
                    return
            await self.gate.app(self.scope, self._replay if self._body is not None else self._receive, self.send)
        except StancewireError as error:
            await self._refuse(error, self._body is None)
        except (ClientDisconnect, SlowReaderError):
            self.status = self.status or 499
        except Exception:
            log.exception("internal_error", path=self.scope["path"])
            await self._refuse(StancewireError("Something went wrong inside the service. The log knows more."), True)

    async def _do(self, direct: Direct, body: bytes) -> bytes:
        if len(body) <= self.gate.settings.heavy_bytes:
            return await direct(body, Job())
        # Heavy work that still waits when its client goes away is not begun; what has begun is finished.
        job = Job()
        work = asyncio.create_task(direct(body, job))
        gone = asyncio.ensure_future(self._receive())
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if not work.done() and not job.begun:
                work.cancel()
                raise ClientDisconnect
            return await work
        finally:
            gone.cancel()

    async def _answer(self, body: bytes) -> None:
        length = str(len(body)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await self.send({"type": "http.response.start", "status": 200, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    async def _refuse(self, error: StancewireError, close: bool) -> None:
        if self.status:
            return  # the answer has begun; ending it here closes the connection
        self.code = error.code
        response = error_response(error, self.scope["path"])
        if close:  # the rest of the body is not read
            response.headers["connection"] = "close"
        await response(self.scope, self._receive, self.send)

    async def _read(self) -> bytes:
        message = await self._next(self.gate.settings.body_seconds)
        chunk: bytes = message.get("body", b"")
        self._hold(len(chunk))
        if not message.get("more_body", False):
            return chunk
        chunks = [chunk]
        until = time.monotonic() + self.gate.settings.body_seconds
        while message.get("more_body", False):
            message = await self._next(until - time.monotonic())
            chunks.append(message.get("body", b""))
            self._hold(len(chunks[-1]))
        return b"".join(chunks)

    def _hold(self, size: int) -> None:
        if self.held + size > self.gate.settings.max_body_bytes:
            raise self.gate.too_large()
        self.gate.hold(size)
        self.held += size

    async def _next(self, seconds: float) -> Message:
        try:
            async with asyncio.timeout(seconds):
                message = await self._receive()
        except TimeoutError:
            raise SlowBodyError(
                f"The body did not come whole within {self.gate.settings.body_seconds:g} seconds. "
                "Check that Content-Length is the number of bytes sent."
            ) from None
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        return message

    async def _replay(self) -> Message:
        if self._given:
            return await self._receive()
        self._given = True
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers: list[tuple[bytes, bytes]] = message["headers"]
            known = dict(headers)
            page = known.get(b"content-type", b"").startswith(b"text/html")
            own = [(b"x-request-id", self.id.encode()), *(_PAGE_HEADERS if page else _HEADERS)]
            if b"content-security-policy" not in known:
                own.append(_PAGE_POLICY if page else _API_POLICY)
            if b"cache-control" not in known:
                own.append((b"cache-control", b"no-store"))
            if self.gate.engine.stopping:
                own.append((b"connection", b"close"))  # the client's next request belongs elsewhere
            await self._send({**message, "headers": headers + own})
            return
        body = message.get("body", b"")
        self.size += len(body)
        if len(body) < _LARGE and self.scope["path"] not in STREAMED:
            await self._send(message)
            return
        try:
            async with asyncio.timeout(self.gate.settings.body_seconds):
                await self._send(message)
        except TimeoutError:
            raise SlowReaderError from None

    def tell(self) -> None:
        """Count the request and log its line."""
        seconds = time.perf_counter() - self._started
        path: str = self.scope["path"]
        route = path if path in self.gate.direct else getattr(self.scope.get("route"), "path", "") or "other"
        self.gate.metrics.count_request(route, self.scope["method"], self.status, seconds)
        line: dict[str, Any] = {
            "event": "request",
            "level": "info",
            "timestamp": datetime.now(UTC).isoformat(),
            "request_id": self.id,
            "method": self.scope["method"],
            "path": path,
            "status": self.status,
            "milliseconds": round(seconds * 1000, 3),
            "bytes_in": self.held,
            "bytes_out": self.size,
        }
        if self.code:
            line["code"] = self.code
        if self.gate.settings.log_texts and self._body:
            line["body"] = self._body[:1000].decode("utf-8", "replace")
        if LEVELS[self.gate.settings.log_level] <= LEVELS["info"]:
            SINK.write(dump(line))  # a line for each request: past structlog's processors, for speed
