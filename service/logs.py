"""Structured logs: one JSON object a line, written aside from the requests.

Lines gather in memory and a thread writes them, some twenty times a second: a slow or full disk
costs lines (which are counted), never an answer.
"""

import atexit
import logging
import os
import threading
from collections import deque
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

import orjson
import structlog

from service.settings import Settings

_EVERY = 0.05  # seconds between writes
_MOST = 20_000  # lines kept while the disk is slow; older ones are dropped
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


class Sink:
    """Takes lines and writes them in a thread of its own.

    Attributes:
        dropped: lines that could not be written.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._lines: deque[bytes] = deque()
        self._file = 2
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()
        self._lock = threading.Lock()

    def open(self, settings: Settings) -> None:
        """Begin to write where the settings say.

        Raises:
            OSError: the log file cannot be opened.
        """
        if settings.log_file is not None and self._file == 2:
            self._file = os.open(settings.log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="log", daemon=True)
            self._thread.start()
            atexit.register(self.flush)

    def write(self, line: bytes) -> None:
        """Take one line."""
        if len(self._lines) >= _MOST:
            self._lines.popleft()
            self.dropped += 1
        self._lines.append(line + b"\n")
        if self._thread is None:
            self.flush()

    def flush(self) -> None:
        """Write all that was taken."""
        with self._lock:
            count = len(self._lines)
            if count:
                self._write(b"".join(self._lines.popleft() for _ in range(count)), count)

    def _write(self, data: bytes, count: int) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._file, view) :]
        except OSError:
            self.dropped += count

    def _work(self) -> None:
        while True:
            self._wake.wait(_EVERY)
            self.flush()


SINK = Sink()


class _ToSink(logging.Handler):
    """What libraries log through the standard library, in the same lines."""

    def emit(self, record: logging.LogRecord) -> None:
        line: dict[str, Any] = {}
        if record.exc_info:
            line["exception"] = logging.Formatter().formatException(record.exc_info)
        get_logger(record.name).log(record.levelno, record.getMessage(), **line)


def _add_request_id(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if request_id := REQUEST_ID.get():
        event["request_id"] = request_id
    return event


def _render(logger: Any, name: str, event: MutableMapping[str, Any]) -> bytes:
    return orjson.dumps(event, default=repr, option=orjson.OPT_NON_STR_KEYS)


class _SinkLogger:
    def msg(self, message: bytes) -> None:
        SINK.write(message)

    log = debug = info = warning = warn = error = critical = exception = fatal = failure = msg


def get_logger(name: str) -> Any:
    """A structlog logger; nothing is decided before its first line."""
    return structlog.get_logger(component=name)


def configure(settings: Settings) -> None:
    """Set up logging as the settings say, for our own lines and those of libraries.

    Raises:
        OSError: the log file cannot be opened.
    """
    SINK.open(settings)
    structlog.configure(
        processors=[
            _add_request_id,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso", utc=True),
            structlog.processors.format_exc_info,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[settings.log_level]),
        logger_factory=_SinkLogger,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_ToSink()]
    root.setLevel(logging.WARNING)  # of libraries, only what is wrong
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers[:] = []
        logging.getLogger(name).propagate = True
        logging.getLogger(name).setLevel(settings.log_level.upper())
