"""Events: saved before they are acknowledged, handled once however often they come, and again after a crash."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot import app as bolt
from bot import listeners
from bot.faults import Faults
from bot.inbox import GIVEN_UP, Inbox
from storage import clock
from storage import inbox as rows_of
from storage.tables import InboxEvent, OutboxMessage, Run
from tests.bot.shop import BOT, Shop, shop

Json = dict[str, Any]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Shop]:
    async with shop(tmp_path) as opened:
        yield opened


def mention(number: int, **event: Any) -> Json:
    ts = f"{1_700_000_000 + number}.000100"
    asked = {"type": "app_mention", "user": "U0ALICE", "text": f"{BOT} task {number}", "ts": ts, "channel": "C0SALES"}
    return {
        "type": "event_callback", "team_id": "T0JIDOKA", "api_app_id": "A0JIDOKA", "event_id": f"Ev{number}",
        "event": {**asked, **event},
    }


async def deliver(here: Shop, payload: Json) -> int:
    """Hand an envelope to the app as the socket does; return the status Bolt answers."""
    done = await here.handler.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
    return done.status


def restart(here: Shop) -> None:
    """Forget everything a process remembers by itself; the database stays."""
    here.inbox = Inbox(here.database, listeners.events(here.front), Faults(here.front.client))
    here.handler.app = bolt.build(here.front, here.inbox, Faults(here.front.client), "xoxb-x")


async def all_handled(here: Shop, count: int) -> bool:
    events = await here.rows(InboxEvent)
    return len(events) == count and all(event.handled_at for event in events)


async def every_event_four_times(here: Shop, count: int) -> None:
    deliveries = [mention(number) for number in range(count)] * 4
    random.Random(7).shuffle(deliveries)
    for payload in deliveries[: len(deliveries) // 2]:
        assert await deliver(here, payload) == 200
    restart(here)
    for payload in deliveries[len(deliveries) // 2 :]:
        assert await deliver(here, payload) == 200
    await here.until(lambda: all_handled(here, count), 60)
    runs = await here.rows(Run)

    assert sorted(run.request for run in runs) == sorted(f"task {number}" for number in range(count))
    assert len(await here.rows(OutboxMessage)) == 2 * count  # each: a reaction and a status


async def test_sixty_events_four_times_each_with_a_restart_between_are_sixty_runs(here: Shop):
    await every_event_four_times(here, 60)


@pytest.mark.long
async def test_a_thousand_events_four_times_each_with_a_restart_between_are_a_thousand_runs(here: Shop):
    await every_event_four_times(here, 1_000)


async def test_an_event_that_cannot_be_saved_is_not_acknowledged(here: Shop, monkeypatch: pytest.MonkeyPatch):
    async def full(*_: object) -> bool:
        raise OSError("disk full")

    monkeypatch.setattr(rows_of, "save", full)
    refused = await deliver(here, mention(1))
    monkeypatch.undo()

    assert refused == 500
    assert await deliver(here, mention(1)) == 200
    assert await here.until(lambda: all_handled(here, 1))


async def test_what_was_saved_before_a_crash_is_handled_at_the_next_start(here: Shop):
    await here.inbox.save(mention(1))
    restart(here)

    assert await here.inbox.sweep(0) == 1
    assert [run.request for run in await here.rows(Run)] == ["task 1"]
    assert await here.inbox.sweep(0) == 0


async def test_a_crash_between_the_run_and_the_mark_makes_no_second_run(here: Shop):
    await here.inbox.save(mention(1))
    await here.inbox.handle(mention(1))
    async with here.database.write() as session:
        (await session.get_one(InboxEvent, "Ev1")).handled_at = None
    await here.inbox.sweep(0)

    assert len(await here.rows(Run)) == 1
    assert await all_handled(here, 1)


async def test_what_fails_again_and_again_is_given_up_and_its_person_told(here: Shop, monkeypatch: pytest.MonkeyPatch):
    async def broken(*_: object) -> str:
        raise ZeroDivisionError("always")

    monkeypatch.setattr(here.engine, "open_run", broken)
    await here.inbox.save(mention(1))
    tries = [await here.inbox.sweep(0) for _ in range(rows_of.MOST_ATTEMPTS + 2)]

    assert tries == [1] * rows_of.MOST_ATTEMPTS + [0, 0]
    [told] = await here.whispers("alice")
    assert told.startswith(GIVEN_UP)


async def test_one_event_that_fails_holds_up_no_other(here: Shop, monkeypatch: pytest.MonkeyPatch):
    opened = here.engine.open_run

    async def sometimes(asked: Any) -> str:
        if asked.request == "task 1":
            raise ZeroDivisionError("this one")
        return await opened(asked)

    monkeypatch.setattr(here.engine, "open_run", sometimes)
    for number in (1, 2):
        await here.inbox.save(mention(number))
    await here.inbox.sweep(0)

    assert [run.request for run in await here.rows(Run)] == ["task 2"]


async def test_the_sweep_leaves_alone_what_is_being_handled_now(here: Shop):
    await here.inbox.save(mention(1))

    assert await here.inbox.sweep() == 0


async def test_an_envelope_for_another_app_or_workspace_is_acknowledged_and_nothing_more(here: Shop):
    foreign = [{**mention(1), "team_id": "T0OTHER"}, {**mention(2), "api_app_id": "A0OTHER"}]
    statuses = [await deliver(here, foreign[0])]
    here.front = replace(here.front, me=replace(here.front.me, app="A0JIDOKA"))
    restart(here)
    statuses.append(await deliver(here, foreign[1]))

    assert statuses == [200, 200]
    assert await here.rows(InboxEvent) == []


async def test_events_nobody_asked_for_are_acknowledged_and_not_kept(here: Shop):
    joined = mention(1, type="member_joined_channel")

    assert await deliver(here, joined) == 200
    assert await here.rows(InboxEvent) == []


async def test_a_shared_channels_envelope_counts_when_it_was_sent_for_us(here: Shop):
    shared = {**mention(1), "team_id": "T0OTHER", "authorizations": [{"team_id": "T0JIDOKA"}]}

    assert await deliver(here, shared) == 200
    assert await here.until(lambda: all_handled(here, 1))


async def test_what_cannot_be_kept_comes_again_and_its_person_is_told_once(here: Shop, monkeypatch: pytest.MonkeyPatch):
    async def locked(_self: Inbox, _payload: Json) -> bool:
        raise OSError("database is locked")

    aside = {"type": "message", "text": "lunch?", "thread_ts": "1.000001"}
    with monkeypatch.context() as broken:
        broken.setattr(Inbox, "save", locked)
        lost = [mention(1), mention(1), mention(2, **aside)]
        statuses = [await deliver(here, payload) for payload in lost]
    again = await deliver(here, mention(1))
    await here.until(lambda: all_handled(here, 1))

    [said] = await here.whispers("alice")
    assert 200 not in statuses
    assert said.startswith(bolt.NOT_KEPT)
    assert again == 200


async def test_the_longer_an_event_fails_the_longer_it_rests(here: Shop, monkeypatch: pytest.MonkeyPatch):
    async def broken(*_: object) -> str:
        raise ZeroDivisionError("still")

    monkeypatch.setattr(here.engine, "open_run", broken)
    await here.inbox.save(mention(1))
    [row] = await here.rows(InboxEvent)
    tried = []
    for after_s in range(0, 3_600, 10):
        monkeypatch.setattr(clock, "now", lambda: row.received_at + timedelta(seconds=after_s))  # noqa: B023
        if await here.inbox.sweep():
            tried.append(after_s)

    assert tried == [20, 40, 80, 160, 320, 640, 1280, 2560]
