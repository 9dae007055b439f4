"""The stop of everything: by admins alone, said at once, nothing starts after its commit; and one's only run by a word."""

import asyncio
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from agents.engine.engine import Asked
from bot.listeners import halts
from bot.listeners.decisions import STALE
from bot.messages import actions, notice
from bot.workspace import people
from storage.agenda import Halt
from storage.policy import Policy
from storage.tables import Checkpoint, Event, OutboxMessage, Run
from storage.words import CheckpointState, EffectClass, MessageKind, RunState
from tests.bot.listeners.test_decisions import a_draft, press, the
from tests.bot.shop import PEOPLE, Shop
from tests.workshop import Page

MANY = 60  # runs under way
LANES, EACH = 8, 4  # people who ask at the same time, and how often each does


@pytest.fixture
def admins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Carol is an admin."""
    plain = people.user_object
    monkeypatch.setattr(people, "user_object", lambda user: plain(user) | {"is_admin": plain(user)["id"] == "U0CAROL"})


async def told(here: Shop, name: str, text: str) -> str:
    """Type the slash command; return what only its writer is told, as Bolt's answer holds it."""
    payload = {"command": "/jidoka", "text": text, "user_id": PEOPLE[name], "channel_id": "C0SALES", "team_id": "T0JIDOKA"}
    answer = await here.handler.app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
    return str(answer.body)


async def ask(here: Shop, number: int = 0, requester: str = "U0ALICE") -> str:
    ts = f"{1_700_000_000 + number}.000000"
    return await here.engine.open_run(Asked("T0JIDOKA", "C0SALES", ts, ts, requester, f"Compare {number}."))


@pytest.mark.usefixtures("admins")
async def test_an_admin_stops_everything_and_lets_it_go_on(here: Shop):
    run_id = await ask(here)

    stopped = await told(here, "carol", "stop everything The <!channel> figures are wrong")
    [halt] = await here.rows(Halt)
    await here.engine.controls.settle()
    [held] = await here.rows(Run, id=run_id)
    lifted = await told(here, "carol", "go on")
    await here.engine.controls.settle()

    [run] = await here.rows(Run, id=run_id)
    notices = [row for row in await here.rows(OutboxMessage, kind=MessageKind.NOTICE) if not row.run_id]
    assert (stopped, lifted) == (halts.HALTED, halts.LIFTED)
    assert (halt.by, halt.why) == ("U0CAROL", "The <!channel> figures are wrong")
    assert (held.state, run.state) == (RunState.PAUSED, RunState.WORKING)
    assert [(row.channel, row.thread_ts) for row in notices] == [("C0SALES", "")] * 2
    assert await here.rows(Halt) == []


async def test_the_words_of_a_halt_are_dead_but_its_author_is_named():
    said = notice.build("<@U0CAROL> stopped everything here: “<@U0BOB> <!channel>”.")

    assert said == "<@U0CAROL> stopped everything here: “&lt;@U0BOB&gt; &lt;!channel&gt;”."
    assert notice.build("<@U0CAROL> says hello.") == "&lt;@U0CAROL&gt; says hello."
    assert notice.build(over := "<@U1AA> handed this over from <@U2AA> to <@U3AA>.") == over


async def test_nobody_else_stops_everything_and_the_attempt_is_in_the_log(here: Shop):
    said = await told(here, "bob", "stop everything because")

    assert "Only admins" in said
    assert await here.rows(Halt) == []
    assert [line.by for line in await here.rows(Event, kind="steering refused")] == ["U0BOB"]


@pytest.mark.usefixtures("admins")
async def test_stopping_everything_twice_changes_nothing(here: Shop):
    await told(here, "carol", "stop everything")

    assert await told(here, "carol", "stop everything again") == "Nothing changed: everything is stopped already."


@pytest.mark.usefixtures("admins")
async def test_while_requests_pour_in_it_is_said_within_two_seconds_and_nothing_is_queued_after_its_commit(here: Shop):
    for number in range(MANY):
        await ask(here, number)
    pouring = [asyncio.create_task(_pour(here, 1_000 * (lane + 1))) for lane in range(LANES)]
    began = asyncio.get_running_loop().time()

    said = await told(here, "carol", "stop everything Look at this")
    took = asyncio.get_running_loop().time() - began
    held = set(here.engine._ground.durable.queued)
    await here.engine.controls.settle()
    await asyncio.gather(*pouring)

    assert said == halts.HALTED
    assert took < 2.0
    assert set(here.engine._ground.durable.queued) == held
    assert {run.state for run in await here.rows(Run)} == {RunState.PAUSED}


async def _pour(here: Shop, first: int) -> None:
    """Ask for one run after the other, before the halt and after it."""
    for number in range(first, first + EACH):
        await ask(here, number)


async def test_ones_only_run_here_is_paused_and_resumed_by_a_word(here: Shop):
    run_id = await ask(here)
    await ask(here, 1, requester="U0BOB")

    paused = await told(here, "alice", "pause")
    [held] = await here.rows(Run, id=run_id)
    resumed = await told(here, "alice", "go on")

    [run] = await here.rows(Run, id=run_id)
    assert (paused, resumed) == ("Paused.", "It goes on.")
    assert (held.paused, run.paused) == (True, False)


async def test_of_several_runs_none_is_meant_and_of_none_none(here: Shop):
    nothing = await told(here, "alice", "pause")
    for number in range(2):
        await ask(here, number)

    assert nothing == halts.NOTHING_HERE
    assert await told(here, "alice", "pause") == halts.SEVERAL.format(count=2, word="pause")


async def test_a_request_that_begins_like_a_word_stays_a_request(here: Shop):
    await told(here, "alice", "pause buttons: compare three of them")

    [run] = await here.until(lambda: here.rows(Run))
    assert run.request == "pause buttons: compare three of them"


async def barred(here: Shop, **said: Any) -> Checkpoint:
    """Return a draft on which Carol, an admin, may not decide by its policy."""
    draft = await a_draft(here)
    async with here.database.write() as session:
        row = await session.get_one(Checkpoint, draft.id)
        row.policy = Policy(**{"deciders": (("U0BOB",),), "break_glass": True, **said}).model_dump(mode="json")
        row.effect = EffectClass(said.get("effect", "R1"))
    return await the(here, draft)


@pytest.fixture
def knows_emergencies(here: Shop) -> None:
    """The policy as it is now has emergencies too: the stricter of both counts."""
    object.__setattr__(here.engine._ground, "policies", Page("[draft]\nbreak_glass = true\n"))


@pytest.mark.usefixtures("admins", "knows_emergencies")
async def test_an_admin_who_is_barred_reads_how_and_decides_past_the_policy_with_a_reason(here: Shop):
    draft = await barred(here)
    await press(here, "carol", draft, actions.CHECKPOINT_APPROVE)
    [refused] = await here.until(lambda: here.whispers("carol"))

    said = await told(here, "carol", f"break-glass {draft.id}.{draft.version} The press waits, and Bob is away")

    row = await the(here, draft)
    [line] = await here.rows(Event, kind="break glass")
    assert f"`/jidoka break-glass {draft.id}.{draft.version} &lt;why&gt;`" in refused
    assert said == halts.GLASS_BROKEN
    assert (row.state, row.decided_by) == (CheckpointState.APPROVED, "U0CAROL")
    assert (line.by, line.payload["why"]) == ("U0CAROL", "The press waits, and Bob is away")


@pytest.mark.usefixtures("admins")
async def test_where_the_policy_knows_no_emergency_nobody_decides_past_it(here: Shop):
    draft = await barred(here, break_glass=False)

    said = await told(here, "carol", f"break-glass {draft.id}.{draft.version} Now")

    assert "knows no emergency" in said
    assert (await the(here, draft)).state is CheckpointState.OPEN
    assert await here.rows(Event, kind="break glass") == []


@pytest.mark.usefixtures("admins", "knows_emergencies")
@pytest.mark.parametrize(("text", "says"), [("chk-2", halts.GLASS_USAGE), ("chk-9 Now", "`chk-9`")])
async def test_past_the_policy_takes_an_id_and_a_reason(here: Shop, text: str, says: str):
    await barred(here)

    assert says in await told(here, "carol", f"break-glass {text}")


@pytest.mark.usefixtures("admins", "knows_emergencies")
async def test_past_the_policy_counts_only_for_the_version_that_was_read(here: Shop):
    draft = await barred(here)

    said = await told(here, "carol", f"break-glass {draft.id}.{draft.version + 1} Now")

    assert said == STALE
    assert (await the(here, draft)).state is CheckpointState.OPEN


@pytest.mark.usefixtures("knows_emergencies")
async def test_who_is_no_admin_does_not_decide_past_the_policy_and_the_attempt_is_in_the_log(here: Shop):
    draft = await barred(here)

    said = await told(here, "carol", f"break-glass {draft.id}.{draft.version} Now")

    assert "Only admins" in said
    assert [line.by for line in await here.rows(Event, kind="vote refused")] == ["U0CAROL"]


@pytest.mark.usefixtures("knows_emergencies")
async def test_what_cannot_be_undone_takes_a_second_person_whom_the_policy_names(
    here: Shop, monkeypatch: pytest.MonkeyPatch
):
    plain = people.user_object
    monkeypatch.setattr(people, "user_object", lambda user: plain(user) | {"is_admin": True})
    draft = await barred(here, effect="R4", quorum=2)
    for name in ("carol", "alice", "bob"):
        await here.engine.controls.see(draft.id, draft.version, PEOPLE[name])

    first = await told(here, "carol", f"break-glass {draft.id}.{draft.version} Now")
    second = await told(here, "alice", f"break-glass {draft.id}.{draft.version} Now")
    between = (await the(here, draft)).state
    await press(here, "bob", draft, actions.CHECKPOINT_APPROVE)

    assert first == halts.GLASS_BROKEN
    assert "the second person must be one it names" in second
    assert between is CheckpointState.OPEN
    assert (await the(here, draft)).state is CheckpointState.APPROVED
