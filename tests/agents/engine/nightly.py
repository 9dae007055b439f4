"""Runs that go over message batches: the small line at night, and what a test asks of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from agents.models.poller import Patience
from storage import clock, runs
from storage.tables import Call
from storage.words import CallKind, CallState, CheckpointKind, VoteAnswer
from tests.servers.calls import Call as Asked
from tests.servers.model import ModelServer
from tests.watch import at
from tests.workshop import ALICE, Workshop, comparison, researches, triage, verdict, written

QUICK = Patience(first_s=0.02, growth=1.5, most_s=0.1)
NEVER = {"polls": "*"}
EVENING, NIGHT = "2026-11-23 20:00", {"night": True, "due_at": at("2026-11-24 10:00")}


def later() -> dict[str, Any]:
    """A night that begins now, by the machine's clock: what is made now is found by when it was made."""
    return {"night": True, "begin_at": clock.now(), "due_at": clock.now() + timedelta(hours=14)}


def line(**batch: Any) -> list[dict[str, Any]]:
    """The small line; its first reader's call fares in its batch as these words say."""
    first, *others = researches()
    return [triage(), {**first, "batch": batch}, *others, comparison(), written(), verdict()]


async def approved(shop: Workshop, **when: Any) -> str:
    """Open a run and approve its plan."""
    run_id = await shop.ask(**when)
    await shop.decide(await shop.to_plan(run_id), ALICE, VoteAnswer.APPROVE)
    return run_id


async def draft(shop: Workshop, **when: Any) -> str:
    """Open a run and take it to its draft."""
    run_id = await approved(shop, **when)
    await shop.open(run_id, CheckpointKind.DRAFT)
    return run_id


async def spent(shop: Workshop, run_id: str) -> float:
    async with shop.database.read() as session:
        return (await runs.spent(session, run_id))[0]


async def first_call(shop: Workshop, run_id: str, task: str = "research-1") -> Call:
    """Return a task's newest recorded model call."""
    mine = [row for row in await shop.rows(Call, run_id) if row.task_key == task and row.kind is CallKind.MODEL]
    return max(mine, key=lambda row: (row.attempt, row.seq))


async def waiting(shop: Workshop, run_id: str) -> str:
    """Return the batch of the first reader's call as soon as it is on record."""

    async def on_record() -> str:
        rows = [row for row in await shop.rows(Call, run_id) if row.task_key == "research-1"]
        return next((str(row.result["batch"]) for row in rows if row.result.get("batch")), "")

    found = await shop.until(on_record)
    assert (await first_call(shop, run_id)).state is CallState.INTENT
    return str(found)


def asked(model: ModelServer, path: str) -> list[Asked]:
    """Return the requests to an address about batches."""
    return [call for call in model.requests() if call.path.endswith(path) and "/batches" in call.path]


async def until_asked(shop: Workshop, path: str) -> None:
    async def seen() -> bool:
        return bool(asked(shop.model, path))

    await shop.until(seen)
