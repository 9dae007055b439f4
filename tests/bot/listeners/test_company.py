"""Where too few people are there to decide, the thread says so at once, and the requester names somebody."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.listeners import company
from bot.listeners.company import Company, lacking
from bot.messages.deciders import INVITE, shortage
from bot.outbox.reading import View
from storage import outbox
from storage.tables import Checkpoint, OutboxMessage, Run
from storage.words import CheckpointKind, MessageKind
from tests.bot.listeners.test_requests import settled
from tests.bot.shop import PEOPLE, Shop, a_question


def only(here: Shop, *names: str) -> None:
    """Let nobody but these people, and the bot, be in #sales."""
    ids = ["U0JIDOKA", *(PEOPLE[name] for name in names)]
    with sqlite3.connect(here.home / "workspace.db") as connection:
        connection.execute("DELETE FROM member WHERE channel = 'C0SALES'")
        rows = [("C0SALES", user, number) for number, user in enumerate(ids, start=1_000)]
        connection.executemany("INSERT INTO member (channel, user, position) VALUES (?, ?, ?)", rows)
    connection.close()


async def a_draft(here: Shop, kind: CheckpointKind = CheckpointKind.DRAFT, **policy: Any) -> Checkpoint:
    """Return a draft that waits for others, in a thread of #sales; its card is on the way."""
    said = await here.front.client.chat_postMessage(channel="C0SALES", text="I work on it.")
    draft = await a_question(here.front, kind, payload={"summary": "Short."})
    async with here.database.write() as session:
        run, row = await session.get_one(Run, "run-1"), await session.get_one(Checkpoint, draft.id)
        run.thread_ts = str(said["ts"])
        row.policy = {**row.policy, **policy}
        about = {"run_id": run.id, "checkpoint_id": row.id, "channel": run.channel, "thread_ts": run.thread_ts}
        outbox.say(session, MessageKind.CHECKPOINT, **about)
    return row


async def lack(here: Shop, draft: Checkpoint) -> str:
    return await lacking(here.front, draft, await here.front.run(draft.run_id))


async def told(here: Shop) -> list[str]:
    """Return what the thread says of who is there."""
    return [row.text for row in await here.rows(OutboxMessage, kind=MessageKind.NOTICE)]


async def card(here: Shop, draft: Checkpoint) -> str:
    """Return what the draft's card says now."""
    [row] = await here.rows(OutboxMessage, checkpoint_id=draft.id, kind=MessageKind.CHECKPOINT)
    async with here.database.read() as session:
        return str((await View(session).written(row.seq)).said.blocks)


async def asked(here: Shop) -> list[str]:
    """Return who is shown the draft in their direct messages."""
    return [row.user for row in await here.rows(OutboxMessage, run_id="run-1") if row.user]


@asynccontextmanager
async def looking(here: Shop) -> AsyncIterator[Company]:
    looks = Company(here.front)
    here.engine.changed.append(looks.wake)
    task = asyncio.create_task(looks.run())
    yield looks
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize(
    ("there", "policy", "found", "quorum"),
    [
        (["alice"], {}, 0, 1),
        (["alice", "dave"], {}, 0, 1),  # a guest
        (["alice", "bob"], {"quorum": 2}, 1, 2),
        (["alice", "bob"], {"apart": ["U0BOB"]}, 0, 1),
    ],
)
async def test_where_too_few_may_decide_it_says_what_to_do(
    here: Shop, there: list[str], policy: dict[str, Any], found: int, quorum: int
):
    only(here, *there)
    draft = await a_draft(here, **policy)

    assert await lack(here, draft) == shortage(found, quorum)


@pytest.mark.parametrize(
    ("there", "policy"),
    [
        (["alice", "bob"], {}),
        (["alice"], {"named": ["U0BOB"]}),
        (["alice"], {"deciders": [["members", "U0CAROL"]]}),
        (["alice"], {"deciders": [["S0LEADS"]]}),
        (["alice"], {"requester": True}),
    ],
)
async def test_where_enough_may_decide_nothing_is_said(here: Shop, there: list[str], policy: dict[str, Any]):
    only(here, *there)
    draft = await a_draft(here, **policy)

    assert await lack(here, draft) == ""


async def test_where_the_policy_lists_who_decides_nobody_is_told_to_name_others(here: Shop):
    only(here, "alice", "bob")
    draft = await a_draft(here, deciders=[["members"], ["U0CAROL"]])

    said = await lack(here, draft)
    assert said == "Nobody here may decide on this. The policy lists who may: invite one of them to this channel, or have " \
        "the policy changed."


def test_the_sentence_says_what_to_do():
    assert shortage(0, 1).startswith("Nobody here may decide on this: invite a colleague")
    assert shortage(1, 2).startswith("This takes 2 people, and only 1 of them")


async def test_a_thread_where_nobody_else_is_says_so_once(here: Shop):
    only(here, "alice")
    async with looking(here) as looks:
        draft = await a_draft(here)
        looks.wake()
        looks.wake()
        await here.until(lambda: told(here))
        looks.wake()
        await here.until(lambda: not looks._looking and not looks._woken.is_set())
        rows = await here.rows(OutboxMessage, checkpoint_id=draft.id)

    assert [(row.kind, row.thread_ts == rows[0].thread_ts) for row in rows] == [
        (MessageKind.CHECKPOINT, True), (MessageKind.NOTICE, True),
    ]
    assert rows[1].text == shortage(0, 1)


async def test_the_card_itself_says_whom_to_invite_until_somebody_is_named(here: Shop):
    only(here, "alice")
    async with looking(here) as looks:
        draft = await a_draft(here)
        looks.wake()
        await here.until(lambda: told(here))
    alone = await card(here, draft)
    async with here.database.write() as session:
        row = await session.get_one(Checkpoint, draft.id)
        row.policy = {**row.policy, "named": ["U0BOB"]}

    assert f"Too few of them were here when this was asked: invite {INVITE}." in alone
    assert "Too few of them" not in await card(here, draft)


async def test_where_others_are_the_card_says_nothing_of_inviting(here: Shop):
    only(here, "alice", "bob")
    draft = await a_draft(here)

    assert "invite" not in await card(here, draft)


async def test_after_a_new_start_nothing_is_said_twice(here: Shop):
    only(here, "alice")
    async with looking(here) as looks:
        await a_draft(here)
        looks.wake()
        await here.until(lambda: told(here))
    async with looking(here) as looks:
        await here.until(lambda: not looks._looking)

    assert len(await told(here)) == 1


async def test_slacks_trouble_does_not_keep_it_from_being_said(here: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(company, "AGAIN_S", (0.0, 0.0))
    only(here, "alice")
    await here.break_("conversations.members", "500_after")
    async with looking(here) as looks:
        await a_draft(here)
        looks.wake()
        said = await here.until(lambda: told(here))

    assert said == [shortage(0, 1)]


async def say_in_thread(here: Shop, text: str) -> None:
    [run] = await here.rows(Run)
    await here.say("alice", "C0SALES", text, run.thread_ts)
    await settled(here, 1)


async def test_where_nobody_else_is_a_colleague_named_in_the_thread_is_asked(here: Shop):
    only(here, "alice")
    await a_draft(here)
    await say_in_thread(here, "<@U0BOB> please decide")

    assert await asked(here) == ["U0BOB"]
    assert any("I ask them" in said for said in await here.whispers("alice"))


async def test_where_others_are_a_name_is_only_a_name(here: Shop):
    only(here, "alice", "carol")
    await a_draft(here)
    await say_in_thread(here, "<@U0BOB> please decide")

    assert await asked(here) == []


async def test_nobody_but_the_requester_names_who_decides(here: Shop):
    only(here, "alice", "dave")
    await a_draft(here)
    [run] = await here.rows(Run)
    await here.say("dave", "C0SALES", "<@U0BOB> please decide", run.thread_ts)
    await settled(here, 1)

    assert await asked(here) == []
