"""Two runs down the shipped line with marks planted everywhere, and what every agent was shown on the way.

The brief's task is given only the comparison to read: what the readers found reaches it by the analyst's hands or not
at all. Each mark stands in one place and may reach only whoever that place is open to.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agents.contracts import Part, read_parts
from storage.tables import Brief
from storage.words import CheckpointKind, VoteAnswer
from tests.servers.calls import Call
from tests.workshop import (
    ALICE,
    COMPETITORS,
    SURVEY,
    Workshop,
    brief_text,
    comparison,
    research,
    triage,
    verdict,
    workshop,
    written,
)

DOCUMENT, LATE_NOTE = "CANARY-DOCUMENT-7391", "Say Haulwren & Söhne, never “HW”; we mean <Ghent>."
READERS: Final = {f"research-{n}": f"CANARY-READER-{n}-5120" for n in (1, 2, 3)}
UNCITED, ANALYST = "CANARY-UNCITED-8842", "CANARY-ANALYST-6647"
THINKING, SAYING, SUMMARY = "CANARY-THINKING-3305", "CANARY-SAYING-9915", "CANARY-SUMMARY-4471"
QUESTION, CHOICE = "CANARY-QUESTION-2208", "CANARY-CHOICE-7716"
PLANTED: Final = [
    *(f"mention aspect {n:02d} as „Teil {n:02d}“ – exactly so" for n in range(1, 29)),
    "keep </part-x> & <b>bold</b> as *they* stand",
    "write 1 000,50 € with a narrow space",
    *(f"call item {n} “Läufer-{n}” and quote `code_{n}`" for n in range(31, 49)),
    "use the em dash — like this — twice",
    "say 東京 and Zürich, ½ and 20 %",
]


@dataclass(frozen=True)
class Told:
    """What two runs left behind."""

    runs: tuple[str, str]
    calls: tuple[Call, ...]  # every request to the model server, in order
    planted: dict[str, list[str]]  # the constraints of each run
    plans: dict[str, dict[str, dict[str, Any]]]  # each run's tasks, by key
    briefs: tuple[Brief, ...]  # as they were kept
    requests: dict[str, str]

    def of(self, run_id: str, schema: str = "*", task: str = "*") -> list[Call]:
        """Return a run's requests, of one shape and one task where these are named."""
        mine = [call for call in self.calls if call.run == run_id and schema in ("*", call.schema)]
        return [call for call in mine if task in ("*", call.task)]


def first(call: Call) -> str:
    """Return the text a conversation begins with."""
    return str(call.body["messages"][0]["content"][0]["text"])


def parts_of(call: Call) -> dict[str, Part]:
    """Return the parts a conversation begins with, by id."""
    return {part.id: part for part in read_parts(first(call))}


def request(planted: list[str]) -> str:
    return "Compare our three competitors for the sales team.\n" + "\n".join(f"- {one};" for one in planted)


def gathering() -> list[dict[str, Any]]:
    """The readers' and the analyst's answers, for any number of runs, with a mark in every field."""
    readers = [
        research(key, word, times="*") for key, word in zip(READERS, COMPETITORS.split(", "), strict=True)
    ]
    for line, mark in zip(readers, READERS.values(), strict=True):
        said = line["reply"]["json"]
        said["summary"] += f" {mark} summary."
        said["open_questions"] = [f"{mark} question?"]
        said["findings"].append(
            {**said["findings"][0], "claim": f"{UNCITED} of {mark}", "key": f"{mark}-key"}
        )
        said["decisions"] = [{"key": f"{mark}-choice", "value": mark, "why": ""}]
    analysed = comparison(times="*")
    analysed["reply"]["json"]["summary"] = f"Compared. {ANALYST}"
    return [*readers, analysed]


def writing() -> list[dict[str, Any]]:
    """The writer's and the reviewer's answers of one run: a look around, a draft, one return."""
    thinking = {"type": "thinking", "thinking": f"{THINKING}: what would please them?"}
    looking = {"type": "tool_use", "name": "read_artifact", "input": {"task": "comparison"}}
    reasoned = {"blocks": [thinking, {"type": "text", "text": SAYING}, looking]}
    text = brief_text("Three makers, three ideas [F101].").replace("[F301]", "[F201]")
    draft = written(text)
    draft["reply"]["json"] |= {
        "summary": SUMMARY,
        "open_questions": [QUESTION],
        "decisions": [{"key": "tone", "value": CHOICE, "why": ""}],
    }
    unmet = {"id": "W8", "evidence": "", "fix": "Warmer words, please."}
    first_call = {"when": {"role": "writer", "call": 1}, "reply": reasoned}
    warmer = written(text.replace("Three makers", "Three fine makers"))
    return [first_call, draft, verdict(unmet), warmer, verdict()]


async def one_run(shop: Workshop, planted: list[str], canary: Path, ts: str) -> str:
    """Take a request to its draft, with a form, a late note and an edited plan on the way."""
    run_id = await shop.ask(request(planted), samples=(SURVEY, str(canary)), ts=ts)
    form = await shop.open(run_id, CheckpointKind.QUESTION)
    await shop.decide(form, ALICE, VoteAnswer.ANSWER, answers={"competitors": COMPETITORS})
    asked = await shop.open(run_id, CheckpointKind.PLAN)
    note = {"channel": "C0GENERAL", "thread_ts": ts, "ts": f"{ts}9", "by": ALICE.id, "text": LATE_NOTE}
    await shop.engine.steer(**note)
    plan = asked.payload["plan"]
    tasks = [{**t, "needs": ["comparison"]} if t["key"] == "brief" else t for t in plan["tasks"]]
    await shop.decide(asked, ALICE, VoteAnswer.APPROVE, edited={"plan": {**plan, "tasks": tasks}})
    await shop.open(run_id, CheckpointKind.DRAFT)
    return run_id


async def tell(folder: Path) -> Told:
    """Return what two runs showed their agents."""
    canary = folder / "canary.txt"
    canary.write_text(f"Nothing of interest.\n\n{DOCUMENT} is all this says.\n", encoding="utf-8")
    halves = (PLANTED[:28], PLANTED[28:])
    routed = [triage(constraints=half) for half in halves]
    async with workshop(folder, [*routed, *gathering(), *writing(), *writing()]) as shop:
        runs = [await one_run(shop, half, canary, f"{n}.000100") for n, half in enumerate(halves, start=1)]
        plans = {id: {key: task.spec for key, task in (await shop.tasks(id)).items()} for id in runs}
        kept = [row for id in runs for row in await shop.rows(Brief, id)]
        calls = tuple(shop.model.calls())
    return Told(
        (runs[0], runs[1]),
        calls,
        dict(zip(runs, halves, strict=True)),
        plans,
        tuple(kept),
        {id: request(half) for id, half in zip(runs, halves, strict=True)},
    )


def tell_now(folder: Path) -> Told:
    """Return what two runs showed their agents, from outside a loop."""
    return asyncio.run(tell(folder))
