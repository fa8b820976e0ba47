"""The engine: swaps models, refuses broken ones, has heavy work done elsewhere."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from models.errors import StancewireError
from models.releases import set_current
from service.engine import Engine
from service.errors import RetryLaterError
from service.settings import Settings
from service.work import answer_stance
from tests.service.test_faults import copy_version, eventually
from tests.service.test_loading import save_unreadable

HEAVY = "Ankara accused Moscow on Tuesday. " * 500


def run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(main)


def made(releases: Path, **given: Any) -> Engine:
    return Engine(Settings(releases=releases, **{"heavy_processes": 0, "reload_seconds": 0, **given}))


def test_another_release_is_taken_up_and_a_request_in_flight_keeps_its_own(releases: Path) -> None:
    async def main() -> None:
        engine = made(releases)
        swaps: list[tuple[str, bool]] = []
        engine.on_swap.append(lambda version, taken: swaps.append((version, taken)))
        await engine.start()
        before = engine.reader
        copy_version(releases, "10.0.0")
        set_current("10.0.0", releases)
        assert await engine.refresh()
        assert engine.analyzer.version == "10.0.0"
        assert before.analyzer.version == "9.9.9"
        assert not await engine.refresh()
        assert swaps == [("9.9.9", True), ("10.0.0", True)]
        await engine.stop()

    run(main())


@pytest.mark.parametrize("how", ["truncated", "no manifest", "not there", "another version"])
def test_a_broken_release_is_refused_and_the_old_one_stays(releases: Path, how: str) -> None:
    async def main() -> None:
        engine = made(releases)
        await engine.start()
        new = copy_version(releases, "10.0.0")
        set_current("10.0.0", releases)
        if how == "truncated":
            (new / "model.joblib").write_bytes(b"x")
        elif how == "no manifest":
            (new / "manifest.json").unlink()
        elif how == "another version":
            shutil.rmtree(new)
            save_unreadable(releases / "9.9.9", new)
        else:
            shutil.rmtree(new)
        assert not await engine.refresh()
        assert engine.ready
        assert (await engine.analyze("Ankara accused Moscow.")).version == "9.9.9"
        await engine.stop()

    run(main())


def test_a_service_without_a_model_is_not_ready_until_one_comes(releases: Path) -> None:
    async def main() -> None:
        (releases / "CURRENT").rename(releases / "away")
        engine = made(releases, reload_seconds=0.05)
        await engine.start()
        assert not engine.ready
        with pytest.raises(RetryLaterError, match="No model is loaded"):
            await engine.analyze("Ankara accused Moscow.")
        (releases / "away").rename(releases / "CURRENT")
        assert await asyncio.to_thread(eventually, lambda: engine.ready)
        await engine.stop()

    run(main())


def test_heavy_work_gives_the_same_answer_in_a_helper(releases: Path) -> None:
    async def main() -> None:
        engine = made(releases, heavy_processes=1)
        await engine.start()
        body = json.dumps({"text": HEAVY, "explain": True}).encode()
        there = await engine.run(answer_stance, body, size=len(body))
        here = await engine.run(answer_stance, body, size=0)
        assert there == here
        with pytest.raises(StancewireError) as caught:
            await engine.analyze(HEAVY, ["atlantis"])
        assert (caught.value.code, caught.value.status) == ("unknown_target", 422)
        await engine.stop()

    run(main())


def test_work_that_takes_too_long_is_given_up_and_its_helper_replaced(releases: Path) -> None:
    async def main() -> None:
        engine = made(releases, heavy_processes=1, deadline_seconds=15)
        await engine.start()
        pool = engine._heavy
        await asyncio.gather(*pool._warming)
        (helper,) = pool._all
        os.kill(helper.process.pid, signal.SIGSTOP)
        pool.settings = pool.settings.model_copy(update={"deadline_seconds": 0.5})
        with pytest.raises(RetryLaterError) as caught:
            await engine.analyze(HEAVY)
        assert caught.value.code == "deadline_exceeded"
        assert helper not in pool._all
        await engine.stop()

    run(main())


def test_too_much_heavy_work_is_refused_at_once(releases: Path) -> None:
    async def main() -> None:
        engine = made(releases, heavy_queue=2)
        await engine.start()
        tasks = [asyncio.create_task(engine.analyze(HEAVY)) for _ in range(5)]
        done = await asyncio.gather(*tasks, return_exceptions=True)
        refused = [each for each in done if isinstance(each, RetryLaterError)]
        assert len(refused) == 3
        assert {each.code for each in refused} == {"overloaded"}
        await engine.stop()

    run(main())
