"""One stage: take the task, work, write down the outcome. Waiting is rows; nothing here ever waits for a person."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from agents.catalog import Catalog
from agents.engine import budget, outcomes
from agents.engine.attempt import Attempt, DivergedError, FencedError
from agents.engine.budget import BudgetError, Purse
from agents.engine.ground import Ground
from agents.engine.nights import by_batch, overnight
from agents.engine.recording import RunRecorder
from agents.engine.rows import Rows, assignment
from agents.engine.transitions import transition
from agents.errors import AgentsError, LaterError, RetryError
from agents.models.client import Door
from agents.models.overnight import Overnight
from agents.policies.resolving import settings_for
from agents.stations.assignment import Asked, Assignment, Failed, Outcome
from agents.stations.desk import work
from agents.stations.means import Means, ReadFile
from agents.stations.web import Reach
from agents.tools.toolbox import PersonNeeded
from storage import calls, ids, runs
from storage.words import ENDED, UNDER_WAY, Cause, CheckpointKind

log = logging.getLogger(__name__)
Key = tuple[str, str, int]  # run, task, attempt


class Stages:
    """Works the stages that the durable queue hands over.

    Args:
        changed: Called after a commit that may have queued messages or stages.
    """

    def __init__(
        self,
        ground: Ground,
        door: Door,
        catalog: Catalog,
        reach: Reach,
        read_file: ReadFile,
        changed: Callable[[], None],
    ) -> None:
        self._ground, self._door, self._catalog = ground, door, catalog
        self._reach, self._read_file, self._changed = reach, read_file, changed
        self._working: dict[Key, _Working] = {}
        self._beginning: set[Key] = set()  # these read what they may know; cut meanwhile, they do not begin
        self._cut: set[Key] = set()  # by us, to go on later or never
        self._leaving = False  # this process ends

    async def run(self, run_id: str, task_key: str, attempt: int) -> None:
        """Do one attempt at one task. A late, doubled or stopped one does nothing."""
        key = (run_id, task_key, attempt)
        self._beginning.add(key)
        try:
            begun = await self._begin(run_id, task_key, attempt)
        finally:
            self._beginning.discard(key)
        if begun is None:
            self._cut.discard(key)
            return
        given, means, recorder = begun
        try:
            await self._finish(given, recorder, await self._worked(given, means, recorder))
        except BudgetError as reached:
            await self._ask_for_money(given, recorder, reached)
        except FencedError as ended:
            log.info("A stage had lost its task: %s", ended, extra={"run": run_id, "station": task_key})
        except asyncio.CancelledError:
            log.info("A stage was stopped.", extra={"run": run_id, "station": task_key})
            self._abandon(given, means)
            await recorder.give_up()
            await self._put_back(given, recorder)

    async def _begin(
        self, run_id: str, task_key: str, attempt: int
    ) -> tuple[Assignment, Means, RunRecorder] | None:
        """Read all that the attempt may know, in one view. Its first write takes the task."""
        async with self._ground.database.read() as session:
            run = await runs.get(session, run_id)
            tasks = await runs.tasks(session, run_id)
            task = next(one for one in tasks if one.key == task_key)
            if run.state in ENDED or task.attempt != attempt or task.state not in UNDER_WAY:
                return None
            if run.paused:
                self._cut.add((run_id, task_key, attempt))
            given = await assignment(session, Rows(run, task, tasks), self._catalog)
            known = await calls.of(session, run_id, task_key, attempt)
            shown = await calls.briefs(session, run_id, task_key, attempt) if known else {}
        mine = Attempt(run_id, task_key, attempt, ids.secret(16), task.token)
        spend = settings_for(self._ground.policies.rules(), run.channel, run.line).spend
        purse = Purse(run, spend)
        recorder = RunRecorder(self._ground.database, mine, known, shown, given.documents, purse)
        waits = overnight(self._ground, self._door, run, task, recorder)
        halved = partial(by_batch, self._ground, self._door, run)
        means = Means(self._door, recorder, self._reach, self._read_file, tuple(run.files), waits, halved=halved)
        return given, means, recorder

    async def _worked(self, given: Assignment, means: Means, recorder: RunRecorder) -> Outcome:
        """Return what came of it; whatever goes wrong becomes an outcome with a sentence for people."""
        key = (given.run_id, given.task.key, given.attempt)
        if given.team in self._ground.halted or key in self._cut:
            raise asyncio.CancelledError
        at_work, me = asyncio.ensure_future(work(given, means)), asyncio.current_task()
        working = self._working[key] = _Working(given.team, at_work, me, means.overnight)
        if means.overnight is not None:
            means.overnight.begins = partial(self._leave, working)
        try:
            return await working.task
        except PersonNeeded as asked:
            return Asked(CheckpointKind.QUESTION, asked.asked.question, (asked.asked.plain(),))
        except (FencedError, BudgetError):
            raise
        except LaterError as later:
            return Failed(str(later), after_s=later.after_s, keeps=True)
        except RetryError as passing:
            return Failed(str(passing), keeps=True)
        except DivergedError as other:
            return Failed(str(other))
        except AgentsError as wrong:
            return Failed(str(wrong), again=False)
        except Exception:
            number = ids.new("err", 6)
            log.exception(
                "A stage broke (%s)", number, extra={"run": given.run_id, "station": given.task.key}
            )
            # what broke without a new call would break again on the same record: that attempt begins anew
            keeps = recorder.has_made
            return Failed(f"Something in Jidoka broke here. The log has the details under {number}.", keeps=keeps)
        finally:
            self._working.pop(key, None)

    async def _finish(self, given: Assignment, recorder: RunRecorder, outcome: Outcome) -> None:
        """The last act: one transaction with the outcome, the next moves, the messages and the stages they start."""
        async with transition(self._ground, given.run_id) as moving:
            await recorder.catch_up(moving.session)
            task = await moving.task(given.task.key)
            if moving.run.state not in ENDED and recorder.attempt.holds(task):
                await outcomes.follow(moving, task, outcome)
        self._changed()

    async def _ask_for_money(self, given: Assignment, recorder: RunRecorder, reached: BudgetError) -> None:
        """Stop before the call that would go beyond a cap; what was done so far is kept for when it goes on."""
        async with transition(self._ground, given.run_id) as moving:
            await recorder.catch_up(moving.session)
            task = await moving.task(given.task.key)
            if not moving.ended and recorder.attempt.holds(task):
                await budget.ask(moving, task, reached)
        self._changed()

    async def _put_back(self, given: Assignment, recorder: RunRecorder) -> None:
        """Let a task that was cut by a pause go on later, with every finished call as it is.

        Cut because its run ended, or this process does, it is left as it is.
        """
        if not self._was_cut(given):
            return
        self._cut.discard((given.run_id, given.task.key, given.attempt))
        async with transition(self._ground, given.run_id) as moving:
            task = await moving.task(given.task.key)
            if not moving.ended and recorder.attempt.is_of(task):
                await moving.resume(task, Cause.AGAIN)
        self._changed()

    def _abandon(self, given: Assignment, means: Means) -> None:
        """Let go of the batches of a stage that people cut; one that the next start takes over finds them again."""
        if means.overnight is not None and self._was_cut(given):
            means.overnight.abandon()

    def _was_cut(self, given: Assignment) -> bool:
        key = (given.run_id, given.task.key, given.attempt)
        return key in self._cut or given.team in self._ground.halted

    def leave(self) -> None:
        """Let go of the stages that only wait for a batch: the next start takes them over and goes on waiting."""
        self._leaving = True
        for working in self._working.values():
            self._leave(working)

    def _leave(self, working: _Working) -> None:
        waits = working.overnight is not None and working.overnight.is_waiting
        if self._leaving and waits and working.stage is not None:
            working.stage.cancel()

    def cancel(self, run_id: str) -> None:
        """Cut the calls a stopped or paused run has in flight; call it after the commit."""
        self._cancel([key for key in self._at_it() if key[0] == run_id])

    def cancel_old(self, run_id: str, now: Mapping[str, int]) -> None:
        """Cut attempts of a run that are not its tasks' present ones; call it after the commit."""
        self._cancel([key for key in self._at_it() if key[0] == run_id and now.get(key[1]) != key[2]])

    def cancel_all(self, team: str) -> None:
        """Cut every call of a workspace; call it after the commit of its halt."""
        self._cancel([key for key, working in self._working.items() if working.team == team])

    def _cancel(self, keys: list[Key]) -> None:
        for key in keys:
            self._cut.add(key)
            if (working := self._working.get(key)) is not None:
                working.task.cancel()

    def _at_it(self) -> list[Key]:
        return [*self._working, *self._beginning]


@dataclass(frozen=True)
class _Working:
    """An attempt at work in this process."""

    team: str
    task: asyncio.Task[Outcome]
    stage: asyncio.Task[Any] | None  # around it, to its last transaction
    overnight: Overnight | None
