"""A request carried down its line by the offline engine: the real engine and database, people who say yes, no network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.catalog import SHIPPED, read
from agents.engine.engine import Asked, Engine
from agents.models.client import Door
from agents.models.offline import transport
from agents.stations.deliverable import deliverable
from agents.tools.toolbox import EFFECTS
from agents.tools.web import Fetcher
from storage import artifacts, checkpoints, runs
from storage.checkpoints import Press
from storage.database import Database
from storage.tables import Artifact, Checkpoint, Handoff, Run
from storage.words import ENDED, CheckpointKind, VoteAnswer
from tests.fresh import fresh
from tests.workshop import ALICE, BOB, SAMPLES, Page

PATIENCE_S = 120
THEIRS = {CheckpointKind.QUESTION: ALICE, CheckpointKind.PLAN: ALICE, CheckpointKind.BUDGET: ALICE}


@dataclass(frozen=True)
class Delivered:
    """What came of a request: the document as people receive it, and everything it was made from."""

    run: Run
    text: str  # with its sources and its label
    artifact: Artifact | None  # the last one made
    made: Mapping[str, tuple[Artifact, Handoff]]  # by task
    asked: tuple[Checkpoint, ...]  # in the order in which people answered
    sources: tuple[str, ...]  # the texts of the files


@dataclass
class House:
    """An engine with people who answer at once."""

    database: Database
    engine: Engine
    said: asyncio.Event

    async def deliver(
        self,
        request: str,
        files: tuple[str, ...],
        answers: Mapping[str, str],
        notes: Mapping[int, str],
        ts: str = "1.0001",
    ) -> Delivered:
        """Open a run and say yes to what it asks until it ends; ``notes`` go with the n-th draft's approval."""
        asked = Asked("T0JIDOKA", "C0GENERAL", ts, ts, ALICE.id, request, _slack(files))
        run_id = await self.engine.open_run(asked)
        decided: list[Checkpoint] = []
        async with asyncio.timeout(PATIENCE_S):
            while (run := await self._run(run_id)).state not in ENDED:
                if one := await self._asked(run_id):
                    drafts = sum(1 for past in decided if past.kind is CheckpointKind.DRAFT)
                    await self._answer(one, answers, notes.get(drafts, ""))
                    decided.append(one)
                else:
                    await self._change()
        return await self._delivered(run, tuple(decided))

    async def _answer(self, one: Checkpoint, answers: Mapping[str, str], note: str) -> None:
        pointer = {"checkpoint_id": one.id, "version": one.version, "nonce": one.nonce}
        if one.kind is CheckpointKind.QUESTION:
            press = Press(**pointer, answer=VoteAnswer.ANSWER, answers=dict(answers))
        elif one.kind is CheckpointKind.DRAFT and note:
            press = Press(**pointer, answer=VoteAnswer.APPROVE, note=note)
        else:
            press = Press(**pointer, answer=VoteAnswer.APPROVE)
        await self.engine.decide(press, THEIRS.get(one.kind, BOB), ())

    async def _run(self, run_id: str) -> Run:
        async with self.database.read() as session:
            return await runs.get(session, run_id)

    async def _asked(self, run_id: str) -> Checkpoint | None:
        async with self.database.read() as session:
            return next(iter(await checkpoints.open_in(session, run_id)), None)

    async def _change(self) -> None:
        """Wait until something was committed."""
        self.said.clear()
        waiting = asyncio.ensure_future(self.said.wait())
        await asyncio.wait([waiting], timeout=0.25)
        waiting.cancel()

    async def _delivered(self, run: Run, asked: tuple[Checkpoint, ...]) -> Delivered:
        async with self.database.read() as session:
            read_files = await artifacts.documents(session, run.id)
            handoffs = await artifacts.handoffs(session, run.id)
            order = [task.key for task in await runs.tasks(session, run.id) if task.key in handoffs]
            made = {
                key: (await artifacts.get(session, handoffs[key].artifact_id), handoffs[key]) for key in order
            }
        whole = {key: (artifact, one) for key, (artifact, one) in made.items() if artifact is not None}
        last = list(whole.values())[-1] if whole else None
        text = (
            deliverable(
                last[0].text, last[1].findings, label=last[0].label, left_open=last[1].open_questions
            ).markdown()
            if last
            else ""
        )
        return Delivered(
            run, text, last[0] if last else None, whole, asked, tuple(one.text for one in read_files)
        )


async def delivered(
    home: Path,
    folder: str,
    *,
    request: str = "",
    answers: Mapping[str, str] | None = None,
    notes: Mapping[int, str] | None = None,
) -> Delivered:
    """Carry a shipped sample down its line and return what came of it."""
    about = sample(folder)
    async with house(home, SAMPLES / folder) as here:
        said = request or about["request"].removeprefix("@jidoka ")
        return await here.deliver(said, tuple(about["files"]), answers or {}, notes or {})


def sample(folder: str) -> dict[str, Any]:
    """Return a sample's request and its files."""
    found: dict[str, Any] = json.loads((SAMPLES / "samples.json").read_text(encoding="utf-8"))[folder]
    return found


@asynccontextmanager
async def house(home: Path, folder: Path) -> AsyncIterator[House]:
    """Open an engine behind the offline door, whose files are a folder's; it is stopped at the end."""

    async def content(file: Mapping[str, Any]) -> bytes:
        return (folder / str(file["name"])).read_bytes()

    database = Database(fresh(home / "jidoka.db"))
    door = Door.open(
        api_key="", base_url="", transport=transport(), fast="fast", strong="strong", best="best"
    )
    catalog = read([SHIPPED], EFFECTS)
    engine = Engine(database, door, catalog, fetcher=Fetcher(), read_file=content, policies=Page())
    here = House(database, engine, asyncio.Event())
    engine.changed.append(here.said.set)
    await engine.start()
    try:
        yield here
    finally:
        await engine.stop()
        await door.close()
        await database.close()


def _slack(files: tuple[str, ...]) -> tuple[dict[str, str], ...]:
    return tuple({"id": f"F{n}", "name": name} for n, name in enumerate(files, start=1))
