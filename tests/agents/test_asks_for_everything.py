"""What a line needs and nobody said: the run asks for exactly that, makes nothing up, and no work starts before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import pytest

from agents.catalog import SHIPPED, Line, read
from agents.engine.engine import Engine
from agents.models.client import Door
from agents.models.offline import transport
from agents.questions import Question
from agents.tools.toolbox import EFFECTS
from agents.tools.web import Fetcher
from storage.database import Database
from storage.errors import InvalidError
from storage.tables import Call, Run
from storage.words import AnswerKind, CheckpointKind, TaskKind, VoteAnswer
from tests.fresh import fresh
from tests.servers.model import ModelServer
from tests.workshop import ALICE, SAMPLES, Workshop, workshop

CATALOG: Final = read([SHIPPED], EFFECTS)
MADE_UP: Final = "Nobody Said This"
TOLD: Final = {  # what people say; whatever else a line wants is told by its name
    "competitors": "Haulwren, Ternway",
    "parties": "Northwind GmbH, Harbour Ltd",
    "document": "supply agreement",
    "law": "the law of Ireland",
    "audience": "the sales team",
}
IDS: Final = {"fast": "jidoka-offline", "strong": "jidoka-offline", "best": "jidoka-offline"}


@dataclass(frozen=True)
class Case:
    """One line, and the one input of it that the request does not say."""

    line: Line
    absent: Question

    def __str__(self) -> str:
        return f"{self.line.name}-{self.absent.name}"

    @property
    def said(self) -> Mapping[str, str]:
        """What the request says, by input."""
        return {one.name: told(one) for one in _required(self.line) if one is not self.absent}

    @property
    def request(self) -> str:
        """Everything the line needs but one, each by its name."""
        listed = "; ".join(f"{name}: {value}" for name, value in self.said.items())
        return f"Use the line {self.line.name} ({self}); {listed}"

    def triage(self, *, invents: bool) -> dict[str, Any]:
        """Return the line of a script: a triage that says what was said, and maybe what was not."""
        given = {**self.said, **({self.absent.name: MADE_UP} if invents else {})}
        inputs = [{"name": name, "value": value} for name, value in given.items()]
        answer = {"route": "line", "line": self.line.name, "reason": "It fits.", "title": str(self)}
        reply = {"json": {**answer, "constraints": [], "inputs": inputs}}
        return {"when": {"schema": "Triage", "contains": f"({self})"}, "reply": reply}


def told(asked: Question) -> str:
    """Return an answer of the kind a question wants."""
    by_kind = {AnswerKind.NUMBER: "20000", AnswerKind.DATE: "2027-03-01"}
    if asked.options:
        return asked.options[0]
    return by_kind.get(asked.kind) or TOLD.get(asked.name) or f"the {asked.name} we agreed on"


def _required(line: Line) -> list[Question]:
    return [one for one in line.inputs if not one.optional]


CASES: Final = [Case(line, one) for line in CATALOG.lines.values() for one in _required(line)]


@asynccontextmanager
async def offline(home: Path) -> AsyncIterator[Workshop]:
    """Open a workshop whose work is done by rules."""
    database = Database(fresh(home / "jidoka.db"))
    door = Door.open(api_key="", base_url="http://offline.invalid", transport=transport(), **IDS)

    async def sample(file: Mapping[str, Any]) -> bytes:
        return (SAMPLES / str(file.get("sample") or file["name"])).read_bytes()

    engine = Engine(database, door, CATALOG, fetcher=Fetcher(), read_file=sample)
    shop = Workshop(database, engine, cast(ModelServer, None), door)
    engine.changed.append(shop.said.set)
    await engine.start()
    try:
        yield shop
    finally:
        await engine.stop()
        await door.close()
        await database.close()


async def asks_for_exactly(shop: Workshop, case: Case, run_id: str) -> None:
    """See that one form asks for what is absent, that nothing begins before it is answered, and something then."""
    form = await shop.open(run_id, CheckpointKind.QUESTION)
    await shop.engine.sweep()
    before = await begun(shop, run_id)
    with pytest.raises(InvalidError, match="also answer"):
        await shop.decide(form, ALICE, VoteAnswer.ANSWER, answers={case.absent.name: "  "})
    still, run = await begun(shop, run_id), await shop.run(run_id)

    assert [field["name"] for field in form.payload["fields"]] == [case.absent.name]
    assert (before, still) == ({TaskKind.TRIAGE.value}, {TaskKind.TRIAGE.value})
    assert said_of(run, case.line) == case.said

    await shop.decide(form, ALICE, VoteAnswer.ANSWER, answers={case.absent.name: told(case.absent)})
    await shop.open(run_id, CheckpointKind.PLAN)
    run = await shop.run(run_id)

    assert said_of(run, case.line) == {**case.said, case.absent.name: told(case.absent)}
    assert await begun(shop, run_id) <= {TaskKind.TRIAGE.value, TaskKind.PLAN.value}
    await shop.engine.stop_run(run_id, ALICE)


async def begun(shop: Workshop, run_id: str) -> set[str]:
    """Return which tasks there are, or made a call."""
    return {*(await shop.tasks(run_id)), *(call.task_key for call in await shop.rows(Call, run_id))}


def said_of(run: Run, line: Line) -> dict[str, str]:
    """Return what a run knows of the inputs its line cannot do without."""
    return {one.name: run.inputs[one.name] for one in _required(line) if run.inputs.get(one.name)}


@pytest.mark.parametrize("invents", [False, True], ids=["left out", "made up"])
async def test_a_run_asks_for_each_required_input_of_each_line(tmp_path: Path, invents: bool):
    async with workshop(tmp_path, [case.triage(invents=invents) for case in CASES]) as shop:
        for number, case in enumerate(CASES, start=1):
            run_id = await shop.ask(case.request, samples=(), ts=f"{number}.000100")
            await asks_for_exactly(shop, case, run_id)
        schemas = [call.schema for call in shop.model.calls()]

    assert schemas == ["Triage"] * len(CASES)
    assert {case.line.name for case in CASES} == {*CATALOG.lines}, "a line that needs nothing cannot be tried"


async def test_a_run_asks_for_each_required_input_of_each_line_offline(tmp_path: Path):
    cases = [case for case in CASES if not case.line.needs_model]
    async with offline(tmp_path) as shop:
        for number, case in enumerate(cases, start=1):
            run_id = await shop.ask(case.request, ts=f"{number}.000100")  # with nothing to read, rules do nothing
            await asks_for_exactly(shop, case, run_id)

    assert cases
