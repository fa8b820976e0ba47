"""A helper process: does heavy work for a server process. See `service.heavy`."""

import os
import pickle
import signal
from pathlib import Path
from typing import Any, BinaryIO

from models.errors import StancewireError
from service.heavy import GONE, Refused
from service.loading import load_reader, model_key
from service.settings import Settings
from service.work import Reader

_NICENESS = 10  # small requests come first when the cores are short
_KEPT = 2  # models kept: the current one and the one before, still in use during a swap


class Helper:
    """Answers calls with the models it has loaded."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._readers: dict[str, Reader] = {}

    def answer(self, call: tuple[str, str, Any, tuple[Any, ...]]) -> Any:
        """Do one call: (folder, key, work, arguments); no work only loads the model.

        Returns:
            What the work gives, the error it raised, or GONE when the model cannot be loaded.
        """
        folder, key, work, args = call
        try:
            reader = self._reader(Path(folder), key)
        except StancewireError:
            return GONE
        if reader is None or work is None:
            return GONE
        try:
            return work(reader, *args)
        except StancewireError as error:
            return Refused(error.status, error.code, error.message, error.field)

    def _reader(self, folder: Path, key: str) -> Reader | None:
        if key not in self._readers:
            if model_key(folder, self.settings) != key:
                return None
            reader = load_reader(folder, self.settings, key)
            while len(self._readers) >= _KEPT:
                self._readers.pop(next(iter(self._readers)))
            self._readers[key] = reader
        return self._readers[key]


def main() -> None:
    """Answer calls until standard input ends."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the server process says when to end
    os.nice(_NICENESS)
    # Whatever a library prints must not get between the results.
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    settings = _receive(source)
    helper = Helper(settings)
    while (call := _receive(source)) is not None:
        frame = pickle.dumps(helper.answer(call), protocol=5)
        sink.write(len(frame).to_bytes(8, "big"))
        sink.write(frame)
        sink.flush()


def _receive(source: BinaryIO) -> Any:
    head = source.read(8)
    if len(head) < 8:
        return None
    return pickle.loads(source.read(int.from_bytes(head, "big")))
