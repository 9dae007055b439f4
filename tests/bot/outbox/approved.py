"""An approved effect over the real outbox, workspace and executor; only the queue of stages is idle."""

from __future__ import annotations

from typing import Any

from agents.engine import effects
from agents.engine.executing import Executor
from agents.engine.ground import AsShipped, Ground
from agents.engine.transitions import transition
from agents.tools.servers import ToolServers
from storage import checkpoints, events
from storage.policy import Policy
from storage.tables import Run, Task
from storage.words import CheckpointKind, CheckpointState, EffectClass, RunState, TaskKind, TaskState
from tests.bot.outbox.conftest import CHANNEL, Shop
from tests.bot.shop import IdleQueue

TEXT = "The new bike is here. <!channel> & *more*: <https://evil.example|our page>"
POLICY = Policy(effect=EffectClass.R3)


def payload(text: str = TEXT, channel: str = CHANNEL) -> dict[str, Any]:
    """Return a post's payload."""
    return {
        "effect": "post_message", "class": "R3", "target": {"channel": channel}, "text": text, "why": "They asked for it.",
    }  # fmt: skip


def executor(shop: Shop) -> Executor:
    """Return the engine's side of effects over a shop's database."""
    ground = Ground(shop.database, IdleQueue(shop.database), AsShipped())
    return Executor(ground, lambda: None, ToolServers())


async def approve(shop: Shop, number: int = 1, **about: Any) -> str:
    """Keep a run whose post Bob approved, and return the id of the effect."""
    run_id = f"run-{number}"
    run = Run(
        id=run_id, state=RunState.WAITING, team="T0JIDOKA", channel=CHANNEL, thread_ts=f"{number}.000001",
        request_ts=f"{number}.000001", requester="U0ALICE", request="Announce it.", tag="tag",
    )  # fmt: skip
    spec = {"title": "Post", "makes": "report"}
    mine = Task(run_id=run_id, key="post", kind=TaskKind.WORK, position=1, state=TaskState.ASKING, spec=spec)
    other = Task(run_id=run_id, key="more", kind=TaskKind.WORK, position=2, state=TaskState.ASKING, spec=spec)
    async with shop.database.write() as session:
        session.add_all([run, mine, other])
        await session.flush()
        asked = await checkpoints.open_(
            session, run, mine, CheckpointKind.EFFECT, POLICY, question="Shall this be posted?", payload=payload(**about)
        )
        await checkpoints.close(session, asked, CheckpointState.APPROVED, by="U0BOB")
    ground = Ground(shop.database, IdleQueue(shop.database), AsShipped())
    async with transition(ground, run_id) as moving:
        await effects.order(moving, await checkpoints.get(moving.session, asked.id))
    return effects.effect_id(asked.id)


async def chain_is_whole(shop: Shop) -> bool:
    """Return whether the audit log is whole."""
    async with shop.database.read() as session:
        return await events.broken(session) == []
