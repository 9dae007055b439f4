"""The clock: what is done by itself, and that a failure of one deed stops no other."""

import asyncio
from datetime import datetime, timedelta, tzinfo

import pytest

from bot import clock
from bot.clock import Clock
from tests.bot.waiting import until


async def test_every_deed_is_done_again_and_again_whatever_another_does(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(clock, "EVERY_S", 0.05)
    done: list[str] = []

    async def works() -> None:
        done.append("works")

    async def fails() -> None:
        done.append("fails")
        raise ZeroDivisionError("always")

    running = Clock({"works": works, "fails": fails}, {})
    running.start()
    await until(lambda: done.count("works") > 2 and done.count("fails") > 2)
    await running.stop()

    assert "always" in caplog.text


async def test_a_slow_deed_is_never_done_twice_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "EVERY_S", 0.05)
    at_once, most, times = 0, 0, 0
    go_on = asyncio.Event()

    async def slow() -> None:
        nonlocal at_once, most, times
        at_once, times = at_once + 1, times + 1
        most = max(most, at_once)
        await go_on.wait()
        at_once -= 1

    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        ticks += 1

    running = Clock({"slow": slow, "tick": tick}, {})
    running.start()
    await until(lambda: ticks > 4)
    go_on.set()
    await until(lambda: times > 1)
    await running.stop()

    assert most == 1


async def test_what_is_due_is_done_in_its_order_and_past_failures(caplog: pytest.LogCaptureFixture):
    done: list[str] = []

    async def first() -> None:
        await asyncio.sleep(0)
        done.append("first")

    async def fails() -> None:
        done.append("fails")
        raise ZeroDivisionError("always")

    async def last() -> None:
        done.append("last")

    await Clock({}, {}, {"first": first, "fails": fails, "last": last}).work_off()

    assert done == ["first", "fails", "last"]
    assert "What is due could not be done: fails" in caplog.text


async def test_a_machine_whose_clock_jumps_goes_on_with_its_rounds_and_makes_up_for_none(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(clock, "EVERY_S", 0.05)
    monkeypatch.setattr(clock, "DUE_EVERY_S", 0.05)
    done: list[str] = []

    async def due() -> None:
        done.append("due")

    async def often() -> None:
        done.append("often")

    running = Clock({"often": often}, {}, {"due": due})
    running.start()
    for jump in (timedelta(days=-1), timedelta(days=1)):
        monkeypatch.setattr("apscheduler.schedulers.base.datetime", _machine(jump))
        before, began = len(done), asyncio.get_running_loop().time()
        await until(lambda before=before: done[before:].count("due") > 2 and done[before:].count("often") > 2)
        passed = asyncio.get_running_loop().time() - began

        assert len(done) - before <= 2 * (passed / 0.05 + 2)
    await running.stop()


def _machine(jump: timedelta) -> type[datetime]:
    """Return the machine's clock, set by so much."""

    class Machine(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + jump

    return Machine


async def test_what_is_under_way_ends_with_the_clock(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "DUE_EVERY_S", 0.01)
    began, ended = asyncio.Event(), []

    async def endless() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    running = Clock({}, {}, {"endless": endless})
    running.start()
    await began.wait()
    await running.stop()

    assert ended == ["ended"]


def test_forgetting_is_for_the_night():
    async def forget() -> None:
        """Forget nothing."""

    [job] = Clock({}, {"forget": forget})._scheduler.get_jobs()

    assert "hour='3', minute='17'" in str(job.trigger)


async def test_stopping_before_the_start_is_harmless():
    await Clock({}, {}).stop()
