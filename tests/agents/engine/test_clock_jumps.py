"""Clocks that jump: whatever a machine's clock shows, each timer comes once, and never before its moment."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlmodel import col

from agents.engine import due
from agents.engine.ground import Ground
from storage import timers
from storage.database import Database
from storage.tables import Event, OutboxMessage
from storage.words import MessageKind, TimerKind
from tests.agents.engine.orders import Started, a_question, a_run
from tests.fresh import fresh
from tests.storage.voting import seeded
from tests.watch import Watch, watch
from tests.workshop import Page

SEED: Final = 0  # 0: another one each time; a failed test prints which, and it goes here
SATURDAYS: Final = (  # in the nights after them clocks change; in the last they do not
    ("Europe/Berlin", "2026-10-24"),
    ("Europe/Berlin", "2027-03-27"),
    ("America/New_York", "2026-10-31"),
    ("America/New_York", "2027-03-13"),
    ("Australia/Lord_Howe", "2026-10-03"),
    ("Australia/Lord_Howe", "2027-04-03"),
    ("Asia/Kolkata", "2026-11-21"),
)
PAGE: Final = """
time_zone = "{zone}"
quiet_hours = "20:00-07:30"
[draft]
deadline = "1 working day"
remind = ["2 working hours"]
escalate = [{{after = "4 working hours", to = ["U0CAROL"]}}]
"""
MORNING: Final = "07:30"
STEPS: Final = (20, 45, 90, 180)  # minutes
JUMPS: Final = (-1, 1)  # days
SAID: Final = {"window opened": TimerKind.BEGIN, "overdue": TimerKind.OVERDUE, "reminded": TimerKind.REMIND}
SAID |= {"people asked": TimerKind.ESCALATE, "deadline passed": TimerKind.EXPIRE}


@dataclass(frozen=True)
class Weekend:
    """A Saturday evening on which something is asked, and when each timer of it must come, on the clocks there."""

    zone: str
    saturday: str
    asked: datetime
    begin: datetime
    late: datetime

    def moments(self) -> dict[TimerKind, datetime]:
        """Outside of working hours time begins with the next ones: Monday at nine."""
        shown = self.on(1, MORNING)
        return {
            TimerKind.BEGIN: self.begin,
            TimerKind.SHOW: shown,
            TimerKind.TELL: shown,
            TimerKind.REMIND: self.on(2, "11:00"),
            TimerKind.ESCALATE: self.on(2, "13:00"),
            TimerKind.EXPIRE: self.on(3, "09:00"),
            TimerKind.OVERDUE: self.late,
        }

    def on(self, days: int, clock: str) -> datetime:
        """Return when clocks show this so many days after the Saturday."""
        return local(self.zone, self.saturday, clock, days)


def local(zone: str, day: str, clock: str, days: int = 0) -> datetime:
    """Return the moment, in UTC."""
    shown = datetime.fromisoformat(f"{day} {clock}") + timedelta(days=days)
    return shown.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def drawn(chance: random.Random) -> Weekend:
    """Return a weekend by chance."""
    zone, day = chance.choice(SATURDAYS)
    asked = local(zone, day, f"{chance.randint(20, 23)}:{chance.randint(10, 59)}")
    hours = timedelta(minutes=chance.randint(30, 600))
    return Weekend(zone, day, asked, asked + hours, asked + 2 * hours)


class Life:
    """A run over a weekend, and a clock that jumps."""

    def __init__(self, database: Database, now: Watch, weekend: Weekend, number: int) -> None:
        durable: Any = Started()
        self.ground = Ground(database, durable, Page(PAGE.format(zone=weekend.zone)))
        self.now, self.weekend, self.run_id = now, weekend, f"run-{number}"
        self.expected: Counter[TimerKind] = Counter()
        self.told = 0

    async def open(self) -> None:
        self.now.now = self.weekend.asked
        begins = {"begin_at": self.weekend.begin, "due_at": self.weekend.late}
        await a_question(self.ground, a_run(self.run_id, "T0JIDOKA", night=True, **begins))
        async with self.ground.database.write() as session:
            await timers.reset(session, TimerKind.BEGIN, self.weekend.begin, self.run_id)
            await timers.reset(session, TimerKind.OVERDUE, self.weekend.late, self.run_id)

    async def step(self) -> None:
        """Do what is due at this moment, twice; exactly that has happened whose moment has come."""
        waits = await self.not_before()
        await due.work_off(self.ground)
        told = await self.tell() + await self.tell()
        await due.work_off(self.ground)
        came = {kind for kind, at in self.weekend.moments().items() if at <= self.now.now}
        self.expected |= Counter(came)

        assert await self.happened(told) == self.expected, self.weekend
        new = [at for seq, at in (await self.not_before()).items() if seq not in waits and at is not None]
        assert all(at > self.now.now and self.clock(at) == MORNING for at in new), self.weekend

    async def tell(self) -> int:
        """Take the timers that are the bot's to do; return how many there were."""
        async with self.ground.database.write() as session:
            found = [one for one in await timers.due(session, [TimerKind.TELL]) if one.run_id == self.run_id]
            return sum([await timers.take(session, one.id) for one in found])

    async def happened(self, told: int) -> Counter[TimerKind]:
        """Return what has happened, by the log and the messages."""
        async with self.ground.database.read() as session:
            mine = sa.select(col(Event.kind)).where(
                col(Event.run_id) == self.run_id, col(Event.kind).in_(SAID)
            )
            found = Counter(SAID[kind] for kind in (await session.execute(mine)).scalars())
            cards = sa.select(sa.func.count()).where(
                col(OutboxMessage.run_id) == self.run_id, col(OutboxMessage.kind) == MessageKind.CHECKPOINT,
                col(OutboxMessage.user) == "",
            )  # fmt: skip
            found[TimerKind.SHOW] = (await session.execute(cards)).scalar_one()
        self.told += told
        found[TimerKind.TELL] = self.told
        return +found

    async def not_before(self) -> dict[int, datetime | None]:
        """Return until when each message waits, by its number."""
        rows = sa.select(OutboxMessage).where(col(OutboxMessage.run_id) == self.run_id)
        async with self.ground.database.read() as session:
            return {row.seq: row.not_before for row in (await session.execute(rows)).scalars() if row.seq}

    def clock(self, at: datetime) -> str:
        """Return what clocks show there."""
        return f"{at.astimezone(ZoneInfo(self.weekend.zone)):%H:%M}"


async def lived(folder: Path, count: int, *, jumps: float) -> None:
    """Live through so many weekends; at some steps the clock is set wrong by a day, and right again later."""
    chance = seeded(SEED)
    database = Database(fresh(folder / "jidoka.db"))
    with watch("2026-10-01 00:00") as now:
        for number in range(count):
            weekend = drawn(chance)
            life = Life(database, now, weekend, number)
            await life.open()
            await through(life, chance, jumps)
    await database.close()


async def through(life: Life, chance: random.Random, jumps: float) -> None:
    """Go from the question to after the last timer."""
    right, wrong, end = life.weekend.asked, timedelta(), life.weekend.on(3, "12:00")
    while right < end or wrong:
        right += timedelta(minutes=chance.choice(STEPS))
        if chance.random() < jumps or right >= end:
            wrong = timedelta() if wrong else timedelta(days=chance.choice(JUMPS)) * (right < end)
        life.now.now = right + wrong
        await life.step()

    assert life.expected == Counter(life.weekend.moments().keys())


@pytest.mark.parametrize("jumps", [0.0, 0.1])
async def test_each_timer_comes_once_at_its_moment_however_clocks_change(tmp_path: Path, jumps: float):
    await lived(tmp_path, 7, jumps=jumps)


@pytest.mark.long
async def test_each_timer_comes_once_at_its_moment_over_a_hundred_weekends(tmp_path: Path):
    await lived(tmp_path, 100, jumps=0.15)
