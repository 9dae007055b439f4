"""The other routes: one agent answers, the orchestrator plans, and a plan comes back with a person's note in it."""

from pathlib import Path
from typing import Any

from storage.tables import Artifact, Checkpoint
from storage.words import CheckpointKind, RunState, VoteAnswer
from tests.workshop import (
    ALICE,
    BOB,
    COMPETITORS,
    Page,
    brief_text,
    research,
    researches,
    triage,
    verdict,
    whole_line,
    workshop,
    written,
)

QUESTION = "How long is Haulwren's delivery time, as the survey has it?"


def simple(**more: Any) -> dict[str, Any]:
    """A request for one agent."""
    return triage(route="answer", line="", role="writer", title="Delivery time", constraints=[], inputs=[], **more)


def planned(*, review: str = "reviewer", **more: Any) -> dict[str, Any]:
    """The orchestrator's own decomposition: two readers and a writer."""
    reader = {"role": "researcher", "instructions": "Read what the survey says.", "done_when": "every finding is quoted"}
    tasks = [
        {"key": "read-a", "title": "Read Haulwren", "makes": "haulwren", **reader},
        {"key": "read-b", "title": "Read Ternway", "makes": "ternway", **reader, "instructions": "Read the rest."},
        {
            "key": "write", "title": "Write it up", "role": "writer", "makes": "note", "needs": ["read-a", "read-b"],
            "instructions": "Write one page.", "done_when": "it is one page", "review": review, "ask": "Is it right?",
        },
    ]  # fmt: skip
    return {"when": {"schema": "Plan"}, "reply": {"json": {"reason": "Two questions, one page.", "tasks": tasks}}, **more}


async def test_a_simple_request_takes_one_agent_and_one_more_call_than_routing(tmp_path: Path):
    async with workshop(tmp_path, [simple(), written("Six to eight weeks, says price-survey.csv.")]) as shop:
        run_id = await shop.ask(QUESTION)
        run = await shop.ended(run_id)
        [artifact] = await shop.rows(Artifact, run_id)
        calls = shop.model.calls()
        shop.model.check()

    assert (run.state, run.route) == (RunState.DONE, "answer")
    assert artifact.text == "Six to eight weeks, says price-survey.csv."
    assert [call.schema for call in calls] == ["Triage", "Draft"]
    assert "6 to 8 weeks" in str(calls[1].body) and "6 to 8 weeks" not in str(calls[0].body)


async def test_a_line_that_a_person_chose_is_taken_and_no_other_is_shown_to_whoever_routes(tmp_path: Path):
    chosen = "competitive-intelligence"
    async with workshop(tmp_path, [simple()]) as shop:
        run_id = await shop.ask(QUESTION, line=chosen)
        await shop.open(run_id, CheckpointKind.QUESTION)
        run = await shop.run(run_id)
        [routing] = shop.model.calls()

    assert (run.route, run.line) == ("line", chosen)
    assert chosen in str(routing.body) and "market-analysis" not in str(routing.body)


async def test_what_no_line_fits_is_planned_and_put_to_the_requester_first(tmp_path: Path):
    text = brief_text("Read [F101].").replace("F301", "F201")
    free = triage(route="plan", line="", inputs=[])
    script = [free, planned(), research("read-a", "Haulwren"), research("read-b", "Ternway"), written(text), verdict()]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        plan = await shop.open(run_id, CheckpointKind.PLAN)
        await shop.decide(plan, ALICE, VoteAnswer.APPROVE)
        await shop.decide(await shop.open(run_id, CheckpointKind.DRAFT), BOB, VoteAnswer.APPROVE)
        run = await shop.ended(run_id)
        shop.model.check()

    assert [task["key"] for task in plan.payload["plan"]["tasks"]] == ["read-a", "read-b", "write"]
    assert (run.state, run.plan["route"]) == (RunState.DONE, "plan")


async def test_a_plan_with_faults_goes_back_to_the_planner_with_the_findings(tmp_path: Path):
    free = triage(route="plan", line="", inputs=[])
    async with workshop(tmp_path, [free, planned(review="writer"), planned()]) as shop:
        run_id = await shop.ask()
        await shop.open(run_id, CheckpointKind.PLAN)
        again = shop.model.calls(schema="Plan")[1]
        shop.model.check()

    assert 'source="plan checks"' in again.body["messages"][0]["content"][0]["text"]


async def test_a_plan_sent_back_is_made_again_with_the_note(tmp_path: Path):
    note = "Read only the survey, and leave Oxbell out."
    async with workshop(tmp_path, [triage(), planned()]) as shop:
        run_id = await shop.ask()
        first = await shop.to_plan(run_id)
        await shop.decide(first, ALICE, VoteAnswer.SEND_BACK, note=note)
        second = await shop.open(run_id, CheckpointKind.PLAN)
        shown = str(shop.model.calls(schema="Plan")[0].body)
        shop.model.check()

    assert note in shown and "Research: Oxbell" in shown
    assert [task["key"] for task in second.payload["plan"]["tasks"]] == ["read-a", "read-b", "write"]
    assert len(first.payload["plan"]["tasks"]) == len(researches()) + 2


async def test_where_the_policy_asks_for_no_plan_the_work_begins_at_once(tmp_path: Path):
    page = Page("at_once = 2\n[ask_first]\nplan = false\ntimes_one_agent = 50\n")
    async with workshop(tmp_path, whole_line(), policy=page) as shop:
        run_id = await shop.ask()
        form = await shop.open(run_id, CheckpointKind.QUESTION)
        await shop.decide(form, ALICE, VoteAnswer.ANSWER, answers={"competitors": COMPETITORS})
        await shop.open(run_id, CheckpointKind.DRAFT)
        asked = {one.kind for one in await shop.rows(Checkpoint, run_id)}
        run = await shop.run(run_id)

    assert asked == {CheckpointKind.QUESTION, CheckpointKind.DRAFT}
    assert run.plan["at_once"] == 2


async def test_what_should_cost_more_than_the_policy_allows_is_asked_first_even_of_one_agent(tmp_path: Path):
    async with workshop(tmp_path, [simple()], policy=Page("[ask_first]\nabove_usd = 0.0001\n")) as shop:
        run_id = await shop.ask(QUESTION)
        plan = await shop.open(run_id, CheckpointKind.PLAN)

    assert "more than $0.00" in plan.payload["remark"]
