"""What is cut at a limit: the rest is delivered, and what is missing has a name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agents.engine import recording
from agents.engine.budget import LEFT_OUT
from agents.planning import expand, free
from agents.planning.plan import Limits
from bot.messages import result
from bot.messages.figures import Spend
from bot.messages.rows import ResultRows
from storage import clock
from storage.tables import Artifact, Call, Handoff, OutboxMessage
from storage.words import CallKind, CheckpointKind, MessageKind, RunState, TaskState, VoteAnswer
from tests.agents.stations.test_limits import edited
from tests.workshop import ALICE, Page, Workshop, comparison, researches, triage, verdict, workshop, written

GREEDY: dict[str, Any] = {"mode": "greedy", "times": "*"}


async def at_rest(shop: Workshop, run_id: str) -> None:
    """Come back when nothing works any more."""

    async def true() -> bool:
        states = {task.state for task in (await shop.tasks(run_id)).values()}
        return not states & {TaskState.QUEUED, TaskState.WORKING}

    await shop.until(true)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A clock that is a second further with every look at it."""
    looks = count()
    clock.follow(lambda: datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(seconds=next(looks)))
    monkeypatch.setattr(recording, "time", SimpleNamespace(monotonic=lambda: clock.now().timestamp()))
    yield
    clock.follow(None)


@pytest.mark.parametrize("cap", ["run_usd = 0.03", "run_minutes = 1"])
@pytest.mark.usefixtures("quick")
async def test_what_was_made_before_the_cap_is_delivered_and_what_is_missing_is_named(tmp_path: Path, cap: str):
    greedy = {"when": {"schema": "Findings"}, **GREEDY}
    script = [
        triage(),
        researches()[0],
        greedy,
        comparison(times="*"),
        written(times="*"),
        verdict(times="*"),
    ]
    async with workshop(tmp_path, script, policy=Page(f"[spend]\n{cap}\n")) as shop:
        run_id = await shop.ask()
        await edited(shop, run_id, findings={"tools": ["read_document"]})
        asked = await shop.open(run_id, CheckpointKind.BUDGET)
        await at_rest(shop, run_id)
        await shop.decide(asked, ALICE, VoteAnswer.FINISH)
        ended, tasks = await shop.ended(run_id), await shop.tasks(run_id)
        [told] = [row for row in await shop.rows(OutboxMessage, run_id) if row.kind is MessageKind.RESULT]
        [made] = [row for row in await shop.rows(Artifact, run_id) if row.id == told.artifact_id]
    rows = ResultRows(run=ended, now=clock.now(), artifact=made, tasks=tuple(tasks.values()), spend=Spend())
    card = str(result.build(rows).blocks)
    undone = [task for task in tasks.values() if task.state is not TaskState.DONE]

    assert ended.state is RunState.DONE
    assert made.task_key == "research-1" and "Haulwren" in made.text
    assert {"comparison", "brief"} <= {task.key for task in undone}
    assert [
        task.key for task in undone if f"“{task.spec['title']}” could not be done: {LEFT_OUT}" not in card
    ] == []


async def test_a_task_at_the_limit_of_its_tokens_hands_over_what_it_has_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for module in (expand, free):
        monkeypatch.setattr(module, "limits_for", lambda _tools: Limits(tokens=5_000))
    greedy = {"when": {"task": "research-1"}, **GREEDY}
    others = [{**line, "times": "*"} for line in researches()[1:]]
    script = [triage(), greedy, *others, comparison(times="*"), written(times="*"), verdict(times="*")]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        await edited(shop, run_id, findings={"tools": ["read_document"]})
        await shop.open(run_id, CheckpointKind.DRAFT)
        calls = [row for row in await shop.rows(Call, run_id) if row.task_key == "research-1"]
        [handed] = [row for row in await shop.rows(Handoff, run_id) if row.task_key == "research-1"]

    assert handed.open_questions[0] == "The work was cut short at its limit: 5000 tokens."
    assert any(row.kind is CallKind.TOOL for row in calls) and len(calls) < 17, "not by its calls"
