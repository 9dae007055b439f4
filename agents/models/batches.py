"""Message Batches: the same calls at half price, for whoever can wait. Each batch holds one call.

``results_url`` is never followed: the key would go to whatever host it names. Results have their place at our own.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

import anthropic
import httpx2

from agents.errors import ModelError, MoneyError, RetryError
from agents.models.faults import classify
from agents.models.poller import PATIENCE, Patience, Poller
from agents.models.wire import FAULTS

__all__ = ["PATIENCE", "Batch", "Batches", "Patience", "custom_id"]

PATH: Final = "/v1/messages/batches"
CALL_S: Final = 120.0  # one request about batches
CLOSE_S: Final = 2.0  # for cancels under way when the process ends
MOST_WAITING: Final = 60  # so that the stages of the day find room beside those that wait for the night
RECENT: Final = 100  # batches of one list
ABSENT: Final = frozenset({400, 404, 405, 501})  # how a server says that it speaks no batches

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Batch:
    """A batch as the service shows it."""

    id: str
    ended: bool
    created_at: datetime
    requests: int


def custom_id(*of: object) -> str:
    """Return the name of a call in its batch: 40 hexadecimal characters, the same for the same parts."""
    return hashlib.sha256(":".join(map(str, of)).encode()).hexdigest()[:40]


class Batches:
    """The batches of this process.

    Args:
        client: The way to the service.
        vendor: Anthropic itself answers.
        patience: How often a batch is looked at.
    """

    def __init__(self, client: anthropic.AsyncAnthropic, *, vendor: bool, patience: Patience) -> None:
        self._client, self._vendor, self.patience = client, vendor, patience
        self.speaks = True  # until the service says that it does not
        self.awaited: set[str] = set()  # ids of batches that somebody here waits for
        self._poller = Poller(self._looked_at)
        self._held: set[asyncio.Task[Any]] = set()

    @property
    def has_room(self) -> bool:
        """Whether one more may wait."""
        return len(self.awaited) < MOST_WAITING

    def begin(self, name: str, params: dict[str, Any]) -> asyncio.Task[str]:
        """Begin to make a batch of one call and return the task that gives its id; empty: no batches are spoken here.

        It goes on when whoever waits for it is cut: what it made can still be cancelled. It raises ModelError; after
        RetryError the batch may be there all the same.
        """
        return self._hold(self._create(name, params))

    async def _create(self, name: str, params: dict[str, Any]) -> str:
        body = {"requests": [{"custom_id": name, "params": params}]}
        try:
            return _batch(await self._json("POST", PATH, body)).id
        except _AbsentError as absent:
            self.speaks = False
            log.warning("No message batches from now on, all calls are made directly: %s", absent)
            return ""

    async def look(self, batch_id: str, after_s: float) -> Batch | None:
        """Return the batch as it is so many seconds from now; None when the service does not know it.

        Raises:
            ModelError: It could not be looked at.
        """
        return await self._poller.look(batch_id, after_s)

    async def _looked_at(self, batch_id: str) -> Batch | None:
        try:
            return _batch(await self._json("GET", _path(batch_id)))
        except _AbsentError:
            return None

    async def recent(self, since: datetime) -> list[Batch]:
        """Return the newest batches made since a moment, whoever made them.

        Raises:
            ModelError: They could not be listed.
        """
        try:
            found = await self._json("GET", f"{PATH}?limit={RECENT}")
        except _AbsentError:
            return []
        return [batch for batch in map(_batch, _listed(found)) if batch.created_at >= since]

    async def results(self, batch_id: str) -> dict[str, dict[str, Any]]:
        """Return what an ended batch gave, by the names of its calls.

        Raises:
            RetryError: The file was cut; it may be whole the next time.
            ModelError: It could not be read.
        """
        try:
            answer = await self._sent("GET", f"{_path(batch_id)}/results")
        except _AbsentError as gone:
            raise RetryError("The results of a message batch are not there.") from gone
        return _results(answer.text)

    async def cancel(self, batch_id: str) -> None:
        """Ask the service to make what it has not made yet never; what has ended stays as it is."""
        try:
            await self._sent("POST", f"{_path(batch_id)}/cancel")
        except (ModelError, _AbsentError) as refused:  # it has ended, most likely
            log.info("Message batch %r was not cancelled: %s", batch_id, refused)

    def cancel_soon(self, batch: str | asyncio.Task[str]) -> None:
        """Cancel a batch, or what is just being made, without waiting for it."""
        self._hold(self._cancel_soon(batch))

    async def _cancel_soon(self, batch: str | asyncio.Task[str]) -> None:
        with suppress(ModelError):
            if batch_id := batch if isinstance(batch, str) else await batch:
                await self.cancel(batch_id)

    async def close(self) -> None:
        """Look at nothing any more, and let cancels under way leave."""
        await self._poller.close()
        if self._held:
            _, late = await asyncio.wait(self._held, timeout=CLOSE_S)
            for task in late:
                task.cancel()

    def _hold(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.ensure_future(work)
        self._held.add(task)
        task.add_done_callback(self._let_go)
        return task

    def _let_go(self, task: asyncio.Task[Any]) -> None:
        self._held.discard(task)
        if not task.cancelled():
            task.exception()  # asked for here: whoever waited for it may have been cut

    async def _json(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = await self._sent(method, path, body)
        try:
            found = answer.json()
        except ValueError as broken:
            raise classify(broken, vendor=self._vendor) from broken
        if not isinstance(found, dict):
            raise RetryError("The model service answered with something that is not a message batch.")
        return found

    async def _sent(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx2.Response:
        options: Any = {"timeout": CALL_S}
        try:
            async with asyncio.timeout(CALL_S):
                if method == "GET":
                    return await self._client.get(path, cast_to=httpx2.Response, options=options)
                return await self._client.post(path, cast_to=httpx2.Response, body=body, options=options)
        except FAULTS as fault:
            raise self._named(fault) from fault

    def _named(self, fault: Exception) -> Exception:
        named = classify(fault, vendor=self._vendor)
        refused = isinstance(fault, anthropic.APIStatusError) and fault.status_code in ABSENT
        return _AbsentError(str(named)) if refused and not isinstance(named, MoneyError) else named


class _AbsentError(Exception):
    """The service has no such thing, or no such address."""


def _path(batch_id: str) -> str:
    return f"{PATH}/{quote(batch_id, safe='')}"


def _batch(shown: Any) -> Batch:  # noqa: ANN401  whatever the service sent
    try:
        counts = shown.get("request_counts") or {}
        made = datetime.fromisoformat(str(shown["created_at"])).astimezone(UTC)
        ended = shown["processing_status"] == "ended"
        return Batch(str(shown["id"]), ended, made, sum(int(count) for count in counts.values()))
    except (KeyError, ValueError, TypeError, AttributeError) as wrong:
        raise RetryError("The model service answered with something that is not a message batch.") from wrong


def _listed(found: dict[str, Any]) -> list[Any]:
    data = found.get("data")
    return data if isinstance(data, list) else []


def _results(text: str) -> dict[str, dict[str, Any]]:
    """Read one result a line; a cut file is broken as a whole: what it lacks may be ours."""
    try:
        lines = [json.loads(line) for line in text.splitlines() if line.strip()]
        return {str(line["custom_id"]): dict(line["result"]) for line in lines}
    except (ValueError, KeyError, TypeError) as cut:
        raise RetryError("The results of a message batch were cut off.") from cut
