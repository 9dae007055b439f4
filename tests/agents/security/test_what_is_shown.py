"""Who plans has read nothing that strangers wrote; who reads has no way out; and no run knows anything of another."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Final

import pytest

from agents.catalog import ORCHESTRATOR, SHIPPED, outward, read
from agents.contracts import PartKind
from agents.planning.expand import expand
from agents.stations.outside import BY_CODE, KINDS
from agents.tools.toolbox import EFFECTS, INPUTS
from storage.tables import Brief
from tests.agents.security.attacks import SCRIPTS
from tests.agents.security.door import FREE, told
from tests.agents.security.story import scene
from tests.servers.asked import Asked

MARKS: Final = (
    "Mallory",
    "attacker.example",
    "U0ATTACKER",
)  # words of the document, and of whoever follows it
EXTRACTING: Final = {
    "Triage",
    "Plan",
    "Findings",
    "Draft",
    "Verdict",
}  # any other shape takes something out of a text
READING: Final = next(n for n, one in enumerate(SCRIPTS) if one.way == "everywhere")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    """Every request of a line's run and of a free one, whose workers were turned, each plan sent back once before."""
    return asyncio.run(_played(tmp_path_factory.mktemp("played")))


async def _played(home: Path) -> list[Asked]:
    async with scene(home) as stage:
        for line in ("competitive-intelligence", FREE):
            run = await stage.play(line, READING, send_back="Fewer tasks, please.")
            assert run.plan
        return stage.model.asked


def test_whoever_routes_or_plans_is_shown_no_byte_of_what_strangers_wrote(asked: list[Asked]):
    plans = [one for one in asked if one.role == ORCHESTRATOR]
    shown = [json.dumps(one.body, ensure_ascii=False) for one in plans]

    assert {one.schema for one in plans} == {"Triage", "Plan"} and len(plans) >= 4
    assert [mark for mark in MARKS for text in shown if mark in text] == []
    assert all(mark in str([one.body for one in asked]) for mark in MARKS)
    assert {part.id for one in plans for part in one.parts if part.kind in KINDS} <= BY_CODE


def test_whoever_reads_strangers_words_can_only_read_and_whoever_takes_values_out_has_no_tool(
    asked: list[Asked],
):
    reads = [one for one in asked if _reads(one)]

    assert len(reads) > 10
    assert {EFFECTS[name] for one in reads for name in one.tools} <= {"R0"}
    assert all(one.tools == () for one in asked if one.schema == "Verdict" or one.schema not in EXTRACTING)
    assert all(one.tools == () for one in asked if one.role == ORCHESTRATOR)


def _reads(asked: Asked) -> bool:
    return any(part.kind is PartKind.DOCUMENT and MARKS[0] in part.text for part in asked.parts)


def test_no_station_of_a_shipped_line_that_reads_may_act_outside():
    pages = read([SHIPPED], EFFECTS)
    for line in pages.lines.values():
        plan = expand(line, pages.roles, {one.name: told(one) for one in line.inputs})
        readers = [
            task
            for task in plan.tasks
            if not task.needs or {*task.tools} & {"fetch", "read_document", "web_search"}
        ]

        assert readers and [task.key for task in readers if outward(task.tools, EFFECTS)] == []
        assert {tool for task in plan.tasks for tool in task.tools} <= {*INPUTS}


async def test_a_run_after_a_poisoned_one_is_shown_the_same_bytes_as_if_that_had_never_been(tmp_path: Path):
    (alone := tmp_path / "alone").mkdir()
    (after := tmp_path / "after").mkdir()

    assert await shown_in(alone, poisoned=()) == await shown_in(after, poisoned=(READING, READING + 41))


async def shown_in(home: Path, poisoned: tuple[int, ...]) -> dict[tuple[str, int, str], Any]:
    """Return every brief of an honest run, with its own id and tag left out, after these poisoned runs in one home."""
    async with scene(home) as stage:
        for number in poisoned:
            await stage.play("competitive-intelligence", number)
        run = await stage.play("competitive-intelligence", -1)
        rows: list[Brief] = await stage.shop.rows(Brief, run.id)
        sent = [json.dumps(one.body, ensure_ascii=False) for one in stage.model.asked if one.run == run.id]
    own = {run.id: "RUN", run.tag: "TAG"}
    briefs = {
        (row.task_key, row.attempt, row.name): _without(f"{row.system}\n{row.text}", own) for row in rows
    }
    assert len(briefs) >= 5
    return {**briefs, ("sent", 0, ""): sorted(_without(one, own) for one in sent)}


def _without(text: str, own: dict[str, str]) -> str:
    for found, name in own.items():
        text = text.replace(found, name)
    return text
