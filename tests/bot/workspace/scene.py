"""A workspace on a free port, with a clock that can be moved, people at their pages, and real Bolt apps."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.server import create_app

BOT, APP, START = "xoxb-1", "xapp-1", "start-1"
MANIFEST: dict[str, Any] = {
    "features": {
        "slash_commands": [{"command": "/jidoka", "description": "Ask for work"}],
        "shortcuts": [
            {"name": "New request", "type": "global", "callback_id": "new", "description": "Ask"},
            {"name": "Work on this", "type": "message", "callback_id": "on_this", "description": "Ask"},
        ],
    }
}


class Clock:
    """A clock that goes only when told."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


class Person:
    """Somebody at the workspace's page."""

    def __init__(self, url: str, name: str, session: aiohttp.ClientSession) -> None:
        self.url, self.name, self._session = url, name, session
        self.headers = {"Authorization": f"Bearer xoxp-{name}"}

    async def does(self, deed: str, **asked: Any) -> dict[str, Any]:
        async with self._session.post(f"{self.url}/page/{deed}", json=asked, headers=self.headers) as answer:
            return await answer.json()

    async def gets(self, path: str, **headers: str) -> aiohttp.ClientResponse:
        answer = await self._session.get(self.url + path, headers=self.headers | headers)
        await answer.read()
        return answer

    async def presses(self, message: dict[str, Any], action_id: str, **chosen: Any) -> dict[str, Any]:
        """Press what has this action id in a message of #general."""
        container = {"type": "message", "channel": "C0GENERAL", "ts": message["ts"]}
        container["is_ephemeral"] = message.get("is_ephemeral", False)
        block = next(one["block_id"] for one in message["blocks"] if action_id in json.dumps(one))
        action = {"action_id": action_id, **chosen}
        return await self.does("action", container=container, block_id=block, action=action)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator["Watch"]:
        """Have the page open."""
        address = f"{self.url}/page/stream?as=U0{self.name.upper()}"
        async with self._session.ws_connect(address) as socket:
            yield Watch(socket)


class Watch:
    """What a page is told, one frame after the other."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def until(self, kind: str) -> dict[str, Any]:
        """Return the next frame of this kind."""
        async with asyncio.timeout(5):
            while True:
                frame: dict[str, Any] = await self._socket.receive_json()
                if frame["type"] == kind:
                    return frame


class Scene:
    """A workspace that is being served."""

    def __init__(self, url: str, clock: Clock, session: aiohttp.ClientSession) -> None:
        self.url, self.clock, self.session = url, clock, session
        self.bot = self.client(BOT)
        self.alice, self.bob = self.client("xoxp-alice"), self.client("xoxp-bob")

    def client(self, token: str) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=f"{self.url}/api/", retry_handlers=[])

    def person(self, name: str) -> Person:
        return Person(self.url, name, self.session)

    async def fault(self, method: str, kind: str, **more: Any) -> None:
        body = {"method": method, "kind": kind, **more}
        async with self.session.post(f"{self.url}/faults", json=body) as answer:
            assert (await answer.json())["ok"]

    async def texts(self, channel: str = "C0GENERAL") -> list[str]:
        """Return the texts of a channel, the newest first."""
        found = await self.alice.conversations_history(channel=channel)
        return [message["text"] for message in found["messages"]]

    @asynccontextmanager
    async def connected(self, app: AsyncApp) -> AsyncIterator[None]:
        """Have a Bolt app on the socket."""
        handler = AsyncSocketModeHandler(app, APP, ping_interval=1)
        await handler.connect_async()
        try:
            yield
        finally:
            await handler.close_async()

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Have a bare socket that acknowledges only what the test acknowledges; it has heard hello."""
        opened = await self.client(APP).apps_connections_open(app_token=APP)
        async with self.session.ws_connect(opened["url"]) as socket:
            assert (await socket.receive_json(timeout=5))["type"] == "hello"
            yield socket

    def app(self) -> AsyncApp:
        return AsyncApp(client=self.bot, signing_secret="unused")


@asynccontextmanager
async def opened(home: Path, clock: Clock | None = None, **changes: Any) -> AsyncIterator[Scene]:
    """Serve the workspace of this home on a free port."""
    door = asyncio.get_running_loop()
    server = await door.create_server(asyncio.Protocol, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    url, clock = f"http://127.0.0.1:{port}", clock or Clock()
    kept: dict[str, Any] = {"faults": True, "now": clock, "app_manifest": MANIFEST} | changes
    app = create_app(home / "workspace.db", bot_token=BOT, app_token=APP, start_token=START, url=url, **kept)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        await session.get(f"{url}/?token={START}", allow_redirects=False)
        try:
            yield Scene(url, clock, session)
        finally:
            await runner.cleanup()


def card(*buttons: str) -> list[dict[str, Any]]:
    """Return blocks with buttons whose action id and value are their text."""
    elements = [
        {"type": "button", "action_id": name, "value": name, "text": {"type": "plain_text", "text": name}}
        for name in buttons
    ]
    return [{"type": "actions", "elements": elements}]


def modal(**changes: Any) -> dict[str, Any]:
    """Return a modal with one required input."""
    block = {
        "type": "input",
        "block_id": "why",
        "label": {"type": "plain_text", "text": "Why?"},
        "element": {"type": "plain_text_input", "action_id": "reason"},
    }
    title, submit = ({"type": "plain_text", "text": text} for text in ("Send back", "Send"))
    return {
        "type": "modal",
        "callback_id": "back",
        "title": title,
        "submit": submit,
        "blocks": [block],
    } | changes
