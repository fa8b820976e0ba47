"""The model at work: loads it, swaps it with no pause, and has every text read within the limits."""

import asyncio
import contextlib
import gc
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from models.analysis import Analysis
from models.analyzer import Analyzer
from models.errors import StancewireError
from models.releases import CURRENT, current_folder
from service.errors import RetryLaterError
from service.heavy import HeavyPool
from service.loading import load_reader, model_key
from service.logs import get_logger
from service.settings import Settings
from service.work import Done, Job, Reader, Tally, read_text

Value = TypeVar("Value")
log = get_logger("engine")


class Engine:
    """Holds the current model and puts work to it.

    Attributes:
        settings: of the service.
        on_done: called with the tally of every finished piece of work.
        on_swap: called with the version and whether it was taken up, at each attempt to load.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.on_done: list[Callable[[Tally], None]] = []
        self.on_swap: list[Callable[[str, bool], None]] = []
        self.stopping = False
        self._reader: Reader | None = None
        self._failed: str | None = None
        self._heavy = HeavyPool(settings)
        self._watch: asyncio.Task[None] | None = None

    @property
    def reader(self) -> Reader:
        """The current reader. Keep it for the whole of a request, so that a swap changes nothing in between.

        Raises:
            RetryLaterError: no model is loaded.
        """
        if self._reader is None:
            raise RetryLaterError(f"No model is loaded: {self._failed or 'still loading'}", "not_ready", retry_after=5)
        return self._reader

    @property
    def analyzer(self) -> Analyzer:
        """The current analyzer.

        Raises:
            RetryLaterError: no model is loaded.
        """
        return self.reader.analyzer

    @property
    def ready(self) -> bool:
        """Whether a model is loaded and the service is not about to stop."""
        return self._reader is not None and not self.stopping

    async def start(self) -> None:
        """Load the model, start the helpers and the watch. A model that cannot be loaded leaves it not ready."""
        seen = _stamp(self.settings)  # before the load: what is released during it is not missed
        await self.refresh()
        if self.settings.reload_seconds:
            self._watch = asyncio.create_task(self._watch_releases(seen))

    async def stop(self) -> None:
        """End the watch and the helpers."""
        self.stopping = True
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await self._heavy.close()

    async def run(
        self,
        work: Callable[..., Done[Value]],
        *args: Any,
        size: int,
        reader: Reader | None = None,
        job: Job | None = None,
    ) -> Value:
        """Do a piece of work with the current model: here when it is small, in a helper when it is heavy.

        Args:
            work: a function of a module, called with the reader and `args`; it and they can be pickled.
            size: bytes of text in it.
            reader: the reader to use, when not the current one.
            job: told when heavy work begins.

        Raises:
            StancewireError: the work refused its input, or no helper is free.
        """
        reader = reader or self.reader
        done: Done[Value]
        if size <= self.settings.heavy_bytes:
            done = work(reader, *args)
        else:
            done = await self._heavy.run(reader, work, args, size, job or Job())
        for tell in self.on_done:
            tell(done.tally)
        return done.value

    async def analyze(
        self, text: str, targets: Sequence[str] | None = None, explain: bool = False, on: date | None = None
    ) -> Analysis:
        """Read one text within the limits; the arguments are those of `Analyzer.analyze`.

        Raises:
            StancewireError: the text is refused, or no helper is free.
        """
        wanted = None if targets is None else list(targets)
        return await self.run(read_text, text, wanted, explain, on, size=len(text))

    async def refresh(self) -> bool:
        """Take up the released model if it is another one; a broken one is refused and the old one stays.

        Returns:
            Whether a model was taken up.
        """
        folder: Path | None = None
        try:
            folder = self.settings.model or current_folder(self.settings.releases)
            key = model_key(folder, self.settings)
            if (self._reader is not None and self._reader.key == key) or self._failed == key:
                return False
            reader = await asyncio.to_thread(load_reader, folder, self.settings, key)
        except StancewireError as error:
            self._refuse(folder, error)
            return False
        self._heavy.warm(reader)
        old, self._reader, self._failed = self._reader, reader, None
        # What lives as long as the process need not be looked at by every garbage collection.
        gc.collect()
        gc.freeze()
        version = reader.analyzer.version
        log.info("model_loaded", version=version, before=old.analyzer.version if old else None)
        for tell in self.on_swap:
            tell(version, True)
        return True

    def _refuse(self, folder: Path | None, error: StancewireError) -> None:
        reason = error.message
        if reason == self._failed:
            return
        self._failed = reason
        kept = self._reader.analyzer.version if self._reader else None
        log.error("model_refused", reason=reason, kept=kept)
        for tell in self.on_swap:
            tell(folder.name if folder else "", False)

    async def _watch_releases(self, seen: tuple[Any, ...]) -> None:
        while True:
            await asyncio.sleep(self.settings.reload_seconds)
            stamp = _stamp(self.settings)
            if stamp != seen or self._reader is None:
                seen = stamp
                await self.refresh()


def _stamp(settings: Settings) -> tuple[Any, ...]:
    """Changes whenever another model is released: cheap enough to look at every second."""
    root = settings.model or settings.releases
    out: list[Any] = []
    with contextlib.suppress(OSError, UnicodeDecodeError):
        folder = root if settings.model else root / (root / CURRENT).read_text(encoding="utf-8").strip()
        out.append(folder)
        for name in ("manifest.json", "model.joblib"):
            stat = (folder / name).stat()
            out += [stat.st_mtime_ns, stat.st_ino, stat.st_size]
    return tuple(out)
