"""uvicorn's HTTP protocol with limits on what comes before a body, and our error body for broken requests."""

import asyncio
from functools import cache
from typing import cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from models.errors import StancewireError
from service.errors import dump, error_body
from service.settings import load_settings

_LARGEST_HEAD = 65_536  # bytes of request line and headers


@cache
def _header_seconds() -> float:
    # uvicorn makes the connections and passes nothing of ours, so the settings are asked.
    return load_settings().header_seconds


class _Joining:
    """What one answer is written to: its head waits for the first piece of its body, and both go out at once.

    A process that is killed has then sent a small answer whole or not at all, so a proxy can try again; and it is
    one system call and one packet instead of two.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._begun = False
        self._head = b""
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        if self._begun:
            head, self._head = self._head, b""
            self._transport.write(head + data if head else data)
            return
        self._begun, self._head = True, data
        self._loop.call_soon(self._send_head)  # where no piece of a body comes at once, as in a stream

    def close(self) -> None:
        self._send_head()
        self._transport.close()

    def _send_head(self) -> None:
        if self._head:
            self.write(b"")


class Protocol(HttpToolsProtocol):
    """One connection. A slow, endless or broken request head ends it with a clear error."""

    _timer: asyncio.TimerHandle | None = None
    _head = 0
    _in_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; those of a head are counted."""
        super().data_received(data)
        if self._in_head and self.parser is not None and not self.transport.is_closing():
            if self._timer is None:
                self._wait()
            self._head += len(data)
            if self._head > _LARGEST_HEAD:
                self._refuse(431, "head_too_large", f"The headers are larger than {_LARGEST_HEAD:,} bytes.")

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head, self._head = True, 0

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()
        if self.cycle is not None:
            self.cycle.transport = cast(asyncio.Transport, _Joining(self.transport, self.loop))

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        text = "The request is no valid HTTP/1.1. Check its request line, headers and length."
        self._refuse(400, "bad_request", text)

    def _wait(self) -> None:
        self._timer = self.loop.call_later(_header_seconds(), self._too_slow)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self._refuse(408, "request_timeout", f"No request came within {_header_seconds():g} seconds.")

    def _refuse(self, status: int, code: str, message: str) -> None:
        if self.cycle is not None and not self.cycle.response_complete and not self._broken_body(self.cycle):
            # An answer is on its way on this connection: it is the last one, and nothing gets between.
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        error = StancewireError(message)
        error.code = code
        body = dump(error_body(error))
        head = [
            STATUS_LINE[status],
            b"content-type: application/json\r\ncontent-length: ",
            str(len(body)).encode(),
            b"\r\nconnection: close\r\n\r\n",
        ]
        self.transport.write(b"".join([*head, body]))
        self.transport.close()

    def _broken_body(self, cycle: RequestResponseCycle) -> bool:
        """Whether the one request on this connection still waits for its body, which nobody will ever finish."""
        return cycle.more_body and not cycle.response_started and not self.pipeline
