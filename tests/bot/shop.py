"""The listening side at work: the real workspace, Bolt over its socket, the real engine's doors and rows.

Only the queue behind the engine is idle: stages are counted and nobody works on them, so runs stand still.
"""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from agents.catalog import SHIPPED, read
from agents.engine.durable import Durable
from agents.engine.engine import Engine
from agents.models.client import Door
from agents.tools.toolbox import EFFECTS
from agents.tools.web import Fetcher
from bot import app as bolt
from bot import identity, listeners, slack
from bot.faults import Faults
from bot.files import Files
from bot.inbox import Inbox
from bot.listeners.front import Front
from bot.people import People
from bot.workspace import server
from storage import checkpoints, events
from storage.database import Database
from storage.policy import SHIPPED as SHIPPED_POLICY
from storage.tables import Checkpoint, Run, Task
from storage.words import CheckpointKind, RunState, TaskKind, TaskState
from tests.bot.waiting import rows, until
from tests.fresh import fresh

Json = dict[str, Any]
Make = Callable[[AsyncExitStack, Database, Json], Awaitable[Engine]]
PEOPLE = {"alice": "U0ALICE", "bob": "U0BOB", "carol": "U0CAROL", "dave": "U0DAVE"}
BOT = "<@U0JIDOKA>"


class IdleQueue(Durable):
    """A queue nobody works on; it knows what was queued, each stage once."""

    def __init__(self, database: Database) -> None:
        self.queued: set[tuple[str, str, int]] = set()

    async def enqueue(
        self, session: AsyncSession, run_id: str, task_key: str, attempt: int, after_s: float = 0.0
    ) -> None:
        self.queued.add((run_id, task_key, attempt))

    def claim_soon(self) -> None:
        """Leave it."""


@dataclass
class Shop:
    """Everything a test touches."""

    home: Path
    served: server.Served
    database: Database
    engine: Engine
    front: Front
    inbox: Inbox
    page: aiohttp.ClientSession
    handler: AsyncSocketModeHandler
    posted: list[str] = field(default_factory=list)

    def client(self, name: str) -> AsyncWebClient:
        """Return the Slack client of a person."""
        return slack.client(f"xoxp-{name}", self.served.facts()["api_url"])

    async def say(self, name: str, channel: str, text: str, thread_ts: str = "", **rest: Any) -> str:
        """Write as a person; return the message's ts."""
        said = await self.client(name).chat_postMessage(channel=channel, text=text, thread_ts=thread_ts or None, **rest)
        return str(said["ts"])

    async def do(self, name: str, deed: str, body: Json) -> Json:
        """Do what a person does in a Slack client, such as ``action`` or ``submit``."""
        headers = {"Authorization": f"Bearer xoxp-{name}"}
        async with self.page.post(f"{self.served.url}/page/{deed}", json=body, headers=headers) as answer:
            return dict(await answer.json())

    async def calls(self, method: str) -> list[Json]:
        """Return the arguments of every Web API call of a method, oldest first."""
        async with self.page.get(f"{self.served.url}/faults/calls", params={"method": method}) as answer:
            return [call["arguments"] for call in await answer.json()]

    async def break_(self, method: str, kind: str = "500_after", times: int = 1) -> None:
        """Let the next calls of a method fail."""
        body = {"method": method, "kind": kind, "times": times}
        async with self.page.post(f"{self.served.url}/faults", json=body) as answer:
            assert answer.status == 200

    async def whispers(self, user: str) -> list[str]:
        """Return what one person alone was told, oldest first."""
        return [call["text"] for call in await self.calls("chat.postEphemeral") if call["user"] == PEOPLE[user]]

    async def rows(self, table: type[Any], **named: Any) -> list[Any]:
        """Return rows of a table."""
        return await rows(self.database, table, **named)

    async def until(self, holds: Callable[[], Any], seconds: float = 10) -> Any:
        """Wait for something to hold, and return it."""
        return await until(holds, seconds)

    def leave(self, user: str) -> None:
        """Take somebody out of #sales."""
        with sqlite3.connect(self.home / "workspace.db") as connection:
            connection.execute("DELETE FROM member WHERE channel = 'C0SALES' AND user = ?", (user,))
        connection.close()

    async def card(self, checkpoint: Checkpoint, action: str, value: str, channel: str = "C0SALES") -> str:
        """Post a card with one button, as the outbox would; return its ts."""
        button = {"type": "button", "action_id": action, "value": value, "text": {"type": "plain_text", "text": "Go"}}
        blocks = [{"type": "actions", "block_id": "card", "elements": [button]}]
        said = await self.front.client.chat_postMessage(channel=channel, text="card", blocks=blocks)
        return str(said["ts"])

    async def press(self, name: str, ts: str, action: str, value: str, channel: str = "C0SALES") -> Json:
        """Press the button of a card."""
        container = {"type": "message", "channel": channel, "ts": ts}
        pressed = {"action_id": action, "type": "button", "value": value}
        return await self.do(name, "action", {"container": container, "block_id": "card", "action": pressed})


@asynccontextmanager
async def shop(home: Path) -> AsyncIterator[Shop]:
    """Start everything; leaving stops it."""
    async with AsyncExitStack() as stack:
        served = await server.serve(home, "127.0.0.1", 0, faults=True)
        stack.push_async_callback(served.close)
        yield await listening(stack, home, served)


async def listening(stack: AsyncExitStack, home: Path, served: server.Served, engine_of: Make | None = None) -> Shop:
    """Start the listening side in a workspace that is there; ``engine_of`` makes another engine, started."""
    facts = served.facts()
    database = Database(fresh(home / "jidoka.db"))
    stack.push_async_callback(database.close)
    engine = await engine_of(stack, database, facts) if engine_of else _engine(stack, database, facts)
    client = slack.client(facts["bot_token"], facts["api_url"])
    me = await identity.ask(client, facts["app_token"])
    front = Front(engine, database, client, People(client), me)
    inbox = Inbox(database, listeners.events(front), Faults(client))
    app = bolt.build(front, inbox, Faults(client), facts["bot_token"])
    handler = AsyncSocketModeHandler(app, facts["app_token"], web_client=client)
    stack.push_async_callback(handler.close_async)
    await handler.connect_async()
    page = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
    async with page.get(f"{served.url}/", params={"token": facts["start_token"]}) as welcome:
        assert welcome.status == 200
    return Shop(home, served, database, engine, front, inbox, page, handler)


def _engine(stack: AsyncExitStack, database: Database, facts: Json) -> Engine:
    door = Door.open(api_key="", base_url="http://127.0.0.1:9", fast="f", strong="s", best="b")
    stack.push_async_callback(door.close)
    files = Files(facts["api_url"], facts["bot_token"])
    catalog = read([SHIPPED], EFFECTS)
    with mock.patch("agents.engine.engine.Durable", IdleQueue):
        return Engine(database, door, catalog, fetcher=Fetcher(), read_file=files.read)


async def a_question(front: Front, kind: CheckpointKind = CheckpointKind.QUESTION, **about: Any) -> Checkpoint:
    """Return an open checkpoint of a run in #sales that Alice asked for."""
    run = Run(
        id="run-1", state=RunState.WAITING, team="T0JIDOKA", channel="C0SALES", thread_ts="1.000001",
        request_ts="1.000001", requester="U0ALICE", request="Compare them.", tag="tag",
    )
    task = Task(run_id=run.id, key="triage", kind=TaskKind.TRIAGE, position=0, state=TaskState.ASKING)
    fields = [{"name": "audience", "question": "Who reads it?", "optional": False}]
    asked: Json = {"question": "Tell me:", "payload": {"fields": fields, "why": "It is missing."}, **about}
    async with front.database.write() as session:
        session.add_all([run, task])
        await session.flush()
        await events.add(session, "run opened", run_id=run.id)
        return await checkpoints.open_(session, run, task, kind, SHIPPED_POLICY[kind], **asked)
