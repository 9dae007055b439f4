"""Order is kept a thread; one bad message holds up nobody else; Slack's patience is respected."""

import asyncio
import time
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.outbox.pace import Pace
from storage import clock, outbox
from storage.words import CheckpointKind, MessageKind, MessageState
from tests.bot.messages import sample
from tests.bot.outbox.conftest import CHANNEL, Shop, until


async def test_messages_of_a_thread_stand_in_the_order_they_were_queued(shop: Shop):
    root = await shop.root()
    for number in range(8):
        await shop.say(thread_ts=root, text=f"{number}")

    await shop.settle()

    assert [message["text"] for message in await shop.thread(root)] == [f"{number}" for number in range(8)]


async def test_a_message_whose_answer_was_lost_is_not_overtaken(shop: Shop):
    root = await shop.root()
    await shop.breaks("chat.postMessage", "reset_after", match={"text": "first"})
    for text in ("first", "second", "third"):
        await shop.say(thread_ts=root, text=text)

    await shop.settle()

    assert [message["text"] for message in await shop.thread(root)] == ["first", "second", "third"]


async def test_a_postponed_message_is_not_overtaken_after_a_restart(shop: Shop):
    root = await shop.root()
    first = await shop.say(thread_ts=root, text="first")
    async with shop.database.write() as session:
        later = clock.now() + timedelta(milliseconds=300)
        await outbox.change(session, first, not_before=later, error="Slack asks for 0.3 s of patience (ratelimited).")
    await shop.say(thread_ts=root, text="second")

    await shop.a_new_outbox().deliver_due()
    early = await shop.thread(root)
    await asyncio.sleep(0.31)
    await shop.settle()

    assert early == []
    assert [message["text"] for message in await shop.thread(root)] == ["first", "second"]


async def test_a_thread_that_waits_holds_up_no_other(shop: Shop):
    slow, quick = await shop.root("slow"), await shop.root("quick")
    await shop.breaks("chat.postMessage", "429", retry_after=30, match={"thread_ts": slow})
    await shop.say(thread_ts=slow, text="slow")
    await shop.say(thread_ts=quick, text="quick")

    await shop.outbox.deliver_due()

    assert [message["text"] for message in await shop.thread(quick)] == ["quick"]
    assert await shop.thread(slow) == []


async def test_a_message_slack_refuses_for_good_is_named_and_holds_up_nobody(shop: Shop):
    root = await shop.root()
    gone = await shop.say(channel="C0NOWHERE", text="lost", run_id="run-1")
    lost = await shop.say(thread_ts="1.000001", text="no such thread")
    after = await shop.say(thread_ts=root, text="after")

    await shop.settle()

    assert {(row.id, row.state, row.error) for row in await shop.rows()} == {
        (gone, MessageState.DEAD, "channel_not_found"), (lost, MessageState.DEAD, "thread_not_found"),
        (after, MessageState.LIVE, ""),
    }  # fmt: skip
    assert sorted(event["message"] for event in await shop.events("message refused")) == sorted([gone, lost])


async def test_a_message_that_breaks_our_own_code_is_given_up_after_a_few_tries(shop: Shop):
    root = await shop.root()
    broken = await shop.say(MessageKind.STATUS, thread_ts=root, run_id="run-that-is-not-there")
    await shop.say(thread_ts=root, text="after")

    await shop.settle(passes=400)

    row = await shop.row(broken)
    assert (row.state, row.error) == (MessageState.DEAD, "an error of ours; the log says which")
    assert [message["text"] for message in await shop.thread(root)] == ["after"]


async def test_no_call_is_made_before_slack_allows_it(shop: Shop):
    root = await shop.root()
    await shop.breaks("chat.postMessage", "429", retry_after=1, times=2)
    said = await shop.say(thread_ts=root, text="patient")
    began = time.monotonic()

    await shop.settle(passes=400)

    at = [call["at"] for call in await shop.calls("chat.postMessage")][1:]
    assert [message["text"] for message in await shop.thread(root)] == ["patient"]
    assert [later - before >= 1.0 for before, later in pairwise(at)] == [True, True]
    assert (await shop.row(said)).attempts == 1  # a refused call is no attempt, and needs no look
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("count", [60, pytest.param(500, marks=pytest.mark.long)])
async def test_nothing_is_lost_or_disordered_when_slack_keeps_refusing(shop: Shop, count: int):
    roots = [await shop.root(f"{number}") for number in range(5)]
    for _ in range(4):
        await shop.breaks("chat.postMessage", "429", retry_after=1)
        await shop.breaks("chat.postMessage", "reset_after")
    for number in range(count):
        await shop.say(thread_ts=roots[number % 5], text=f"{number}")

    await shop.settle(passes=2_000)

    said = [[int(message["text"]) for message in await shop.thread(root)] for root in roots]
    assert said == [list(range(first, count, 5)) for first in range(5)]


async def test_a_channel_gets_a_burst_and_then_one_message_a_second():
    now = [100.0]
    pace = Pace(4, 1.0, lambda: now[0])
    waits = []
    for _ in range(7):
        waits.append(pace.wait("C1"))
        pace.take("C1")
    now[0] += 60

    assert waits == [0, 0, 0, 0, 1, 2, 3]
    assert (pace.wait("C1"), pace.wait("C2")) == (0, 0)


async def test_posts_to_a_channel_keep_the_pace_whatever_the_thread(shop: Shop):
    roots = [await shop.root(f"{number}") for number in range(3)]
    paced = shop.a_new_outbox(posts=Pace(2, 0.2))
    for root in roots * 2:
        await shop.say(thread_ts=root, text="hello")
    began = time.time()

    await paced.deliver_due()

    at = [call["at"] for call in await shop.calls("chat.postMessage")][3:]
    assert len(at) == 6
    assert at[5] - began >= 4 * 0.2 - 0.01  # whenever the first of them came in


async def test_a_statuses_edits_are_coalesced_and_the_last_state_shows(shop: Shop):
    root = await shop.root()
    await shop.add(sample.run(channel=CHANNEL, thread_ts=root))
    said = await shop.say(MessageKind.STATUS, run_id="run-1", thread_ts=root)
    shop.outbox = shop.a_new_outbox(status_every_s=0.5)
    running = asyncio.create_task(shop.outbox.run())
    for number in range(10):
        async with shop.database.write() as session:
            await outbox.refresh(session, MessageKind.STATUS, run_id="run-1")
            (await session.get_one(type(sample.run()), "run-1")).title = f"State {number}"
        shop.outbox.wake()
        await asyncio.sleep(0.05)
    await until(lambda: _delivered(shop, said, 11))
    running.cancel()

    [message] = await shop.thread(root)
    assert message["text"].startswith("Working: State 9.")
    assert len(await shop.calls("chat.update")) <= 3


async def test_a_decided_checkpoint_is_edited_before_statuses_are(shop: Shop):
    root = await shop.root()
    await shop.add(sample.run(channel=CHANNEL, thread_ts=root), sample.checkpoint(CheckpointKind.QUESTION))
    about = {"run_id": "run-1", "thread_ts": root}
    status = await shop.say(MessageKind.STATUS, **about)
    card = await shop.say(MessageKind.CHECKPOINT, checkpoint_id="chk-1", **about)
    await shop.settle()
    async with shop.database.write() as session:
        await outbox.refresh(session, MessageKind.STATUS, run_id="run-1")
        await outbox.refresh(session, MessageKind.CHECKPOINT, checkpoint_id="chk-1")

    await shop.settle()

    edited = [call["arguments"]["ts"] for call in await shop.calls("chat.update")]
    assert edited == [(await shop.row(card)).ts, (await shop.row(status)).ts]


async def test_a_change_during_a_delivery_is_delivered_next(shop: Shop):
    root = await shop.root()
    await shop.add(sample.run(channel=CHANNEL, thread_ts=root))
    said = await shop.say(MessageKind.STATUS, run_id="run-1", thread_ts=root)
    await shop.breaks("chat.postMessage", "timeout_after")
    delivering = asyncio.create_task(shop.outbox.deliver_due())
    await until(lambda: _called(shop, 2))
    async with shop.database.write() as session:
        await outbox.refresh(session, MessageKind.STATUS, run_id="run-1")
        (await session.get_one(type(sample.run()), "run-1")).title = "Newer"
    await delivering

    await shop.settle()

    [message] = await shop.thread(root)
    assert message["text"].startswith("Working: Newer.")
    assert (await shop.row(said)).delivered == 2


async def test_the_loop_delivers_what_it_is_woken_for_at_once(shop: Shop):
    root = await shop.root()
    running = asyncio.create_task(shop.outbox.run())
    await asyncio.sleep(0.1)
    said = await shop.say(thread_ts=root, text="hello")
    began = time.monotonic()
    shop.outbox.wake()

    await until(lambda: _delivered(shop, said, 1))
    running.cancel()

    assert time.monotonic() - began < 2.0  # the loop's own look comes after 5 s


async def test_the_loop_outlives_a_database_that_cannot_be_read(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    root = await shop.root()
    said = await shop.say(thread_ts=root, text="hello")
    read, broken = shop.database.read, [True]
    monkeypatch.setattr(shop.database, "read", lambda: read() if not broken.pop(0) else _nothing())
    broken += [False] * 1_000
    running = asyncio.create_task(shop.outbox.run())
    await asyncio.sleep(0.05)

    shop.outbox.wake()
    await until(lambda: _delivered(shop, said, 1))

    assert not running.done()
    running.cancel()


def _nothing() -> object:
    raise OSError("the disk is gone")


async def _delivered(shop: Shop, message_id: str, wanted: int) -> bool:
    return (await shop.row(message_id)).delivered >= wanted


async def _called(shop: Shop, times: int) -> bool:
    return len(await shop.calls("chat.postMessage")) >= times

