"""Logs: JSON lines that cost no answer."""

import json
import logging
import os
from pathlib import Path

from service.logs import SINK, Sink, configure, get_logger
from service.settings import Settings


def test_lines_are_json_with_level_time_and_component(monkeypatch: object) -> None:
    lines: list[bytes] = []
    configure(Settings(log_level="info"))
    SINK.flush()
    write, SINK.write = SINK.write, lines.append  # type: ignore[method-assign]
    try:
        get_logger("test").info("happened", count=3, odd=Path("/a"))
        get_logger("test").debug("not shown")
        logging.getLogger("some.library").warning("told by %s", "a library")
        try:
            raise ValueError("wrong")
        except ValueError:
            get_logger("test").exception("failed")
    finally:
        SINK.write = write  # type: ignore[method-assign]
    first, second, third = (json.loads(line) for line in lines)
    assert (first["event"], first["count"], first["component"], first["level"]) == ("happened", 3, "test", "info")
    assert second["event"] == "told by a library"
    assert "ValueError: wrong" in third["exception"]
    assert first["timestamp"].endswith("Z")


def test_a_full_disk_drops_lines_and_counts_them() -> None:
    sink = Sink()
    sink._file = os.open("/dev/full", os.O_WRONLY)
    for _ in range(5):
        sink.write(b"{}")
    assert sink.dropped == 5
    os.close(sink._file)
