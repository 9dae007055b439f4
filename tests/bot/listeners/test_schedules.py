"""Schedules asked for in words, by command and by the form; who may change them, and how many there may be."""

import json
import sqlite3
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot import blockkit
from bot.listeners.schedules import GONE
from bot.messages import schedules as shown
from bot.messages import scheduling
from bot.messages.scheduling import Begun
from bot.outbox import Outbox
from bot.workspace import people
from storage import clock, schedules
from storage.agenda import Schedule
from storage.tables import Event, OutboxMessage, Run
from storage.words import MessageKind
from tests.bot.listeners.test_requests import settled
from tests.bot.shop import BOT, Shop
from tests.watch import at, watch

Json = dict[str, Any]
SUNDAY = "2026-11-22 14:00"
LINES = ("competitive-intelligence", "market-analysis")


async def deliver(here: Shop) -> None:
    """Let the outbox say what waits to be said."""
    await Outbox(here.database, here.front.client, status_every_s=0).deliver_due()


async def command(here: Shop, text: str, user: str = "U0ALICE") -> str:
    """Send a command and return what its person alone is told."""
    payload = {
        "command": "/jidoka", "text": text, "user_id": user, "channel_id": "C0SALES", "team_id": "T0JIDOKA",
        "api_app_id": "A0JIDOKA", "trigger_id": "t",
    }  # fmt: skip
    done = await here.handler.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
    return str(done.body)


async def card(here: Shop, schedule: Schedule) -> Json:
    """Return the message about a schedule as it stands in Slack now."""
    await deliver(here)
    [row] = [one for one in await here.rows(OutboxMessage, kind=MessageKind.SCHEDULE) if one.text == schedule.id]
    answer = await here.front.client.conversations_replies(channel=row.channel, ts=row.thread_ts or row.ts, limit=50)
    return next(message for message in answer["messages"] if message["ts"] == row.ts)


async def press(here: Shop, name: str, message: Json, action: str) -> Json:
    [block] = [one for one in message["blocks"] if one["type"] == "actions"]
    [button] = [one for one in block["elements"] if one["action_id"] == action]
    container = {"type": "message", "channel": "C0SALES", "ts": message["ts"]}
    pressed = {"action_id": action, "type": "button", "value": button["value"]}
    return await here.do(name, "action", {"container": container, "block_id": block["block_id"], "action": pressed})


async def a_schedule(here: Shop, text: str = "every weekday at 7: send the competitor news") -> Schedule:
    assert await command(here, text) == ""
    return (await here.rows(Schedule))[-1]


async def test_a_schedule_heard_in_a_mention_begins_when_its_person_says_yes(here: Shop):
    with watch(SUNDAY):
        ts = await here.say("alice", "C0SALES", f"{BOT} every weekday at 7: send <@U0BOB> the competitor news")
        await settled(here, 1)
        [proposed] = await here.rows(Schedule)
        asked = await card(here, proposed)
        none_yet = await here.rows(Run)
        await press(here, "alice", asked, shown.CONFIRM)
        await press(here, "alice", asked, shown.CONFIRM)
        [schedule] = await here.rows(Schedule)
        confirmed = await card(here, schedule)

    assert asked["thread_ts"] == ts
    assert "every weekday at 07:00 (Europe/Berlin)" in asked["text"]
    assert asked["text"].count("<!date^") == 3
    assert (proposed.next_at, none_yet) == (None, [])
    assert schedule.next_at == at("2026-11-23 06:00")
    assert (schedule.request, schedule.by) == ("send @Bob the competitor news", "U0ALICE")
    assert "Scheduled by <@U0ALICE>" in confirmed["text"]
    assert [event.by for event in await here.rows(Event, kind="scheduled")] == ["U0ALICE"]


async def test_what_was_assumed_of_a_repeat_is_told_to_its_writer(here: Shop):
    await here.say("alice", "D0ALICE", "send me the competitor news every day")
    await settled(here, 1)

    [proposed] = await here.rows(Schedule)
    assert (proposed.channel, proposed.repeat, proposed.request) == ("D0ALICE", "0 9 * * *", "send me the competitor news")
    assert await here.until(lambda: here.whispers("alice")) == ["I read 'every day' as every day at 09:00."]


async def test_a_proposal_that_is_dropped_never_comes(here: Shop):
    await here.say("alice", "C0SALES", f"{BOT} every weekday at 7: send the competitor news")
    await settled(here, 1)
    [proposed] = await here.rows(Schedule)
    asked = await card(here, proposed)
    await press(here, "alice", asked, shown.DROP)
    await press(here, "alice", asked, shown.CONFIRM)

    [dropped] = await here.rows(Schedule)
    assert (dropped.next_at, dropped.ended_at is not None) == (None, True)
    assert (await card(here, dropped))["text"].startswith("Not scheduled")
    assert await here.whispers("alice") == ["This schedule is not there any more."]


async def test_a_command_is_kept_at_once_and_said_in_the_channel(here: Shop):
    with watch(SUNDAY):
        schedule = await a_schedule(here, "every Monday at 9:30: status of the projects, at most 300 words")
        said = await card(here, schedule)

    assert (schedule.next_at, schedule.zone) == (at("2026-11-23 08:30"), "Europe/Berlin")
    assert schedule.request == "status of the projects, at most 300 words"
    assert said.get("thread_ts") is None
    assert "every Monday at 09:30" in said["text"]
    assert await here.rows(Run) == []


async def test_a_last_day_that_was_typed_is_kept_and_said(here: Shop):
    with watch(SUNDAY):
        schedule = await a_schedule(here, "every weekday until Friday at 8: send the competitor news")
        said = await card(here, schedule)

    assert schedule.until == at("2026-11-27 23:00")
    assert "every weekday at 08:00 until 27 November 2026" in said["text"]


async def test_a_repeat_that_cannot_be_is_told_and_nothing_is_half_made(here: Shop):
    await here.say("alice", "C0SALES", f"{BOT} every 5 minutes: send the competitor news")
    await settled(here, 1)
    told = await command(here, "every 5 minutes: send the competitor news")

    [notice] = await here.rows(OutboxMessage)
    assert (told, notice.text) == (notice.text, told)
    assert "more often than every 15 minutes" in told
    assert (await here.rows(Schedule), await here.rows(Run)) == ([], [])


async def test_files_of_the_message_come_with_the_schedule(here: Shop):
    words = f"{BOT} every weekday at 7: compare these"
    await here.client("alice").files_upload_v2(channel="C0SALES", filename="a.txt", content="x", initial_comment=words)
    await settled(here, 1)

    [proposed] = await here.rows(Schedule)
    assert [file["name"] for file in proposed.files] == ["a.txt"]
    assert "With a.txt" in str((await card(here, proposed))["blocks"])


async def test_a_guest_cannot_have_one(here: Shop):
    assert (await command(here, "every weekday at 7: send the news", "U0DAVE")).startswith("I cannot take this. Guests")
    assert await here.rows(Schedule) == []


async def test_the_twenty_first_is_refused_politely(here: Shop):
    about = {"team": "T0JIDOKA", "channel": "C0SALES", "by": "U0ALICE", "request": "x", "zone": "UTC"}
    async with here.database.write() as session:
        for _ in range(schedules.MOST):
            await schedules.add(session, **about, repeat="0 7 * * *", next_at=clock.now())

    assert (await command(here, "every weekday at 7: send the news")).startswith("You have 20 schedules")
    assert len(await here.rows(Schedule)) == schedules.MOST


async def test_where_i_am_not_nothing_is_scheduled(here: Shop):
    left = "DELETE FROM member WHERE channel = 'C0SALES' AND user = 'U0JIDOKA'"
    with sqlite3.connect(here.home / "workspace.db") as connection:
        connection.execute(left)
    connection.close()

    assert GONE[4:] in await command(here, "every weekday at 7: send the news")
    assert await here.rows(Schedule) == []


async def test_nobody_says_yes_in_somebody_elses_name(here: Shop, monkeypatch: pytest.MonkeyPatch):
    await here.say("alice", "C0SALES", f"{BOT} every weekday at 7: send the competitor news")
    await settled(here, 1)
    [proposed] = await here.rows(Schedule)
    asked, plain = await card(here, proposed), people.user_object
    monkeypatch.setattr(people, "user_object", lambda user: plain(user) | {"is_admin": user == "U0CAROL"})
    await press(here, "carol", asked, shown.CONFIRM)

    assert await here.until(lambda: here.whispers("carol")) == [
        "Nothing changed. Only <@U0ALICE>, in whose name it would ask, can say yes to this schedule."
    ]
    assert [row.next_at for row in await here.rows(Schedule)] == [None]
    assert await here.rows(Event, kind="scheduled") == []


async def test_only_its_person_or_an_admin_changes_a_schedule(here: Shop, monkeypatch: pytest.MonkeyPatch):
    schedule = await a_schedule(here)
    said = await card(here, schedule)
    await press(here, "bob", said, shown.PAUSE)
    [refused] = await here.until(lambda: here.whispers("bob"))
    plain = people.user_object
    monkeypatch.setattr(people, "user_object", lambda user: plain(user) | {"is_admin": user == "U0CAROL"})
    await press(here, "carol", said, shown.END)

    assert refused.startswith("Nothing changed. Only <@U0ALICE>")
    [ended] = await here.rows(Schedule)
    assert (ended.paused, ended.ended_at is not None) == (False, True)
    assert [event.by for event in await here.rows(Event, kind="schedule ended")] == ["U0CAROL"]
    assert (await card(here, ended))["text"].startswith("Over: <@U0ALICE>'s schedule")


async def test_a_resumed_schedule_makes_up_for_nothing(here: Shop):
    with watch(SUNDAY) as now:
        schedule = await a_schedule(here)
        await press(here, "alice", await card(here, schedule), shown.PAUSE)
        now.show("2026-12-02 12:00")
        paused = await card(here, schedule)
        await press(here, "alice", paused, shown.RESUME)

    [resumed] = await here.rows(Schedule)
    assert paused["text"].startswith("Paused: ")
    assert (resumed.paused, resumed.next_at) == (False, at("2026-12-03 06:00"))


def often(way: str) -> Json:
    return {"selected_option": {"value": way}}


def a_form(**given: Json) -> Json:
    """Return a submitted form as Slack sends it."""
    values: Json = {
        "channel": {"value": {"selected_conversation": "C0SALES"}}, "request": {"value": {"value": "send the news"}},
        "often": {scheduling.OFTEN: often("weekday")}, "time": {"value": {"selected_time": "08:15"}},
        **{name: {"value": said} for name, said in given.items()},
    }  # fmt: skip
    view = scheduling.form(Begun("Europe/Berlin", "C0SALES"), LINES)
    return {**view, "state": {"values": values}}


@pytest.mark.parametrize(("given", "repeat"), [
    ({}, "15 8 * * mon-fri"),
    ({"often": often("day")}, "15 8 * * *"),
    ({"often": often("week"), "weekdays": {"selected_options": [{"value": "tue"}, {"value": "thu"}]}}, "15 8 * * tue,thu"),
    ({"often": often("month"), "day": often("L")}, "15 8 L * *"),
    ({"often": often("once"), "date": {"selected_date": "2026-12-03"}}, "once 2026-12-03T07:15Z"),
])  # fmt: skip
def test_the_form_says_how_often_in_the_clocks_of_its_person(given: Json, repeat: str):
    filled = scheduling.filled(a_form(**given), at(SUNDAY))

    assert filled.wrong == {}
    assert filled.repeat is not None and filled.repeat.to_text() == repeat


@pytest.mark.parametrize(("given", "where"), [
    ({"request": {"value": " "}}, "request"),
    ({"often": often("week"), "weekdays": {"selected_options": []}}, "weekdays"),
    ({"often": often("once")}, "date"),
    ({"often": often("once"), "date": {"selected_date": "2026-11-01"}}, "time"),
])  # fmt: skip
def test_what_is_missing_in_the_form_is_said_at_its_input(given: Json, where: str):
    assert list(scheduling.filled(a_form(**given), at(SUNDAY)).wrong) == [where]


@pytest.mark.parametrize("way", ["day", "weekday", "week", "month", "once"])
def test_slack_takes_the_form_whatever_is_chosen(way: str):
    form = scheduling.form(Begun("Europe/Berlin", "C0SALES", way=way), LINES)

    assert blockkit.validate_view(form, "emit") == []
    assert scheduling.again({**form, "state": {"values": {"often": {"x": often(way)}}}}) == form


async def test_slack_takes_a_list_of_twenty_with_the_longest_requests(here: Shop):
    long = "every word of it counts <&> " * 100
    mine = [
        Schedule(id=f"sch-{n}", team="T", channel="C0SALES", by="U0ALICE", request=long, repeat="0 7 * * *", zone="UTC")
        for n in range(20)
    ]

    assert blockkit.validate_view(shown.window(mine, at(SUNDAY), "Nothing changed."), "emit") == []
    assert blockkit.validate(list(shown.card(mine[0], at(SUNDAY)).blocks), "message", "emit") == []


async def test_the_form_and_the_list_open_by_command_and_the_form_keeps_a_schedule(here: Shop):
    with watch(SUNDAY):
        assert (await here.do("alice", "command", {"channel": "C0SALES", "command": "/jidoka", "text": "schedule"}))["ok"]
        [opened] = await here.until(lambda: here.calls("views.open"))
        taken = await submit(here, {**a_form(), "private_metadata": view(opened)["private_metadata"]})
        assert (await here.do("alice", "command", {"channel": "C0SALES", "command": "/jidoka", "text": "schedules"}))["ok"]
        listed = view(await here.until(lambda: second(here)))

    [schedule] = await here.rows(Schedule)
    assert taken == ""
    assert (schedule.repeat, schedule.request, schedule.zone) == ("15 8 * * mon-fri", "send the news", "Europe/Berlin")
    assert "every weekday at 08:15" in str(listed) and schedule.id in str(listed)


def view(call: Json) -> Json:
    """Return the view of a call, as it went over the wire."""
    return dict(call["view"] if isinstance(call["view"], dict) else json.loads(call["view"]))


async def submit(here: Shop, form: Json) -> str:
    """Hand a form in as Alice; return what the bot answers."""
    about = {"type": "view_submission", "team": {"id": "T0JIDOKA"}, "user": {"id": "U0ALICE"}, "api_app_id": "A0JIDOKA"}
    body = {**about, "view": {**form, "id": "V1"}}
    done = await here.handler.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    return str(done.body)


async def second(here: Shop) -> Json | None:
    calls = await here.calls("views.open")
    return calls[1] if len(calls) > 1 else None
