"""Slack events: saved before they are acknowledged, handled once, and again when that did not finish."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.faults import Faults
from storage import clock, inbox
from storage.database import Database
from storage.tables import InboxEvent

LATE_S: Final = 20  # a live event is handled long before; older ones were interrupted
AGAIN: Final = "Something went wrong on my side. I try again by myself: within a minute, then for most of an hour."
GIVEN_UP: Final = "I tried this several times and could not do it. Please write it once more."

log = logging.getLogger(__name__)
Payload = dict[str, Any]


@dataclass(frozen=True)
class Handler:
    """What to do with one type of event."""

    concerns: Callable[[Payload], Awaitable[bool]]  # False: nobody asked us anything, so it is not even kept
    handle: Callable[[Payload], Awaitable[bool]]  # True: what it caused has marked the event as handled


def _age_s(row: InboxEvent) -> float:
    return (clock.now() - row.received_at).total_seconds()


class Inbox:
    """The events of one workspace.

    Args:
        handlers: What to do with each type of event; other types are nobody's business and are not kept.
        faults: Who is told when handling fails.
    """

    def __init__(self, database: Database, handlers: Mapping[str, Handler], faults: Faults) -> None:
        self._database, self._handlers, self._faults = database, handlers, faults
        self._under_way: set[str] = set()

    async def save(self, payload: Payload) -> bool:
        """Keep an event; False when it is known already. Afterwards no crash can lose it."""
        if not await self._concerns(payload):
            return True
        async with self._database.write(first=True) as session:
            return await inbox.save(session, payload["event_id"], payload)

    async def handle(self, payload: Payload) -> None:
        """Do what an event asks for: the one way, for events that just came and for interrupted ones."""
        if await self._concerns(payload):
            await self._once(payload, AGAIN)

    async def sweep(self, older_than_s: float = LATE_S) -> int:
        """Handle again what was interrupted; return how many events that were.

        Args:
            older_than_s: Seconds before the first time; each further one waits twice as long. 0: all of them, now.
        """
        async with self._database.read() as session:
            left = await inbox.unhandled(session, older_than_s)
        rested = [row for row in left if _age_s(row) >= older_than_s * 2.0**row.attempts]
        due = [row for row in rested if row.event_id not in self._under_way]
        for row in due:
            await self._tried(row.event_id)
            await self._once(row.payload, GIVEN_UP if row.attempts + 1 >= inbox.MOST_ATTEMPTS else "")
        return len(due)

    async def forget(self) -> None:
        """Drop what Slack will never deliver again."""
        async with self._database.write() as session:
            await inbox.forget(session)

    async def _concerns(self, payload: Payload) -> bool:
        known = self._handlers.get(payload.get("event", {}).get("type") or "")
        return known is not None and bool(payload.get("event_id")) and await known.concerns(payload)

    async def _once(self, payload: Payload, sorry: str) -> None:
        event_id = payload["event_id"]
        self._under_way.add(event_id)
        try:
            if not await self._handlers[payload["event"]["type"]].handle(payload):
                await self._handled(event_id)
        except Exception as error:  # noqa: BLE001  whatever it is, the event stays saved and a person hears of it
            await self._failed(error, payload, sorry)
        finally:
            self._under_way.discard(event_id)

    async def _failed(self, error: Exception, payload: Payload, sorry: str) -> None:
        if sorry:
            await self._faults.tell(error, payload, sorry)
        else:
            log.warning("Event %s failed again: %s", payload["event_id"], error)

    async def _handled(self, event_id: str) -> None:
        async with self._database.write() as session:
            await inbox.handled(session, event_id)

    async def _tried(self, event_id: str) -> None:
        async with self._database.write() as session:
            await inbox.tried(session, event_id)
