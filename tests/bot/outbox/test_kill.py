"""A process that dies at any tick of a delivery loses nothing and says nothing twice.

A tick is the moment before or after a commit, and before or after a request to Slack.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest

from storage import checkpoints, outbox
from storage.words import CheckpointKind, CheckpointState, MessageKind
from tests.bot.messages import sample
from tests.bot.outbox.conftest import CHANNEL, Shop

Queue = Callable[[Shop, str], Awaitable[str]]


class Death:
    """Ends a delivery at its nth tick, as the end of a process would: nothing after it happens."""

    def __init__(self, shop: Shop, at: int) -> None:
        self._shop, self._left, self.came = shop, at, False

    def __enter__(self) -> "Death":
        database, client = self._shop.database, self._shop.client
        self._before = (database.write, client.api_call)
        database.write, client.api_call = self._write(database.write), self._call(client.api_call)  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        self._shop.database.write, self._shop.client.api_call = self._before  # type: ignore[method-assign]

    def _tick(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.came = True
            raise asyncio.CancelledError

    def _write(self, write: Any) -> Any:
        @asynccontextmanager
        async def dying(**named: Any) -> AsyncIterator[Any]:
            self._tick()
            async with write(**named) as session:
                yield session
            self._tick()

        return dying

    def _call(self, call: Any) -> Any:
        async def dying(*given: Any, **named: Any) -> Any:
            self._tick()
            answer = await call(*given, **named)
            self._tick()
            return answer

        return dying


async def _notice(shop: Shop, root: str) -> str:
    return await shop.say(thread_ts=root, text="hello")


async def _direct(shop: Shop, root: str) -> str:
    return await shop.say(channel="", user="U0BOB", text="hello")


async def _file(shop: Shop, root: str) -> str:
    return await shop.say(MessageKind.FILE, run_id="run-1", artifact_id="art-1", thread_ts=root)


async def _pdf(shop: Shop, root: str) -> str:
    return await shop.say(MessageKind.FILE, run_id="run-1", artifact_id="art-1", text="pdf", thread_ts=root)


async def _chart(shop: Shop, root: str) -> str:
    return await shop.say(MessageKind.FILE, run_id="run-1", artifact_id="art-2", text="chart", thread_ts=root)


async def _edit(shop: Shop, root: str) -> str:
    said = await shop.say(MessageKind.STATUS, run_id="run-1", thread_ts=root)
    await shop.settle()
    async with shop.database.write() as session:
        await outbox.change(session, said, wanted=2)
    return said


async def _reaction(shop: Shop, root: str) -> str:
    return await shop.say(MessageKind.REACTION, thread_ts=root, text="eyes")


@pytest.mark.parametrize("queue", [_notice, _direct, _file, _pdf, _chart, _edit, _reaction])
async def test_death_at_any_tick_neither_loses_nor_doubles_a_message(shop: Shop, queue: Queue):
    await shop.add(sample.run(channel=CHANNEL), sample.artifact(), sample.chart_row())
    for tick in count(1):
        root = await shop.root(f"{tick}")
        before = len(await shop.history("D0BOB"))
        said = await queue(shop, root)
        with Death(shop, tick) as death:
            await asyncio.gather(shop.a_new_outbox().deliver_due(), return_exceptions=True)
        shop.outbox = shop.a_new_outbox()
        await shop.settle()

        row = await shop.row(said)
        there = [*await shop.thread(root), *(await shop.history("D0BOB"))[before:]]
        assert (row.delivered, row.error) == (row.wanted, "")
        assert len(there) == (0 if queue is _reaction else 1)
        if not death.came:
            break
    assert tick > (3 if queue in (_edit, _reaction) else 6)


async def test_after_death_at_any_tick_one_pass_leaves_no_live_button_on_what_is_decided(shop: Shop):
    root = await shop.root()
    await shop.add(sample.run(channel=CHANNEL, thread_ts=root), sample.artifact())
    for tick in count(1):
        id, question = f"chk-{tick}", f"Number {tick}, right?"
        await shop.add(sample.checkpoint(CheckpointKind.DRAFT, id=id, artifact_id="art-1", question=question))
        about = {"run_id": "run-1", "checkpoint_id": id}
        await shop.say(MessageKind.CHECKPOINT, thread_ts=root, **about)
        await shop.say(MessageKind.CHECKPOINT, channel="", user="U0BOB", **about)
        await shop.settle()
        async with shop.database.write() as session:
            await checkpoints.close(session, await checkpoints.get(session, id), CheckpointState.APPROVED, by="U0BOB")
            await outbox.refresh(session, MessageKind.CHECKPOINT, checkpoint_id=id)
        with Death(shop, tick) as death:
            await asyncio.gather(shop.a_new_outbox().deliver_due(), return_exceptions=True)
        await shop.a_new_outbox().deliver_due()

        shown = [*await shop.thread(root), *await shop.history("D0BOB")]
        mine = [one for one in shown if question in str(one)]
        assert len(mine) == 2
        assert [one for one in mine if "actions" in [block["type"] for block in one["blocks"]]] == []
        assert ["*Approved* by <@U0BOB>" in str(one) for one in mine] == [True, True]
        if not death.came:
            break
    assert tick > 6
