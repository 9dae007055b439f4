"""A real database, the real built-in workspace with its fault door, and an outbox between them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot import slack
from bot.outbox import Outbox
from bot.outbox.pace import Pace
from bot.workspace.server import Served, serve
from storage import events, outbox
from storage.database import Database
from storage.tables import Event, OutboxMessage
from storage.words import MessageKind
from tests.fresh import fresh

CHANNEL = "C0GENERAL"


class Shop:
    """Everything a test needs to queue messages and to see what Slack holds."""

    def __init__(self, database: Database, served: Served, client: AsyncWebClient) -> None:
        self.database, self.served, self.client = database, served, client
        self.outbox = self.a_new_outbox()

    def a_new_outbox(self, **other: Any) -> Outbox:
        """Return an outbox as a fresh process has it."""
        usual: dict[str, Any] = {"patience_s": 0.02, "status_every_s": 0.0, "posts": Pace(1_000, 0.0)}
        return Outbox(self.database, self.client, **{**usual, **other})

    async def root(self, text: str = "please") -> str:
        """Return the ts of a new request in the channel."""
        alice = slack.client("xoxp-alice", self.client.base_url)
        return str((await alice.chat_postMessage(channel=CHANNEL, text=text))["ts"])

    async def add(self, *rows: Any) -> None:
        """Keep rows."""
        async with self.database.write() as session:
            session.add_all(rows)

    async def say(self, kind: MessageKind = MessageKind.NOTICE, **about: Any) -> str:
        """Queue a message and return its id."""
        async with self.database.write() as session:
            return outbox.say(session, kind, **{"channel": CHANNEL, **about})

    async def row(self, message_id: str) -> OutboxMessage:
        """Return a message's row."""
        async with self.database.read() as session:
            found = [row for row in await _all(session) if row.id == message_id]
            return found[0]

    async def rows(self) -> list[OutboxMessage]:
        """Return every message's row, oldest first."""
        async with self.database.read() as session:
            return await _all(session)

    async def thread(self, ts: str, channel: str = CHANNEL) -> list[dict[str, Any]]:
        """Return what stands under a message, oldest first."""
        answer = await self.client.conversations_replies(channel=channel, ts=ts, limit=900)
        return list(answer["messages"])[1:]

    async def content(self, file: dict[str, Any]) -> bytes:
        """Return a file's bytes, as the workspace hands them out."""
        headers = {"Authorization": f"Bearer {self.client.token}"}
        async with aiohttp.ClientSession() as session, session.get(file["url_private"], headers=headers) as answer:
            assert answer.status == 200
            return await answer.read()

    async def history(self, channel: str = CHANNEL) -> list[dict[str, Any]]:
        """Return what stands in a channel, oldest first."""
        answer = await self.client.conversations_history(channel=channel, limit=900)
        return list(answer["messages"])[::-1]

    async def breaks(self, method: str, kind: str, **other: Any) -> None:
        """Let the next calls of a method store their effect and lose the answer, or be refused."""
        await self._post({"method": method, "kind": kind, **other})

    async def events(self, kind: str) -> list[dict[str, Any]]:
        """Return what the audit log holds of one kind, oldest first; its chain must be whole."""
        async with self.database.read() as session:
            assert await events.broken(session) == []
            found = await session.run_sync(lambda sync: sync.query(Event).filter_by(kind=kind).order_by(Event.seq).all())
            return [event.payload for event in found]

    async def calls(self, method: str) -> list[dict[str, Any]]:
        """Return the calls of a method the workspace received."""
        url = f"{self.served.url}/faults/calls?method={method}"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return list(await answer.json())

    async def settle(self, passes: int = 40) -> None:
        """Deliver until nothing waits."""
        for _ in range(passes):
            await self.outbox.deliver_due()
            if all(row.delivered >= row.wanted or row.state == "dead" for row in await self.rows()):
                return
            await asyncio.sleep(0.02)

    async def _post(self, wanted: dict[str, Any]) -> None:
        async with aiohttp.ClientSession() as session, session.post(f"{self.served.url}/faults", json=wanted) as answer:
            assert (await answer.json())["ok"]


async def _all(session: Any) -> list[OutboxMessage]:
    return list(await session.run_sync(lambda sync: sync.query(OutboxMessage).order_by(OutboxMessage.seq).all()))


@asynccontextmanager
async def opened(home: Path, timeout_s: int = 1) -> AsyncIterator[Shop]:
    """Open a workspace and a database under a folder; an answer that takes longer than the timeout is lost."""
    served = await serve(home, "127.0.0.1", 0, faults=True)
    database = Database(fresh(home / "jidoka.db"))
    client = slack.client(served.keys.bot_token, f"{served.url}/api/", timeout_s=timeout_s)
    try:
        yield Shop(database, served, client)
    finally:
        await database.close()
        await served.close()


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """Return an open shop."""
    async with opened(tmp_path) as shop:
        yield shop


async def until(true: Callable[[], Awaitable[bool]], within_s: float = 10.0) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(within_s):
        while not await true():
            await asyncio.sleep(0.02)
