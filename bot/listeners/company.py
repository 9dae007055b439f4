"""Who is there to decide: where too few people are, the thread says so at once, and what to do about it."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from typing import Final

from bot.listeners.front import Front
from bot.messages.deciders import is_direct, lists_people, shortage
from bot.people import UnknownPersonError
from storage import checkpoints, events, outbox, standing
from storage.errors import StorageError
from storage.policy import Policy
from storage.tables import Checkpoint, OutboxMessage, Run
from storage.words import CheckpointState, MessageKind

AGAIN_S: Final = (5.0, 30.0, 120.0, 600.0)  # after Slack did not say who is there

log = logging.getLogger(__name__)


async def lacks_people(front: Front, run: Run) -> bool:
    """Return whether something in a channel waits for more people than there are to decide on it.

    Raises:
        UnknownPersonError: Slack did not say in time who is there.
    """
    async with front.database.read() as session:
        waiting = await checkpoints.open_in(session, run.id)
    for each in waiting:
        if await lacking(front, each, run):
            return True
    return False


async def lacking(front: Front, checkpoint: Checkpoint, run: Run) -> str:
    """Return what to do so that enough people may decide on this; empty where they may.

    Raises:
        UnknownPersonError: Slack did not say in time who is there.
    """
    policy = Policy.model_validate(checkpoint.policy)
    if policy.requester:
        return ""
    found = await front.people.who_may(policy, run.channel, run.requester, run.team)
    listed = lists_people(checkpoint.policy)
    return shortage(found, policy.quorum, listed=listed) if found < policy.quorum else ""


class Company:
    """Looks at every new question for others in a channel, before its card is there."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._woken = asyncio.Event()
        self._looked_at: set[str] = set()  # checkpoints, while their cards are on the way
        self._looking: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Look for new questions now: called after every commit that may have queued messages."""
        self._woken.set()

    async def run(self) -> None:
        """Look for as long as this task lives."""
        try:
            while True:
                self._woken.clear()
                self._begin(await self._unsaid())
                await self._woken.wait()
        finally:
            for task in self._looking:
                task.cancel()
            await asyncio.gather(*self._looking, return_exceptions=True)

    async def _unsaid(self) -> set[str]:
        try:
            async with self._front.database.read() as session:
                return unsaid(await outbox.late(session, MessageKind.CHECKPOINT, MessageKind.NOTICE))
        except Exception:  # this must outlive a database that is busy or gone for a while
            log.exception("Could not read what waits to be said.")
            return self._looked_at

    def _begin(self, found: set[str]) -> None:
        """Start to look at each new question; Slack may take its time with one, and the next does not wait for it."""
        for checkpoint_id in found - self._looked_at:
            task = asyncio.create_task(self._look(checkpoint_id))
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)
        self._looked_at = found

    async def _look(self, checkpoint_id: str) -> None:
        for patience_s in AGAIN_S:
            with contextlib.suppress(UnknownPersonError, StorageError):
                await self._tell(checkpoint_id)
                return
            await asyncio.sleep(patience_s)
        log.warning("Nobody knows who else may decide on %s: Slack did not say who is there.", checkpoint_id)

    async def _tell(self, checkpoint_id: str) -> None:
        checkpoint, run = await self._front.asked_in(checkpoint_id)
        if checkpoint.state is not CheckpointState.OPEN or not (said := await lacking(self._front, checkpoint, run)):
            return
        async with self._front.database.write() as session:
            if (await checkpoints.get(session, checkpoint_id)).state is CheckpointState.OPEN:
                about = {"run_id": run.id, "checkpoint_id": checkpoint_id, "channel": run.channel}
                outbox.say(session, MessageKind.NOTICE, **about, thread_ts=run.thread_ts, text=said)
                await events.add(session, standing.TOO_FEW, run_id=run.id, checkpoint=checkpoint_id)
                await outbox.refresh(session, MessageKind.CHECKPOINT, checkpoint_id=checkpoint_id)
        for listener in self._front.engine.changed:
            listener()


def unsaid(late: Iterable[OutboxMessage]) -> set[str]:
    """Return the checkpoints whose first card waits to be posted in a channel, and of which nothing was said yet."""
    waiting = list(late)
    cards = {row.checkpoint_id for row in waiting if _is_first_card(row)}
    return cards - {row.checkpoint_id for row in waiting if row.kind is MessageKind.NOTICE}


def _is_first_card(row: OutboxMessage) -> bool:
    return row.kind is MessageKind.CHECKPOINT and not (row.delivered or row.user or is_direct(row.channel))
