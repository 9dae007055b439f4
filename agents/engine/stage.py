"""One stage: take the task, work, write down the outcome. Waiting is rows; nothing here ever waits for a person."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from agents.catalog import Catalog
from agents.engine import outcomes
from agents.engine.durable import Durable
from agents.engine.recording import Attempt, DivergedError, FencedError, RunRecorder
from agents.engine.rows import Rows, assignment
from agents.engine.transitions import transition
from agents.errors import AgentsError, LaterError, RetryError
from agents.models.client import Door
from agents.stations.assignment import Asked, Assignment, Failed, Outcome
from agents.stations.desk import work
from agents.stations.means import Means, ReadFile
from agents.tools.toolbox import PersonNeeded
from agents.tools.web import Fetcher
from storage import calls, ids, runs
from storage.database import Database
from storage.words import ENDED, UNDER_WAY, CheckpointKind

log = logging.getLogger(__name__)


class Stages:
    """Works the stages that the durable queue hands over.

    Args:
        changed: Called after a commit that may have queued messages or stages.
    """

    def __init__(
        self,
        database: Database,
        durable: Durable,
        door: Door,
        catalog: Catalog,
        fetcher: Fetcher,
        read_file: ReadFile,
        changed: Callable[[], None],
    ) -> None:
        self._database, self._durable, self._door, self._catalog = database, durable, door, catalog
        self._fetcher, self._read_file, self._changed = fetcher, read_file, changed
        self._working: dict[tuple[str, str, int], asyncio.Task[Outcome]] = {}

    async def run(self, run_id: str, task_key: str, attempt: int) -> None:
        """Do one attempt at one task. A late, doubled or stopped one does nothing."""
        if (begun := await self._begin(run_id, task_key, attempt)) is None:
            return
        given, means, recorder = begun
        try:
            await self._finish(given, recorder, await self._worked(given, means))
        except FencedError as ended:
            log.info("A stage had lost its task: %s", ended, extra={"run": run_id, "station": task_key})
        except asyncio.CancelledError:
            log.info("A stage was stopped.", extra={"run": run_id, "station": task_key})
            await recorder.give_up()

    async def _begin(
        self, run_id: str, task_key: str, attempt: int
    ) -> tuple[Assignment, Means, RunRecorder] | None:
        """Read all that the attempt may know, in one view. Its first write takes the task."""
        async with self._database.read() as session:
            run = await runs.get(session, run_id)
            tasks = await runs.tasks(session, run_id)
            task = next(one for one in tasks if one.key == task_key)
            if run.state in ENDED or task.attempt != attempt or task.state not in UNDER_WAY:
                return None
            given = await assignment(session, Rows(run, task, tasks), self._catalog)
            known = await calls.of(session, run_id, task_key, attempt)
            shown = await calls.briefs(session, run_id, task_key, attempt) if known else {}
        mine = Attempt(run_id, task_key, attempt, ids.secret(16), task.token)
        recorder = RunRecorder(self._database, mine, known, shown, given.documents)
        means = Means(self._door, recorder, self._fetcher, self._read_file, tuple(run.files))
        return given, means, recorder

    async def _worked(self, given: Assignment, means: Means) -> Outcome:
        """Return what came of it; whatever goes wrong becomes an outcome with a sentence for people."""
        key = (given.run_id, given.task.key, given.attempt)
        working = asyncio.ensure_future(work(given, means))
        self._working[key] = working
        try:
            return await working
        except PersonNeeded as asked:
            field = {"name": "answer", "question": asked.question, "optional": False}
            return Asked(CheckpointKind.QUESTION, asked.question, (field,))
        except FencedError:
            raise
        except LaterError as later:
            return Failed(str(later), after_s=later.after_s)
        except (RetryError, DivergedError) as passing:
            return Failed(str(passing))
        except AgentsError as wrong:
            return Failed(str(wrong), again=False)
        except Exception:
            number = ids.new("err", 6)
            log.exception(
                "A stage broke (%s)", number, extra={"run": given.run_id, "station": given.task.key}
            )
            return Failed(f"Something in Jidoka broke here. The log has the details under {number}.")
        finally:
            self._working.pop(key, None)

    async def _finish(self, given: Assignment, recorder: RunRecorder, outcome: Outcome) -> None:
        """The last act: one transaction with the outcome, the next moves, the messages and the stages they start."""
        async with transition(self._database, self._durable, given.run_id) as moving:
            await recorder.catch_up(moving.session)
            task = await moving.task(given.task.key)
            if moving.run.state not in ENDED and recorder.attempt.holds(task):
                await outcomes.follow(moving, task, outcome)
        self._changed()

    def cancel(self, run_id: str) -> None:
        """End the calls a stopped run has in flight; call it after the commit."""
        for key, working in list(self._working.items()):
            if key[0] == run_id:
                working.cancel()
