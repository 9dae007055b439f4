"""A requester names colleagues in a direct message; who may not decide is not asked."""

from storage import checkpoints
from storage.tables import OutboxMessage, Run
from storage.words import CheckpointKind
from tests.bot.listeners.test_requests import settled
from tests.bot.shop import Shop, a_question


async def a_draft(here: Shop) -> str:
    """Return the thread of a run in Alice's direct messages, with a draft that waits for others."""
    said = await here.front.client.chat_postMessage(channel="D0ALICE", text="I work on it.")
    thread = str(said["ts"])
    await a_question(here.front, CheckpointKind.DRAFT, payload={"summary": "Short."})
    async with here.database.write() as session:
        run = await session.get_one(Run, "run-1")
        run.channel, run.thread_ts = "D0ALICE", thread
    return thread


async def asked(here: Shop) -> list[str]:
    """Return who is shown the draft in their direct messages."""
    return [row.user for row in await here.rows(OutboxMessage, run_id="run-1") if row.user]


async def test_a_colleague_named_in_the_thread_is_asked(here: Shop):
    thread = await a_draft(here)
    await here.say("alice", "D0ALICE", "<@U0BOB> please look at this", thread)
    await settled(here, 1)

    assert await asked(here) == ["U0BOB"]
    assert "I ask them" in (await here.whispers("alice"))[-1]


async def test_a_guest_is_not_asked_and_the_requester_hears_why(here: Shop):
    thread = await a_draft(here)
    await here.say("alice", "D0ALICE", "<@U0DAVE> please look at this", thread)
    await settled(here, 1)

    assert await asked(here) == []
    assert "I cannot ask <@U0DAVE>. Guests" in (await here.whispers("alice"))[-1]


async def test_whom_the_policy_does_not_list_is_not_asked_and_the_requester_hears_why(here: Shop):
    thread = await a_draft(here)
    async with here.database.write() as session:
        for draft in await checkpoints.open_in(session, "run-1"):
            draft.policy = {**draft.policy, "deciders": [["U0CAROL"]]}
    await here.say("alice", "D0ALICE", "<@U0BOB> please look at this", thread)
    await settled(here, 1)

    assert await asked(here) == []
    assert (await here.whispers("alice"))[-1].startswith("I asked nobody: the policy lists who decides")
