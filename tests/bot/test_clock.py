"""The clock: what is done by itself, and that a failure of one deed stops no other."""

import asyncio

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
    running.stop()

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
    running.stop()

    assert most == 1


def test_forgetting_is_for_the_night():
    async def forget() -> None:
        """Forget nothing."""

    [job] = Clock({}, {"forget": forget})._scheduler.get_jobs()

    assert "hour='3', minute='17'" in str(job.trigger)


async def test_stopping_before_the_start_is_harmless():
    Clock({}, {}).stop()
