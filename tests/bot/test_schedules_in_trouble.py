"""Schedules whose person, channel or Slack is not as it was: nothing is asked that may not be, and people are told."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import schedules as at_work
from bot.workspace import channels, people
from storage import halts, schedules
from storage.agenda import Schedule
from storage.tables import OutboxMessage, Run
from storage.words import MessageKind, MessageState
from tests.bot.scheduled import SUNDAY, a_schedule, deliver, look
from tests.bot.shop import Shop, shop
from tests.watch import at, watch


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Shop]:
    async with shop(tmp_path) as opened:
        yield opened

FACTS = {
    "a guest": ({"is_restricted": True}, "Guests may read along"),
    "a former member": ({"deleted": True}, "deactivated"),
    "a stranger": ({"is_stranger": True}, "another organisation"),
}


@pytest.mark.parametrize(("facts", "why"), FACTS.values(), ids=FACTS)
async def test_where_its_person_may_not_ask_any_more_it_ends_and_the_channel_is_told_once(
    here: Shop, monkeypatch: pytest.MonkeyPatch, facts: dict[str, Any], why: str
):
    plain = people.user_object
    with watch(SUNDAY) as now:
        await a_schedule(here)
        now.show("2026-11-23 06:00")
        monkeypatch.setattr(people, "user_object", lambda user: plain(user) | facts)
        for _ in range(3):
            await at_work.Schedules(here.front).work_off()

    [notice] = await here.rows(OutboxMessage)
    [ended] = await here.rows(Schedule)
    assert (notice.kind, notice.channel, notice.thread_ts) == (MessageKind.NOTICE, "C0SALES", "")
    assert why in notice.text
    assert ended.ended_at == at("2026-11-23 06:00")


async def test_between_the_post_and_the_run_its_person_can_lose_the_right_to_ask(
    here: Shop, monkeypatch: pytest.MonkeyPatch
):
    plain = people.user_object
    with watch(SUNDAY) as now:
        await a_schedule(here, "once 2026-11-23T06:00Z")
        now.show("2026-11-23 06:00")
        await at_work.Schedules(here.front).work_off()
        await deliver(here)
        monkeypatch.setattr(people, "user_object", lambda user: plain(user) | {"deleted": True})
        for _ in range(3):
            await at_work.Schedules(here.front).work_off()

    asked, told = await here.rows(OutboxMessage)
    assert (asked.state, told.thread_ts) == (MessageState.DEAD, asked.ts)
    assert await here.rows(Run) == []


async def test_somebody_who_left_the_channel_asks_there_no_more(here: Shop):
    with watch(SUNDAY) as now:
        await a_schedule(here)
        here.leave("U0ALICE")
        now.show("2026-11-23 06:00")
        await at_work.Schedules(here.front).work_off()

    [notice] = await here.rows(OutboxMessage)
    assert "not in this channel any more" in notice.text


async def test_where_the_channel_is_shut_it_pauses_and_its_person_is_told_when_their_night_is_over(
    here: Shop, monkeypatch: pytest.MonkeyPatch
):
    plain = channels.conversation
    with watch(SUNDAY) as now:
        await a_schedule(here)
        monkeypatch.setattr(channels, "conversation", lambda *given: plain(*given) | {"is_archived": True})
        now.show("2026-11-23 06:00")
        for _ in range(3):
            await at_work.Schedules(here.front).work_off()

    [notice] = await here.rows(OutboxMessage)
    [paused] = await here.rows(Schedule)
    assert (notice.user, notice.not_before, paused.paused) == ("U0ALICE", at("2026-11-23 06:30"), True)
    assert "the channel is archived" in notice.text


async def test_a_request_that_slack_refuses_pauses_its_schedule_and_is_told_once(here: Shop):
    with watch(SUNDAY) as now:
        await a_schedule(here)
        now.show("2026-11-23 06:00")
        await at_work.Schedules(here.front).work_off()
        here.leave("U0JIDOKA")
        await deliver(here)
        for _ in range(3):
            await at_work.Schedules(here.front).work_off()

    asked, notice = await here.rows(OutboxMessage)
    [paused] = await here.rows(Schedule)
    assert asked.state is MessageState.DEAD
    assert ("I paused your schedule" in notice.text, notice.user, paused.paused) == (True, "U0ALICE", True)


async def test_while_everything_is_halted_it_waits(here: Shop):
    with watch(SUNDAY) as now:
        await a_schedule(here)
        async with here.database.write() as session:
            await halts.begin(session, "T0JIDOKA", "U0CAROL", "the figures are wrong")
        now.show("2026-11-25 06:00")
        await look(here)
        waiting = [*await here.rows(OutboxMessage), *await here.rows(Run)]
        async with here.database.write() as session:
            await halts.end(session, "T0JIDOKA", "U0CAROL")
        await look(here)

    assert waiting == []
    assert len(await here.rows(Run)) == 1


async def test_while_slack_is_silent_it_waits_and_the_others_go_on(here: Shop):
    with watch(SUNDAY) as now:
        await a_schedule(here, request="the first")
        await a_schedule(here, "0 8 * * *", request="the second")
        now.show("2026-11-23 12:00")
        await here.break_("users.info", "500_after")
        await at_work.Schedules(here.front).work_off()
        one = [row.text for row in await here.rows(OutboxMessage)]
        await look(here)

    assert len(one) == 1
    assert len(await here.rows(Run)) == 2


async def test_while_slack_asks_for_patience_nobody_is_asked_again(here: Shop):
    with watch(SUNDAY) as now:
        await a_schedule(here, request="the first")
        await a_schedule(here, "0 8 * * *", request="the second")
        now.show("2026-11-23 12:00")
        worker = at_work.Schedules(here.front)
        await here.break_("users.info", "429")
        await worker.work_off()
        await worker.work_off()
        asked = await here.calls("users.info")
        await look(here)

    assert len(asked) == 1
    assert len(await here.rows(Run)) == 2


async def test_of_a_schedule_that_was_erased_nothing_more_comes(here: Shop):
    with watch(SUNDAY) as now:
        schedule = await a_schedule(here)
        now.show("2026-11-23 06:00")
        await at_work.Schedules(here.front).work_off()
        await deliver(here)
        async with here.database.write() as session:
            await session.delete(await schedules.known(session, schedule.id))
        await look(here)

    [asked] = await here.rows(OutboxMessage)
    assert (asked.state, asked.error) == (MessageState.DEAD, "its schedule was erased")
    assert await here.rows(Run) == []
