"""Effects between a proposal and its delivery: asked about in turn, queued when approved, done or named as not done.

A proposal is a line of the audit log and, once asked about, a checkpoint. An approved one is a row of the outbox that
holds the payload, its digest and the checkpoint's version; its id is made of the checkpoint's, so there is one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from agents.engine import asking
from agents.engine.naming import ask_again
from agents.engine.transitions import Transition
from agents.stations.assignment import Made
from agents.tools import effects
from storage import checkpoints, events
from storage.errors import InvalidError
from storage.tables import Checkpoint, Event, OutboxMessage, Task
from storage.words import CheckpointKind, CheckpointState, MessageKind, TaskState

PROPOSED: Final = "effects proposed"
BEGUN: Final = "effect begun"
DONE: Final = "effect done"
NOT_DONE: Final = "effect not done"
REFUSED: Final = "effect refused"
ENDS: Final = (DONE, NOT_DONE, REFUSED)  # each approved or expired effect ends with one of these
UNKNOWN: Final = "this Jidoka knows no such effect"
SILENT: Final = "nobody decided in time"
_LINES: Final = (
    sa.select(Event)
    .where(col(Event.run_id) == sa.bindparam("run"), col(Event.kind).in_(sa.bindparam("kinds", expanding=True)))
    .order_by(col(Event.seq))
)


@dataclass(frozen=True)
class Order:
    """What people approved, as the outbox holds it."""

    payload: Mapping[str, Any]
    digest: str
    version: int

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Order:
        """Return the order of an approved checkpoint."""
        return cls(checkpoint.payload, checkpoint.digest, checkpoint.version)

    @classmethod
    def read(cls, text: str) -> Order | None:
        """Return the order a text holds; None when it is, byte for byte, no text that ``text`` gives."""
        try:
            found = json.loads(text)
            order = cls(found["payload"], found["digest"], found["version"])
            return order if isinstance(order.payload, dict) and order.text() == text else None
        except (ValueError, TypeError, KeyError, RecursionError):
            return None

    def text(self) -> str:
        """Return the one text of this order."""
        return events.canonical({"digest": self.digest, "payload": self.payload, "version": self.version})


@dataclass(frozen=True)
class Approved:
    """What the audit log says people approved."""

    digest: str
    version: int


def effect_id(checkpoint_id: str) -> str:
    """Return the id of the one outbox row that may do what this checkpoint is about."""
    return f"eff_{checkpoint_id}"


async def propose(moving: Transition, task: Task, made: Made) -> None:
    """Keep what an attempt proposes; nobody is asked before its work is accepted."""
    if made.proposals:
        await moving.event(
            PROPOSED, task=task.key, attempt=task.attempt, proposals=[dict(one) for one in made.proposals]
        )


async def go_on(moving: Transition, task: Task) -> None:
    """Ask about the next thing a task proposes; where nothing is left, the task is done."""
    proposed = await _proposed(moving, task)
    settled = await _settled(moving, task) if proposed else ()
    for payload in proposed:
        if events.digest(payload) in settled:
            continue
        if (effect := effects.exact(payload)) is not None:
            await _ask(moving, task, effect, payload)
            return
        await moving.event(NOT_DONE, task=task.key, effect=payload.get("effect"), why=UNKNOWN)
    await moving.done(task)


async def _ask(moving: Transition, task: Task, effect: effects.Effect, payload: Mapping[str, Any]) -> None:
    task.state = TaskState.ASKING
    checkpoint = await asking.ask(
        moving, task, CheckpointKind.EFFECT, effect.question, payload, effect=effect.reach
    )
    await ask_again(moving, checkpoint)


async def _proposed(moving: Transition, task: Task) -> list[dict[str, Any]]:
    """Return what the task's present attempt proposes, in its order."""
    told = await lines(moving, (PROPOSED,))
    mine = (one.payload for one in told if one.payload.get("task") == task.key)
    found = [one["proposals"] for one in mine if one["attempt"] == task.attempt]
    return list(found[-1]) if found else []


async def _settled(moving: Transition, task: Task) -> set[str]:
    """Return the digests of what was asked about in this attempt, or done in any."""
    await moving.session.flush()
    asked = await checkpoints.all_in(moving.session, moving.run.id)
    done = {one.payload.get("checkpoint") for one in await lines(moving, (DONE,))}
    mine = [one for one in asked if one.kind is CheckpointKind.EFFECT and one.task_key == task.key]
    return {one.digest for one in mine if one.attempt == task.attempt or one.id in done}


async def lines(moving: Transition, kinds: tuple[str, ...]) -> list[Event]:
    """Return the run's lines of the audit log of these kinds, oldest first."""
    return await _lines(moving.session, moving.run.id, kinds)


async def ended(session: AsyncSession, run_id: str) -> tuple[Event, ...]:
    """Return the lines of the audit log that say how each effect of a run ended, oldest first."""
    return tuple(await _lines(session, run_id, ENDS))


async def _lines(session: AsyncSession, run_id: str, kinds: tuple[str, ...]) -> list[Event]:
    return list((await session.execute(_LINES, {"run": run_id, "kinds": kinds})).scalars())


async def order(moving: Transition, checkpoint: Checkpoint) -> None:
    """Queue exactly what was approved. The task waits until it is done, or is known not to be.

    Raises:
        InvalidError: Something else is queued under this id already.
    """
    row_id, text = effect_id(checkpoint.id), Order.of(checkpoint).text()
    if (there := await queued(moving, row_id)) is not None:
        if there.text != text:
            raise InvalidError("Nothing changed: something else was queued under this effect's id.")
        return
    about: dict[str, Any] = {"run_id": moving.run.id, "checkpoint_id": checkpoint.id}
    channel = str(checkpoint.payload["target"].get("channel", ""))
    moving.session.add(OutboxMessage(id=row_id, kind=MessageKind.EFFECT, **about, channel=channel, text=text))


async def queued(moving: Transition, row_id: str) -> OutboxMessage | None:
    """Return a row of the outbox; None when there is none."""
    mine = sa.select(OutboxMessage).where(col(OutboxMessage.id) == row_id)
    return (await moving.session.execute(mine)).scalar_one_or_none()


async def end(moving: Transition, checkpoint: Checkpoint, kind: str, **about: Any) -> None:  # noqa: ANN401  any JSON
    """Note how an effect ended, and let its task go on."""
    said = {"task": checkpoint.task_key, "checkpoint": checkpoint.id, "digest": checkpoint.digest}
    what: dict[str, Any] = {"effect": checkpoint.payload.get("effect"), "target": checkpoint.payload.get("target")}
    await moving.event(kind, **said, **what, **about)
    await moving.refresh(checkpoint)
    task = await moving.task(checkpoint.task_key)
    if not moving.ended and waits(task, checkpoint):
        await go_on(moving, task)


def waits(task: Task, checkpoint: Checkpoint) -> bool:
    """Whether a task still waits for what became of this checkpoint's effect."""
    return task.attempt == checkpoint.attempt and task.state is TaskState.ASKING


async def under_way(moving: Transition) -> set[str]:
    """Return the keys of the tasks that wait for an approved effect to be done."""
    ended = {one.payload.get("checkpoint") for one in await lines(moving, ENDS)}
    asked = await checkpoints.all_in(moving.session, moving.run.id)
    approved = [one for one in asked if one.kind is CheckpointKind.EFFECT and one.state is CheckpointState.APPROVED]
    tasks = await moving.tasks()
    return {one.task_key for one in approved if one.id not in ended and waits(tasks[one.task_key], one)}


def differs(
    row: OutboxMessage, order: Order | None, checkpoint: Checkpoint, approved: Approved | None
) -> str:
    """Return what keeps a row from being what people approved, or an empty text. PURE.

    Args:
        row: What is about to be sent.
        order: What its text holds.
        checkpoint: What it says it is about.
        approved: What the audit log says was approved there.
    """
    if order is None:
        return "what waits to be sent cannot be read"
    if checkpoint.kind is not CheckpointKind.EFFECT or checkpoint.state is not CheckpointState.APPROVED:
        return "nobody approved it"
    if approved is None or row.id != effect_id(checkpoint.id):
        return "there is no record of a decision on it"
    digests = {events.digest(order.payload), events.digest(checkpoint.payload), order.digest, checkpoint.digest}
    if digests != {approved.digest} or {order.version, checkpoint.version} != {approved.version}:
        return "it is not what people approved"
    effect = effects.exact(order.payload)
    if effect is None or effect.reach is not checkpoint.effect:
        return "its class is not the one people decided by"
    elsewhere = (row.channel, row.thread_ts, row.user) != (order.payload["target"].get("channel", ""), "", "")
    return "it would go somewhere else" if elsewhere else ""
