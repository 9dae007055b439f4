"""A line on its sample files, from request to document: real files, real engine, and agents whose words are scripted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agents.catalog import SHIPPED, Line, read
from agents.contracts import Part, PartKind, read_parts
from agents.tools.toolbox import EFFECTS
from storage.tables import Artifact, Checkpoint, Document, Handoff, Run
from storage.words import CheckpointKind, VoteAnswer
from tests.servers.calls import Call
from tests.workshop import ALICE, BOB, SAMPLES, Workshop, verdict, workshop

SAID: Final = Path(__file__).parent / "said"  # what the scripted agents find and write, by sample and task
PAGES: Final = read([SHIPPED], EFFECTS)
TOLD: Final = json.loads((SAMPLES / "samples.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Walk:
    """One line, its sample, and what its agents and people say."""

    folder: str  # of the sample
    line: str
    inputs: Mapping[str, str]
    limits: tuple[str, ...]  # clauses of the request, word for word
    drafts: tuple[str, ...]  # tasks that write, in order
    notes: Mapping[str, str]  # what people write when they approve, by task

    @property
    def request(self) -> str:
        """The sample's request, as the bot hands it on."""
        return str(TOLD[self.folder]["request"]).removeprefix("@jidoka ")

    @property
    def files(self) -> tuple[str, ...]:
        """The sample's files, below the folder of all samples."""
        return tuple(f"{self.folder}/{name}" for name in TOLD[self.folder]["files"])

    @property
    def page(self) -> Line:
        """The line's page."""
        return PAGES.line(self.line)

    @property
    def found(self) -> dict[str, list[dict[str, str]]]:
        """What the readers find, by task: source, key and quote of each, word for word, and the date it is told for."""
        told: dict[str, list[dict[str, str]]] = json.loads(
            (SAID / f"{self.folder}-findings.json").read_bytes()
        )
        return told

    def draft(self, task: str) -> str:
        """Return what a task writes."""
        return (SAID / f"{self.folder}-{task}.md").read_text(encoding="utf-8")

    def script(self) -> list[dict[str, Any]]:
        """Return what each agent answers; every review passes."""
        said = [{"name": name, "value": value} for name, value in self.inputs.items()]
        routed = {"route": "line", "line": self.line, "reason": "It fits.", "title": self.folder}
        told = {**routed, "inputs": said, "constraints": list(self.limits)}
        answers: list[dict[str, Any]] = [{"when": {"schema": "Triage"}, "reply": {"json": told}}]
        answers += [_read(task, found) for task, found in self.found.items()]
        answers += [_wrote(task, self.draft(task)) for task in self.drafts]
        return [*answers, verdict(times="*")]


def _read(task: str, found: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    answer = {
        "findings": [{"claim": fact["quote"], **fact} for fact in found],
        "summary": f"Read for {task}.",
        "open_questions": [f"What else does {task} lack?"],
    }
    return {"when": {"schema": "Findings", "task": task}, "reply": {"json": answer}}


def _wrote(task: str, text: str) -> dict[str, Any]:
    return {
        "when": {"schema": "Draft", "task": task},
        "reply": {"json": {"text": text, "summary": f"Wrote {task}."}},
    }


@dataclass(frozen=True)
class Walked:
    """What a walk left behind."""

    database: Path
    run: Run
    calls: tuple[Call, ...]
    checkpoints: tuple[Checkpoint, ...]
    documents: Mapping[str, Document]  # by id
    made: Mapping[str, Artifact]  # the last version, by task
    handoffs: Mapping[str, Handoff]  # by task

    def shown(self, task: str, schema: str) -> list[Part]:
        """Return the parts of the first brief of this shape at a task."""
        call = next(call for call in self.calls if call.task == task and call.schema == schema)
        return read_parts(call.body["messages"][0]["content"][0]["text"])

    def ids(self, task: str, kind: PartKind, schema: str = "Draft") -> set[str]:
        """Return the ids of the parts of this kind that a task was shown."""
        return {part.id for part in self.shown(task, schema) if part.kind is kind}

    def told(self, task: str, schema: str = "Draft") -> str:
        """Return everything a task was shown."""
        return "\n".join(part.text for part in self.shown(task, schema))

    def drafts(self) -> list[str]:
        """Return the tasks people were asked to judge, in order."""
        asked = sorted(self.checkpoints, key=lambda one: one.opened_at)
        return [one.task_key for one in asked if one.kind is CheckpointKind.DRAFT]

    @property
    def findings(self) -> dict[str, Mapping[str, Any]]:
        """Every finding of the readers, by id."""
        return {one["id"]: one for handoff in self.handoffs.values() for one in handoff.findings}


async def walk(home: Path, one: Walk) -> Walked:
    """Take a sample's request down its line to its end: nobody is asked what the request says already."""
    async with workshop(home, one.script()) as shop:
        run_id = await shop.ask(one.request, samples=one.files)
        await shop.decide(await shop.open(run_id, CheckpointKind.PLAN), ALICE, VoteAnswer.APPROVE)
        for note in one.notes.values():
            asked = await shop.open(run_id, CheckpointKind.DRAFT)
            await shop.decide(asked, BOB, VoteAnswer.APPROVE, note=note)
        await shop.ended(run_id)
        return await _walked(shop, run_id)


async def _walked(shop: Workshop, run_id: str) -> Walked:
    return Walked(
        database=shop.database.path,
        run=await shop.run(run_id),
        calls=tuple(shop.model.calls()),
        checkpoints=tuple(await shop.rows(Checkpoint, run_id)),
        documents={row.id: row for row in await shop.rows(Document, run_id)},
        made={
            row.task_key: row
            for row in sorted(await shop.rows(Artifact, run_id), key=lambda row: row.version)
        },
        handoffs={row.task_key: row for row in await shop.rows(Handoff, run_id)},
    )


def section(text: str, name: str) -> str:
    """Return what stands under a heading of the second level."""
    return text.split(f"## {name}\n", 1)[1].split("\n## ", 1)[0].strip()
