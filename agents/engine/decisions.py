"""What follows from what people decide. A decision and the stage it starts commit together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from agents.catalog import Catalog
from agents.engine import asking, budget, effects, known_plans
from agents.engine.outcomes import NOT_MENDED, OTHER_FILES, to_plan
from agents.engine.rows import pages_of
from agents.engine.transitions import Transition, changed
from agents.errors import PlanError
from agents.planning.plan import RunPlan
from agents.planning.plan_checks import problems
from agents.questions import wrong
from storage import artifacts, calls, checkpoints, voting
from storage.checkpoints import Press
from storage.errors import InvalidError
from storage.policy import Person, Policy
from storage.tables import Artifact, Call, Checkpoint, Handoff, Task
from storage.words import CallState, Cause, CheckpointKind, CheckpointState, RunState, TaskKind, VoteAnswer

FITS: Final = {
    CheckpointKind.QUESTION: {VoteAnswer.ANSWER, VoteAnswer.STOP},
    CheckpointKind.PLAN: {VoteAnswer.APPROVE, VoteAnswer.SEND_BACK, VoteAnswer.STOP},
    CheckpointKind.DRAFT: {VoteAnswer.APPROVE, VoteAnswer.SEND_BACK, VoteAnswer.STOP},
    CheckpointKind.ESCALATION: {VoteAnswer.APPROVE, VoteAnswer.SEND_BACK, VoteAnswer.STOP},
    CheckpointKind.EFFECT: {VoteAnswer.APPROVE, VoteAnswer.SEND_BACK, VoteAnswer.STOP},
    CheckpointKind.BUDGET: {VoteAnswer.APPROVE, VoteAnswer.FINISH, VoteAnswer.STOP},
}


async def decide(
    moving: Transition, press: Press, person: Person, catalog: Catalog, voters: Sequence[Person] = ()
) -> Checkpoint:
    """Count a person's answer and start what it starts; ``voters`` are the fresh facts of who approved before.

    Raises:
        RefusedError: The answer does not count; the message is for the person.
        PlanError: An edited plan breaks a rule.
    """
    checkpoint = await checkpoints.get(moving.session, press.checkpoint_id)
    _check(checkpoint, press)
    task = await moving.task(checkpoint.task_key)
    await tighten_now(moving, checkpoint, task)
    await _check_opened(moving, checkpoint, press, person)
    pages = pages_of(moving.run, catalog)
    edited = await _edited(moving, checkpoint, press, person, pages) if press.edited is not None else None
    checkpoint = await voting.vote(
        moving.session, press.model_copy(update={"edited": edited}), person, moving.run.team, voters
    )
    if checkpoint.state is CheckpointState.ANSWERED:
        moving.run.files = [*moving.run.files, *(dict(file) for file in press.files)]
    await follow(moving, task, checkpoint, checkpoint.state)
    await moving.refresh(checkpoint)
    return checkpoint


def _check(checkpoint: Checkpoint, press: Press) -> None:
    if press.answer not in FITS.get(checkpoint.kind, set()):
        raise InvalidError("Nothing changed: that answer does not fit this question.")
    if press.edited is not None and press.answer is not VoteAnswer.APPROVE:
        raise InvalidError("Nothing changed: an edit can only be approved. Write what should be different instead.")
    if press.answer is VoteAnswer.SEND_BACK and not press.note.strip():
        raise InvalidError("Please say why you send it back: the next version is made from your words.")
    if press.answer is VoteAnswer.ANSWER:
        absent = [
            f["question"]
            for f in checkpoint.payload["fields"]
            if not f["optional"] and not press.answers.get(f["name"], "").strip()
        ]
        if absent:
            raise InvalidError(f"Please also answer: {' '.join(absent)}")
        given = [(f, said) for f in checkpoint.payload["fields"] if (said := press.answers.get(f["name"], "").strip())]
        if found := [said for one in given if (said := wrong(*one))]:
            raise InvalidError(" ".join(found))


async def _edited(
    moving: Transition, checkpoint: Checkpoint, press: Press, person: Person, catalog: Catalog
) -> dict[str, Any]:
    """Return the new payload of an edit: a checked plan, or a new version of the artifact in the person's name."""
    edited = press.edited or {}
    if checkpoint.kind is CheckpointKind.PLAN:
        plan = RunPlan.model_validate(edited["plan"])
        asked = RunPlan.model_validate(checkpoint.payload["plan"])
        if found := [*problems(plan, catalog), *_taken_away(asked, plan)]:
            raise PlanError("This plan cannot run: " + " ".join(found))
        return {**checkpoint.payload, "plan": plan.canonical()}
    if not checkpoint.artifact_id:
        raise InvalidError("There is nothing here to edit.")
    if not str(edited["text"]).strip():
        raise InvalidError(
            "Nothing changed: your version is empty. Send the draft back if none of it is right."
        )
    old = await moving.session.get_one(Artifact, checkpoint.artifact_id)
    new = await artifacts.add(
        moving.session,
        moving.run.id,
        checkpoint.task_key,
        name=old.name,
        text=str(edited["text"]),
        made_by=person.id,
        label=old.label,
        problems=[],
    )
    checkpoint.artifact_id = new.id  # whoever decides next is shown the words they decide on
    return {
        **checkpoint.payload,
        "artifact_id": new.id,
        "sha256": new.sha256,
        "version": new.version,
        **_told_anew(old.text, new.text),
    }


def _told_anew(before: str, after: str) -> dict[str, Any]:
    """Return what a card says of an edited version. What agents summed up, counted or left open was another one."""
    return {"summary": "", "problems": [], "versions": [], "changed": changed(before, after), "edited": True}


def _taken_away(asked: RunPlan, edited: RunPlan) -> list[str]:
    """Return what an edit may not take away: other people's say, and every word of what a task is to do."""
    kept = {task.key: task for task in edited.tasks}
    found = [
        f"“{task.title}” cannot be dropped: people decide on what it makes."
        for task in asked.tasks
        if task.ask and task.key not in kept
    ]
    emptied = [
        t for t in asked.tasks if t.key in kept and t.instructions and not kept[t.key].instructions.strip()
    ]
    return found + [
        f"“{task.title}” has no instructions left; drop it, or say what it should do." for task in emptied
    ]


async def tighten_now(moving: Transition, checkpoint: Checkpoint, task: Task) -> None:
    """Let rules that were made stricter since it was opened count; looser ones do not."""
    stricter = asking.policy_now(moving.ground.policies.rules(), moving.run, task, checkpoint)
    if checkpoint.state is CheckpointState.OPEN and stricter != Policy.model_validate(checkpoint.policy):
        checkpoint.policy = stricter.model_dump(mode="json")
        await moving.event("policy tightened", checkpoint=checkpoint.id, policy=checkpoint.policy)


async def _check_opened(moving: Transition, checkpoint: Checkpoint, press: Press, person: Person) -> None:
    approves = press.answer is VoteAnswer.APPROVE and checkpoint.state is CheckpointState.OPEN
    first = approves and Policy.model_validate(checkpoint.policy).opened_first
    if first and not await checkpoints.has_seen(moving.session, checkpoint, person.id):
        raise InvalidError("Nothing changed: this cannot be undone, so open all of it first. Then approve.")


async def follow(moving: Transition, task: Task, checkpoint: Checkpoint, outcome: CheckpointState) -> None:
    """Start what a checkpoint's outcome starts."""
    match outcome:
        case CheckpointState.STOPPED:
            await moving.end(RunState.STOPPED, f"Stopped by <@{checkpoint.decided_by}>.")
        case CheckpointState.SENT_BACK:
            await moving.again(task, Cause.SENT_BACK, checkpoint.note)
        case CheckpointState.ANSWERED:
            await _answered(moving, task, checkpoint)
        case CheckpointState.APPROVED:
            await _approved(moving, task, checkpoint)
        case CheckpointState.OPEN | CheckpointState.EXPIRED | CheckpointState.WITHDRAWN:
            return


async def _approved(moving: Transition, task: Task, checkpoint: Checkpoint) -> None:
    if checkpoint.kind is CheckpointKind.BUDGET:
        await budget.go_on(moving, checkpoint)
    elif checkpoint.kind is CheckpointKind.PLAN:
        await known_plans.keep(moving, task, checkpoint)
        await moving.done(task)
        await moving.add_tasks(RunPlan.model_validate(checkpoint.payload["plan"]))
    elif checkpoint.kind is CheckpointKind.EFFECT:
        await effects.order(moving, checkpoint)
    elif "failed" in checkpoint.payload:
        task.failures = 0
        await moving.again(task, Cause.RETRY)
    else:
        await _take(moving, task, checkpoint)
        await effects.go_on(moving, task)


async def _take(moving: Transition, task: Task, checkpoint: Checkpoint) -> None:
    """What was approved is what goes on: the version named in the payload, edited or not.

    Of an edited one its maker's summary and what its review left open are not true any more; its text speaks for itself.
    """
    handoff = await moving.session.get_one(Handoff, (moving.run.id, task.key, task.attempt))
    if handoff.artifact_id != checkpoint.payload["artifact_id"]:
        handoff.summary = ""
        handoff.open_questions = [one for one in handoff.open_questions if not one.startswith(NOT_MENDED)]
    handoff.artifact_id = checkpoint.payload["artifact_id"]
    checkpoint.artifact_id = handoff.artifact_id


async def _answered(moving: Transition, task: Task, checkpoint: Checkpoint) -> None:
    if checkpoint.kind is CheckpointKind.BUDGET:
        await budget.finish(moving)
    elif task.kind is TaskKind.TRIAGE:
        moving.run.inputs = {
            **moving.run.inputs,
            **{k: v.strip() for k, v in checkpoint.answers.items() if v.strip() and k != OTHER_FILES},
        }
        await to_plan(moving, task)
    else:
        await _answer_call(moving, task, checkpoint)


async def _answer_call(moving: Transition, task: Task, checkpoint: Checkpoint) -> None:
    """The answer arrives as the result of the agent's own call; all it did before stays done."""
    await calls.inherit(moving.session, moving.run.id, task.key, task.attempt)
    await moving.session.flush()
    said = "\n".join(checkpoint.answers.values())
    waiting = sa.update(Call).where(
        col(Call.run_id) == moving.run.id,
        col(Call.task_key) == task.key,
        col(Call.attempt) == task.attempt + 1,
        col(Call.name) == "ask_person",
        col(Call.state) == CallState.INTENT,
    )
    await moving.session.execute(waiting.values(state=CallState.DONE, result={"content": said}))
    await moving.again(task, Cause.ANSWERED)
