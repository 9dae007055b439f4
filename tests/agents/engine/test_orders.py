"""Votes, edits, deadlines, stops, pauses and halts in any order: one outcome, and nothing late starts anything."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from sqlmodel import col

from storage import checkpoints, events
from storage.database import Database
from storage.tables import Event
from tests.agents.engine.orders import Order
from tests.fresh import fresh
from tests.storage.voting import seeded
from tests.watch import watch

SEED: Final = 0  # 0: another one each time; a failed test prints which, and it goes here
DEEDS: Final = 9  # in one order
SILENCES: Final = {"deadline, wait", "deadline, stop", "deadline, skip", "deadline, proceed"}
PLAYED: Final = SILENCES | {"approve", "edit", "approve too late", "run stopped", "paused True", "halted True"}
ENDINGS: Final = [f"checkpoint {said}" for said in checkpoints.ENDINGS.values()]


async def played(folder: Path, count: int) -> Counter[str]:
    """Play so many orders, each on a checkpoint of its own; return what was done."""
    chance, said = seeded(SEED), Counter[str]()
    database = Database(fresh(folder / "jidoka.db"))
    with watch("2026-11-23 09:00") as now:
        for number in range(count):
            order = Order(database, now, random.Random(chance.random()), number)
            await order.play(DEEDS)
            said += order.said
    assert await ended_more_than_once(database) == []
    async with database.read() as session:
        assert await events.broken(session) == []
    await database.close()
    print(count, "orders:", dict(said))
    return said


async def ended_more_than_once(database: Database) -> list[str]:
    """Return the runs whose checkpoint has more than one ending in the audit log."""
    ends = sa.select(col(Event.run_id)).where(col(Event.kind).in_(ENDINGS))
    async with database.read() as session:
        found = Counter((await session.execute(ends)).scalars())
    return [run_id for run_id, count in found.items() if count > 1]


async def test_a_checkpoint_has_one_outcome_in_any_order_and_nothing_late_starts_anything(tmp_path: Path):
    said = await played(tmp_path, 140)

    assert {*said} >= PLAYED


@pytest.mark.long
async def test_a_checkpoint_has_one_outcome_in_thousands_of_orders(tmp_path: Path):
    said = await played(tmp_path, 2_500)

    assert {*said} >= PLAYED
