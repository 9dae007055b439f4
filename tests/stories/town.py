"""A whole town for stories: the bot, the built-in workspace and the scripted model, each a process of its own.

People do here what they do in a browser: write, attach files, press buttons, fill in forms. The bot can be killed and
started again; the others live on, as Slack and a model would.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.waiting import until
from tests.servers.model import ModelServer, scripted_model

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
PATIENCE_S = 60
IDS = {"alice": "U0ALICE", "bob": "U0BOB", "carol": "U0CAROL", "dave": "U0DAVE"}


@dataclass
class Person:
    """Somebody at the workspace's page."""

    town: Town
    name: str
    client: AsyncWebClient
    windows: list[Json] = field(default_factory=list)  # forms that were opened for them, newest last
    whispers: list[str] = field(default_factory=list)  # what only they were told

    async def say(self, channel: str, text: str, thread_ts: str = "", files: tuple[Path, ...] = ()) -> str:
        """Write a message, with files if any; return its ts."""
        if not files:
            said = await self.client.chat_postMessage(channel=channel, text=text, thread_ts=thread_ts or None)
            return str(said["ts"])
        uploads = [{"file": str(path), "filename": path.name} for path in files]
        await self.client.files_upload_v2(channel=channel, initial_comment=text, file_uploads=uploads)
        history = await self.client.conversations_history(channel=channel, limit=1)
        return str(history["messages"][0]["ts"])

    async def thread(self, channel: str, ts: str) -> list[Json]:
        """Return what the bot said in a thread, oldest first."""
        replies = await self.client.conversations_replies(channel=channel, ts=ts, limit=200, include_all_metadata=True)
        return [message for message in replies["messages"] if message.get("bot_id")]

    async def sees(self, channel: str, ts: str, words: str) -> Json:
        """Return the newest message of the bot that says these words, as soon as it is there."""

        async def found() -> Json | None:
            said = reversed(await self.thread(channel, ts))
            return next((m for m in said if words in json.dumps(m, ensure_ascii=False)), None)

        return dict(await until(found, PATIENCE_S))

    async def button(self, channel: str, ts: str, label: str, words: str = "") -> tuple[Json, Json, Json]:
        """Return the newest button with this text as (message, block, button), as soon as it is there."""

        async def found() -> tuple[Json, Json, Json] | None:
            for message in reversed(await self.thread(channel, ts)):
                for block in message.get("blocks", []):
                    for element in block.get("elements", []):
                        said = element.get("text", {}) if isinstance(element, dict) else {}
                        if isinstance(said, dict) and said.get("text") == label and words in json.dumps(message):
                            return message, block, element
            return None

        return tuple(await until(found, PATIENCE_S))  # type: ignore[return-value]

    async def press(self, channel: str, ts: str, label: str, words: str = "") -> Json:
        """Press the newest button with this text; return what the page was told."""
        message, block, button = await self.button(channel, ts, label, words)
        return await self.press_this(channel, message, block, button)

    async def press_this(self, channel: str, message: Json, block: Json, button: Json) -> Json:
        """Press this very button, whether it is still shown or not."""
        container = {"type": "message", "channel": channel, "ts": message["ts"], "thread_ts": message.get("thread_ts")}
        action = {"type": "button", "action_id": button["action_id"], "value": button.get("value", "")}
        body = {"container": container, "block_id": block["block_id"], "action": action, "state": {"values": {}}}
        return await self._do("action", body)

    async def fill(self, **values: str) -> Json:
        """Fill in the form opened last, by parts of its labels, and hand it in."""
        view = await until(lambda: self.windows[-1] if self.windows else None, PATIENCE_S)
        self.windows.clear()
        return await self._do("submit", {"view_id": view["id"], "state": {"values": filled(view, **values)}})

    async def _do(self, deed: str, body: Json) -> Json:
        headers = {"Authorization": f"Bearer xoxp-{self.name}"}
        async with self.town.page.post(f"{self.town.facts['url']}/page/{deed}", json=body, headers=headers) as answer:
            return dict(await answer.json())

    async def listen(self) -> None:
        """Follow what the page is told, until the town closes."""
        url = f"{self.town.facts['url']}/page/stream?as={IDS[self.name]}"
        async with self.town.page.ws_connect(url, headers={"Origin": self.town.facts["url"]}) as stream:
            async for frame in stream:
                self._hear(json.loads(frame.data))

    def _hear(self, frame: Json) -> None:
        if frame["type"] in {"view_opened", "view_updated"}:
            self.windows.append(frame["view"])
        elif frame["type"] == "ephemeral":
            self.whispers.append(frame["message"]["text"])


@dataclass
class Town:
    """The processes, and the people."""

    home: Path
    facts: Json  # the workspace's addresses and tokens
    model: ModelServer | None
    page: aiohttp.ClientSession
    bots: list[asyncio.subprocess.Process] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        """Return a person by name: ``town.alice``."""
        if name in IDS:
            return self.people[name]
        raise AttributeError(name)

    async def start_bot(self, *, kill_at: int = 0) -> asyncio.subprocess.Process:
        """Start the bot and return it once it is connected; ``kill_at`` ends it at that tick, by SIGKILL."""
        module = "tests.kill.victim" if kill_at else "bot"
        arguments = [sys.executable, "-m", module, *([str(kill_at)] if kill_at else [])]
        log = (self.home / "bot.log").open("ab")
        process = await asyncio.create_subprocess_exec(*arguments, cwd=ROOT, env=self._environment(), stdout=log, stderr=log)
        log.close()
        self.bots.append(process)
        return process

    def _environment(self) -> dict[str, str]:
        facts = self.facts
        model = {"ANTHROPIC_BASE_URL": self.model.url, "ANTHROPIC_API_KEY": "sk-test-key"} if self.model else {}
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "ANTHROPIC_", "JIDOKA_"))},
            "SLACK_BOT_TOKEN": facts["bot_token"], "SLACK_APP_TOKEN": facts["app_token"], "SLACK_API_URL": facts["api_url"],
            "JIDOKA_HOME": str(self.home / "bot"), "PORT": "0", **model,
        }  # fmt: skip

    async def kill_bot(self) -> None:
        """End the bot as a power cut does."""
        self.bots[-1].send_signal(signal.SIGKILL)
        await self.bots[-1].wait()

    def log(self) -> str:
        """Return what the bots wrote."""
        return (self.home / "bot.log").read_text(errors="replace")

    async def close(self) -> None:
        """End every bot."""
        for process in self.bots:
            if process.returncode is None:
                process.terminate()
                await process.wait()


@asynccontextmanager
async def town(home: Path, script: list[Json] | None, *, bot: bool = True) -> AsyncIterator[Town]:
    """Open a town over a script of the model; None: the bot works offline."""
    async with AsyncExitStack() as stack:
        model = await stack.enter_async_context(scripted_model(script, home, check=False)) if script is not None else None
        facts = await _workspace(stack, home)
        page = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
        async with page.get(f"{facts['url']}/", params={"token": facts["start_token"]}) as welcome:
            assert welcome.status == 200
        here = Town(home, facts, model, page)
        stack.push_async_callback(here.close)
        for name in IDS:
            await _settle(stack, here, name)
        if bot:
            await here.start_bot()
        yield here


async def _workspace(stack: AsyncExitStack, home: Path) -> Json:
    arguments = ["-m", "bot.workspace", "--home", str(home / "workspace"), "--port", "0", "--faults"]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    stack.push_async_callback(process.wait)
    stack.callback(process.terminate)
    return dict(json.loads(await process.stdout.readline()))


async def _settle(stack: AsyncExitStack, here: Town, name: str) -> None:
    client = AsyncWebClient(token=f"xoxp-{name}", base_url=here.facts["api_url"], retry_handlers=[])
    person = here.people[name] = Person(here, name, client)
    listening = asyncio.ensure_future(person.listen())
    stack.callback(listening.cancel)


def filled(view: Json, **values: str) -> Json:
    """Return what a form holds once it is filled in by parts of its labels; the rest stays as it was."""
    state: Json = {}
    for block in (b for b in view["blocks"] if b["type"] == "input"):
        element, label = block["element"], block["label"]["text"].lower()
        said = next((v for k, v in values.items() if k.replace("_", " ") in label), element.get("initial_value", ""))
        kept: Json = {"type": element["type"], "value": said or None}
        if element["type"] == "checkboxes":
            kept = {"type": "checkboxes", "selected_options": element.get("initial_options", [])}
        state[block["block_id"]] = {element["action_id"]: kept}
    return state


def plain(message: Json) -> str:
    """Return every word of a message, one space between."""
    return re.sub(r"\s+", " ", json.dumps(message.get("blocks") or message.get("text"), ensure_ascii=False))


