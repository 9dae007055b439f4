"""How a run moves on: each function is one part of one transaction that holds the run's lock."""

from __future__ import annotations

import difflib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from agents.catalog import delivered
from agents.engine import asking, charts, receipts
from agents.engine.ground import Ground
from agents.planning.moves import Finish, Move, RunView, Stand, Start, TaskView, next_moves
from agents.planning.plan import PlanTask, RunPlan
from agents.stations import archive
from storage import artifacts, calls, checkpoints, clock, events, outbox, reserves, runs
from storage.database import insert
from storage.errors import NotFoundError
from storage.tables import Checkpoint, Handoff, Run, Task
from storage.words import (
    ENDED,
    Cause,
    CheckpointKind,
    CheckpointState,
    MessageKind,
    RunState,
    TaskKind,
    TaskState,
)

INTAKE: Final = (TaskKind.TRIAGE, TaskKind.PLAN)


class Transition:
    """One transaction over one run, its row locked; what became ready is enqueued with it."""

    def __init__(self, session: AsyncSession, run: Run, ground: Ground) -> None:
        self.session, self.run, self.ground = session, run, ground
        self._tasks: dict[str, Task] = {}  # in page order, read once
        self._rests: dict[str, float] = {}  # seconds before a task's next attempt, by key

    @property
    def ended(self) -> bool:
        """Whether the run has ended."""
        return self.run.state in ENDED

    async def tasks(self) -> dict[str, Task]:
        """Return the run's tasks by key, in page order."""
        if not self._tasks:
            self._tasks = {task.key: task for task in await runs.tasks(self.session, self.run.id)}
        return self._tasks

    async def task(self, key: str) -> Task:
        """Return one of the run's tasks.

        Raises:
            NotFoundError: There is no such task.
        """
        if (found := (await self.tasks()).get(key)) is None:
            raise NotFoundError(f"Run {self.run.id!r} has no task {key!r}.")
        return found

    async def add(self, *new: Task) -> None:
        """Put tasks on the line, each in its place."""
        known = await self.tasks()
        self.session.add_all(new)
        self._tasks = {one.key: one for one in sorted([*known.values(), *new], key=_place)}

    async def event(self, kind: str, *, by: str = "", **payload: Any) -> None:  # noqa: ANN401  any JSON
        """Append a line to the audit log."""
        await events.add(self.session, kind, run_id=self.run.id, by=by, **payload)

    async def advance(self) -> None:
        """Apply the next moves: start what is ready, or note how the run stands or ended."""
        if not self.ended:
            halted = self.run.team in self.ground.halted
            for move in next_moves(view(self.run, list((await self.tasks()).values()), halted=halted)):
                await self._apply(move)
        await outbox.refresh(self.session, MessageKind.STATUS, run_id=self.run.id)

    async def _apply(self, move: Move) -> None:
        match move:
            case Start(key):
                await self._start(await self.task(key))
            case Finish(state, why):
                await self.end(state, why)
            case Stand(state):
                self.run.state = state

    async def _start(self, task: Task) -> None:
        task.state = TaskState.QUEUED
        after_s = self._rests.get(task.key, 0.0)
        await self.ground.durable.enqueue(self.session, self.run.id, task.key, task.attempt, after_s)

    def rest(self, task: Task, seconds: float) -> None:
        """Let a task's next attempt begin this much later."""
        self._rests[task.key] = seconds

    async def again(self, task: Task, cause: Cause, note: str = "") -> None:
        """Let a task begin a new attempt."""
        task.attempt, task.cause, task.state, task.token, task.note = (
            task.attempt + 1,
            cause,
            TaskState.BLOCKED,
            "",
            note or task.note,
        )
        await self.event("attempt", task=task.key, attempt=task.attempt, cause=cause)

    async def resume(self, task: Task, cause: Cause) -> None:
        """Let a task begin a new attempt that answers from the finished calls of this one."""
        await calls.inherit(self.session, self.run.id, task.key, task.attempt)
        await self.again(task, cause)

    async def done(self, task: Task) -> None:
        """End a task well."""
        task.state, task.ended_at, task.error, task.failures = TaskState.DONE, clock.now(), "", 0
        await self.event("task done", task=task.key, attempt=task.attempt)

    async def add_tasks(self, plan: RunPlan) -> None:
        """Put the plan's tasks on the line; of a plan made anew, what has not begun is as it says now."""
        self.run.plan = plan.canonical()
        known, new = await self.tasks(), []
        for place, spec in enumerate(plan.tasks, start=1):
            if (row := known.get(spec.key)) is None:
                new.append(work_task(self.run.id, place, spec))
                continue
            row.position = place
            if row.state is TaskState.BLOCKED:
                row.spec = spec.model_dump(mode="json")
        await self.add(*new)
        await self.event("plan fixed", digest=plan.digest(), tasks=[task.key for task in plan.tasks])

    async def ask(
        self,
        task: Task,
        kind: CheckpointKind,
        question: str,
        payload: Mapping[str, Any],
        artifact_id: str = "",
    ) -> Checkpoint:
        """Open a checkpoint for a task; it is shown at once, or in the morning where the night is not for asking."""
        task.state = TaskState.ASKING
        return await asking.ask(self, task, kind, question, payload, artifact_id)

    async def end(self, state: RunState, why: str = "") -> None:
        """End the run: what is open is withdrawn, and the result is said."""
        self.run.state, self.run.error, self.run.ended_at = state, why, clock.now()
        self.run.paused = False  # opened again, it goes on
        for checkpoint in await checkpoints.open_in(self.session, self.run.id):
            await self.withdraw(checkpoint)
        await reserves.lose(self.session, self.run.id)  # calls under way are cut, and may be paid for
        usd, tokens, priced = await runs.spent(self.session, self.run.id)
        rework = await runs.rework(self.session, self.run.id)
        await receipts.complete(self.session, self.run, list((await self.tasks()).values()))
        label = await artifacts.label(self.session, self.run.id)
        await self.event(f"run {state}", why=why, usd=usd, tokens=tokens, priced=priced, rework=rework, label=label)
        if state is RunState.DONE:
            await self._deliver()
        elif state is RunState.FAILED:
            self.say(MessageKind.NOTICE, text=f"This stopped here: {why}")

    async def _deliver(self) -> None:
        """Hand over what the last task made; where the rest was left out, the last that made something."""
        handed = await artifacts.handoffs(self.session, self.run.id)
        handoff = [handed[key] for key in await self.tasks() if key in handed][-1]
        self.say(MessageKind.RESULT, artifact_id=handoff.artifact_id)
        for format in delivered(self.run.pages, self.run.line):
            self.say(MessageKind.FILE, artifact_id=handoff.artifact_id, text=format)
        await charts.show(self, (await artifacts.texts(self.session, [handoff.artifact_id]))[handoff.artifact_id])
        if archive.is_wanted(task.spec.get("tools", ()) for key, task in (await self.tasks()).items() if key in handed):
            self.say(MessageKind.FILE, artifact_id=handoff.artifact_id, text=archive.ARCHIVE)

    def say(self, kind: MessageKind, **about: Any) -> None:  # noqa: ANN401  the message's own fields
        """Queue a message in the run's thread."""
        outbox.say(
            self.session,
            kind,
            run_id=self.run.id,
            channel=self.run.channel,
            thread_ts=self.run.thread_ts,
            **about,
        )

    async def withdraw(self, checkpoint: Checkpoint) -> None:
        """Take an open question back: nobody need answer it any more."""
        if await checkpoints.close(self.session, checkpoint, CheckpointState.WITHDRAWN):
            await self.refresh(checkpoint)

    async def refresh(self, checkpoint: Checkpoint) -> None:
        """Let every copy of a checkpoint show how it stands."""
        await self.session.flush()
        await outbox.refresh(self.session, MessageKind.CHECKPOINT, checkpoint_id=checkpoint.id)


@asynccontextmanager
async def transition(ground: Ground, run_id: str, *, first: bool = False) -> AsyncIterator[Transition]:
    """Open a transaction that holds the run's lock; on leaving, the run advances and all of it commits together."""
    async with ground.database.write(first=first) as session:
        moving = Transition(session, await runs.lock(session, run_id), ground)
        yield moving
        await moving.advance()


def _place(task: Task) -> int:
    return task.position


def view(run: Run, tasks: Sequence[Task], *, halted: bool = False) -> RunView:
    """Return a run as the moves see it."""
    at_once = int(run.plan.get("at_once", 3)) if run.plan else 1
    early = run.begin_at is not None and clock.now() < run.begin_at
    return RunView(tuple(map(_shown, tasks)), run.paused or halted, early, at_once)


def _shown(task: Task) -> TaskView:
    needs, makes = tuple(task.spec.get("needs", ())), task.spec.get("makes", task.key)
    return TaskView(task.key, task.state, needs, makes, task.kind in INTAKE)


def intake_task(run_id: str, kind: TaskKind) -> Task:
    """Return the row of triage or of the plan: places before the first of the plan's own tasks."""
    needs = () if kind is TaskKind.TRIAGE else (TaskKind.TRIAGE.value,)
    spec = PlanTask(
        key=kind.value,
        title=kind.value.capitalize(),
        station=kind.value.capitalize(),
        role="orchestrator",
        needs=needs,
        makes=kind.value,
    )
    position = INTAKE.index(kind) - len(INTAKE) + 1
    return Task(
        run_id=run_id, key=kind.value, kind=kind, position=position, spec=spec.model_dump(mode="json")
    )


def work_task(run_id: str, position: int, spec: PlanTask) -> Task:
    """Return the row of one of the plan's tasks; its own order is its place, from 1."""
    return Task(
        run_id=run_id, key=spec.key, kind=TaskKind.WORK, position=position, spec=spec.model_dump(mode="json")
    )


async def hand_over(moving: Transition, task: Task, artifact_id: str, made: Mapping[str, Any]) -> None:
    """Keep what an attempt passes on."""
    row = Handoff(
        run_id=moving.run.id, task_key=task.key, attempt=task.attempt, artifact_id=artifact_id, **made
    )
    await insert(moving.session, row)


def changed(before: str, after: str) -> str:
    """Return what is different between two versions, line by line; empty when there was no earlier one."""
    if not before:
        return ""
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), "the version sent back", "this version", lineterm="", n=1
    )
    return "\n".join(lines)
