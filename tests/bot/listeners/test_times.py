"""When a request is to be done, as its words say, on the clocks of whoever wrote it."""

from typing import Any

import pytest

from agents.engine.ground import Rulings
from agents.policies import judged
from agents.policies.values import Rules
from storage.agenda import Timer
from storage.tables import OutboxMessage, Run
from storage.words import MessageKind, TimerKind
from tests.bot.listeners.test_requests import settled
from tests.bot.listeners.test_schedules import command
from tests.bot.shop import BOT, Shop
from tests.watch import at, watch

AFTERNOON = "2026-11-23 14:00"  # UTC, a Monday; in Berlin it is 15:00


class Page(Rulings):
    """Rules as a page says them."""

    def __init__(self, text: str) -> None:
        self._rules, wrong = judged(text, {})
        assert wrong == []

    def rules(self) -> Rules:
        return self._rules


async def asks(here: Shop, words: str) -> None:
    await here.say("alice", "C0SALES", f"{BOT} {words}")
    await settled(here, 1)


async def notices(here: Shop) -> list[str]:
    return [row.text for row in await here.rows(OutboxMessage, kind=MessageKind.NOTICE)]


async def test_tonight_begins_in_the_evening_of_its_writer_and_the_words_stay(here: Shop):
    with watch(AFTERNOON):
        await asks(here, "tonight compare the three offers, by 8 tomorrow")

    [run] = await here.rows(Run)
    assert (run.night, run.begin_at, run.due_at) == (True, at("2026-11-23 19:00"), at("2026-11-24 07:00"))
    assert run.request == "tonight compare the three offers, by 8 tomorrow"
    assert {timer.kind for timer in await here.rows(Timer)} >= {TimerKind.BEGIN, TimerKind.OVERDUE}


@pytest.mark.parametrize(("written", "begins"), [
    ("2026-11-23 20:30", None),  # 21:30 in Berlin: the night has begun
    ("2026-11-24 03:00", None),  # 4:00
    ("2026-11-24 06:29", None),  # a minute before quiet hours end
    ("2026-11-24 06:30", "2026-11-24 19:00"),
])  # fmt: skip
async def test_in_the_night_tonight_is_now(here: Shop, written: str, begins: str | None):
    with watch(written):
        await asks(here, "compare the three offers tonight")

    [run] = await here.rows(Run)
    assert (run.night, run.begin_at) == (True, at(begins) if begins else None)


async def test_a_policy_says_when_the_night_starts(here: Shop):
    here.engine.policies = Page('night = "22:00"\nquiet_hours = "20:00-07:30"\n')
    with watch("2026-11-23 19:30"):  # quiet already, and the night's work has not started
        await asks(here, "compare the three offers tonight")

    [run] = await here.rows(Run)
    assert run.begin_at == at("2026-11-23 21:00")


async def test_a_deadline_is_kept_and_what_was_assumed_is_said(here: Shop):
    with watch(AFTERNOON):
        await asks(here, "compare the three offers, by 8 tomorrow")

    [run] = await here.rows(Run)
    assert (run.begin_at, run.due_at) == (None, at("2026-11-24 07:00"))
    assert await notices(here) == []
    [told] = await here.until(lambda: here.whispers("alice"))
    assert told == "I read '8 tomorrow' as Tue 24 November 2026, 08:00 (Europe/Berlin)."


async def test_a_start_at_an_hour_is_the_writers_hour(here: Shop):
    with watch(AFTERNOON):
        await asks(here, "at 22:00 compare the three offers")

    [run] = await here.rows(Run)
    assert (run.night, run.begin_at) == (False, at("2026-11-23 21:00"))


async def test_what_is_due_before_it_can_begin_is_said_and_nothing_begins(here: Shop):
    with watch(AFTERNOON):
        await asks(here, "compare the three offers tonight, by 18:00")
        told = await command(here, "compare the three offers tonight, by 18:00")

    [said] = await notices(here)
    assert said == told
    assert "You want this by Mon 23 November 2026, 18:00" in said
    assert await here.rows(Run) == []


async def test_what_is_unclear_is_asked_and_nothing_begins(here: Shop):
    with watch(AFTERNOON):
        await asks(here, "every weekday at 7")

    [said] = await notices(here)
    assert "You wrote when, but not what" in said and "Nothing was started" in said
    assert await here.rows(Run) == []


async def test_a_command_begins_at_its_time_too(here: Shop):
    with watch(AFTERNOON):
        assert await command(here, "compare the three offers tonight") == ""

    [run] = await here.rows(Run)
    assert (run.request, run.night, run.begin_at) == ("compare the three offers tonight", True, at("2026-11-23 19:00"))


async def test_a_request_handled_late_means_the_night_it_was_written_in(here: Shop):
    event: dict[str, Any] = {"type": "app_mention", "user": "U0ALICE", "text": f"{BOT} compare the offers tonight",
                             "ts": "5.0", "channel": "C0SALES"}
    payload = {"type": "event_callback", "team_id": "T0JIDOKA", "event_id": "Ev1", "event": event}
    with watch(AFTERNOON) as now:
        await here.inbox.save(payload)
        now.show("2026-11-24 12:00")
        await here.inbox.handle(payload)

    [run] = await here.rows(Run)
    assert (run.night, run.begin_at) == (True, at("2026-11-23 19:00"))
