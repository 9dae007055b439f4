"""What a person may change of a plan or a draft, and what not."""

from pathlib import Path
from typing import Any

import pytest

from agents.errors import PlanError
from storage.errors import InvalidError
from storage.tables import Artifact
from storage.words import CheckpointKind, CheckpointState, VoteAnswer
from tests.workshop import ALICE, BOB, Page, triage, whole_line, workshop

Json = dict[str, Any]


def _without(plan: Json, key: str) -> Json:
    return {**plan, "tasks": [task for task in plan["tasks"] if task["key"] != key]}


def _emptied(plan: Json, key: str) -> Json:
    tasks = [{**task, "instructions": "  "} if task["key"] == key else task for task in plan["tasks"]]
    return {**plan, "tasks": tasks}


async def test_an_edit_cannot_take_other_peoples_decision_away(tmp_path: Path):
    async with workshop(tmp_path, [triage()]) as shop:
        asked = await shop.to_plan(await shop.ask())
        edited = {"plan": _without(asked.payload["plan"], "brief")}
        with pytest.raises(PlanError, match="people decide on what it makes"):
            await shop.decide(asked, ALICE, VoteAnswer.APPROVE, edited=edited)
        still = await shop.open(asked.run_id, CheckpointKind.PLAN)

    assert (still.state, still.version) == (CheckpointState.OPEN, 1)


async def test_an_edit_cannot_leave_a_task_without_instructions(tmp_path: Path):
    async with workshop(tmp_path, [triage()]) as shop:
        asked = await shop.to_plan(await shop.ask())
        edited = {"plan": _emptied(asked.payload["plan"], "brief")}
        with pytest.raises(PlanError, match="has no instructions left"):
            await shop.decide(asked, ALICE, VoteAnswer.APPROVE, edited=edited)


async def test_nobody_approves_an_empty_text(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        draft = await shop.to_draft(await shop.ask())
        with pytest.raises(InvalidError, match="your version is empty"):
            await shop.decide(draft, BOB, VoteAnswer.APPROVE, edited={"text": " \n"})
        still = await shop.open(draft.run_id, CheckpointKind.DRAFT)

    assert (still.state, still.version) == (CheckpointState.OPEN, 1)


@pytest.mark.parametrize("answer", [VoteAnswer.SEND_BACK, VoteAnswer.STOP])
async def test_an_edit_comes_with_a_yes_or_not_at_all(tmp_path: Path, answer: VoteAnswer):
    async with workshop(tmp_path, whole_line()) as shop:
        draft = await shop.to_draft(await shop.ask())
        with pytest.raises(InvalidError, match="an edit can only be approved"):
            await shop.decide(draft, BOB, answer, note="Shorter.", edited={"text": "Mine."})
        still = await shop.open(draft.run_id, CheckpointKind.DRAFT)
        made = [row for row in await shop.rows(Artifact, draft.run_id) if row.task_key == draft.task_key]

    assert (still.state, still.version, len(made)) == (CheckpointState.OPEN, 1, 1)


async def test_where_two_decide_the_second_is_shown_what_the_first_edited(tmp_path: Path):
    async with workshop(tmp_path, whole_line(), policy=Page("[draft]\nquorum = 2\n")) as shop:
        draft = await shop.to_draft(await shop.ask())
        asked = await shop.decide(draft, BOB, VoteAnswer.APPROVE, edited={"text": "Mine."})
        [mine] = [row for row in await shop.rows(Artifact, draft.run_id) if row.made_by == BOB.id]

    assert (asked.state, asked.version) == (CheckpointState.OPEN, 2)
    assert asked.artifact_id == asked.payload["artifact_id"] == mine.id
