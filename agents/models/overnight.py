"""One attempt's way to half price: what goes into a batch, how long it is waited for, and when it is called directly.

The batch is on record before anybody waits for it, so a restart goes on waiting for the same one. A batch whose making
was not answered is looked for under its call's name before another is made.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from agents.errors import LaterError, ModelError, RequestError, RetryError, SetupError
from agents.models.batches import Batch, Batches, custom_id
from agents.models.retry import tries_now
from agents.models.wire import whole
from storage import clock

WAIT: Final = timedelta(hours=2)  # for one call; most batches end within one
SKEW: Final = timedelta(minutes=10)  # between our clock and the service's
MOST_TRIES: Final = 3  # to list batches, or to read one
MOST_LOOKS: Final = 6  # at a batch that is being cancelled: about five minutes

log = logging.getLogger(__name__)
Until = Callable[[], Awaitable[datetime | None]]


@dataclass(frozen=True)
class Ticket:
    """What is on record of a call that waits; ``batch`` is empty where nobody knows whether there is one."""

    name: str
    at: datetime  # when the batch was made, or the call was about to be
    batch: str = ""
    is_new: bool = False  # made just now: not worth a look yet

    def plain(self) -> dict[str, str]:
        """Return it as JSON."""
        return {"custom_id": self.name, "at": self.at.isoformat(), "batch": self.batch}

    @classmethod
    def read(cls, plain: Mapping[str, Any], at: datetime) -> Ticket:
        """Return what was kept; of a call without a batch on record, when it began."""
        if not plain.get("batch"):
            return cls("", at)
        return cls(str(plain["custom_id"]), datetime.fromisoformat(plain["at"]), str(plain["batch"]))


class Notes(Protocol):
    """Where a ticket is kept."""

    async def note(self, seq: int, about: Mapping[str, Any]) -> None:
        """Keep something about a call that is not finished."""
        ...


class Overnight:
    """Makes the calls of one attempt by message batches while there is time.

    Args:
        batches: Those of this process.
        notes: The attempt's record.
        key: Run, task and attempt.
        until: When an answer must be there at the latest, as things stand now; None when nothing may wait any more.
        tickets: What is on record of calls that were not finished, by their number.
    """

    def __init__(
        self,
        batches: Batches,
        notes: Notes,
        key: tuple[str, str, int],
        until: Until,
        tickets: Mapping[int, Ticket],
    ) -> None:
        self._batches, self._notes, self._key, self._until = batches, notes, key, until
        self._tickets = dict(tickets)
        self._cut: list[str | asyncio.Task[str]] = []  # batches nobody waits for any more
        self.is_waiting = False
        self.waited_s = 0.0  # in all
        self.begins: Callable[[], None] | None = None  # called when a wait begins

    async def call(self, seq: int, params: dict[str, Any]) -> dict[str, Any] | None:
        """Return the model's answer, to be paid at half price; None where the call is to be made directly.

        Raises:
            MoneyError: A spend limit stops the call.
        """
        if (ticket := await self._ticket(seq, params)) is None:
            return None
        self._batches.awaited.add(ticket.batch)
        try:
            return await self._answer(ticket)
        except asyncio.CancelledError:
            self._cut.append(ticket.batch)
            raise
        finally:
            self._batches.awaited.discard(ticket.batch)

    def abandon(self) -> None:
        """Let the service stop what was cut, where it still can; nobody waits for that."""
        on_record = [ticket.batch for ticket in self._tickets.values() if ticket.batch]
        for batch in (*self._cut, *on_record):
            self._batches.cancel_soon(batch)
        self._cut.clear()
        self._tickets.clear()

    async def _ticket(self, seq: int, params: dict[str, Any]) -> Ticket | None:
        known = self._tickets.pop(seq, None)
        if known is not None and known.batch:
            return known
        name = custom_id(*self._key, seq)
        if known is not None and (found := await self._found(name, known.at)):
            return await self._noted(seq, Ticket(name, clock.now(), found))
        if not (self._batches.speaks and self._batches.has_room and await self._may_begin()):
            return None
        return await self._made(seq, name, params)

    async def _made(self, seq: int, name: str, params: dict[str, Any]) -> Ticket | None:
        asked_at, tries = clock.now(), tries_now()
        for tried in range(tries.now() if tries.is_fresh else 0):
            try:
                batch = await self._create(name, params)
                return (
                    await self._noted(seq, Ticket(name, clock.now(), batch, is_new=True)) if batch else None
                )
            except RetryError as passing:  # the answer may be lost and the batch there
                await tries.failed(passing)
                if batch := await self._found(name, asked_at):
                    return await self._noted(seq, Ticket(name, clock.now(), batch))
            except LaterError as later:
                await tries.failed(later)
                return _refused(later)
            except (SetupError, RequestError) as refused:
                return _refused(refused)
            if not await self._may_begin():
                return None
            await self._rest(tried)
        return None

    async def _create(self, name: str, params: dict[str, Any]) -> str:
        making = self._batches.begin(name, params)
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            self._cut.append(making)
            raise

    async def _noted(self, seq: int, ticket: Ticket) -> Ticket:
        self._batches.awaited.add(ticket.batch)
        try:
            await self._notes.note(seq, ticket.plain())
        except BaseException as cut:
            self._batches.awaited.discard(ticket.batch)
            if isinstance(cut, asyncio.CancelledError):
                self._cut.append(ticket.batch)
            else:
                self._batches.cancel_soon(ticket.batch)  # not on record: nobody would take what it gives
            raise
        return ticket

    async def _found(self, name: str, since: datetime) -> str:
        """Return the batch that holds a call; empty where none does.

        A list does not name what its batches hold, so one that nobody here waits for is waited for: only its results do.
        """
        read: set[str] = set()
        last, waited_s = clock.now() + WAIT, 0.0
        while True:
            unsure = [batch for batch in await self._recent(since - SKEW) if batch.requests == 1]
            for batch in unsure:
                if batch.ended and batch.id not in read and name in await self._named_in(batch.id):
                    return batch.id
                read |= {batch.id} if batch.ended else set()
            under_way = [
                batch.id for batch in unsure if not batch.ended and batch.id not in self._batches.awaited
            ]
            if not under_way or clock.now() >= last or not await self._may_begin():
                return ""
            waited_s = self._batches.patience.after(waited_s)
            await self._look(under_way[0], waited_s)

    async def _recent(self, since: datetime) -> list[Batch]:
        for tried in range(MOST_TRIES):
            try:
                return await self._batches.recent(since)
            except ModelError as wrong:
                log.info("Message batches could not be listed: %s", wrong)
                await self._rest(tried)
        return []

    async def _rest(self, tried: int) -> None:
        await asyncio.sleep(min(self._batches.patience.first_s, 2.0**tried))

    async def _named_in(self, batch_id: str) -> set[str]:
        for _ in range(MOST_TRIES):
            with suppress(ModelError):
                return set(await self._batches.results(batch_id))
        return set()

    async def _answer(self, ticket: Ticket) -> dict[str, Any] | None:
        """Wait for the batch to end, at most until it is too late, and take what came."""
        waited_s, looks_left = 0.0, MOST_LOOKS
        is_cancelled = False
        after_s = self._batches.patience.after(0.0) if ticket.is_new else 0.0
        while looks_left:
            batch = await self._look(ticket.batch, after_s)
            if batch is None:
                _say(ticket, "the service does not know it any more")
                return None
            if batch.ended and (results := await self._results(ticket)) is not None:
                return _used(ticket, results)
            if not is_cancelled and await self._is_late(ticket):
                await self._batches.cancel(ticket.batch)
                is_cancelled, after_s = True, 0.0
                continue
            waited_s = after_s = self._batches.patience.after(0.0 if is_cancelled else waited_s)
            looks_left -= is_cancelled
        _say(ticket, "it does not end, although it was cancelled")
        return None

    async def _results(self, ticket: Ticket) -> dict[str, dict[str, Any]] | None:
        try:
            return await self._batches.results(ticket.batch)
        except ModelError as wrong:
            log.info("The results of message batch %r could not be read: %s", ticket.batch, wrong)
            return None

    async def _look(self, batch_id: str, after_s: float) -> Batch | None:
        """Look at a batch, later; trouble that passes counts as not ended."""
        began, self.is_waiting = time.monotonic(), True
        if self.begins is not None:
            self.begins()
        try:
            return await self._batches.look(batch_id, after_s)
        except ModelError as wrong:
            log.info("Message batch %r could not be looked at: %s", batch_id, wrong)
            return Batch(batch_id, False, clock.now(), 1)
        finally:
            self.is_waiting = False
            self.waited_s += time.monotonic() - began

    async def _may_begin(self) -> bool:
        until = await self._until()
        return until is not None and clock.now() + WAIT <= until

    async def _is_late(self, ticket: Ticket) -> bool:
        until = await self._until()
        return until is None or clock.now() >= min(until, ticket.at + WAIT)


def _refused(why: ModelError) -> Ticket | None:
    """Return no ticket, and say why."""
    log.info("No message batch, the call is made directly: %s", why)
    return None


def _used(ticket: Ticket, results: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return the answer among the results; whatever else came of the call, it is made directly and named there."""
    result = results.get(ticket.name, {"type": "missing"})
    kind = result.get("type")
    if kind != "succeeded":
        _say(ticket, f"the call is {kind} {_error(result)}".rstrip())
        return None
    try:
        return whole(dict(result["message"]))
    except (RetryError, KeyError, TypeError, ValueError) as broken:
        _say(ticket, f"its answer is not whole ({broken})")
        return None


def _error(result: Mapping[str, Any]) -> str:
    error = result.get("error")
    inner = error.get("error") if isinstance(error, dict) else None
    return str(inner.get("type", "")) if isinstance(inner, dict) else ""


def _say(ticket: Ticket, why: str) -> None:
    log.warning("Message batch %r gave no answer: %s. The call is made directly.", ticket.batch, why)
