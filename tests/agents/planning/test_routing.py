"""Sixty labelled requests and the six lines: each goes where it belongs, and a simple one takes one agent and one call."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from agents.contracts import Part, Triage, read_parts
from agents.planning.expand import missing
from agents.planning.triage import accept
from storage.tables import Call, Checkpoint, Task
from storage.words import ENDED, Route, TaskKind
from tests.agents.lines.walking import PAGES, TOLD
from tests.agents.offline.asking import ask
from tests.agents.planning.labelled import LINES, OPEN, SIMPLE
from tests.agents.test_asks_for_everything import offline
from tests.workshop import SURVEY, Workshop, triage, workshop, written

SAMPLED = {
    "competitors": "competitive-intelligence",
    "legal": "legal-document",
    "campaign": "marketing-campaign",
    "market": "market-analysis",
    "diligence": "due-diligence",
}
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


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Part]:
    return asyncio.run(shown_to_triage(tmp_path_factory.mktemp("shown")))


async def routed(request: str, parts: list[Part]) -> Triage:
    """Return what the rules say of a request, shown with these parts."""
    shown = [replace(part, text=request) if part.id == "goal" else part for part in parts]
    return await ask("orchestrator", shown, Triage)


async def test_sixty_requests_go_where_they_belong_by_the_words_of_the_pages(parts: list[Part]):
    said = [(await routed(request, parts), request) for _, request in LABELLED]
    went = [(triage.line or triage.route, request) for triage, request in said]

    assert len(LABELLED) == 60
    assert went == LABELLED


@pytest.mark.parametrize("sample", SAMPLED)
async def test_every_sample_s_request_goes_down_its_line_and_says_all_that_the_line_must_know(
    parts: list[Part], sample: str
):
    line, request = PAGES.line(SAMPLED[sample]), TOLD[sample]["request"].removeprefix("@jidoka ")
    found = accept(await routed(request, parts), request, PAGES)

    assert (found.line, missing(line, found.inputs)) == (line.name, [])


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
