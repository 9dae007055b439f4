"""The doors of the durable part: open, decide, steer, stop. Each is one transaction; what it starts commits with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from agents.catalog import Catalog
from agents.engine import decisions, due
from agents.engine.asking import policy_now
from agents.engine.controls import Controls
from agents.engine.durable import Durable
from agents.engine.executing import Executor
from agents.engine.ground import AsShipped, Ground, Rulings
from agents.engine.naming import ask_by_name
from agents.engine.pinning import Pins
from agents.engine.stage import Stages
from agents.engine.sweeping import sweep
from agents.engine.transitions import Transition, intake_task, transition
from agents.models.client import Door
from agents.stations.means import ReadFile
from agents.stations.web import Operators, reach
from agents.tools.web import Fetcher
from storage import checkpoints, clock, events, halts, ids, inbox, outbox, runs, timers, voting
from storage.checkpoints import Press
from storage.database import Database
from storage.errors import NotAllowedError
from storage.policy import Person
from storage.tables import Checkpoint, Run
from storage.words import ENDED, MessageKind, TaskKind, TimerKind

HEARD = "eyes"  # the reaction that says a request was heard
NOTED = "memo"  # … that a note was kept
TOO_LATE = "This run has ended, so the note reaches no agent. Ask again to start anew."


@dataclass(frozen=True)
class Asked:
    """A request as it came from Slack."""

    team: str
    channel: str
    thread_ts: str
    request_ts: str
    requester: str
    request: str  # the bot's own mention removed, word for word otherwise
    files: tuple[Mapping[str, Any], ...] = ()  # Slack's file objects
    event_id: str = ""  # the inbox event, handled when this commits
    night: bool = False  # what it asks at night is held until the morning
    begin_at: datetime | None = None  # its tasks start no earlier
    due_at: datetime | None = None  # by when the result is wanted
    schedule_id: str = ""
    line: str = ""  # the line a person chose; empty: whichever fits


class Engine:
    """Runs, as the listeners and the clock see them.

    Args:
        database: Ours; the durable engine uses the same file.
        door: The way to models.
        catalog: The roles and lines of this installation.
        fetcher: Fetches public pages.
        outside: What the operator set up outside.
        read_file: Gives the bytes of a Slack file.
        policies: The rules people made; none: as shipped.
    """

    def __init__(
        self,
        database: Database,
        door: Door,
        catalog: Catalog,
        *,
        fetcher: Fetcher,
        outside: Operators | None = None,
        read_file: ReadFile,
        policies: Rulings | None = None,
    ) -> None:
        self._database, self.catalog, self.policies = database, catalog, policies or AsShipped()
        self.changed: list[Callable[[], None]] = []  # called after every commit that may have queued messages
        self._ground = Ground(database, Durable(database), self.policies)
        ways = reach(door, fetcher, outside or Operators())
        self._stages = Stages(self._ground, door, catalog, ways, read_file, self._tell)
        self.pins = Pins(database, ways.servers)
        self.controls = Controls(self._ground, self._stages, self._tell)
        self.effects = Executor(self._ground, self._tell, ways.servers)

    async def start(self) -> None:
        """Take over what a dead process left, and begin to work."""
        async with self._database.read() as session:
            self._ground.halted.update(await halts.teams(session))
        await self._ground.durable.start(self._stages.run)
        await self.sweep()

    async def stop(self) -> None:
        """Take no new work and let calls in flight be recorded."""
        self._stages.leave()
        await self.controls.settle()
        await self._ground.durable.stop()

    async def open_run(self, asked: Asked) -> str:
        """Open a run and return its id; the same message again returns the run that is there."""
        async with self._database.write(first=True) as session:
            await _handled(session, asked.event_id)
            if (known := await runs.by_request(session, asked.channel, asked.request_ts)) is not None:
                return known.id
            run = _run(asked)
            session.add_all([run, intake_task(run.id, TaskKind.TRIAGE)])
            await events.add(session, "run opened", run_id=run.id, by=asked.requester, files=len(asked.files))
            await _set_timers(session, run)
            about = {"run_id": run.id, "channel": run.channel}
            outbox.say(session, MessageKind.REACTION, **about, thread_ts=run.request_ts, text=HEARD)
            outbox.say(session, MessageKind.STATUS, **about, thread_ts=run.thread_ts)
            await Transition(session, run, self._ground).advance()
        self._tell()
        return run.id

    async def decide(self, press: Press, person: Person, voters: Sequence[Person] = ()) -> Checkpoint:
        """Count a person's answer to a checkpoint; ``voters`` are fresh facts of who approved it before.

        Raises:
            RefusedError: The answer does not count; the message is for the person.
            PlanError: An edited plan breaks a rule.
            NotFoundError: There is no such checkpoint.
        """
        async with self._database.read() as session:
            asked, run = await checkpoints.asked_in(session, press.checkpoint_id)
            task = await runs.task(session, run.id, asked.task_key)
        run_id, policy = run.id, policy_now(self._ground.policies.rules(), run, task, asked)
        try:
            voting.check(asked, policy, press, person, run.team)  # what cannot count waits for no writer
            async with transition(self._ground, run_id, first=True) as moving:
                checkpoint = await decisions.decide(moving, press, person, self.catalog, voters)
                ended = moving.run.state in ENDED
        except NotAllowedError as refused:
            await self._note_refusal(run_id, press, person, str(refused))
            raise
        if ended:
            self._stages.cancel(run_id)
        self._tell()
        return checkpoint

    async def _note_refusal(self, run_id: str, press: Press, person: Person, why: str) -> None:
        async with self._database.write(first=True) as session:
            about = {"checkpoint": press.checkpoint_id, "answer": press.answer, "why": why}
            await events.add(session, "vote refused", run_id=run_id, by=person.id, **about)

    async def steer(
        self, *, channel: str, thread_ts: str, ts: str, by: str, text: str, event_id: str = ""
    ) -> Run | None:
        """Keep what a person wrote in a run's thread; None when there is no run, or this message is kept already."""
        async with self._database.write(first=True) as session:
            await _handled(session, event_id)
            run = await runs.in_thread(session, channel, thread_ts)
            note = {"by": by, "text": text, "channel": channel, "ts": ts}
            if run is None or not await runs.add_note(session, {"run_id": run.id, **note}):
                return None
            await events.add(session, "note", run_id=run.id, by=by, ts=ts)
            about = {"run_id": run.id, "channel": run.channel}
            if run.state in ENDED:
                outbox.say(session, MessageKind.NOTICE, **about, thread_ts=run.thread_ts, text=TOO_LATE)
            else:
                outbox.say(session, MessageKind.REACTION, **about, thread_ts=ts, text=NOTED)
        self._tell()
        return run

    async def ask_by_name(self, run_id: str, people: Sequence[str], by: str) -> bool:
        """Let people decide whom the requester named, where nobody else is in the conversation.

        ``people`` are Slack ids of full members: the caller has asked Slack who they are. Each is shown the question in
        a direct message. False: nothing waits for others.
        """
        async with transition(self._ground, run_id, first=True) as moving:
            asked = moving.run.state not in ENDED and await ask_by_name(moving, people, by)
        self._tell()
        return asked

    async def stop_run(self, run_id: str, person: Person, event_id: str = "") -> Run:
        """Stop a run at any moment.

        Raises:
            AlreadyDecidedError: It has ended.
            NotAllowedError: This person may not.
        """
        return await self.controls.stop(run_id, person, event_id)

    async def settled(self, event_id: str) -> None:
        """Mark an inbox event handled that asked for nothing."""
        async with self._database.write() as session:
            await _handled(session, event_id)

    async def sweep(self) -> None:
        """The safety net: move on what stands still without anyone being asked, and fail what ended badly."""
        await sweep(self._ground)
        self._tell()

    async def work_off(self) -> None:
        """Do what is due: windows, reminders, escalations, deadlines."""
        if await due.work_off(self._ground):
            self._tell()

    async def forget(self, older_than_s: float) -> int:
        """Delete the engine's own rows of stages that ended, and timers that came, this long ago; return how many."""
        async with self._database.write() as session:
            past = await timers.forget(session, clock.now() - timedelta(seconds=older_than_s))
        return past + await self._ground.durable.forget(older_than_s)

    def _tell(self) -> None:
        self._ground.durable.claim_soon()
        for listener in self.changed:
            listener()


async def _handled(session: AsyncSession, event_id: str) -> None:
    if event_id:
        await inbox.handled(session, event_id)


async def _set_timers(session: AsyncSession, run: Run) -> None:
    for kind, at in ((TimerKind.BEGIN, run.begin_at), (TimerKind.OVERDUE, run.due_at)):
        if at is not None:
            await timers.reset(session, kind, at, run.id)


def _run(asked: Asked) -> Run:
    return Run(
        id=ids.new("run"),
        team=asked.team,
        channel=asked.channel,
        thread_ts=asked.thread_ts,
        request_ts=asked.request_ts,
        requester=asked.requester,
        request=asked.request,
        files=[dict(file) for file in asked.files],
        night=asked.night,
        begin_at=asked.begin_at,
        due_at=asked.due_at,
        schedule_id=asked.schedule_id,
        line=asked.line,
        tag=ids.secret(10),
    )
