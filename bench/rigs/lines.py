"""A shipped line on its sample files: the real engine, the offline door, and people who say yes at once."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import SQLModel, col

import storage.tables  # noqa: F401  fills the metadata
from agents.catalog import SHIPPED, read
from agents.engine.engine import Asked, Engine
from agents.models.client import Door
from agents.models.offline import transport
from agents.tools.toolbox import EFFECTS
from agents.tools.web import Fetcher
from storage import checkpoints, runs
from storage.checkpoints import Press
from storage.database import Database
from storage.policy import Person
from storage.tables import Brief, Call, Checkpoint, Run, Task
from storage.words import ENDED, CheckpointKind, VoteAnswer

SAMPLES: Final = Path(__file__).parents[2] / "bot" / "workspace" / "samples"
PATIENCE_S: Final = 300
ALICE: Final = Person(id="U0ALICE", team="T0JIDOKA", member=True)
BOB: Final = Person(id="U0BOB", team="T0JIDOKA", member=True)
OTHERS: Final = frozenset({CheckpointKind.DRAFT, CheckpointKind.ESCALATION, CheckpointKind.EFFECT})  # not the requester's


@dataclass(frozen=True)
class Worked:
    """What one run left on record."""

    run: Run
    tasks: tuple[Task, ...]  # in page order
    briefs: tuple[Brief, ...]  # as they were shown
    calls: tuple[Call, ...]  # to models and tools


def samples() -> dict[str, dict[str, Any]]:
    """Return every shipped sample: its request and its files, by folder."""
    found: dict[str, dict[str, Any]] = json.loads((SAMPLES / "samples.json").read_text(encoding="utf-8"))
    return found


async def worked(home: Path, folder: str, about: Mapping[str, Any]) -> Worked:
    """Carry a sample's request down its line, as far as it goes without a language model."""

    async def content(file: Mapping[str, Any]) -> bytes:
        return (SAMPLES / folder / str(file["name"])).read_bytes()

    database = Database(home / "jidoka.db")
    SQLModel.metadata.create_all(database.sync_engine)
    door = Door.open(api_key="", base_url="", transport=transport(), fast="fast", strong="strong", best="best")
    engine = Engine(database, door, read([SHIPPED], EFFECTS), fetcher=Fetcher(), read_file=content)
    await engine.start()
    try:
        files = tuple({"id": f"F{n}", "name": name} for n, name in enumerate(about["files"], start=1))
        request = str(about["request"]).removeprefix("@jidoka ")
        run_id = await engine.open_run(Asked("T0JIDOKA", "C0BENCH", "1.1", "1.1", ALICE.id, request, files))
        async with asyncio.timeout(PATIENCE_S):
            await _decide_all(database, engine, run_id)
        return await _left(database, run_id)
    finally:
        await engine.stop()
        await door.close()
        await database.close()


async def _decide_all(database: Database, engine: Engine, run_id: str) -> None:
    """Say yes to whatever is asked, and "not known" to what a form asks, until the run has ended."""
    while True:
        async with database.read() as session:
            run = await runs.get(session, run_id)
            asked = next(iter(await checkpoints.open_in(session, run_id)), None)
        if run.state in ENDED:
            return
        if asked is None:
            await asyncio.sleep(0.02)
        else:
            await engine.decide(_yes(asked), BOB if asked.kind in OTHERS else ALICE)


def _yes(asked: Checkpoint) -> Press:
    pointer: dict[str, Any] = {"checkpoint_id": asked.id, "version": asked.version, "nonce": asked.nonce}
    if "failed" in asked.payload:
        return Press(**pointer, answer=VoteAnswer.STOP)
    if asked.kind is not CheckpointKind.QUESTION:
        return Press(**pointer, answer=VoteAnswer.APPROVE)
    answers = {str(f["name"]): str(next(iter(f.get("options") or ()), "not known")) for f in asked.payload["fields"]}
    return Press(**pointer, answer=VoteAnswer.ANSWER, answers=answers)


async def _left(database: Database, run_id: str) -> Worked:
    async with database.read() as session:
        briefs = (await session.execute(sa.select(Brief).where(col(Brief.run_id) == run_id))).scalars().all()
        calls = (await session.execute(sa.select(Call).where(col(Call.run_id) == run_id))).scalars().all()
        return Worked(
            await runs.get(session, run_id), tuple(await runs.tasks(session, run_id)), tuple(briefs), tuple(calls)
        )
