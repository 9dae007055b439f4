"""The outbox: finds what waits, delivers it in lanes, and decides what a failure means."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox import queue
from bot.outbox.doing import Executor
from bot.outbox.pace import Pace
from bot.outbox.queue import Key, Lane
from bot.outbox.sending import Sender
from bot.slack import DeclinedError, NotYetError, UnclearError
from storage import clock, events, outbox
from storage.database import Database
from storage.tables import OutboxMessage
from storage.words import MessageKind, MessageState

log = logging.getLogger(__name__)

BURST: Final = 4  # new messages a channel takes at once …
POST_EVERY_S: Final = 1.0  # … and then one a second (Slack's limit)
EDIT_BURST: Final = 10
EDIT_EVERY_S: Final = 60 / 35  # with the burst 45 edits in any minute; Slack takes 50 from the whole workspace
GATHER_S: Final = 0.01  # between two looks: what many lanes wake us for is read once
LOOK_EVERY_S: Final = 5.0  # for rows that nobody woke us for
MOST_FAULTS: Final = 5  # failures of our own in a row, then a message is given up
_LONGEST_PATIENCE_S: Final = 60.0


class Outbox:
    """Delivers queued messages to Slack until it is cancelled.

    Args:
        database: Ours.
        client: The one client, with ``retry_handlers=[]``.
        mode: Said under every run's status, such as "offline mode: no language model"; empty: what artifacts say.
        status_every_s: A run's status message is edited at most this often.
        patience_s: Seconds before the second attempt after a lost answer; it doubles up to a minute.
        posts: How fast new messages may follow each other in a channel.
        executor: The engine's side of effects; none: effects wait.
    """

    def __init__(
        self,
        database: Database,
        client: AsyncWebClient,
        *,
        mode: str = "",
        status_every_s: float = 2.0,
        patience_s: float = 1.0,
        posts: Pace | None = None,
        executor: Executor | None = None,
    ) -> None:
        self._database = database
        self._sender = Sender(database, client, posts or Pace(BURST, POST_EVERY_S), mode, executor)
        self._edits = Pace(EDIT_BURST, EDIT_EVERY_S)
        self._statuses = Pace(1, status_every_s)
        self._patience_s = patience_s
        self._woken = asyncio.Event()
        self._under_way: dict[Key, asyncio.Task[None]] = {}
        self._faults: dict[str, int] = {}  # failures of our own in a row, by message
        self._held: dict[Key, float] = {}  # lanes that rest after one, until then

    def wake(self) -> None:
        """Look for messages now: called after every commit that queued some."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver for as long as this task lives. Nothing but its cancellation ends it."""
        try:
            while True:
                self._woken.clear()
                await self._rest(await self._begin())
                await asyncio.sleep(GATHER_S)
        finally:
            await self._leave()

    async def deliver_due(self) -> None:
        """Deliver once what is due now, and come back when that is done."""
        await self._begin()
        while self._under_way:
            await asyncio.gather(*self._under_way.values())

    async def _begin(self) -> float:
        """Start a task for every lane that may go; return in how many seconds to look again."""
        try:
            async with self._database.read() as session:
                found = queue.lanes(await outbox.late(session))
        except Exception:  # the outbox must outlive a database that is busy or gone for a while
            log.exception("The outbox could not read what waits.")
            return LOOK_EVERY_S
        idle = [lane for lane in found if lane.key not in self._under_way]
        return min([LOOK_EVERY_S, *(wait for lane in idle if (wait := self._start(lane)) > 0)])

    def _start(self, lane: Lane) -> float:
        """Start a lane that may go; return in how many seconds it may when it must rest."""
        if (wait := self._wait(lane)) > 0:
            return wait
        if lane.is_edit:
            self._edits.take("")
        if lane.first.kind is MessageKind.STATUS:
            self._statuses.take(lane.first.id)
        self._under_way[lane.key] = asyncio.create_task(self._deliver(lane))
        return 0.0

    def _wait(self, lane: Lane) -> float:
        """Return for how long a lane must rest: postponed, after a fault, or because statuses are edited too often."""
        waits = [lane.wait(clock.now()), self._held.get(lane.key, 0.0) - _loop_time()]
        if lane.is_edit and lane.first.kind is MessageKind.STATUS:
            waits += [self._statuses.wait(lane.first.id), self._edits.wait("")]
        return max(0.0, *waits)

    async def _deliver(self, lane: Lane) -> None:
        """Deliver a lane's messages until one must wait: those behind it wait with it."""
        try:
            for message in lane.messages:
                if not await self._settled(lane, message):
                    break
        finally:
            self._under_way.pop(lane.key, None)
            self.wake()

    async def _settled(self, lane: Lane, message: OutboxMessage) -> bool:
        """Return whether the next of the lane may go: this one is delivered, or never will be."""
        try:
            return await self._tried(message)
        except Exception:  # a fault of ours in one message must not stop the others
            log.exception("A message could not be delivered.", extra={"message_id": message.id})
            return await self._at_fault(lane, message)

    async def _tried(self, message: OutboxMessage) -> bool:
        try:
            await self._sender.send(message)
        except NotYetError as soon:
            await self._postpone(message, soon.after_s, str(soon))
            return False
        except UnclearError as lost:
            await self._postpone(message, self._patience(message), str(lost))
            return False
        except DeclinedError as declined:
            await self._bury(message, declined.code)
        self._faults.pop(message.id, None)
        return True

    def _patience(self, message: OutboxMessage) -> float:
        return min(_LONGEST_PATIENCE_S, self._patience_s * 2.0 ** min(message.attempts, 10))

    async def _postpone(self, message: OutboxMessage, after_s: float, why: str) -> None:
        log.info("A message waits %.1f s: %s", after_s, why, extra={"message_id": message.id})
        until = clock.now() + timedelta(seconds=after_s)
        async with self._database.write() as session:
            await outbox.change(session, message.id, not_before=until, error=why)

    async def _bury(self, message: OutboxMessage, why: str) -> None:
        """Give a message up, where people who look after this bot see it."""
        log.error("A message cannot be delivered: %s", why, extra={"message_id": message.id})
        await self._sender.give_up(message, why)
        about: Mapping[str, str] = {"message": message.id, "what": message.kind, "channel": message.channel, "error": why}
        async with self._database.write() as session:
            await outbox.change(session, message.id, state=MessageState.DEAD, error=why)
            await events.add(session, "message refused", run_id=message.run_id, **about)

    async def _at_fault(self, lane: Lane, message: OutboxMessage) -> bool:
        """Let a lane rest after a failure of our own; give its message up when that does not help."""
        failed = self._faults[message.id] = self._faults.get(message.id, 0) + 1
        if failed >= MOST_FAULTS:
            try:
                await self._bury(message, "an error of ours; the log says which")
            except Exception:  # then the database is gone; it is tried again with the message
                log.exception("A message could not be given up.", extra={"message_id": message.id})
            else:
                return True
        self._held[lane.key] = _loop_time() + min(_LONGEST_PATIENCE_S, self._patience_s * 2.0 ** min(failed, 10))
        return False

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _leave(self) -> None:
        """End what is under way; a call that was cut is looked for at the next start."""
        ending = list(self._under_way.values())
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
