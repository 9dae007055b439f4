"""The Home tab: what waits on whoever opens it acts right there, stays true, and hides nothing behind one slow channel."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from bot.blockkit import validate_view
from bot.listeners.homes import Homes
from bot.messages import actions
from bot.messages.actions import RunDeed
from bot.messages.home import EXAMPLE, QUIET
from bot.messages.waiting import LEFT
from storage import clock, events, people
from storage.agenda import Colleague
from storage.tables import Checkpoint, OutboxMessage, Run, Task, Vote
from storage.words import CheckpointKind, CheckpointState, RunState, TaskKind, TaskState
from tests.bot.shop import PEOPLE, Shop, a_question

Json = dict[str, Any]


async def shown(here: Shop, name: str) -> Json | None:
    """Return the Home a person sees now."""
    connection = sqlite3.connect(here.home / "workspace.db")
    found = connection.execute("SELECT body FROM view WHERE user = ? AND type = 'home'", (PEOPLE[name],)).fetchone()
    connection.close()
    return dict(json.loads(found[0])) if found else None


async def opened(here: Shop, name: str) -> Json:
    """Return a person's Home once they opened it and it is published."""
    before = len(await here.calls("views.publish"))
    await here.do(name, "home", {"tab": "home"})

    async def published() -> list[Any]:
        return (await here.calls("views.publish"))[before:]

    await here.until(published)
    view = await here.until(lambda: shown(here, name))
    assert validate_view({"type": "home", "blocks": view["blocks"]}, "accept") == []
    return dict(view)


async def press(here: Shop, name: str, view: Json, action_id: str) -> Json:
    """Press the first button with this action id on a person's Home."""
    for block in view["blocks"]:
        for element in [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else [])]:
            if element.get("action_id") == action_id:
                pressed = {key: element[key] for key in ("action_id", "type", "value") if key in element}
                body = {"container": {"type": "view", "view_id": view["id"]}, "block_id": block["block_id"]}
                return await here.do(name, "action", {**body, "action": pressed})
    raise AssertionError(f"no {action_id} on this Home")


async def window(here: Shop, name: str) -> Json | None:
    """Return the modal a person has open."""
    connection = sqlite3.connect(here.home / "workspace.db")
    found = connection.execute(
        "SELECT body FROM view WHERE user = ? AND type = 'modal' ORDER BY opened DESC", (PEOPLE[name],)
    ).fetchone()
    connection.close()
    return dict(json.loads(found[0])) if found else None


@asynccontextmanager
async def kept(here: Shop, every_s: float = 0.0) -> AsyncIterator[Homes]:
    """Keep Homes true, as the whole bot does."""
    homes = Homes(here.front, every_s=every_s)
    task = asyncio.create_task(homes.run())
    here.engine.changed.append(homes.wake)
    yield homes
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def a_thread(here: Shop) -> str:
    """Return the ts of a thread that is really there, which the run of ``a_question`` then is about."""
    thread = await here.say("alice", "C0SALES", "compare *them* & others")
    async with here.database.write() as session:
        (await session.get_one(Run, "run-1")).thread_ts = thread
    return thread


async def test_what_is_mine_to_decide_stands_there_with_its_buttons_and_a_way_to_it(here: Shop):
    await a_question(here.front)
    await a_thread(here)

    view = await opened(here, "alice")

    assert "Who reads it?" in str(view)
    assert "/archives/C0SALES/p" in str(view)
    assert [e["text"]["text"] for b in view["blocks"] if b["type"] == "actions" for e in b["elements"]] == [
        "Answer", "Open thread",
    ]  # fmt: skip


async def test_what_others_decide_does_not(here: Shop):
    await a_question(here.front)

    view = await opened(here, "bob")

    assert QUIET in str(view)
    assert EXAMPLE in str(view)


async def test_what_is_held_until_morning_is_there_at_once(here: Shop):
    question = await a_question(here.front)
    async with here.database.write() as session:
        row = await session.get_one(Checkpoint, question.id)
        row.held_until = row.opened_at.replace(year=2099)

    view = await opened(here, "alice")

    assert "held until morning" in str(view)
    assert "1 decision waiting on you" in str(view)


async def test_a_vote_counts_where_it_is_pressed_and_the_button_is_gone_a_moment_later(here: Shop):
    draft = await a_question(here.front, CheckpointKind.DRAFT, payload={"title": "Brief"})
    async with here.database.write() as session:
        (await session.get_one(Checkpoint, draft.id)).policy = {"deciders": [["members"]], "quorum": 2}
    async with kept(here):
        view = await opened(here, "bob")
        await press(here, "bob", view, actions.CHECKPOINT_APPROVE)

        async def gone() -> bool:
            return QUIET in str(await shown(here, "bob"))

        await here.until(gone)

    assert [vote.by for vote in await here.rows(Vote)] == ["U0BOB"]


async def test_a_refused_press_on_home_is_told_in_a_window(here: Shop):
    question = await a_question(here.front)
    view = await opened(here, "alice")
    async with here.database.write() as session:
        (await session.get_one(Checkpoint, question.id)).state = CheckpointState.WITHDRAWN

    await press(here, "alice", view, actions.CHECKPOINT_ANSWER)

    told = await here.until(lambda: window(here, "alice"))
    assert told["title"]["text"] == "Nothing changed"
    assert "already withdrawn" in str(told["blocks"])


async def test_a_refusal_reaches_the_person_by_message_when_no_window_opens(here: Shop):
    question = await a_question(here.front)
    view = await opened(here, "alice")
    async with here.database.write() as session:
        row = await session.get_one(Checkpoint, question.id)
        row.state, row.decided_by = CheckpointState.ANSWERED, "U0BOB"
    await here.break_("views.open", "429", 5)

    await press(here, "alice", view, actions.CHECKPOINT_ANSWER)

    [told] = await here.until(lambda: here.rows(OutboxMessage, user="U0ALICE"))
    assert told.text == "This was already answered by somebody else, so there is nothing left to decide."


async def test_a_channel_slack_does_not_answer_for_hides_nothing_else(here: Shop):
    await a_question(here.front)
    async with here.database.write() as session:
        old = await session.get_one(Checkpoint, (await here.rows(Checkpoint))[0].id)
        run = await session.get_one(Run, "run-1")
        session.add(Run(**{**run.model_dump(), "id": "run-2", "channel": "C0GONE", "request_ts": "2.1", "title": "Lost"}))
        session.add(Checkpoint(**{**old.model_dump(), "id": "chk-2", "run_id": "run-2"}))

    view = await opened(here, "alice")

    assert "Who reads it?" in str(view)
    assert "Slack does not tell me just now who you are in <#C0GONE>" in str(view)


async def test_my_runs_stand_there_with_their_menu(here: Shop):
    await a_question(here.front)
    async with here.database.write() as session:
        (await session.get_one(Run, "run-1")).title = "Launch campaign"

    view = await opened(here, "alice")

    [mine] = [block for block in view["blocks"] if block.get("accessory")]
    assert mine["text"]["text"].startswith("*Launch campaign*\nWaiting for a decision · $0.00\nWaiting for <@U0ALICE>")
    assert mine["accessory"]["action_id"] == actions.RUN_MENU


async def test_a_run_of_a_channel_i_left_tells_how_it_stands_and_nothing_of_what_it_is_about(here: Shop):
    await a_question(here.front)
    await a_thread(here)
    async with here.database.write() as session:
        (await session.get_one(Run, "run-1")).title = "Launch campaign"
        spec = {"title": "Weigh the offers", "station": "Weigh"}
        about = {"kind": TaskKind.WORK, "position": 1, "state": TaskState.QUEUED, "spec": spec}
        session.add(Task(run_id="run-1", key="weigh", **about))
    before = await opened(here, "alice")
    here.leave("U0ALICE")
    view = await opened(here, "alice")

    [mine] = [block for block in view["blocks"] if block.get("accessory")]
    assert "Launch campaign" in str(before) and "Weigh the offers" in str(before) and "Who reads it?" in str(before)
    assert mine["text"]["text"].startswith(f"*{LEFT}*\nWaiting for a decision · $0.00")
    assert [word for word in ("Launch", "Weigh", "Who reads it?", "/archives/") if word in str(view)] == []
    assert "Run a task again…" not in str(mine["accessory"]) and "Hand over…" in str(mine["accessory"])


async def test_who_left_is_not_shown_the_tasks_by_an_old_menu_either(here: Shop):
    await a_question(here.front)
    async with here.database.write() as session:
        about = {"kind": TaskKind.WORK, "position": 1, "state": TaskState.DONE, "spec": {"title": "Weigh the offers"}}
        session.add(Task(run_id="run-1", key="weigh", **about))
    view = await opened(here, "alice")
    here.leave("U0ALICE")
    [mine] = [block for block in view["blocks"] if block.get("accessory")]
    chosen = {"value": actions.menu_value("run-1", RunDeed.AGAIN)}
    pressed = {"action_id": actions.RUN_MENU, "type": "overflow", "selected_option": chosen}
    body = {"container": {"type": "view", "view_id": view["id"]}, "block_id": mine["block_id"]}
    await here.do("alice", "action", {**body, "action": pressed})

    told = await here.until(lambda: window(here, "alice"))
    assert told["title"]["text"] == "Nothing changed"
    assert "you are not in its channel any more" in str(told) and "Weigh the offers" not in str(told)


async def test_homes_that_nobody_opened_lately_are_not_made(here: Shop):
    async with here.database.write() as session:
        session.add(Colleague(id="U0BOB", home_at=None))
        session.add(Colleague(id="U0CAROL", home_at=clock.now() - timedelta(days=8)))
    async with kept(here) as homes:
        await a_question(here.front)
        homes.wake()
        await homes.settled()

    assert await here.calls("views.publish") == []


async def test_a_start_mends_the_homes_a_crash_left_behind(here: Shop):
    question = await a_question(here.front)
    await opened(here, "alice")
    async with here.database.write() as session:
        (await session.get_one(Checkpoint, question.id)).state = CheckpointState.WITHDRAWN
        (await session.get_one(Run, "run-1")).state = RunState.STOPPED

    async with kept(here):

        async def mended() -> bool:
            return QUIET in str(await shown(here, "alice"))

        assert await here.until(mended)


async def test_only_the_homes_of_those_concerned_are_made_anew_and_only_published_when_they_differ(here: Shop):
    await a_question(here.front)
    async with kept(here) as homes:
        await opened(here, "alice")
        await opened(here, "carol")
        await here.until(lambda: not homes._woken.is_set())
        await homes.settled()
        before = len(await here.calls("views.publish"))
        for title in ("Another name", "Another name"):
            async with here.database.write() as session:
                (await session.get_one(Run, "run-1")).title = title
                await events.add(session, "note", run_id="run-1", by="U0BOB")
            homes.wake()
            await here.until(lambda: not homes._woken.is_set())
            await asyncio.sleep(0)
            await homes.settled()

        async def named() -> bool:
            return "Another name" in str(await shown(here, "alice"))

        await here.until(named)

    assert [call["user_id"] for call in (await here.calls("views.publish"))[before:]] == ["U0ALICE"]


async def test_a_home_slack_does_not_take_is_tried_again(here: Shop):
    await a_question(here.front)
    async with here.database.write() as session:
        await people.opened_home(session, "U0ALICE")
    await here.break_("views.publish", "429")

    async with kept(here):

        async def there() -> bool:
            return "Who reads it?" in str(await shown(here, "alice"))

        assert await here.until(there)


async def test_many_changes_in_a_row_are_one_home_or_two(here: Shop):
    await a_question(here.front)
    async with kept(here, every_s=0.6) as homes:
        await opened(here, "alice")
        before = len(await here.calls("views.publish"))
        for n in range(20):
            async with here.database.write() as session:
                (await session.get_one(Run, "run-1")).title = f"Title {n}"
                await events.add(session, "note", run_id="run-1", by="U0ALICE")
            homes.wake()

        async def last() -> bool:
            return "Title 19" in str(await shown(here, "alice"))

        assert await here.until(last)
    assert len(await here.calls("views.publish")) - before <= 3


async def test_a_run_is_paused_from_home_and_home_says_so(here: Shop):
    await a_question(here.front)
    async with kept(here):
        view = await opened(here, "alice")
        [block] = [one for one in view["blocks"] if one.get("accessory")]
        pause = next(one for one in block["accessory"]["options"] if one["text"]["text"] == "Pause")
        pressed = {"action_id": actions.RUN_MENU, "type": "overflow", "selected_option": pause}
        container = {"type": "view", "view_id": view["id"]}
        await here.do("alice", "action", {"container": container, "block_id": block["block_id"], "action": pressed})

        async def paused() -> bool:
            home = str(await shown(here, "alice"))
            return "Resume" in home and "Paused by <@U0ALICE>" in home

        assert await here.until(paused)


async def test_guests_are_not_shown_what_the_team_s_work_came_to(here: Shop):
    asked = []

    async def worked() -> None:
        asked.append("figures")

    homes = Homes(here.front, worked)
    await homes.opened("U0DAVE")
    await homes.opened("U0BOB")

    assert asked == ["figures"]
