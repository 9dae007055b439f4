"""DBOS, behind the few calls we need: enqueue with our rows, claim at once, recover, stop. Nothing else imports it.

A workflow is one stage under the id ``run:task:attempt``. It holds no steps: every model and tool call is a row of our
own (``recording.py``), so a stage that is executed again answers what it had from those rows.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, Queue, error
from dbos._core import execute_dequeued_workflow  # private: watched by the contract tests
from dbos._dbos import _get_dbos_instance
from dbos._utils import GlobalParams
from sqlalchemy.ext.asyncio import AsyncSession

from storage import ids
from storage.database import Database

APP: Final = "jidoka"
VERSION: Final = "1"  # constant: DBOS's own, a hash of the sources, would strand what an older code enqueued
QUEUE: Final = "agents"
POLL_S: Final = 1.0  # only the net: a process claims what it enqueued itself
AT_ONCE: Final = 100  # stages at work in this process; they wait for models, and a run has at most 6 of them
MOST_RECOVERIES: Final = 5  # a stage whose process ended once more than this is not begun again by itself
STOP_S: Final = 5  # how long a stop waits for calls in flight to be recorded
LEAVE_S: Final = 2  # and then for the stages it cuts to let go
WORN_OUT: Final = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
ENDED: Final = ("SUCCESS", "ERROR", "CANCELLED", WORN_OUT)

log = logging.getLogger(__name__)
Key = tuple[str, str, int]  # run, task, attempt
Stage = Callable[[str, str, int], Awaitable[None]]
_stage: Stage | None = None  # what a workflow does: set before launch, nothing once we stop
_working: set[asyncio.Task[Any]] = set()  # the stages of this process


@DBOS.workflow(name="stage", max_recovery_attempts=MOST_RECOVERIES)
async def _work(run_id: str, task_key: str, attempt: int) -> None:
    """Do one task up to its outcome, then end: joining branches and waiting for people are rows.

    Cut by a stop it is cancelled, for DBOS writes nothing about what is cancelled: the next start takes it over.
    """
    me = asyncio.current_task()
    if _stage is None or me is None:
        raise asyncio.CancelledError
    _working.add(me)
    me.add_done_callback(_working.discard)
    await _stage(run_id, task_key, attempt)
    if me.cancelling():
        raise asyncio.CancelledError


class Durable:
    """The durable queue of stages in our own database file."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._client = DBOSClient(
            system_database_engine=database.sync_engine,
            application_name=APP,
            serializer=DBOSPortableJSONSerializer(),
        )
        self._claiming = asyncio.Lock()
        self._wanted = False
        self._queue: Queue | None = None  # registered at the start; its limits never change while we run

    async def start(self, stage: Stage) -> None:
        """Begin to work, on the running loop, and take over what a dead process left."""
        global _stage
        _stage = stage
        DBOS(config=self._config())
        DBOS.launch()
        self._queue = await DBOS.register_queue_async(
            QUEUE, polling_interval_sec=POLL_S, worker_concurrency=AT_ONCE
        )
        await self._recover()

    def _config(self) -> DBOSConfig:
        return DBOSConfig(
            name=APP,
            system_database_url=f"sqlite:///{self._database.path}",
            system_database_engine=self._database.sync_engine,
            serializer=DBOSPortableJSONSerializer(),
            application_version=VERSION,
            executor_id=f"{socket.gethostname()}-{os.getpid()}-{ids.secret(6)}",
            max_executor_threads=32,
            log_level="CRITICAL",
        )

    async def _recover(self) -> None:
        """The process lock proves every other executor dead: all their work is ours now."""
        me = GlobalParams.executor_id
        others = sa.text(
            "select distinct executor_id from workflow_status where status = 'PENDING' and executor_id <> :me"
        )

        def recover() -> None:
            with self._database.sync_engine.connect() as connection:
                dead = list(connection.execute(others, {"me": me}).scalars())
            if dead:
                DBOS._recover_pending_workflows(dead)

        await asyncio.to_thread(recover)

    async def enqueue(
        self, session: AsyncSession, run_id: str, task_key: str, attempt: int, after_s: float = 0.0
    ) -> None:
        """Queue a stage in the caller's transaction; an id that is queued already is left as it is.

        ``after_s`` is how many seconds it rests first; that survives a restart.
        """
        options: Any = {
            "workflow_name": "stage",
            "queue_name": QUEUE,
            "workflow_id": f"{run_id}:{task_key}:{attempt}",
            "app_version": VERSION,
        }
        if after_s > 0:
            options["delay_seconds"] = after_s
        self._wanted = True
        await session.run_sync(
            lambda s: self._client.enqueue_in_transaction(s, options, run_id, task_key, attempt)
        )

    def claim_soon(self) -> None:
        """Start what was just enqueued, if anything was, without waiting for the next poll; call it after the commit."""
        if self._wanted and self._queue is not None and not self._claiming.locked():
            task = asyncio.get_running_loop().create_task(self._claim(self._queue))
            _held.add(task)
            task.add_done_callback(_held.discard)

    async def _claim(self, queue: Queue) -> None:
        async with self._claiming:
            while self._wanted:
                self._wanted = False
                async with self._database.turn():  # else SQLite lets it sleep between looks at who writes
                    await asyncio.to_thread(_claim_once, queue)

    async def ended_badly(self, stages: Sequence[Key]) -> dict[Key, bool]:
        """Return those of these stages, still under way in our rows, whose workflow has ended: its outcome is lost.

        True says that it was begun again and again and outlived by no process, so that it is not begun any more.
        """
        if not stages:
            return {}
        names = {f"{run}:{task}:{attempt}": (run, task, attempt) for run, task, attempt in stages}
        query = sa.text(
            "select workflow_uuid, status from workflow_status where status in :ended and workflow_uuid in :mine"
        ).bindparams(
            sa.bindparam("ended", ENDED, expanding=True),
            sa.bindparam("mine", list(names), expanding=True),
        )

        def read() -> list[tuple[str, str]]:
            with self._database.sync_engine.connect() as connection:
                return [(found[0], found[1]) for found in connection.execute(query)]

        return {names[name]: state == WORN_OUT for name, state in await asyncio.to_thread(read)}

    async def forget(self, older_than_s: float) -> int:
        """Delete the engine's own rows of stages that ended this long ago; return how many."""
        old = sa.text(
            "select workflow_uuid from workflow_status where status in ('SUCCESS', 'ERROR', 'CANCELLED')"
            " and updated_at < (strftime('%s', 'now') - :age) * 1000 limit 500"
        )

        def read() -> list[str]:
            with self._database.sync_engine.connect() as connection:
                return list(connection.execute(old, {"age": older_than_s}).scalars())

        found = await asyncio.to_thread(read)
        if found:
            await self._client.delete_workflows_async(found)
        return len(found)

    async def stop(self) -> None:
        """Take no new work, let calls in flight be recorded, leave the rest to the next start, and let go."""
        self._queue, self._wanted = None, False  # what the last stages enqueue waits for the next start
        if _held:
            await asyncio.wait(_held)
        await _let_go()
        # DBOS sleeps a second before it looks whether something is left: it is told to wait only then.
        left = LEAVE_S if _get_dbos_instance()._active_workflows_set.activeList() else 0
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=left)
        # The loop shared DBOS's threads, which are shut now; whatever else is still ending may need some.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        self._client.destroy()


_held: set[asyncio.Task[None]] = set()  # a task nobody holds may be collected


async def _let_go() -> None:
    """Begin nothing more, and see the stages at work end; cut those that take too long while DBOS can let them go."""
    global _stage
    _stage = None
    late = (await asyncio.wait(_working, timeout=STOP_S))[1] if _working else set()
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=LEAVE_S)


def _claim_once(queue: Queue) -> None:
    """Do what the queue's own poll does, once, now. The claim is the database's: a race with the poll has one winner."""
    dbos = _get_dbos_instance()
    database = dbos._sys_db
    owner, running = ids.secret(26), dbos._active_workflows_set.count_for_queue(QUEUE)
    claimed, _ = database.start_queued_workflows(
        queue,
        GlobalParams.executor_id,
        GlobalParams.app_version,
        None,
        running,
        owner_xid=owner,
        is_latest_version=False,  # asks for rows of our version only; we enqueue no others
    )
    for status in database.get_workflow_statuses(claimed) if claimed else []:
        try:
            execute_dequeued_workflow(dbos, status, owner)
        except error.DBOSException as refused:  # one that is worn out must not leave the others claimed and not begun
            log.warning("A stage was not begun: %s", refused)
