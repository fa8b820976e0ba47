"""Helper processes: their work is that of the server process, and no work is lost with them."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from models.errors import StancewireError
from service.errors import RetryLaterError
from service.heavy import HeavyPool
from service.loading import load_reader, model_key
from service.settings import Settings
from service.work import Done, Job, Reader, Tally, read_text

ARGUMENTS = ("Ankara accused Moscow on Tuesday. " * 50, None, False, None)
pytestmark = pytest.mark.anyio
HUGE = 1_000_000  # bytes that a piece of work says it has


def where(reader: Reader) -> Done[int]:
    """Work that tells which process does it."""
    return Done(os.getpid(), Tally())


def wait_for(reader: Reader, path: str) -> Done[int]:
    """Work that lasts until there is a file."""
    while not os.path.exists(path):
        time.sleep(0.01)
    return where(reader)


def die(reader: Reader, server: int) -> Done[int]:
    """Work that kills every helper process it is put to."""
    if os.getpid() != server:
        os.kill(os.getpid(), signal.SIGKILL)
    return where(reader)


@asynccontextmanager
async def pooled(
    folder: Path, **given: Any
) -> AsyncIterator[tuple[HeavyPool, Callable[..., Coroutine[Any, Any, Any]]]]:
    """A pool, and a way to have it do work with the model of a folder."""
    settings = Settings(model=folder, **{"heavy_processes": 1, **given})
    pool, reader = HeavyPool(settings), load_reader(folder, settings, model_key(folder, settings))

    async def run(work: Callable[..., Done[Any]], *args: Any, size: int = 1, job: Job | None = None) -> Any:
        return (await pool.run(reader, work, args, size, job or Job())).value

    try:
        yield pool, run
    finally:
        await pool.close()


@pytest.fixture
def anyio_backend() -> str:
    """Tests that are coroutines run in asyncio's loop."""
    return "asyncio"


async def killed(pool: HeavyPool) -> None:
    """Kill the helpers that are there, and wait until they are gone."""
    for helper in list(pool._all):
        helper.process.kill()
        await helper.process.wait()


async def test_work_is_done_in_a_process_that_is_kept_for_the_next(artifact_folder: Path) -> None:
    async with pooled(artifact_folder) as (_, run):
        job = Job()
        first = await run(where, job=job)
        assert first != os.getpid()
        assert job.begun
        assert await run(where) == first


async def test_an_error_is_the_same_as_if_the_work_were_done_here(artifact_folder: Path) -> None:
    async with pooled(artifact_folder) as (_, run):
        with pytest.raises(StancewireError, match="Unknown target 'mars'") as caught:
            await run(read_text, ARGUMENTS[0], ["mars"], False, None)
        assert (caught.value.status, caught.value.code, caught.value.field) == (422, "unknown_target", "targets")


async def test_the_work_of_a_killed_helper_is_done_again(artifact_folder: Path, tmp_path: Path) -> None:
    async with pooled(artifact_folder) as (pool, run):
        first = await run(where)
        work = asyncio.create_task(run(wait_for, str(tmp_path / "go")))
        await asyncio.sleep(0.05)
        await killed(pool)
        (tmp_path / "go").touch()
        assert await work not in (first, os.getpid())


async def test_work_that_kills_every_helper_is_done_here_in_the_end(artifact_folder: Path) -> None:
    async with pooled(artifact_folder) as (_, run):
        assert await run(die, os.getpid()) == os.getpid()


async def test_work_is_done_here_when_the_files_of_the_model_are_gone(releases: Path) -> None:
    async with pooled(releases / "9.9.9") as (_, run):
        shutil.rmtree(releases)
        assert await run(where) == os.getpid()


async def test_without_helpers_work_is_done_in_a_thread(artifact_folder: Path) -> None:
    async with pooled(artifact_folder, heavy_processes=0) as (pool, run):
        assert await run(where) == os.getpid()
        assert not pool._all


async def test_an_article_never_waits_behind_books(artifact_folder: Path, tmp_path: Path) -> None:
    async with pooled(artifact_folder, heavy_processes=2) as (_, run):
        books = [asyncio.create_task(run(wait_for, str(tmp_path / "go"), size=HUGE)) for _ in range(3)]
        await asyncio.sleep(0.05)
        article = await run(where)
        assert not any(book.done() for book in books)
        (tmp_path / "go").touch()
        assert article not in await asyncio.gather(*books)


async def test_what_is_too_much_is_refused_and_what_waits_is_done(artifact_folder: Path, tmp_path: Path) -> None:
    async with pooled(artifact_folder, heavy_queue=2) as (_, run):
        waiting = [asyncio.create_task(run(wait_for, str(tmp_path / "go"))) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(RetryLaterError, match="2 long texts are waiting already"):
            await run(where)
        (tmp_path / "go").touch()
        assert len(await asyncio.gather(*waiting)) == 2
        assert await run(where)


async def test_work_that_lasts_too_long_is_given_up_with_its_process(artifact_folder: Path, tmp_path: Path) -> None:
    async with pooled(artifact_folder) as (pool, run):
        first = await run(where)
        pool.settings = pool.settings.model_copy(update={"deadline_seconds": 0.1})
        with pytest.raises(RetryLaterError, match=r"longer than 0\.1 seconds") as caught:
            await run(wait_for, str(tmp_path / "never"))
        assert (caught.value.code, caught.value.status) == ("deadline_exceeded", 503)
        pool.settings = pool.settings.model_copy(update={"deadline_seconds": 60})
        assert await run(where) not in (first, os.getpid())


async def test_work_of_a_client_that_went_away_ends_with_its_process(artifact_folder: Path, tmp_path: Path) -> None:
    async with pooled(artifact_folder) as (pool, run):
        first = await run(where)
        work = asyncio.create_task(run(wait_for, str(tmp_path / "never")))
        await asyncio.sleep(0.05)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert await run(where) != first
        assert len(pool._all) == 1


async def test_no_process_outlives_the_pool(artifact_folder: Path) -> None:
    async with pooled(artifact_folder, heavy_processes=2) as (_, run):
        pids = await asyncio.gather(run(where), run(where))
    assert len(set(pids)) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
