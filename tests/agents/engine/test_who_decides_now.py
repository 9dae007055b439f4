"""Doors beside the vote: none lets anybody do, or silence mean, what the rules as they are now do not."""

from pathlib import Path

import pytest

from storage.errors import InvalidError, NotAllowedError
from storage.policy import Person
from storage.tables import Event, OutboxMessage
from storage.words import CheckpointKind, CheckpointState, MessageKind, TaskState, VoteAnswer
from tests.watch import watch
from tests.workshop import ALICE, BOB, Page, triage, whole_line, workshop

CAROL = Person(id="U0CAROL", name="Carol", team="T0JIDOKA", member=True)
ALLOWED = "[spend]\nrun_usd = 2.0\n"
DRAFT = '[draft]\ndeadline = "8 working hours"\nremind = ["4 working hours"]\n'


async def test_who_may_decide_no_longer_lets_nobody_else_decide(tmp_path: Path):
    page = Page("")
    async with workshop(tmp_path, whole_line(), policy=page) as shop:
        draft = await shop.to_draft(await shop.ask())
        page.text = '[draft]\ndeciders = ["U0ERIN"]\n'
        with pytest.raises(NotAllowedError, match="U0ERIN"):
            await shop.engine.controls.delegate(draft.id, BOB, CAROL)
        with pytest.raises(NotAllowedError, match="U0ERIN"):
            await shop.decide(draft, CAROL, VoteAnswer.APPROVE)


async def test_a_press_of_somebody_who_may_not_is_in_the_log_and_touches_nothing_of_the_run(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        draft = await shop.to_draft(run_id := await shop.ask())
        before, known = await shop.run(run_id), await shop.rows(Event, run_id)
        with pytest.raises(NotAllowedError):
            await shop.decide(draft, ALICE, VoteAnswer.APPROVE)
        after, told = await shop.run(run_id), await shop.rows(Event, run_id)

    assert after == before
    assert [(line.kind, line.by) for line in told[len(known) :]] == [("vote refused", "U0ALICE")]


async def test_silence_never_means_what_the_policy_has_taken_back_meanwhile(tmp_path: Path):
    page = Page(DRAFT + 'silence = "proceed"\n')
    with watch("2026-11-23 10:00") as now:
        async with workshop(tmp_path, whole_line(), policy=page) as shop:
            run_id = await shop.ask()
            draft = await shop.to_draft(run_id)
            page.text = DRAFT + 'silence = "wait"\n'
            now.show("2026-11-25 18:00")
            await shop.engine.work_off()
            still = await shop.open(run_id, CheckpointKind.DRAFT)

    assert (still.id, still.state) == (draft.id, CheckpointState.OPEN)


async def test_nobody_is_reminded_of_what_they_approved(tmp_path: Path):
    with watch("2026-11-23 10:00") as now:
        async with workshop(tmp_path, whole_line(), policy=Page(DRAFT + "quorum = 3\n")) as shop:
            run_id = await shop.ask()
            draft = await shop.to_draft(run_id)
            for colleague in ("U0CAROL", "U0ERIN"):
                await shop.engine.controls.delegate(draft.id, BOB, CAROL.model_copy(update={"id": colleague}))
            await shop.decide(draft, CAROL, VoteAnswer.APPROVE)
            now.show("2026-11-23 16:00")
            await shop.engine.work_off()
            told = [row.user for row in await shop.rows(OutboxMessage, run_id) if "still waits" in row.text]

    assert told == ["U0ERIN"]


@pytest.mark.parametrize("rule", ["", '[budget]\ndeciders = ["U0CAROL"]\n', "[budget]\nquorum = 2\n"])
async def test_a_budget_goes_beyond_the_policys_only_by_who_decides_on_it(tmp_path: Path, rule: str):
    who = BOB if not rule else ALICE
    async with workshop(tmp_path, [triage()], policy=Page(ALLOWED + rule)) as shop:
        run_id = await shop.ask()
        with pytest.raises(NotAllowedError, match=r"lets this run spend \$2\.00"):
            await shop.engine.controls.set_cap(run_id, who, 50.0)
        lower = await shop.engine.controls.set_cap(run_id, who, 1.0)

    assert lower.cap_usd == 1.0


async def test_who_decides_on_budgets_may_set_a_larger_one(tmp_path: Path):
    async with workshop(tmp_path, [triage()], policy=Page(ALLOWED)) as shop:
        run = await shop.engine.controls.set_cap(await shop.ask(), ALICE, 50.0)

    assert run.cap_usd == 50.0


async def test_what_stood_before_a_cap_goes_on_when_its_question_is_withdrawn(tmp_path: Path):
    page = Page("[spend]\nrun_usd = 0.000001\n")
    async with workshop(tmp_path, whole_line(), policy=page) as shop:
        run_id = await shop.ask()
        await shop.decide(await shop.to_plan(run_id), ALICE, VoteAnswer.APPROVE)
        asked = await shop.open(run_id, CheckpointKind.BUDGET)

        async def three_stand() -> bool:
            return sum(task.state is TaskState.ASKING for task in (await shop.tasks(run_id)).values()) == 3

        await shop.until(three_stand)
        page.text = ""
        await shop.engine.controls.run_again(run_id, ALICE, asked.task_key, "")
        draft = await shop.open(run_id, CheckpointKind.DRAFT)

    assert draft.state is CheckpointState.OPEN


async def test_a_run_is_handed_only_to_somebody_who_can_answer_it(tmp_path: Path):
    absent = CAROL.model_copy(update={"member": False})
    async with workshop(tmp_path, [triage()]) as shop:
        run_id = await shop.ask()
        with pytest.raises(InvalidError, match="not in this channel"):
            await shop.engine.controls.hand_over(run_id, ALICE, absent)
        run = await shop.run(run_id)
        told = [row.user for row in await shop.rows(OutboxMessage, run_id) if row.kind is MessageKind.NOTICE]

    assert (run.requester, told) == (ALICE.id, [])
