"""A software feature: code is done when its tests ran and passed in the sandbox, whatever anybody says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from storage.tables import Artifact, Call, Handoff, Review
from storage.words import CheckpointKind, RunState, VoteAnswer
from tests.agents.stations import feature
from tests.servers.model import scripted_model
from tests.workshop import BOB, Workshop, reopened, workshop

BOASTING = "All 40 tests pass. Codes can be given with an order."
MEASURED = "9 tests ran, all passed."


def tool(text: str) -> dict[str, Any]:
    """The engineer tries its files before it hands them over."""
    use = {"type": "tool_use", "id": "toolu_1", "name": "run_tests", "input": {"text": text}}
    when = {"schema": "Draft", "task": "implementation", "tool": "run_tests"}
    return {"when": when, "reply": {"blocks": [use], "stop_reason": "tool_use"}}


def rules(review: Review) -> list[str]:
    """Return the rules one round broke, in order."""
    return [str(problem["rule"]) for problem in review.problems]


async def runs_of(shop: Workshop, run_id: str) -> list[Call]:
    """Return the recorded test runs, oldest first."""
    calls = [call for call in await shop.rows(Call, run_id) if call.name == "run_tests"]
    return sorted(calls, key=lambda call: call.seq)


async def test_code_that_fails_its_tests_goes_back_and_what_is_said_of_them_was_measured(tmp_path: Path):
    first = feature.draft("implementation", feature.code(feature.WRONG, "All tests pass."), BOASTING)
    second = feature.draft("implementation", feature.code(feature.MODULE), BOASTING)
    judged = [feature.passes("implementation"), feature.passes("implementation")]
    script = [
        *feature.before_code(),
        tool(feature.code(feature.WRONG)),
        first,
        second,
        *judged,
        *feature.documented(),
    ]
    async with workshop(tmp_path, script) as shop:
        run_id = await feature.ask(shop)
        await feature.to_code(shop, run_id)
        asked = await shop.open(run_id, CheckpointKind.DRAFT)
        await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        await shop.decide(await shop.open(run_id, CheckpointKind.DRAFT), BOB, VoteAnswer.APPROVE)
        run = await shop.ended(run_id)
        rounds = [review for review in await shop.rows(Review, run_id) if review.task_key == "implementation"]
        handed = {row.task_key: row for row in await shop.rows(Handoff, run_id)}
        made = {row.id: row for row in await shop.rows(Artifact, run_id)}
        tried = await runs_of(shop, run_id)
        tool_said = str(shop.model.calls(task="implementation")[1].body["messages"][-1])
        mending = str(shop.model.calls(task="implementation")[3].body["messages"][0])
        rest = [review for review in await shop.rows(Review, run_id) if review.task_key != "implementation"]
    code = made[handed["implementation"].artifact_id]

    assert run.state is RunState.DONE
    assert [rules(one) for one in sorted(rounds, key=lambda one: one.round)] == [
        ["tests-failed", "tests-claimed"],
        [],
    ]
    assert [rules(one) for one in rest] == [[]] * 5
    assert [call.result.get("ran") for call in tried] == [None, 9, 9]
    assert "9 tests ran, 1 failed" in tool_said and "9 tests ran, 1 failed" in mending
    assert "test_a_code_works_on_its_last_day" in mending and "We do not know the code" not in code.problems
    assert handed["implementation"].summary == f"Measured: {MEASURED}\n\nCodes can be given with an order."
    assert f"{MEASURED} [F501]" in code.text and "- Changed, of what was attached: `pricing.py`" in code.text
    assert "40 tests" not in code.text + asked.payload["summary"]
    assert [finding["id"] for finding in handed["documentation"].findings].count("F501") == 1


async def test_after_a_restart_no_test_runs_again_and_the_code_is_the_same(tmp_path: Path):
    handing_over = feature.draft("implementation", feature.code(feature.MODULE))
    slow = feature.passes("implementation", latency_ms=2_000)
    script = [*feature.before_code(), handing_over, slow]
    async with scripted_model(script, tmp_path, check=False) as model:
        async with reopened(tmp_path, model) as shop:
            run_id = await feature.ask(shop)
            await feature.to_code(shop, run_id)
            await shop.until(lambda: reviewing(shop))
            [before] = await runs_of(shop, run_id)
        async with reopened(tmp_path, model) as shop:
            asked = await shop.open(run_id, CheckpointKind.DRAFT)
            [after] = await runs_of(shop, run_id)
            text = (await shop.rows(Artifact, run_id))[-1].text
        repeats = [call.schema for call in model.repeats()]

    assert asked.task_key == "implementation" and after.result["ran"] == 9
    assert (after.ended_at, after.result) == (before.ended_at, before.result)
    assert after.result["output"].strip() in text
    assert set(repeats) <= {"Verdict"}


async def reviewing(shop: Workshop) -> bool:
    """Return whether the code is with its reviewer."""
    return len(shop.model.calls(task="implementation", schema="Verdict")) == 1
