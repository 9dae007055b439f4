"""Our engine on a database of its own, and a model that answers at once."""

import asyncio
import json
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  fills the metadata
from agents.catalog import SHIPPED, Catalog, from_texts, read
from agents.engine.engine import Asked, Engine
from agents.models.client import Capabilities
from agents.tools.toolbox import EFFECTS
from agents.tools.web import Fetcher
from bench.rigs.measuring import Watch
from storage import checkpoints
from storage.checkpoints import Press
from storage.database import Database
from storage.policy import Person
from storage.tables import Checkpoint
from storage.words import ENDED, VoteAnswer

WORKERS = 8
TEXT = "word " * 400  # 2 KB
ITEMS = ", ".join(f"item{n}" for n in range(1, WORKERS + 1))
LINE = f"""---
name: bench
description: Eight readers, one reviewed draft, one synthesis.
---
## Read
- role: researcher
- each: {ITEMS}
- makes: findings

Read.

## Draft
- role: analyst
- reads: findings
- makes: draft
- review: reviewer
- ask: Go on?

Draft.

Done when the draft is there.

## Synthesis
- role: writer
- reads: draft
- makes: result

Write.
"""
ALICE = Person(id="UA", member=True)
BOB = Person(id="UB", member=True)


def answer(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scripted message for a request."""
    title = params["output_config"]["format"]["schema"]["title"]
    said = {
        "Triage": {"route": "line", "line": "bench", "reason": "bench", "title": "Rig"},
        "Findings": {"findings": [], "summary": TEXT},
        "Draft": {"text": TEXT, "summary": "done"},
        "Verdict": {"criteria": [{"id": "W1", "verdict": "pass"}]},
    }[title]
    block = {"type": "text", "text": json.dumps(said)}
    usage = {"input_tokens": 100, "output_tokens": 100}
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": params["model"], "content": [block],
        "stop_reason": "end_turn", "stop_sequence": None, "usage": usage,
    }  # fmt: skip


class Transport(httpx2.AsyncBaseTransport):
    """The scripted model behind the real client, in this process."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=answer(json.loads(await request.aread())))


class Direct:
    """The scripted model without a client in between."""

    label = ""
    batches = None
    capabilities = Capabilities()

    def model_id(self, tier: str) -> str:
        return "claude-haiku-5-5"

    async def call(self, params: dict[str, Any], total_s: float) -> dict[str, Any]:
        return answer(params)

    async def close(self) -> None:
        return None


def catalog() -> Catalog:
    shipped = read([SHIPPED], EFFECTS)
    return from_texts({"lines/bench.md": LINE, **shipped.texts_for()}, EFFECTS)


async def _no_file(file: Mapping[str, Any]) -> bytes:
    raise FileNotFoundError(file)


class Rig:
    """An engine on a database of its own. Looking how a run stands goes past it, so that looking costs it nothing."""

    def __init__(self, home: Path, door: Any) -> None:
        self.database = Database(home / "jidoka.db")
        SQLModel.metadata.create_all(self.database.sync_engine)
        self.engine = Engine(self.database, door, catalog(), fetcher=Fetcher(), read_file=_no_file)
        self.said = asyncio.Event()
        self.engine.changed.append(self.said.set)
        self._door, self._looking = door, sqlite3.connect(self.database.path)

    async def until_waiting(self, run_id: str) -> str:
        """Return the id of the run's open checkpoint; empty when it has ended."""
        while True:
            self.said.clear()
            about = (run_id,)
            found = self._looking.execute(
                "select id from checkpoint where run_id = ? and state = 'OPEN'", about
            )
            if (row := found.fetchone()) is not None:
                return str(row[0])
            state = self._looking.execute("select lower(state) from run where id = ?", about).fetchone()[0]
            if state in ENDED:
                return ""
            await self.said.wait()

    async def shown(self, checkpoint_id: str) -> Checkpoint:
        """Return a checkpoint as people see it."""
        async with self.database.read() as session:
            return await checkpoints.get(session, checkpoint_id)

    async def decide(self, shown: Checkpoint, person: Person) -> None:
        """Approve with what the button carries."""
        pointer = {"checkpoint_id": shown.id, "version": shown.version, "nonce": shown.nonce}
        await self.engine.decide(Press(**pointer, answer=VoteAnswer.APPROVE), person)

    async def press(self, checkpoint_id: str, person: Person) -> None:
        """Approve as a person does: look, then decide."""
        await self.decide(await self.shown(checkpoint_id), person)

    async def open_run(self, number: int, request: str = "bench") -> str:
        """Ask for a run in a thread of its own and return its id."""
        ts = f"{number}.1"
        return await self.engine.open_run(Asked("T", "C", ts, ts, "UA", request))

    async def run(self, number: int) -> dict[str, float]:
        """Return wall and CPU milliseconds of one run: to its draft's checkpoint, and from there to its end."""
        watch = Watch()
        run_id = await self.open_run(number)
        await self.press(await self.until_waiting(run_id), ALICE)
        draft = await self.until_waiting(run_id)
        watch.lap()
        await self.press(draft, BOB)
        await self.until_waiting(run_id)
        watch.lap()
        return watch.figures()

    async def close(self) -> None:
        await self.engine.stop()
        await self._door.close()
        self._looking.close()
        await self.database.close()


@asynccontextmanager
async def ours(door: Any) -> AsyncIterator[Rig]:
    """Open an engine on a database of its own; whoever asks for it starts it."""
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(Path(folder), door)
        yield rig
        await rig.close()
