"""Nights on a clock that a test sets: the shop's real doors and rows, everything the clock does, and what Slack then holds.

Work is written down by the engine's own transitions; no agent is at work, so that a night takes no time.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from agents.engine import outcomes
from agents.engine.engine import Asked
from agents.engine.transitions import transition
from agents.planning.plan import PlanTask, RunPlan
from agents.stations.assignment import Made
from bot.briefs import Briefs
from bot.outbox import Outbox
from bot.outbox.pace import Pace
from bot.telling import Telling
from storage import clock, outbox
from storage.agenda import Timer
from storage.tables import Checkpoint, OutboxMessage, Run
from storage.words import CheckpointKind, MessageKind, MessageState, Route, RunState
from tests.bot.shop import PEOPLE, Json, Shop, shop

SUMMARY = "Three makers, compared for the sales team. Ternway costs least."
DRAFT = "## Summary\n\nThree makers, three ideas.\n"


def at(text: str) -> datetime:
    """Return a moment from ``2026-11-23 07:30``, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Night:
    """A shop, its time, and what its clock does."""

    def __init__(self, here: Shop, now: datetime) -> None:
        self.here, self.now = here, now
        self.restart()

    def restart(self) -> None:
        """Forget everything a process holds in memory."""
        self.telling, self.briefs = Telling(self.here.front, 0.0), Briefs(self.here.front, 0.0)
        client = self.here.front.client
        self.outbox = Outbox(
            self.here.database, client, patience_s=0.01, status_every_s=0.0, posts=Pace(10_000, 0.0)
        )

    async def ask(self, channel: str = "C0SALES", title: str = "Three makers compared", **when: Any) -> str:
        """Open a run of Alice's night, with its plan fixed, and return its id."""
        said = await self.here.front.client.chat_postMessage(channel=channel, text="Alice asked")
        ts = str(said["ts"])
        asked = Asked("T0JIDOKA", channel, ts, ts, "U0ALICE", f"{title}.", **{"night": True, **when})
        run_id = await self.here.engine.open_run(asked)
        async with transition(self.here.engine._ground, run_id) as moving:
            moving.run.title, moving.run.route = title, Route.ANSWER
            await moving.done(await moving.task("triage"))
            task = PlanTask(key="write", title="Write", station="Write", role="writer", makes="brief", ask="Is it right?")
            await moving.add_tasks(RunPlan(route=Route.ANSWER, tasks=(task,)))
        return run_id

    async def draft(self, run_id: str, **told: Any) -> Checkpoint:
        """Let the work come to its draft, which people are asked about; ``told`` is what is said of it besides."""
        async with transition(self.here.engine._ground, run_id) as moving:
            made = Made(**{"text": DRAFT, "summary": SUMMARY, "made_by": "writer", **told})
            await outcomes.follow(moving, await moving.task("write"), made)
        return await self.open(run_id)

    async def ask_requester(self, run_id: str) -> Checkpoint:
        """Ask whoever asked a question before the work goes on."""
        async with transition(self.here.engine._ground, run_id) as moving:
            fields = [{"name": "reader", "question": "Who reads it?", "optional": False}]
            task = await moving.task("write")
            await moving.ask(task, CheckpointKind.QUESTION, "Please tell me:", {"fields": fields, "why": "It is missing."})
        return await self.open(run_id)

    async def open(self, run_id: str) -> Checkpoint:
        """Return the run's open checkpoint."""
        [found] = [each for each in await self.here.rows(Checkpoint, run_id=run_id) if each.state == "open"]
        return found

    async def end(self, run_id: str, state: RunState, why: str = "") -> None:
        """End a run."""
        async with transition(self.here.engine._ground, run_id) as moving:
            await moving.end(state, why)

    async def tick(self) -> None:
        """Do what the clock does every few seconds, and deliver what is due."""
        front = self.here.front
        await front.people.remember(front.database)
        await front.engine.work_off()
        await self.telling.work_off()
        await self.briefs.work_off()
        await self.settle()

    async def settle(self, passes: int = 20) -> None:
        """Deliver until nothing that is due waits."""
        for _ in range(passes):
            await self.outbox.deliver_due()
            if not [row for row in await self.waiting() if row.not_before is None or row.not_before <= self.now]:
                return

    async def waiting(self) -> list[OutboxMessage]:
        """Return the messages that are behind what is wanted."""
        async with self.here.database.read() as session:
            return await outbox.late(session)

    async def to(self, moment: datetime) -> None:
        """Let time pass, from one thing that is due to the next."""
        while self.now < moment:
            self.now = min(moment, await self._next())
            await self.tick()

    async def _next(self) -> datetime:
        due = [timer.due_at for timer in await self.here.rows(Timer, done_at=None)]
        kept = [row.not_before for row in await self.waiting() if row.not_before]
        return min([self.now + timedelta(days=1), *(each for each in (*due, *kept) if each > self.now)])

    async def messages(self, who: str, kind: MessageKind) -> list[OutboxMessage]:
        """Return what was queued for a person or channel of one kind, oldest first."""
        async with self.here.database.read() as session:
            of = sa.select(OutboxMessage).where(col(OutboxMessage.kind) == kind).order_by(col(OutboxMessage.seq))
            found = list((await session.execute(of)).scalars())
        return [row for row in found if (row.user or row.channel) == PEOPLE.get(who, who)]

    async def mornings(self, who: str) -> list[datetime]:
        """Return when somebody was sent a brief, oldest first."""
        return [row.created_at for row in await self.messages(who, MessageKind.BRIEF) if row.state is MessageState.LIVE]

    async def read(self, channel: str) -> list[Json]:
        """Return what Slack holds in a channel or in somebody's direct messages (``D0BOB``), oldest first."""
        told = await self.here.front.client.conversations_history(channel=channel, limit=200)
        return list(told["messages"])[::-1]

    async def brief(self, channel: str) -> Json:
        """Return the newest brief in a channel or in somebody's direct messages."""
        return [each for each in await self.read(channel) if "morning brief" in each["text"]][-1]

    async def button(self, message: Json, label: str, place: int = 0) -> tuple[Json, Json]:
        """Return a button of a message by its label, and the block it is in."""
        rows = [each for each in message["blocks"] if each["type"] == "actions"]
        parts = [(part, row) for row in rows for part in row["elements"] if part["type"] == "button"]
        found = [(part, row) for part, row in parts if part["text"]["text"] == label]
        return found[place]

    async def press(self, name: str, channel: str, message: Json, label: str, place: int = 0) -> Json:
        """Press a button of a message, as the page does."""
        button, row = await self.button(message, label, place)
        container = {"type": "message", "channel": channel, "ts": message["ts"]}
        action = {"action_id": button["action_id"], "type": "button", "value": button.get("value", "")}
        return await self.here.do(name, "action", {"container": container, "block_id": row["block_id"], "action": action})

    async def run(self, run_id: str) -> Run:
        """Return a run's row."""
        return await self.here.front.run(run_id)


@asynccontextmanager
async def night(home: Path, now: str) -> AsyncIterator[Night]:
    """Open a shop at a moment; leaving puts the machine's own clock back."""
    async with shop(home) as here:
        found = Night(here, at(now))
        clock.follow(lambda: found.now)
        try:
            yield found
        finally:
            clock.follow(None)
