"""Steering a run by its menu, its forms and words in its thread: committed first, refused in sight, and audited."""

import json
import sqlite3
from datetime import timedelta
from typing import Any

import pytest

from bot.listeners import control as listening
from bot.messages import actions, control
from bot.messages import blocks as blocks_
from bot.messages.actions import RunDeed
from bot.messages.blocks import button
from bot.workspace import people
from storage import checkpoints, clock, runs, standing
from storage.errors import NotAllowedError
from storage.policy import Person
from storage.tables import Event, OutboxMessage, Run, Task
from storage.words import CheckpointState, MessageKind, RunState, TaskKind, TaskState
from tests.bot.shop import PEOPLE, Shop, a_question

Json = dict[str, Any]


@pytest.fixture
async def run(here: Shop) -> str:
    """Return the id of a run of Alice's in #sales that waits, with a task done."""
    question = await a_question(here.front)
    spec = {"key": "brief", "title": "Brief", "station": "Brief", "role": "writer", "makes": "brief"}
    async with here.database.write() as session:
        about = {"key": "brief", "kind": TaskKind.WORK, "state": TaskState.DONE}
        session.add(Task(run_id=question.run_id, position=2, spec=spec, **about))
    return question.run_id


async def choose(here: Shop, name: str, run_id: str, deed: RunDeed) -> Json:
    """Choose an entry of the run's menu."""
    value = actions.menu_value(run_id, deed)
    menu = control.overflow(actions.RUN_MENU, [("It", value)])
    blocks = [{"type": "actions", "block_id": "card", "elements": [menu]}]
    posted = await here.front.client.chat_postMessage(channel="C0SALES", text="card", blocks=blocks)
    container = {"type": "message", "channel": "C0SALES", "ts": str(posted["ts"])}
    chosen = {"action_id": actions.RUN_MENU, "type": "overflow", "selected_option": menu["options"][0]}
    return await here.do(name, "action", {"container": container, "block_id": "card", "action": chosen})


async def opened(here: Shop, name: str) -> Json:
    """Return the form a person has open."""

    def look() -> Json | None:
        connection = sqlite3.connect(here.home / "workspace.db")
        query = "SELECT body FROM view WHERE user = ? AND type = 'modal' ORDER BY opened DESC"
        found = connection.execute(query, (PEOPLE[name],)).fetchone()
        connection.close()
        return json.loads(found[0]) if found else None

    return dict(await here.until(look))


async def submit(here: Shop, name: str, view: Json, **held: Json) -> Json:
    """Submit a form with what these blocks hold."""
    values = {block: {"value": value} for block, value in held.items()}
    return await here.do(name, "submit", {"view_id": view["id"], "state": {"values": values}})


async def the(here: Shop, run_id: str) -> Run:
    [row] = await here.rows(Run, id=run_id)
    return row


async def kinds(here: Shop, run_id: str) -> list[tuple[str, str]]:
    return [(line.kind, line.by) for line in await here.rows(Event, run_id=run_id) if line.kind != "checkpoint opened"][1:]


async def test_pause_and_resume_are_committed_before_they_are_acknowledged(here: Shop, run: str):
    assert await choose(here, "bob", run, RunDeed.PAUSE) == {"ok": True}
    paused = await the(here, run)
    assert await choose(here, "alice", run, RunDeed.RESUME) == {"ok": True}
    resumed = await the(here, run)

    assert (paused.paused, resumed.paused) == (True, False)
    assert await kinds(here, run) == [("paused", "U0BOB"), ("resumed", "U0ALICE")]


async def test_pausing_twice_changes_nothing_and_says_so(here: Shop, run: str):
    await choose(here, "alice", run, RunDeed.PAUSE)
    await choose(here, "alice", run, RunDeed.PAUSE)

    assert await here.until(lambda: here.whispers("alice")) == ["Nothing changed: this run is paused already."]


@pytest.fixture
def guests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody is a guest from now on."""
    plain = people.user_object
    monkeypatch.setattr(people, "user_object", lambda user: plain(user) | {"is_restricted": True})


@pytest.mark.usefixtures("guests")
async def test_a_guest_steers_nothing_is_told_and_the_attempt_is_in_the_log(here: Shop, run: str):
    await choose(here, "carol", run, RunDeed.PAUSE)

    [told] = await here.until(lambda: here.whispers("carol"))
    assert told.startswith("Nothing changed. Guests")
    assert (await the(here, run)).paused is False
    assert await kinds(here, run) == [("steering refused", "U0CAROL")]


@pytest.mark.usefixtures("guests")
async def test_a_stop_by_who_may_not_stop_it_is_in_the_log_like_every_other_refusal(here: Shop, run: str):
    posted = await here.front.client.chat_postMessage(
        channel="C0SALES", text="card",
        blocks=[blocks_.actions(button("Stop", actions.RUN_STOP, actions.run_value(run))) | {"block_id": "card"}],
    )  # fmt: skip
    await here.press("carol", str(posted["ts"]), actions.RUN_STOP, actions.run_value(run))

    assert await here.until(lambda: here.whispers("carol"))
    assert (await the(here, run)).state is RunState.WAITING
    assert await kinds(here, run) == [("steering refused", "U0CAROL")]


async def test_each_refused_control_is_in_the_log_as_what_it_would_have_been(here: Shop, run: str):
    doors, guest = here.engine.controls, Person(id="U0DAVE", team="T0JIDOKA", member=True, guest=True)
    bob, later = Person(id="U0BOB", team="T0JIDOKA", member=True), clock.now() + timedelta(hours=1)
    tried = [
        doors.pause(run, guest), doors.resume(run, guest), here.engine.stop_run(run, guest), doors.begin_now(run, guest),
        doors.run_again(run, guest, "brief"), doors.hand_over(run, guest, bob), doors.set_cap(run, guest, 900.0),
        doors.set_deadline(run, guest, later), doors.judge(run, guest, accepted=True),
    ]  # fmt: skip
    for each in tried:
        with pytest.raises(NotAllowedError, match="Guests"):
            await each

    told = [(line.by, line.payload["deed"]) for line in await here.rows(Event, kind="steering refused")]
    named = ["pause", "resume", "stop", "begin now", "run again", "hand over", "budget", "deadline", "accept"]
    assert told == [("U0DAVE", deed) for deed in named]


async def test_a_menu_of_a_run_nobody_knows_does_nothing_and_says_so(here: Shop, run: str):
    await choose(here, "alice", "run-none", RunDeed.PAUSE)

    assert await here.until(lambda: here.whispers("alice"))
    assert await kinds(here, run) == []


async def test_a_task_is_run_again_with_a_note_word_for_word(here: Shop, run: str):
    await choose(here, "alice", run, RunDeed.AGAIN)
    view = await opened(here, "alice")

    done = await submit(here, "alice", view, task={"type": "static_select", "selected_option": {"value": "brief"}},
                        note={"type": "plain_text_input", "value": "Name the <prices> & dates"})  # fmt: skip

    [task] = await here.rows(Task, run_id=run, key="brief")
    assert "errors" not in done
    assert (task.attempt, task.note) == (2, "Name the <prices> & dates")


async def test_a_budget_is_set_and_one_that_cannot_be_is_refused_in_the_form(here: Shop, run: str):
    await choose(here, "alice", run, RunDeed.CAP)
    view = await opened(here, "alice")

    refused = await submit(here, "alice", view, cap={"type": "number_input", "value": "0.001"})
    taken = await submit(here, "alice", view, cap={"type": "number_input", "value": "2.50"})

    assert "at least 0.01" in str(refused["errors"])
    assert "errors" not in taken
    assert (await the(here, run)).cap_usd == 2.5


async def test_a_deadline_that_has_passed_is_refused_in_the_form(here: Shop, run: str):
    await choose(here, "alice", run, RunDeed.DEADLINE)
    view = await opened(here, "alice")

    refused = await submit(here, "alice", view, moment={"type": "datetimepicker", "selected_date_time": 1_000_000_000})
    taken = await submit(here, "alice", view, moment={"type": "datetimepicker", "selected_date_time": 4_000_000_000})

    due = (await the(here, run)).due_at
    assert "passed already" in str(refused["errors"])
    assert "errors" not in taken
    assert due is not None
    assert due.timestamp() == 4_000_000_000


async def test_a_run_is_handed_over_but_not_to_a_guest(here: Shop, run: str):
    await choose(here, "alice", run, RunDeed.HAND_OVER)
    view = await opened(here, "alice")

    refused = await submit(here, "alice", view, person={"type": "users_select", "selected_user": "U0DAVE"})
    taken = await submit(here, "alice", view, person={"type": "users_select", "selected_user": "U0BOB"})

    row = await the(here, run)
    assert "cannot take this over" in str(refused["errors"])
    assert "errors" not in taken
    assert (row.requester, row.handed_by) == ("U0BOB", ["U0ALICE"])


@pytest.mark.usefixtures("guests")
async def test_who_may_not_steer_is_told_in_the_form_and_loses_nothing(here: Shop, run: str):
    await choose(here, "carol", run, RunDeed.CAP)
    view = await opened(here, "carol")

    refused = await submit(here, "carol", view, cap={"type": "number_input", "value": "900"})

    assert refused["response_action"] == "errors"
    assert "Guests" in str(refused["errors"])
    assert (await the(here, run)).cap_usd is None
    assert ("steering refused", "U0CAROL") in await kinds(here, run)


async def test_where_no_task_has_begun_nothing_can_be_run_again(here: Shop):
    question = await a_question(here.front)

    await choose(here, "alice", question.run_id, RunDeed.AGAIN)

    assert await here.until(lambda: here.whispers("alice")) == [listening.NOTHING_BEGUN]


async def test_a_form_that_slack_does_not_open_is_said(here: Shop, run: str):
    await here.break_("views.open", "500_after")

    await choose(here, "alice", run, RunDeed.CAP)

    assert await here.until(lambda: here.whispers("alice")) == [listening.TOO_LATE]


async def finished(here: Shop, run: str) -> None:
    """Let the run have ended well, its result posted."""
    async with here.database.write() as session:
        row = await session.get_one(Run, run)
        row.state, row.ended_at = RunState.DONE, clock.now()
        for task in await runs.tasks(session, run):
            task.state = TaskState.DONE
        for asked in await checkpoints.open_in(session, run):
            asked.state = CheckpointState.WITHDRAWN
        about = {"run_id": run, "channel": "C0SALES", "thread_ts": "1.000001"}
        session.add(OutboxMessage(id="msg-result", kind=MessageKind.RESULT, artifact_id="art-1", delivered=1, **about))


async def press(here: Shop, name: str, run: str, action: str) -> Json:
    """Press a button of the result."""
    value = actions.run_value(run)
    blocks = [{"type": "actions", "block_id": "card", "elements": [button("Go", action, value)]}]
    posted = await here.front.client.chat_postMessage(channel="C0SALES", text="card", blocks=blocks)
    return await here.press(name, str(posted["ts"]), action, value)


async def test_the_last_word_on_a_result_counts_and_its_message_shows_it(here: Shop, run: str):
    await finished(here, run)

    await press(here, "bob", run, actions.RUN_ACCEPT)
    await press(here, "carol", run, actions.RUN_REFUSE)
    async with here.database.read() as session:
        said = await standing.verdict(session, run)

    [message] = await here.rows(OutboxMessage, id="msg-result")
    assert said is not None
    assert (said.kind, said.by) == ("run refused", "U0CAROL")
    assert await kinds(here, run) == [("run accepted", "U0BOB"), ("run refused", "U0CAROL")]
    assert message.wanted == 3


async def test_saying_the_same_twice_is_said_once(here: Shop, run: str):
    await finished(here, run)

    await press(here, "bob", run, actions.RUN_ACCEPT)
    await press(here, "bob", run, actions.RUN_ACCEPT)

    assert await here.until(lambda: here.whispers("bob")) == ["Nothing changed: you said so already."]
    assert len(await here.rows(Event, kind="run accepted")) == 1


async def test_a_run_under_way_has_no_result_to_judge(here: Shop, run: str):
    await press(here, "bob", run, actions.RUN_ACCEPT)

    [told] = await here.until(lambda: here.whispers("bob"))
    assert "no result to judge" in told


@pytest.mark.usefixtures("guests")
async def test_a_guest_does_not_judge(here: Shop, run: str):
    await finished(here, run)

    await press(here, "carol", run, actions.RUN_ACCEPT)

    [told] = await here.until(lambda: here.whispers("carol"))
    assert "Guests" in told
    assert await kinds(here, run) == [("steering refused", "U0CAROL")]


async def test_a_finished_run_is_reopened_with_a_note_and_its_result_says_so(here: Shop, run: str):
    await finished(here, run)
    await press(here, "bob", run, actions.RUN_ACCEPT)
    await press(here, "carol", run, actions.RUN_REOPEN)
    view = await opened(here, "carol")

    await submit(here, "carol", view, task={"type": "static_select", "selected_option": {"value": "brief"}},
                 note={"type": "plain_text_input", "value": "Shorter."})  # fmt: skip

    [message] = await here.rows(OutboxMessage, id="msg-result")
    async with here.database.read() as session:
        said = await standing.verdict(session, run)
    assert (await the(here, run)).state is RunState.WORKING
    assert said is None
    assert message.wanted == 3
