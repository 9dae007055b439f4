"""Steering a run as a whole, at any moment: nothing is lost, nothing is paid twice, and who may not is told."""

import asyncio
from pathlib import Path

import pytest

from storage.errors import AlreadyDecidedError, InvalidError, NotAllowedError, RefusedError
from storage.policy import Person
from storage.tables import Checkpoint, Event, OutboxMessage, Task
from storage.words import CheckpointKind, CheckpointState, MessageKind, RunState, TaskState, VoteAnswer
from tests.servers.calls import Call
from tests.workshop import (
    ALICE,
    BOB,
    DAVE,
    Page,
    Workshop,
    comparison,
    researches,
    triage,
    verdict,
    whole_line,
    workshop,
    written,
)

CAROL = Person(id="U0CAROL", name="Carol", team="T0JIDOKA", member=True)
ADMIN = BOB.model_copy(update={"admin": True})
TEAM = "T0JIDOKA"


def slowly() -> list[dict[str, object]]:
    """The line with readers whose first answer never comes, so that people can interrupt them."""
    slow = [{**line, "fault": {"type": "hang", "times": 1}} for line in researches()]
    return [{**triage(), "times": "*"}, *slow, comparison(), written(), verdict()]


async def at_work(shop: Workshop, run_id: str) -> None:
    """Come back when the three readers wait for the model."""

    async def three() -> bool:
        return len(calls(shop, "research")) == 3

    await shop.until(three)


def calls(shop: Workshop, task: str) -> list[Call]:
    return [call for call in shop.model.calls() if call.task.startswith(task)]


async def begun(shop: Workshop) -> str:
    run_id = await shop.ask()
    await shop.decide(await shop.to_plan(run_id), ALICE, VoteAnswer.APPROVE)
    return run_id


async def kinds(shop: Workshop, run_id: str) -> list[str]:
    return [one.kind for one in await shop.rows(Event, run_id)]


async def test_a_pause_cuts_what_is_under_way_and_going_on_repeats_only_that(tmp_path: Path):
    async with workshop(tmp_path, slowly()) as shop:
        run_id = await begun(shop)
        await at_work(shop, run_id)
        paused = await shop.engine.controls.pause(run_id, BOB)

        async def put_back() -> bool:
            tasks = (await shop.tasks(run_id)).values()
            return not [one for one in tasks if one.state in (TaskState.QUEUED, TaskState.WORKING)]

        await shop.until(put_back)
        await shop.engine.sweep()
        still = await shop.run(run_id)
        await shop.engine.controls.resume(run_id, ALICE)
        await shop.open(run_id, CheckpointKind.DRAFT)
        told = await kinds(shop, run_id)

    assert (paused.state, still.state) == (RunState.PAUSED, RunState.PAUSED)
    assert len(calls(shop, "research")) == 6 and len(calls(shop, "triage")) == 1
    assert [kind for kind in told if kind in ("paused", "resumed")] == ["paused", "resumed"]


async def test_a_paused_run_still_takes_decisions_and_starts_nothing(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        plan = await shop.to_plan(run_id)
        await shop.engine.controls.pause(run_id, ALICE)
        await shop.decide(plan, ALICE, VoteAnswer.APPROVE)
        tasks = await shop.tasks(run_id)

    assert tasks["research-1"].state is TaskState.BLOCKED
    assert calls(shop, "research") == []


@pytest.mark.parametrize("who", [DAVE, BOB.model_copy(update={"member": False})])
async def test_who_is_not_a_full_member_steers_nothing(tmp_path: Path, who: Person):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        for door in (shop.engine.controls.pause, shop.engine.controls.resume, shop.engine.controls.begin_now):
            with pytest.raises(NotAllowedError):
                await door(run_id, who)
        with pytest.raises(NotAllowedError):
            await shop.engine.controls.set_cap(run_id, who, 5.0)
        with pytest.raises(NotAllowedError):
            await shop.engine.controls.hand_over(run_id, who, CAROL)


async def test_a_task_is_run_again_with_a_note_and_so_is_what_builds_on_it(tmp_path: Path):
    script = [*whole_line(), comparison(), written(), verdict()]
    async with workshop(tmp_path, script) as shop:
        run_id = await begun(shop)
        draft = await shop.open(run_id, CheckpointKind.DRAFT)
        await shop.decide(draft, BOB, VoteAnswer.APPROVE)
        await shop.ended(run_id)
        await shop.engine.controls.run_again(run_id, BOB, "comparison", "Weigh the prices too.")
        again = await shop.open(run_id, CheckpointKind.DRAFT)
        await shop.decide(again, BOB, VoteAnswer.APPROVE)
        run = await shop.ended(run_id)
        shown = str(shop.model.calls(role="analyst")[-1].body)
        told, tasks = await kinds(shop, run_id), await shop.tasks(run_id)
        results = [m for m in await shop.rows(OutboxMessage, run_id) if m.kind is MessageKind.RESULT]

    assert run.state is RunState.DONE and len(results) == 2
    assert "Weigh the prices too." in shown
    assert (tasks["research-1"].attempt, tasks["comparison"].attempt, tasks["brief"].attempt) == (1, 2, 2)
    assert [kind for kind in told if kind.startswith("run ")] == [
        "run opened", "run done", "run again", "run reopened", "run done",
    ]  # fmt: skip


async def test_a_run_that_ended_while_it_was_paused_works_when_it_is_opened_again(tmp_path: Path):
    script = [*whole_line(), written(), verdict()]
    async with workshop(tmp_path, script) as shop:
        run_id = await begun(shop)
        draft = await shop.open(run_id, CheckpointKind.DRAFT)
        await shop.engine.controls.pause(run_id, BOB)
        await shop.decide(draft, BOB, VoteAnswer.APPROVE)
        await shop.ended(run_id)
        await shop.engine.controls.run_again(run_id, BOB, "brief")
        again = await shop.open(run_id, CheckpointKind.DRAFT)

    assert again.attempt == 2


async def test_running_a_task_again_withdraws_what_was_asked_about_it(tmp_path: Path):
    script = [*whole_line(), written(), verdict()]
    async with workshop(tmp_path, script) as shop:
        run_id = await begun(shop)
        draft = await shop.open(run_id, CheckpointKind.DRAFT)
        await shop.engine.controls.run_again(run_id, ALICE, "brief", "Shorter.")
        with pytest.raises(AlreadyDecidedError, match="withdrawn"):
            await shop.decide(draft, BOB, VoteAnswer.APPROVE)
        again = await shop.open(run_id, CheckpointKind.DRAFT)

    assert again.attempt == 2


async def test_what_is_run_again_while_it_works_is_cut_and_paid_for_once_more(tmp_path: Path):
    async with workshop(tmp_path, [*slowly(), *researches()]) as shop:
        run_id = await begun(shop)
        await at_work(shop, run_id)
        await shop.engine.controls.run_again(run_id, ALICE, "research-1", "Only this year.")

        async def done() -> bool:
            return (await shop.tasks(run_id))["research-1"].state is TaskState.DONE

        await shop.until(done)
        await shop.engine.stop_run(run_id, ALICE)

    assert len(calls(shop, "research-1")) == 2


async def test_only_the_plans_own_tasks_that_have_begun_are_run_again(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        await shop.to_plan(run_id)
        with pytest.raises(InvalidError, match="plan's own"):
            await shop.engine.controls.run_again(run_id, ALICE, "triage", "")


async def test_whoever_handed_a_run_over_still_does_not_decide_on_its_draft(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await begun(shop)
        draft = await shop.open(run_id, CheckpointKind.DRAFT)
        run = await shop.engine.controls.hand_over(run_id, ALICE, BOB)
        for person in (ALICE, BOB):
            with pytest.raises(NotAllowedError):
                await shop.decide(draft, person, VoteAnswer.APPROVE)
        await shop.decide(draft, CAROL, VoteAnswer.APPROVE)
        ended = await shop.ended(run_id)

    assert (run.requester, run.handed_by) == (BOB.id, [ALICE.id])
    assert ended.state is RunState.DONE


@pytest.mark.parametrize("to", [DAVE, ALICE])
async def test_a_run_is_handed_only_to_another_full_member(tmp_path: Path, to: Person):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        with pytest.raises(InvalidError):
            await shop.engine.controls.hand_over(run_id, ALICE, to)


async def test_a_decider_asks_somebody_else_who_then_decides(tmp_path: Path):
    outside = CAROL.model_copy(update={"member": False})
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await begun(shop)
        draft = await shop.open(run_id, CheckpointKind.DRAFT)
        with pytest.raises(NotAllowedError):
            await shop.engine.controls.delegate(draft.id, ALICE, outside)
        with pytest.raises(InvalidError, match="asked for the work"):
            await shop.engine.controls.delegate(draft.id, BOB, ALICE)
        await shop.engine.controls.delegate(draft.id, BOB, outside)
        decided = await shop.decide(draft, outside, VoteAnswer.APPROVE)
        direct = [m.user for m in await shop.rows(OutboxMessage, run_id) if m.user]

    assert decided.decided_by == CAROL.id
    assert direct == [CAROL.id]


async def test_two_must_approve_and_who_left_meanwhile_no_longer_counts(tmp_path: Path):
    gone = BOB.model_copy(update={"member": False})
    async with workshop(tmp_path, whole_line(), policy=Page("[draft]\nquorum = 2\n")) as shop:
        run_id = await begun(shop)
        draft = await shop.open(run_id, CheckpointKind.DRAFT)
        first = await shop.decide(draft, BOB, VoteAnswer.APPROVE)
        second = await shop.decide(draft, CAROL, VoteAnswer.APPROVE, voters=[gone])
        erin = CAROL.model_copy(update={"id": "U0ERIN"})
        third = await shop.decide(draft, erin, VoteAnswer.APPROVE, voters=[gone, CAROL])

    assert [one.state for one in (first, second)] == [CheckpointState.OPEN] * 2
    assert third.state is CheckpointState.APPROVED


async def test_a_rule_made_stricter_counts_at_once_and_a_looser_one_does_not(tmp_path: Path):
    page = Page("[draft]\nquorum = 2\n")
    async with workshop(tmp_path, whole_line(), policy=page) as shop:
        run_id = await begun(shop)
        draft = await shop.open(run_id, CheckpointKind.DRAFT)
        page.text = '[draft]\nquorum = 1\ndeciders = ["U0CAROL", "U0ERIN"]\n'
        with pytest.raises(NotAllowedError):
            await shop.decide(draft, BOB, VoteAnswer.APPROVE)
        first = await shop.decide(draft, CAROL, VoteAnswer.APPROVE)

    assert first.state is CheckpointState.OPEN


@pytest.mark.parametrize(("cap", "said"), [("run_usd = 0.000001", "$0.00"), ("run_calls = 1", "1 of 1 call of models")])
async def test_at_its_budget_a_run_asks_and_goes_on_where_it_was(tmp_path: Path, cap: str, said: str):
    async with workshop(tmp_path, whole_line(), policy=Page(f"[spend]\n{cap}\n")) as shop:
        run_id = await shop.ask()
        form = await shop.open(run_id, CheckpointKind.QUESTION)
        await shop.decide(form, ALICE, VoteAnswer.ANSWER, answers={"competitors": "Haulwren, Ternway, Oxbell"})
        plan = await shop.open(run_id, CheckpointKind.PLAN)
        await shop.decide(plan, ALICE, VoteAnswer.APPROVE)
        asked = await shop.open(run_id, CheckpointKind.BUDGET)
        before = len(shop.model.calls())
        await shop.decide(asked, ALICE, VoteAnswer.APPROVE)
        await shop.open(run_id, CheckpointKind.DRAFT)
        opened = [one for one in await shop.rows(Checkpoint, run_id) if one.kind is CheckpointKind.BUDGET]

    assert before == 1, "nothing is called beyond the cap"
    assert len(opened) == 1, "three readers stood before one cap, and one question was asked"
    assert asked.payload["cap"] == "this run" and said in asked.question
    assert len(shop.model.calls()) == len(whole_line())


async def test_a_run_that_asks_at_its_budget_goes_on_when_it_is_given_another(tmp_path: Path):
    async with workshop(tmp_path, whole_line(), policy=Page("[spend]\nrun_usd = 0.000001\n")) as shop:
        run_id = await shop.ask()
        await shop.decide(await shop.to_plan(run_id), ALICE, VoteAnswer.APPROVE)
        await shop.open(run_id, CheckpointKind.BUDGET)
        await shop.engine.controls.set_cap(run_id, ALICE, 5.0)
        await shop.open(run_id, CheckpointKind.DRAFT)
        asked = [one.state for one in await shop.rows(Checkpoint, run_id) if one.kind is CheckpointKind.BUDGET]

    assert asked == [CheckpointState.WITHDRAWN]


async def test_at_its_budget_a_run_can_deliver_what_there_is(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await begun(shop)
        await shop.open(run_id, CheckpointKind.DRAFT)
        await shop.engine.controls.set_cap(run_id, ALICE, 0.01)
        await shop.engine.controls.run_again(run_id, ALICE, "brief", "Anew.")
        asked = await shop.open(run_id, CheckpointKind.BUDGET)
        await shop.decide(asked, ALICE, VoteAnswer.FINISH)
        run = await shop.ended(run_id)
        results = [m for m in await shop.rows(OutboxMessage, run_id) if m.kind is MessageKind.RESULT]

    assert run.state is RunState.DONE
    assert len(results) == 1


async def test_at_its_budget_a_run_can_be_stopped(tmp_path: Path):
    async with workshop(tmp_path, whole_line(), policy=Page("[spend]\nmonth_usd = 0.000001\n")) as shop:
        first = await shop.ask()
        await shop.to_plan(first)
        second = await shop.ask(ts="2.000100")
        asked = await shop.open(second, CheckpointKind.BUDGET)
        await shop.decide(asked, ALICE, VoteAnswer.STOP)
        run = await shop.ended(second)

    assert "this workspace, this month" in asked.question
    assert run.state is RunState.STOPPED


async def test_the_stop_of_everything_cuts_all_work_at_once_and_lifting_it_goes_on(tmp_path: Path):
    async with workshop(tmp_path, slowly()) as shop:
        run_id = await begun(shop)
        await at_work(shop, run_id)
        with pytest.raises(NotAllowedError):
            await shop.engine.controls.halt(TEAM, BOB, "Something is wrong.")
        async with asyncio.timeout(2):
            await shop.engine.controls.halt(TEAM, ADMIN, "Something is wrong.")
        made = len(shop.model.calls())
        second = await shop.ask(ts="2.000100")
        await shop.engine.sweep()
        held = await shop.run(second), len(shop.model.calls())
        await shop.engine.controls.lift(TEAM, ADMIN)
        await shop.open(run_id, CheckpointKind.DRAFT)
        lifted = await shop.engine.controls.halted(TEAM)

    assert held[0].state is RunState.PAUSED and held[1] == made
    assert lifted is None


async def test_a_halt_outlives_the_process(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        await shop.engine.controls.halt(TEAM, ADMIN, "For the night.")
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        task = next(one for one in await shop.rows(Task, run_id))
        halted = await shop.engine.controls.halted(TEAM)
        with pytest.raises(RefusedError):
            await shop.engine.controls.halt(TEAM, ADMIN, "Again.")

    assert task.state is TaskState.BLOCKED
    assert halted is not None and halted.why == "For the night."
