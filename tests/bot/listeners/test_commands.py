"""The slash command and a run's Stop button."""

import sqlite3
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.listeners.leftovers import UNKNOWN_COMMAND
from bot.listeners.requests import HELP
from bot.listeners.runs import LONGEST, NOT_HERE, NOT_TAKEN, NOTHING_HERE, SEVERAL, TOO_LONG
from bot.messages import actions
from bot.workspace import people
from storage.tables import Run
from storage.words import RunState
from tests.bot.shop import Shop, a_question

Json = dict[str, Any]


async def command(here: Shop, name: str, text: str, channel: str = "C0SALES", which: str = "/jidoka") -> Json:
    return await here.do(name, "command", {"channel": channel, "command": which, "text": text})


async def answer(here: Shop, name: str, text: str) -> str:
    """Send a command and return what its person alone is told."""
    payload = {
        "command": "/jidoka", "text": text, "user_id": {"alice": "U0ALICE", "dave": "U0DAVE"}[name], "channel_id": "C0SALES",
        "team_id": "T0JIDOKA", "api_app_id": "A0JIDOKA", "trigger_id": "t", "response_url": "http://127.0.0.1:9/none",
    }
    return await dispatch(here, payload)


async def dispatch(here: Shop, payload: Json) -> str:
    done = await here.handler.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
    assert done.status == 200
    return str(done.body)


async def test_a_command_becomes_a_message_and_its_thread_the_runs(here: Shop):
    assert (await command(here, "alice", "compare A &amp; B by <!here> <@U0BOB|bob>"))["ok"] is True

    [run] = await here.rows(Run)
    [posted] = await here.calls("chat.postMessage")
    assert run.request == "compare A & B by @here @Bob"
    assert posted["text"] == "<@U0ALICE> asked: compare A &amp; B by @here @Bob"
    assert {str(posted[name]).lower() for name in ("unfurl_links", "unfurl_media")} <= {"0", "false"}
    assert (run.channel, run.requester, run.thread_ts) == ("C0SALES", "U0ALICE", run.request_ts)
    history = await here.client("alice").conversations_history(channel="C0SALES")
    assert history["messages"][0]["ts"] == run.request_ts


@pytest.mark.parametrize("last", ["end", "&lt;end&gt;"])
async def test_a_long_command_is_shown_and_kept_to_its_last_word(here: Shop, last: str):
    words = "compare " + "every one of them " * 500

    assert await answer(here, "alice", words + last) == ""

    [run] = await here.rows(Run)
    history = await here.client("alice").conversations_history(channel="C0SALES")
    assert run.request == words + last.replace("&lt;", "<").replace("&gt;", ">")
    assert history["messages"][0]["text"] == f"<@U0ALICE> asked: {words}{last}"


async def test_a_command_that_slack_would_cut_is_refused_and_nothing_is_kept(here: Shop):
    words = "&amp;" * (LONGEST // 5)

    told = await answer(here, "alice", words)

    assert told == TOO_LONG.format(count=len(words) + len("<@U0ALICE> asked: "), most=LONGEST)
    assert await here.rows(Run) == []
    assert await here.calls("chat.postMessage") == []


@pytest.mark.parametrize("words", ["", "  ", "help", "HELP", "?"])
async def test_help_is_told_to_the_person_alone(here: Shop, words: str):
    assert await answer(here, "alice", words) == HELP
    assert await here.calls("chat.postMessage") == []


async def test_where_i_may_not_write_the_person_reads_what_to_do(here: Shop):
    with sqlite3.connect(here.home / "workspace.db") as connection:
        connection.execute("DELETE FROM member WHERE channel = 'C0SALES' AND user = 'U0JIDOKA'")
    connection.close()

    assert await answer(here, "alice", "compare them") == NOT_HERE
    assert await here.rows(Run) == []


async def test_a_lost_message_is_said_and_no_run_begins(here: Shop):
    await here.break_("chat.postMessage", "500_after")

    assert await answer(here, "alice", "compare them") == NOT_TAKEN
    assert await here.rows(Run) == []


async def test_a_guests_command_is_refused(here: Shop):
    assert (await answer(here, "dave", "compare them")).startswith("I cannot take this. Guests")
    assert await here.rows(Run) == []


async def test_stop_ends_the_one_run_of_mine_here(here: Shop):
    await answer(here, "alice", "compare them")

    assert await answer(here, "alice", "stop") == "Stopped."
    assert [run.state for run in await here.rows(Run)] == [RunState.STOPPED]
    assert await answer(here, "alice", "stop") == NOTHING_HERE


async def test_with_several_runs_stop_asks_which(here: Shop):
    await answer(here, "alice", "compare them")
    await answer(here, "alice", "compare the others")

    assert await answer(here, "alice", "stop") == SEVERAL.format(count=2)
    assert {run.state for run in await here.rows(Run)} == {RunState.WORKING}


async def test_an_unknown_command_says_where_help_is(here: Shop):
    payload = {"command": "/other", "text": "", "user_id": "U0ALICE", "channel_id": "C0SALES", "team_id": "T0JIDOKA"}

    assert await dispatch(here, payload) == UNKNOWN_COMMAND


async def test_the_stop_button_stops_the_run(here: Shop):
    checkpoint = await a_question(here.front)
    value = actions.run_value(checkpoint.run_id)

    assert await here.press("bob", await here.card(checkpoint, actions.RUN_STOP, value), actions.RUN_STOP, value)

    assert [run.state for run in await here.rows(Run)] == [RunState.STOPPED]


@pytest.mark.parametrize("value", ["", "{}", '{"run": "run-none"}', "run-1"])
async def test_a_stop_button_for_no_run_says_so(here: Shop, value: str):
    checkpoint = await a_question(here.front)
    value = value or "x"

    await here.press("bob", await here.card(checkpoint, actions.RUN_STOP, value), actions.RUN_STOP, value)

    [told] = await here.until(lambda: here.whispers("bob"))
    assert "belongs to nothing" in told


async def test_stopping_twice_says_it_has_ended(here: Shop):
    checkpoint = await a_question(here.front)
    value = actions.run_value(checkpoint.run_id)
    ts = await here.card(checkpoint, actions.RUN_STOP, value)
    await here.press("bob", ts, actions.RUN_STOP, value)
    await here.press("carol", ts, actions.RUN_STOP, value)

    assert await here.until(lambda: here.whispers("carol")) == ["Nothing changed: this run is already stopped."]


async def test_a_guest_cannot_stop_a_run(here: Shop, monkeypatch: pytest.MonkeyPatch):
    checkpoint = await a_question(here.front)
    plain = people.user_object
    monkeypatch.setattr(people, "user_object", lambda user: plain(user) | {"is_restricted": True})
    value = actions.run_value(checkpoint.run_id)

    await here.press("bob", await here.card(checkpoint, actions.RUN_STOP, value), actions.RUN_STOP, value)

    assert await here.until(lambda: here.whispers("bob"))
    assert [run.state for run in await here.rows(Run)] == [RunState.WAITING]
