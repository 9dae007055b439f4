"""Schedules at work: at the right moment, once, whatever happens to the process and the clock."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import schedules as at_work
from bot.listeners.schedules import mine
from storage import clock, outbox
from storage.agenda import Schedule
from storage.schedules import Due
from storage.tables import Event, OutboxMessage, Run
from storage.words import MessageKind
from tests.bot.outbox.test_kill import Death
from tests.bot.scheduled import DAILY, NIGHTLY, SUNDAY, a_schedule, look, requests
from tests.bot.shop import Shop, shop
from tests.watch import at, watch


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Shop]:
    async with shop(tmp_path) as opened:
        yield opened

async def test_at_its_moment_a_schedule_asks_in_its_channel_and_a_run_begins(here: Shop):
    with watch(SUNDAY) as now:
        schedule = await a_schedule(here)
        await look(here)
        early = await here.rows(Run)
        now.show("2026-11-23 06:00:04")
        await look(here)
        await look(here)

    [run], [kept] = await here.rows(Run), await here.rows(Schedule)
    assert early == []
    assert await requests(here) == [
        "Scheduled by <@U0ALICE> (every day at 07:00): send the competitor news"
    ]
    assert (run.request, run.requester, run.schedule_id) == ("send the competitor news", "U0ALICE", schedule.id)
    assert (run.channel, run.thread_ts) == ("C0SALES", run.request_ts)
    assert kept.next_at == at("2026-11-24 06:00")


async def test_a_schedule_of_the_night_makes_night_runs(here: Shop):
    with watch(SUNDAY) as now:
        for repeat in (NIGHTLY, DAILY, "0 15 * * *"):  # quiet hours end at 7:30
            await a_schedule(here, repeat)
        for moment in ("2026-11-22 21:00", "2026-11-23 06:00", "2026-11-23 14:00"):
            now.show(moment)
            await look(here)

    assert [run.night for run in await here.rows(Run)] == [True, False, False]


async def test_a_deadline_in_its_words_is_that_days_each_time(here: Shop):
    with watch(SUNDAY) as now:
        await a_schedule(here, request="compare the offers, by 12:00")
        for moment in ("2026-11-23 06:00", "2026-11-24 06:00"):
            now.show(moment)
            await look(here)

    assert [run.due_at for run in await here.rows(Run)] == [at("2026-11-23 11:00"), at("2026-11-24 11:00")]


async def test_what_was_missed_is_made_up_for_once_in_time_order_and_says_when_it_was_planned(here: Shop):
    with watch(SUNDAY) as now:
        await a_schedule(here, "0 8 * * *", request="the second")
        await a_schedule(here, "0 7 * * *", request="the first")
        now.show("2026-11-26 12:00")
        await look(here)
        await look(here)

    told = await requests(here)
    assert [text.rpartition(": ")[2] for text in told] == ["the first", "the second"]
    assert f"planned for <!date^{int(at('2026-11-23 06:00').timestamp())}^" in told[0]
    assert [run.request for run in await here.rows(Run)] == ["the first", "the second"]
    assert [one.next_at for one in await mine(here.front, "U0ALICE")] == [at("2026-11-27 06:00"), at("2026-11-27 07:00")]


async def test_in_a_direct_message_it_asks_there(here: Shop):
    with watch(SUNDAY) as now:
        await a_schedule(here, channel="D0ALICE")
        now.show("2026-11-23 06:00")
        await look(here)

    assert [run.channel for run in await here.rows(Run)] == ["D0ALICE"]


async def test_on_its_last_day_it_comes_once_more_and_is_over(here: Shop):
    with watch(SUNDAY) as now:
        await a_schedule(here, until=at("2026-11-24 23:00"))
        for moment in ("2026-11-23 06:00", "2026-11-24 06:00", "2026-11-25 06:00", "2027-11-23 06:00"):
            now.show(moment)
            await look(here)

    [kept] = await here.rows(Schedule)
    assert len(await here.rows(Run)) == 2
    assert kept.ended_at == at("2026-11-24 06:00")


async def test_its_files_and_its_line_go_with_every_run(here: Shop):
    file = {"id": "F1", "name": "offers.csv", "url_private": "https://files.slack.com/F1"}
    with watch(SUNDAY) as now:
        await a_schedule(here, files=[file], line="market-analysis")
        for moment in ("2026-11-23 06:00", "2026-11-24 06:00"):
            now.show(moment)
            await look(here)

    assert [(run.files, run.line) for run in await here.rows(Run)] == [([file], "market-analysis")] * 2
    assert (await requests(here))[0] == (
        "Scheduled by <@U0ALICE> (every day at 07:00, with offers.csv): send the competitor news"
    )


async def test_once_is_once(here: Shop):
    with watch(SUNDAY) as now:
        schedule = await a_schedule(here, "once 2026-11-23T06:00Z")
        for moment in ("2026-11-23 06:00", "2026-11-23 06:01", "2027-11-23 06:00"):
            now.show(moment)
            await look(here)

    [kept] = await here.rows(Schedule)
    assert [run.schedule_id for run in await here.rows(Run)] == [schedule.id]
    assert kept.ended_at == at("2026-11-23 06:00")


async def test_a_clock_that_jumps_back_and_forth_doubles_nothing(here: Shop):
    with watch(SUNDAY) as now:
        await a_schedule(here)
        now.show("2026-11-23 06:00")
        for days in (0, -1, 1, -1, 1):
            now.forward(days=days)
            await look(here)

    assert len(await here.rows(Run)) == 1


def hours(first: str, days: int) -> Iterator[str]:
    return (f"{at(first) + timedelta(hours=hour):%Y-%m-%d %H:%M}" for hour in range(days * 24))


@pytest.mark.parametrize(("first", "days"), [("2026-10-21 00:30", 13), ("2027-03-13 00:30", 17)], ids=["autumn", "spring"])
async def test_over_changing_clocks_it_comes_once_a_day_at_the_right_time_on_the_wall(here: Shop, first: str, days: int):
    zones = {"Europe/Berlin": "30 2 * * *", "America/New_York": "30 9 * * *"}
    with watch(first) as now:
        kept = {(await a_schedule(here, repeat, zone)).id: zone for zone, repeat in zones.items()}
        worker = at_work.Schedules(here.front)
        for moment in hours(first, days):
            now.show(moment)
            await worker.work_off()

    fired: dict[str, list[str]] = {zone: [] for zone in zones}
    for row in await here.rows(OutboxMessage, kind=MessageKind.REQUEST):
        due = Due.from_text(row.text)
        fired[kept[due.schedule_id]].append(f"{due.at.astimezone(ZoneInfo(kept[due.schedule_id])):%m-%d %H:%M}")
    days_of = {zone: [one[:5] for one in said] for zone, said in fired.items()}
    assert all(len(said) == len(set(said)) and len(said) in (days, days - 1) for said in days_of.values())
    assert {one[6:] for one in fired["America/New_York"]} == {"09:30"}
    assert {one for one in fired["Europe/Berlin"] if one[6:] != "02:30"} == ({"03-28 03:00"} if "2027" in first else set())


async def test_death_at_any_tick_neither_loses_nor_doubles_a_request(here: Shop):
    mortal: Any = SimpleNamespace(database=here.database, client=here.front.client)
    for tick in count(1):
        past = clock.now() - timedelta(minutes=1)
        schedule = await a_schedule(here, next_at=past, request=f"number {tick}")
        with Death(mortal, tick) as death:
            await asyncio.gather(look(here), return_exceptions=True)
        for _ in range(3):
            await look(here)

        runs = [run for run in await here.rows(Run) if run.schedule_id == schedule.id]
        told = [text for text in await requests(here) if text.endswith(f"number {tick}")]
        rows = [row for row in await here.rows(OutboxMessage, kind=MessageKind.REQUEST) if schedule.id in row.text]
        assert (len(runs), len(told), [row.run_id for row in rows]) == (1, 1, [run.id for run in runs])
        if not death.came:
            break
    assert tick > 12


async def test_two_processes_ask_once(here: Shop):
    with watch(SUNDAY) as now:
        schedule = await a_schedule(here)
        now.show("2026-11-23 06:00")
        await asyncio.gather(*(at_work.Schedules(here.front).work_off() for _ in range(4)))

    assert len(await here.rows(OutboxMessage)) == 1
    assert [event.payload["schedule"] for event in await here.rows(Event, kind="schedule due")] == [schedule.id]


async def test_messages_of_others_are_no_requests(here: Shop):
    async with here.database.write() as session:
        outbox.say(session, MessageKind.NOTICE, channel="C0SALES", text="hello")
    await look(here)

    assert await here.rows(Run) == []
