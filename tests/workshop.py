"""A workshop for tests: the real engine on a real database, talking to the scripted model server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col

from agents.catalog import SHIPPED, Catalog, read
from agents.engine.engine import Asked, Engine
from agents.models.client import Capabilities, Door
from agents.models.poller import Patience
from agents.policies import pages
from agents.policies.values import Rules
from agents.stations.web import Operators
from agents.tools.search import Search
from agents.tools.servers import ToolServers
from agents.tools.toolbox import EFFECTS
from agents.tools.web import Fetcher
from storage import checkpoints, runs
from storage.checkpoints import Press
from storage.database import Database
from storage.policy import Person
from storage.tables import Checkpoint, Run, Task
from storage.words import ENDED, CheckpointKind, VoteAnswer
from tests.fresh import fresh
from tests.servers.model import ModelServer, scripted_model

PATIENCE_S = 30
QUICK = Patience(first_s=0.05, most_s=0.2)  # a batch of the scripted server takes no hours
SAMPLES = Path(__file__).parents[1] / "bot" / "workspace" / "samples"
SURVEY = "competitors/price-survey.csv"
SHEETS = ("competitors/haulwren-product-sheet.pdf", "competitors/ternway-press-kit.pdf", SURVEY)
ALICE = Person(id="U0ALICE", name="Alice", team="T0JIDOKA", member=True)
BOB = Person(id="U0BOB", name="Bob", team="T0JIDOKA", member=True)
DAVE = Person(id="U0DAVE", name="Dave", team="T0JIDOKA", member=True, guest=True)
REQUEST = (
    "compare our three competitors from the attached files and write a two-page brief for the sales team; "
    "keep it under 900 words; no pricing of our own"
)
COMPETITORS = "Haulwren, Ternway, Oxbell"


def triage(**changed: Any) -> dict[str, Any]:
    """The orchestrator's answer to the request above."""
    answer = {
        "route": "line",
        "line": "competitive-intelligence",
        "reason": "The request asks to compare competitors.",
        "title": "Competitor brief",
        "constraints": ["keep it under 900 words", "no pricing of our own"],
        "inputs": [{"name": "audience", "value": "the sales team"}],
    }
    return {"when": {"schema": "Triage"}, "reply": {"json": {**answer, **changed}}}


def finding(word: str) -> dict[str, str]:
    """A finding that quotes the first sentence with a word in it."""
    said = f"{{{{quote:document:{word}}}}}"
    return {"claim": said, "quote": said, "source": f"{{{{id:document:{word}}}}}", "key": word.lower()}


def research(task: str, word: str, **more: Any) -> dict[str, Any]:
    """A reader's answer: one finding."""
    answer = {
        "findings": [finding(word)],
        "summary": f"Read about {word}.",
        "open_questions": [f"Who owns {word}?"],
    }
    return {"when": {"schema": "Findings", "task": task}, "reply": {"json": answer}, **more}


def researches() -> list[dict[str, Any]]:
    """The three readers of the request above."""
    words = COMPETITORS.split(", ")
    return [research(f"research-{number}", word) for number, word in enumerate(words, start=1)]


def comparison(**more: Any) -> dict[str, Any]:
    """The analyst's answer."""
    text = "## Comparison\n\nThe readers' findings [F101] stand side by side [F201].\n\n## Contradictions\n\nNone found.\n\n"
    text += "## Timeline\n\nNothing dated.\n\n## What is missing\n\nOwners.\n"
    return {
        "when": {"schema": "Draft", "role": "analyst"},
        "reply": {"json": {"text": text, "summary": "Compared.", "open_questions": ["Who owns them?"]}},
        **more,
    }


def brief_text(opening: str = "Three makers, three ideas [F101].") -> str:
    """A brief that keeps its contract."""
    sections = {
        "Summary": opening,
        "Comparison": "They differ in what they build [F201].",
        "What sets each apart": "Each says so itself [F301].",
        "Contradictions": "None found.",
        "What is missing": "Who owns them.",
    }
    return "\n\n".join(f"## {name}\n\n{text}" for name, text in sections.items()) + "\n"


def written(text: str = "", **more: Any) -> dict[str, Any]:
    """The writer's answer."""
    return {
        "when": {"schema": "Draft", "role": "writer"},
        "reply": {"json": {"text": text or brief_text(), "summary": "Three makers compared."}},
        **more,
    }


def verdict(*failed: dict[str, str], **more: Any) -> dict[str, Any]:
    """The reviewer's answer: everything passes but these."""
    passed = [{"id": "W1", "verdict": "pass"}] if not failed else []
    criteria = [{"verdict": "fail", "evidence": "", "fix": "", **one} for one in failed]
    return {"when": {"schema": "Verdict"}, "reply": {"json": {"criteria": [*passed, *criteria]}}, **more}


def whole_line() -> list[dict[str, Any]]:
    """A script that takes the request above to its draft."""
    return [triage(), *researches(), comparison(), written(), verdict()]


@dataclass
class Workshop:
    """An engine at work, and what a test asks of it."""

    database: Database
    engine: Engine
    model: ModelServer
    door: Door
    said: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(
        self, request: str = REQUEST, *, samples: tuple[str, ...] = (SURVEY,), ts: str = "1.000100", **when: Any
    ) -> str:
        """Open a run with sample files and return its id; ``when`` says night, begin_at and due_at."""
        files = tuple({"id": f"F{n}", "name": name} for n, name in enumerate(samples, start=1))
        asked = Asked("T0JIDOKA", "C0GENERAL", ts, ts, ALICE.id, request, files, **when)
        return await self.engine.open_run(asked)

    async def until(self, true: Callable[[], Awaitable[Any]]) -> Any:
        """Return what ``true`` gives as soon as it gives something; looked at after every commit."""
        async with asyncio.timeout(PATIENCE_S):
            while not (found := await true()):
                self.said.clear()
                waiting = asyncio.ensure_future(self.said.wait())
                await asyncio.wait([waiting], timeout=0.25)
                waiting.cancel()
        return found

    async def open(self, run_id: str, kind: CheckpointKind) -> Checkpoint:
        """Return the run's open checkpoint of this kind as soon as there is one."""

        async def found() -> Checkpoint | None:
            async with self.database.read() as session:
                mine = await checkpoints.open_in(session, run_id)
            return next((one for one in mine if one.kind is kind), None)

        return await self.until(found)

    async def decide(
        self, checkpoint: Checkpoint, person: Person, answer: VoteAnswer, *, voters: Sequence[Person] = (), **more: Any
    ) -> Checkpoint:
        """Press a button of this checkpoint as it is."""
        pointer = {"checkpoint_id": checkpoint.id, "version": checkpoint.version, "nonce": checkpoint.nonce}
        return await self.engine.decide(Press(**pointer, answer=answer, **more), person, voters)

    async def to_plan(self, run_id: str) -> Checkpoint:
        """Answer the form and return the plan's checkpoint."""
        form = await self.open(run_id, CheckpointKind.QUESTION)
        await self.decide(form, ALICE, VoteAnswer.ANSWER, answers={"competitors": COMPETITORS})
        return await self.open(run_id, CheckpointKind.PLAN)

    async def to_draft(self, run_id: str) -> Checkpoint:
        """Answer the form, approve the plan, and return the draft's checkpoint."""
        await self.decide(await self.to_plan(run_id), ALICE, VoteAnswer.APPROVE)
        return await self.open(run_id, CheckpointKind.DRAFT)

    async def ended(self, run_id: str) -> Run:
        """Return the run when it has ended."""

        async def found() -> Run | None:
            run = await self.run(run_id)
            return run if run.state in ENDED else None

        return await self.until(found)

    async def run(self, run_id: str) -> Run:
        """Return the run as it is."""
        async with self.database.read() as session:
            return await runs.get(session, run_id)

    async def tasks(self, run_id: str) -> Mapping[str, Task]:
        """Return the run's tasks by key."""
        async with self.database.read() as session:
            return {task.key: task for task in await runs.tasks(session, run_id)}

    async def rows(self, table: type[SQLModel], run_id: str) -> list[Any]:
        """Return a table's rows of this run."""
        async with self.database.read() as session:
            mine = sa.select(table).where(col(table.run_id) == run_id)  # type: ignore[attr-defined]
            return list((await session.execute(mine)).scalars())


@dataclass
class Page:
    """A policy page, as its text is now."""

    text: str = ""

    def rules(self) -> Rules:
        found, problems = pages.read(self.text)
        assert problems == []
        return found


@asynccontextmanager
async def workshop(
    home: Path, script: list[dict[str, Any]], *, catalog: Catalog | None = None, policy: Page | None = None,
    patience: Patience = QUICK, **web: Any,
) -> AsyncIterator[Workshop]:
    """Open a workshop over a script; it is stopped at the end, and its database stays in ``home``."""
    async with scripted_model(script, home, check=False, outlives=False) as model:
        async with reopened(
            home, model, catalog=catalog, policy=policy, patience=patience, **web
        ) as shop:
            yield shop
        assert [*model.unscripted(), *model.refused()] == []


@asynccontextmanager
async def reopened(
    home: Path, model: ModelServer, *, catalog: Catalog | None = None, policy: Page | None = None,
    patience: Patience = QUICK, fetcher: Fetcher | None = None, search: Search | None = None,
    capabilities: Capabilities | None = None, servers: ToolServers | None = None,
) -> AsyncIterator[Workshop]:
    """Open a workshop on what ``home`` holds, as a process does that starts again."""
    database = Database(fresh(home / "jidoka.db"))
    door = Door.open(
        api_key="k",
        base_url=model.url,
        fast="claude-haiku-5-5",
        strong="claude-sonnet-5-5",
        best="claude-opus-5-5",
        patience=patience,
    )
    door = replace(door, capabilities=capabilities or door.capabilities)
    known = catalog or read([SHIPPED], EFFECTS)
    outside = Operators(search, servers or ToolServers())
    engine = Engine(
        database, door, known, fetcher=fetcher or Fetcher(), outside=outside, read_file=_sample, policies=policy or Page()
    )
    await engine.pins.look()
    shop = Workshop(database, engine, model, door)
    engine.changed.append(shop.said.set)
    await engine.start()
    try:
        yield shop
    finally:
        await engine.stop()
        await door.close()
        await database.close()


async def _sample(file: Mapping[str, Any]) -> bytes:
    path = SAMPLES / str(file.get("sample") or file["name"])
    return path.read_bytes() if path.exists() else b"%PDF-1.7 and nothing more"
