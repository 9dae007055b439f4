"""The bot is told to end while agents wait for their models: it ends in time, in peace, and the next start goes on."""

import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from tests.bot.waiting import until
from tests.stories.town import Town, town
from tests.workshop import triage

GENERAL = "C0GENERAL"
LONGEST_S = 10.0
TRIAGE = triage(route="answer", line="")


def hanging(times: int) -> dict[str, Any]:
    """The first answer to each request never comes."""
    return {**TRIAGE, "fault": {"type": "hang", "times": 1}, "times": times}


async def ended(here: Town) -> tuple[int, float]:
    """Tell the bot to end, as a machine does that restarts; return its exit code and how many seconds it took."""
    began = time.monotonic()
    here.bots[-1].send_signal(signal.SIGTERM)
    return await here.bots[-1].wait(), time.monotonic() - began


def triages(here: Town) -> list[tuple[int, int, str]]:
    """Return (attempt, failures, state) of every triage, from the bot's own rows."""
    connection = sqlite3.connect(here.home / "bot" / "jidoka.db")
    try:
        return connection.execute("select attempt, failures, lower(state) from task where key = 'triage'").fetchall()
    finally:
        connection.close()


def asked(here: Town) -> int:
    """Return how often the model was asked."""
    assert here.model is not None
    return len(here.model.calls())


@pytest.mark.parametrize("runs", [1, pytest.param(5, marks=pytest.mark.long)])
async def test_calls_that_do_not_end_are_left_to_the_next_start(tmp_path: Path, runs: int):
    writing: dict[str, Any] = {"reply": "Later.", "latency_ms": 60_000, "times": "*"}
    async with town(tmp_path, [hanging(runs), writing]) as here:
        for number in range(runs):
            await here.alice.say(GENERAL, f"<@U0JIDOKA> answer question {number}")
        await until(lambda: asked(here) == runs, 60)
        code, seconds = await ended(here)
        log, left = here.log(), triages(here)

        await here.start_bot()
        await until(lambda: all(state == "done" for *_, state in triages(here)), 60)
        then = triages(here)

    assert (code, seconds < LONGEST_S) == (0, True), seconds
    assert [line for line in log.splitlines() if "Traceback" in line or " error " in line or " warning " in line] == []
    assert left == [(1, 0, "working")] * runs
    assert then == [(1, 0, "done")] * runs  # the same attempt, and nobody was told of a failure


async def test_a_call_that_ends_in_time_is_kept_and_not_made_again(tmp_path: Path):
    slow = {**TRIAGE, "latency_ms": 1_000}
    async with town(tmp_path, [slow, {"reply": "Later.", "latency_ms": 60_000, "times": "*"}]) as here:
        await here.alice.say(GENERAL, "<@U0JIDOKA> answer me")
        await until(lambda: asked(here) == 1, 60)
        code, seconds = await ended(here)
        kept = triages(here)

    assert (code, seconds < LONGEST_S) == (0, True), seconds
    assert "Traceback" not in here.log()
    assert kept == [(1, 0, "done")]
