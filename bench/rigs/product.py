"""The whole product at work: the bot and the built-in workspace, a process each, and a model in this one."""

import asyncio
import json
import os
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiohttp import web

from bench.rigs.engine import ITEMS, answer

TICKS: Final = os.sysconf("SC_CLK_TCK")  # a second, in /proc
ROOT: Final = Path(__file__).parents[2]
OURS: Final = ("SLACK_", "ANTHROPIC_", "JIDOKA_", "DATABASE_URL")
START_S: Final = 60.0
END_S: Final = 15.0  # how long a process may take to end before it is killed
CARDS: Final = (
    "SELECT channel, thread_ts, ts FROM outboxmessage WHERE kind = 'CHECKPOINT' AND ts <> '' AND user = ''"
)
LINE: Final = f"""---
name: bench
description: Eight readers and one writer; only the plan is asked about.
---
## Read
- role: researcher
- each: {ITEMS}
- makes: findings

Read.

## Synthesis
- role: writer
- reads: findings
- makes: result

Write.
"""

Json = dict[str, Any]
Process = asyncio.subprocess.Process


@dataclass(frozen=True)
class Card:
    """A checkpoint's message and its Approve button, as a person's page shows them."""

    channel: str
    thread_ts: str
    ts: str
    block_id: str
    button: Mapping[str, Any]

    def press(self) -> Json:
        """Return what the page says when the button is pressed."""
        container = {"type": "message", "channel": self.channel, "ts": self.ts, "thread_ts": self.thread_ts}
        action = {"type": "button", "action_id": self.button["action_id"], "value": self.button["value"]}
        return {"container": container, "block_id": self.block_id, "action": action, "state": {"values": {}}}


class Product:
    """What a person can do there, and a look at the bot's rows, past the bot."""

    def __init__(self, home: Path, facts: Json, page: aiohttp.ClientSession, pids: Mapping[str, int]) -> None:
        self._home, self._facts, self._page, self._pids = home, facts, page, pids

    async def api(self, person: str, method: str, **named: str) -> Json:
        """Call the workspace's Web API as a person, such as "alice".

        Raises:
            RuntimeError: It refused.
        """
        address, headers = f"{self._facts['api_url']}{method}", _as(person)
        async with self._page.post(address, data=named, headers=headers) as answered:
            told: Json = await answered.json()
        if not told["ok"]:
            raise RuntimeError(f"{method} was refused: {told['error']}")
        return told

    async def press(self, person: str, card: Card) -> bool:
        """Press a card's button; return whether the bot acknowledged it in time."""
        address = f"{self._facts['url']}/page/action"
        async with self._page.post(address, json=card.press(), headers=_as(person)) as answered:
            return bool((await answered.json()).get("ok"))

    async def cards(self) -> list[Card]:
        """Return every checkpoint's card that stands in a thread."""
        return [await self._card(*place) for place in self.look(CARDS)]

    async def _card(self, channel: str, thread_ts: str, ts: str) -> Card:
        told = await self.api("alice", "conversations.replies", channel=channel, ts=thread_ts, limit="50")
        message = next(one for one in told["messages"] if one["ts"] == ts)
        for block in message["blocks"]:
            for element in block.get("elements", []):
                if element.get("action_id") == "checkpoint_approve":
                    return Card(channel, thread_ts, ts, block["block_id"], element)
        raise RuntimeError(f"The card {ts} in {channel} has no button to approve with.")

    def cpu_s(self) -> dict[str, float]:
        """Return the seconds of CPU that each process has used so far; ``here`` is this one."""
        return {name: _cpu_s(pid) for name, pid in self._pids.items()} | {"here": time.process_time()}

    def starved_s(self) -> float:
        """Return the seconds for which the bot's loop wanted a core and got none: other programs had them."""
        waited_ns = Path(f"/proc/{self._pids['bot']}/schedstat").read_text(encoding="utf-8").split()[1]
        return int(waited_ns) / 1e9

    def look(self, query: str) -> list[tuple[Any, ...]]:
        """Return rows of the bot's database."""
        connection = sqlite3.connect(f"file:{self._home / 'bot' / 'jidoka.db'}?mode=ro", uri=True)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def count(self, query: str) -> int:
        """Return the number that a query of the bot's database gives."""
        return int(self.look(query)[0][0])


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _as(person: str) -> dict[str, str]:
    return {"Authorization": f"Bearer xoxp-{person}"}


@asynccontextmanager
async def product(home: Path, *, model_s: float, policy: str) -> AsyncIterator[Product]:
    """Start everything, with a model that takes ``model_s`` seconds an answer; on leaving, all of it has ended."""
    async with AsyncExitStack() as stack:
        model = await stack.enter_async_context(_model(model_s))
        workspace, facts = await _workspace(stack, home)
        _write_pages(home / "bot", policy)
        page = await stack.enter_async_context(_page(facts))
        bot = await _bot(stack, home, facts, model)
        here = Product(home, facts, page, {"bot": bot.pid, "workspace": workspace.pid})
        await _ready(here)
        yield here


async def _ready(here: Product) -> None:
    """Come back when the bot has its tables."""
    end = time.monotonic() + START_S
    while True:
        try:
            here.count("SELECT count(*) FROM run")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.1)
        else:
            return


def _write_pages(home: Path, policy: str) -> None:
    (home / "lines").mkdir(parents=True)
    (home / "lines" / "bench.md").write_text(LINE, encoding="utf-8")
    (home / "policy.toml").write_text(policy, encoding="utf-8")


@asynccontextmanager
async def _model(model_s: float) -> AsyncIterator[str]:
    """Serve the Messages API; give its address."""

    async def reply(request: web.Request) -> web.Response:
        asked = await request.json()
        await asyncio.sleep(model_s)
        return web.json_response(answer(asked))

    app = web.Application(client_max_size=2**24)
    app.router.add_post("/v1/messages", reply)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _page(facts: Json) -> AsyncIterator[aiohttp.ClientSession]:
    """Open the workspace's page as a browser does that follows the printed address."""
    jar, connector = aiohttp.CookieJar(unsafe=True), aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(cookie_jar=jar, connector=connector) as page:
        async with page.get(f"{facts['url']}/", params={"token": facts["start_token"]}) as welcome:
            welcome.raise_for_status()
        yield page


async def _workspace(stack: AsyncExitStack, home: Path) -> tuple[Process, Json]:
    arguments = ("bot.workspace", "--home", str(home / "workspace"), "--port", "0")
    process = await _started(stack, arguments, dict(os.environ), asyncio.subprocess.PIPE)
    assert process.stdout is not None
    return process, dict(json.loads(await process.stdout.readline()))


async def _bot(stack: AsyncExitStack, home: Path, facts: Json, model: str) -> Process:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    slack = {"SLACK_BOT_TOKEN": facts["bot_token"], "SLACK_APP_TOKEN": facts["app_token"]}
    slack |= {"SLACK_API_URL": facts["api_url"], "JIDOKA_HOME": str(home / "bot"), "PORT": "0"}
    about = {"ANTHROPIC_BASE_URL": model, "ANTHROPIC_API_KEY": "sk-bench"}
    return await _started(stack, ("bot",), {**kept, **slack, **about}, asyncio.subprocess.DEVNULL)


async def _started(
    stack: AsyncExitStack, arguments: tuple[str, ...], environment: Mapping[str, str], output: int
) -> Process:
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments), cwd=ROOT, env=environment, stdout=output, stderr=quiet
    )
    stack.push_async_callback(_end, process)
    return process


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), END_S)
    except TimeoutError:
        process.kill()
        await process.wait()
