"""Sixty labelled requests and the six lines: each goes where it belongs, and a simple one takes one agent and one call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agents.contracts import Part, Triage, read_parts
from storage.tables import Call, Checkpoint, Task
from storage.words import ENDED, Route, TaskKind
from tests.agents.offline.asking import ask
from tests.agents.planning.labelled import LINES, OPEN, SIMPLE
from tests.agents.test_asks_for_everything import offline
from tests.workshop import SURVEY, Workshop, triage, workshop, written

LABELLED = [
    *((Route.ANSWER.value, request) for request in SIMPLE),
    *((line, request) for line, requests in LINES.items() for request in requests),
    *((Route.PLAN.value, request) for request in OPEN),
]


async def shown_to_triage(home: Path) -> list[Part]:
    """Return the parts a triage is really shown: every line, every role, the request, the names of files."""
    script = [triage(route="answer", line="", role="writer", constraints=[], inputs=[]), written("Read.")]
    async with workshop(home, script) as shop:
        await shop.ended(await shop.ask("Read it."))
        call = shop.model.calls(schema="Triage")[0]
    return read_parts(call.body["messages"][0]["content"][0]["text"])


async def test_sixty_requests_go_where_they_belong_by_the_words_of_the_pages(tmp_path: Path):
    parts = await shown_to_triage(tmp_path)
    went = []
    for _, request in LABELLED:
        asked = [replace(part, text=request) if part.id == "goal" else part for part in parts]
        said = await ask("orchestrator", asked, Triage)
        went.append((said.line or said.route, request))

    assert len(LABELLED) == 60
    assert went == LABELLED


async def stands(shop: Workshop, run_id: str) -> tuple[str, list[TaskKind]]:
    """Return where a run went, and for each of its model calls the kind of task that made it, sorted."""

    async def still() -> bool:
        return (await shop.run(run_id)).state in ENDED or bool(await shop.rows(Checkpoint, run_id))

    await shop.until(still)
    run, kinds = await shop.run(run_id), {task.key: task.kind for task in await shop.rows(Task, run_id)}
    calls = [kinds[call.task_key] for call in await shop.rows(Call, run_id) if call.kind == "model"]
    return run.line or run.route, sorted(calls)


async def go(home: Path, labelled: list[tuple[str, str]]) -> None:
    """See runs go where they belong: one call routes, one answers what is simple, and one plans what fits no line."""
    after = {Route.ANSWER.value: [TaskKind.WORK], Route.PLAN.value: [TaskKind.PLAN]}
    wanted = [(belongs, sorted([TaskKind.TRIAGE, *after.get(belongs, [])])) for belongs, _ in labelled]
    async with offline(home) as shop:
        went = [
            await stands(shop, await shop.ask(request, samples=(SURVEY,), ts=f"{number}.000100"))
            for number, (_, request) in enumerate(labelled, start=1)
        ]

    assert went == wanted


async def test_a_simple_request_takes_one_call_more_than_routing_and_a_line_is_planned_without_any(tmp_path: Path):
    await go(tmp_path, LABELLED[::10])


@pytest.mark.long
async def test_each_of_sixty_requests_takes_the_calls_its_route_needs_and_no_more(tmp_path: Path):
    await go(tmp_path, LABELLED)
