"""Helper processes for heavy texts, so that a huge request never starves the small ones.

A helper is `python -m service.helper`: it reads calls from its standard input and writes results
to its standard output, each a length of eight bytes and a pickle. It ends when its input does, so
none outlives its server process; one that works for too long is killed and replaced.
"""

import asyncio
import contextlib
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from models.errors import StancewireError
from service.errors import RetryLaterError
from service.logs import get_logger
from service.settings import Settings
from service.work import Done, Job, Reader

Value = TypeVar("Value")
GONE = "gone"  # a helper's answer when it cannot load the model that the server process has
_ATTEMPTS = 3
log = get_logger("heavy")


class Refused(NamedTuple):
    """An error on its way from a helper."""

    status: int
    code: str
    message: str
    field: str | None

    def error(self) -> StancewireError:
        """The error again."""
        error = StancewireError(self.message, self.field)
        error.status, error.code = self.status, self.code
        return error


class _Helper:
    """One helper process, at work on one call at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, settings: Settings) -> "_Helper":
        root = Path(__file__).resolve().parents[1]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {str(root)!r}); from service.helper import main; main()",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=2**20,
        )
        helper = cls(process)
        await helper.send(settings)
        return helper

    async def send(self, data: Any) -> None:
        assert self.process.stdin is not None
        frame = pickle.dumps(data, protocol=5)
        self.process.stdin.write(len(frame).to_bytes(8, "big"))
        self.process.stdin.write(frame)
        await self.process.stdin.drain()

    async def receive(self) -> Any:
        assert self.process.stdout is not None
        size = int.from_bytes(await self.process.stdout.readexactly(8), "big")
        return pickle.loads(await self.process.stdout.readexactly(size))

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def end(self) -> None:
        """Kill the process and wait until it and its pipes are gone."""
        self.kill()
        with contextlib.suppress(OSError):
            await self.process.communicate()


class HeavyPool:
    """Runs heavy work outside the server process; counts what waits, and refuses what is too much."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._waiting = 0
        self._free: list[_Helper] = []
        self._all: set[_Helper] = set()
        self._slots = asyncio.Semaphore(max(1, settings.heavy_processes))
        # Huge texts take at most all helpers but one: an article never waits behind a book.
        self._huge = asyncio.Semaphore(max(1, settings.heavy_processes - 1))
        self._warming: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Task[None]] = set()

    async def run(
        self, reader: Reader, work: Callable[..., Done[Value]], args: tuple[Any, ...], size: int, job: Job
    ) -> Done[Value]:
        """Run one piece of work and wait for it; `job` is told when it begins.

        Raises:
            StancewireError: it was refused, takes too long, or too much is waiting already.
        """
        if self._waiting >= self.settings.heavy_queue:
            raise RetryLaterError(
                f"{self._waiting} long texts are waiting already. Try again in a moment, or send fewer at once.",
                retry_after=2,
            )
        self._waiting += 1
        try:
            async with asyncio.timeout(self.settings.deadline_seconds):
                if size > self.settings.huge_bytes:
                    async with self._huge:
                        return await self._submit(reader, work, args, job)
                return await self._submit(reader, work, args, job)
        except TimeoutError:
            raise too_slow(self.settings.deadline_seconds) from None
        finally:
            self._waiting -= 1

    async def _submit(
        self, reader: Reader, work: Callable[..., Done[Value]], args: tuple[Any, ...], job: Job
    ) -> Done[Value]:
        folder = reader.analyzer.artifact.folder
        if self.settings.heavy_processes and folder is not None:
            async with self._slots:
                job.begun = True
                for attempt in range(_ATTEMPTS):
                    try:
                        out = await self._call((str(folder), reader.key, work, args))
                    except (OSError, asyncio.IncompleteReadError):
                        # The helper was killed. Nobody has seen an answer yet, so the work is simply done again.
                        log.warning("helper_died", attempt=attempt + 1)
                        continue
                    if isinstance(out, Refused):
                        raise out.error()
                    if isinstance(out, Done):
                        return out
                    break
        job.begun = True
        # The files of the model are gone, or helpers keep dying: the model in memory still works.
        return await asyncio.to_thread(work, reader, *args)

    async def _call(self, call: tuple[Any, ...]) -> Any:
        helper = self._free.pop() if self._free else None
        try:
            if helper is None:
                helper = await _Helper.start(self.settings)
                self._all.add(helper)
            await helper.send(call)
            out = await helper.receive()
        except BaseException:
            # Dead, too slow, or its client is gone: what it would still say belongs to nobody.
            if helper is not None:
                helper.kill()
                self._all.discard(helper)
                ending = asyncio.create_task(helper.end())
                self._ending.add(ending)
                ending.add_done_callback(self._ending.discard)
            raise
        self._free.append(helper)
        return out

    def warm(self, reader: Reader) -> None:
        """Have the helpers load a model before the first heavy text comes; waits for nothing."""
        folder = reader.analyzer.artifact.folder
        if folder is not None:
            for _ in range(self.settings.heavy_processes):
                task = asyncio.create_task(self._warm_one(str(folder), reader.key))
                self._warming.add(task)
                task.add_done_callback(self._warming.discard)

    async def _warm_one(self, folder: str, key: str) -> None:
        async with self._slots:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                async with asyncio.timeout(self.settings.deadline_seconds):
                    await self._call((folder, key, None, ()))

    async def close(self) -> None:
        """End the helpers."""
        for task in self._warming:
            task.cancel()
        await asyncio.gather(*self._warming, return_exceptions=True)
        await asyncio.gather(*self._ending, *(helper.end() for helper in self._all), return_exceptions=True)
        self._all.clear()
        self._free.clear()


def too_slow(seconds: float) -> RetryLaterError:
    """The error for work that takes longer than it may."""
    return RetryLaterError(
        f"The request took longer than {seconds:g} seconds and was given up. Send less at once, or try again later.",
        "deadline_exceeded",
        retry_after=5,
    )
