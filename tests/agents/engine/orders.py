"""One checkpoint, everything that can happen to it, and a model of forty lines that says what must come of it."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from agents.catalog import SHIPPED, read
from agents.engine import asking, control, due
from agents.engine.controls import Controls
from agents.engine.decisions import decide
from agents.engine.ground import Ground
from agents.engine.transitions import hand_over, transition, work_task
from agents.planning.plan import PlanTask
from agents.tools.toolbox import EFFECTS
from storage import artifacts, checkpoints, runs
from storage.checkpoints import Press
from storage.database import Database
from storage.errors import RefusedError
from storage.policy import Person
from storage.tables import Checkpoint, Run
from storage.words import CheckpointKind, EffectClass, RunState, Silence, TaskState, VoteAnswer
from tests.watch import Watch
from tests.workshop import ALICE, BOB, Page

CATALOG: Final = read([SHIPPED], EFFECTS)
CAROL: Final = Person(id="U0CAROL", team="T0JIDOKA", member=True)
DUE: Final = timedelta(hours=2)
PAGE: Final = """
quiet_hours = ""
[draft]
deadline = "2 hours"
remind = ["30 minutes"]
escalate = [{{after = "1 hour", to = ["U0ERIN"]}}]
silence = "{silence}"
quorum = {quorum}
"""
ENDS: Final = {VoteAnswer.APPROVE: "approved", VoteAnswer.SEND_BACK: "sent_back", VoteAnswer.STOP: "stopped"}


class Started:
    """A queue that only remembers what was handed to it; it stands where the durable one does."""

    def __init__(self) -> None:
        self.of: dict[str, list[str]] = {}

    async def enqueue(
        self, _session: AsyncSession, run_id: str, task_key: str, attempt: int, after_s: float = 0.0
    ) -> None:
        self.of.setdefault(run_id, []).append(f"{task_key}:{attempt}")

    def cancel(self, _run_id: str) -> None:
        """There is no work under way that could be cut."""

    cancel_all = cancel


@dataclass
class Model:
    """What must be true of the checkpoint and its run."""

    silence: Silence
    quorum: int
    effect: EffectClass
    state: str = "open"
    run: str = ""  # how it ended
    version: int = 1
    approved: set[tuple[int, str]] = field(default_factory=set)
    paused: bool = False
    halted: bool = False
    fired: bool = False  # the deadline came
    next: str = ""  # what its outcome starts, as soon as nothing holds it
    started: list[str] = field(default_factory=list)

    def vote(self, who: str, answer: VoteAnswer, version: int, *, edits: bool) -> bool:
        """Return whether it counts."""
        known = (self.version, who) in self.approved and not edits
        if self.state != "open" or version != self.version or known:
            return False
        self.version += edits
        if answer is VoteAnswer.APPROVE:
            self.approved.add((self.version, who))
        if answer is not VoteAnswer.APPROVE or self._has_quorum():
            self.state = ENDS[answer]
            self.next = {"approved": "b:1", "sent_back": "a:2"}.get(self.state, "")
            self.run = RunState.STOPPED if self.state == "stopped" else ""
        return True

    def _has_quorum(self) -> bool:
        return sum(version == self.version for version, _ in self.approved) >= self.quorum

    def deadline(self) -> None:
        """Silence, once; nothing beyond a draft ever goes on by it."""
        if self.fired or self.state != "open":
            self.fired = True
            return
        self.fired = True
        may = self.effect in (EffectClass.R0, EffectClass.R1)
        if self.silence is Silence.WAIT or (self.silence is Silence.PROCEED and not may):
            return
        self.state = "expired"
        ends = {Silence.STOP: RunState.STOPPED, Silence.SKIP: RunState.FAILED}
        self.run, self.next = ends.get(self.silence, ""), "b:1" if self.silence is Silence.PROCEED else ""

    def stop(self) -> bool:
        counts = not self.run
        if counts:
            self.run, self.state = RunState.STOPPED, "withdrawn" if self.state == "open" else self.state
        return counts

    def hold(self, name: str, *, on: bool) -> bool:
        """Pause, resume, halt or lift."""
        counts = getattr(self, name) is not on and not (name == "paused" and self.run)
        if counts:
            setattr(self, name, on)
        return counts

    def settle(self) -> None:
        """What is to come begins, unless something holds it."""
        if self.next and not (self.paused or self.halted or self.run):
            self.started.append(self.next)
            self.next = ""


def a_run(run_id: str, team: str, **more: Any) -> Run:
    """Return a run that nobody has asked for in Slack."""
    ts = {"thread_ts": run_id, "request_ts": run_id, "tag": "tag"}
    return Run(id=run_id, team=team, channel="C0GENERAL", requester=ALICE.id, **ts, **more)


async def a_question(ground: Ground, run: Run, effect: EffectClass = EffectClass.R1) -> Checkpoint:
    """Put a run there with two tasks, and ask about what `a` made; `b` builds on it."""
    about = {"station": "A", "role": "writer"}
    made = PlanTask(key="a", title="A", makes="a", **about)
    follows = PlanTask(key="b", title="B", makes="b", needs=("a",), **about)
    async with ground.database.write() as session:
        session.add_all([run, work_task(run.id, 1, made), work_task(run.id, 2, follows)])
    async with transition(ground, run.id) as moving:
        task = await moving.task("a")
        text = {"name": "a", "text": "As it is.\n", "made_by": "writer", "label": "", "problems": []}
        artifact = await artifacts.add(moving.session, run.id, "a", **text)
        await hand_over(moving, task, artifact.id, {})
        task.state = TaskState.ASKING
        payload = {"artifact_id": artifact.id, "sha256": artifact.sha256, "version": 1, "problems": []}
        return await asking.ask(moving, task, CheckpointKind.DRAFT, "Right?", payload, artifact.id, effect)


class Order:
    """A run with one checkpoint, played beside its model."""

    def __init__(self, database: Database, now: Watch, chance: random.Random, number: int) -> None:
        self.chance, self.now, self.started = chance, now, Started()
        silence, effect = chance.choice([*Silence]), chance.choice([EffectClass.R0, *EffectClass][:4])
        self.model = Model(silence, chance.choice([1, 1, 2]), effect)
        page = Page(PAGE.format(silence=silence, quorum=self.model.quorum))
        durable: Any = self.started
        self.ground = Ground(database, durable, page)
        self.controls = Controls(self.ground, durable, lambda: None)
        self.team, self.run_id, self.checkpoint_id = f"T{number}", f"run-{number}", ""
        self.drawn: list[Checkpoint] = []
        self.said: Counter[str] = Counter()

    def person(self, who: Person) -> Person:
        return who.model_copy(update={"team": self.team, "admin": True})

    async def open(self) -> None:
        """Ask about what task `a` made; task `b` builds on it."""
        run = a_run(self.run_id, self.team)
        asked = await a_question(self.ground, run, self.model.effect)
        self.checkpoint_id, self.drawn = asked.id, [asked.model_copy(deep=True)]
        self.due_at = self.now.now + DUE

    async def play(self, deeds: int) -> None:
        """Do so many things in an order of chance; after each, the rows say what the model does."""
        await self.open()
        for _ in range(deeds):
            deed = self.chance.choice((*[self._vote] * 5, *[self._time] * 3, self._stop, *[self._hold] * 4))
            said = await deed()
            self.said[said] += 1
            self.model.settle()
            await self._agrees(said)
        await self._let_go()

    async def _let_go(self) -> None:
        """Let everything go on that was held; no more than the model says begins."""
        if self.model.halted:
            await self._do(self.controls.lift(self.team, self.person(BOB)))
            self.model.hold("halted", on=False)
        if self.model.paused and self.model.hold("paused", on=False):
            await self._do(self.controls.resume(self.run_id, self.person(BOB)))
        self.model.settle()
        await self._agrees("let go")

    async def _vote(self) -> str:
        drawn = self.drawn[-1] if self.chance.random() < 0.85 else self.drawn[0]
        who = self.chance.choice((BOB, CAROL))
        answer = self.chance.choice((*[VoteAnswer.APPROVE] * 6, VoteAnswer.SEND_BACK, VoteAnswer.STOP))
        edits = answer is VoteAnswer.APPROVE and self.chance.random() < 0.25
        more: dict[str, Any] = (
            {"edited": {"text": f"By {who.id}, {self.chance.random()}.\n"}} if edits else {}
        )
        more |= {"note": "Shorter."} if answer is VoteAnswer.SEND_BACK else {}
        pointer = {"checkpoint_id": drawn.id, "version": drawn.version, "nonce": drawn.nonce}
        counted = await self._do(self._decide(Press(**pointer, answer=answer, **more), self.person(who)))

        assert counted == self.model.vote(who.id, answer, drawn.version, edits=edits)
        return f"{'edit' if edits else answer}{'' if counted else ' too late'}"

    async def _decide(self, press: Press, person: Person) -> None:
        async with transition(self.ground, self.run_id) as moving:
            now = await decide(moving, press, person, CATALOG)
        self.drawn += [now.model_copy(deep=True)] * (now.version > self.drawn[-1].version)

    async def _time(self) -> str:
        """Let time pass, or jump back by a day and on again; what is due is done, twice."""
        if self.chance.random() < 0.25:
            self.now.forward(days=-1)
            await due.work_off(self.ground)
            self.now.forward(days=1)
        passed = timedelta(minutes=self.chance.choice((20, 45, 90)))
        self.now.forward(minutes=passed.total_seconds() / 60)
        if self.model.paused or self.model.halted:  # then the time to decide stands still
            self.due_at += passed
        await due.work_off(self.ground)
        await due.work_off(self.ground)
        if self.now.now < self.due_at or self.model.fired:
            return "time"
        self.model.deadline()
        return f"deadline, {self.model.silence}"

    async def _stop(self) -> str:
        counted = await self._do(self._change(control.stop))

        assert counted == self.model.stop()
        return "run stopped" if counted else "run stopped too late"

    async def _hold(self) -> str:
        name, on = self.chance.choice(("paused", "halted")), self.chance.random() < 0.5
        by = self.person(BOB)
        if name == "paused":
            deed: Any = self._change(control.pause if on else control.resume)
        else:
            deed = self.controls.halt(self.team, by, "Look.") if on else self.controls.lift(self.team, by)
        counted = await self._do(deed)

        assert counted == self.model.hold(name, on=on)
        return f"{name} {on}" if counted else "held too late"

    async def _change(self, change: Any) -> None:
        async with transition(self.ground, self.run_id) as moving:
            await change(moving, self.person(BOB))

    async def _do(self, deed: Any) -> bool:
        """Return whether it counted."""
        try:
            await deed
        except RefusedError:
            return False
        await self.controls.settle()
        return True

    async def _agrees(self, said: str) -> None:
        async with self.ground.database.read() as session:
            now = await checkpoints.get(session, self.checkpoint_id)
            run = await runs.get(session, self.run_id)
        mine = self.model
        ended = run.state if run.state in (RunState.STOPPED, RunState.FAILED, RunState.DONE) else ""

        assert (now.state, now.version, ended) == (mine.state, mine.version, mine.run), said
        assert self.started.of.get(self.run_id, []) == mine.started, (said, mine)
