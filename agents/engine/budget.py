"""Money: what a run may still spend, and what happens when it has spent it. Nothing dies silently at a cap.

Before a model call is made, the most it can cost is set aside in the transaction that notes the call. It is made when
what was spent and set aside has not reached any cap: so calls side by side go beyond a cap by one call at most. Where only
what others have set aside stands in the way, a call waits until their prices are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncSession

from agents.engine import effects
from agents.errors import AgentsError
from agents.policies.values import Spend
from agents.stations.recording import Most
from storage import artifacts, checkpoints, clock, reserves, runs
from storage.reserves import Reserve
from storage.tables import Checkpoint, Run, Task
from storage.words import Cause, CheckpointKind, RunState, TaskState

if TYPE_CHECKING:
    from agents.engine.transitions import Transition

LEFT_OUT: Final = "it was left out: the budget was reached."
NOTHING_MADE: Final = "The budget was reached before anything was made."


Allowed = tuple[float | None, float]  # a run's own cap, and what people allowed beyond every cap


class BudgetError(AgentsError):
    """A cap is reached; says which, and how far.

    Args:
        cap: Which, in words, such as "this run".
        spent_usd: What it spent.
        cap_usd: What it may.
        allowed: The run's own cap and what people allowed beyond it, as they were when this was found.
    """

    def __init__(self, cap: str, spent_usd: float, cap_usd: float, allowed: Allowed) -> None:
        super().__init__(f"The budget of {cap} is used up: ${spent_usd:.2f} of ${cap_usd:.2f}.")
        self.cap, self.spent_usd, self.cap_usd, self.allowed = cap, spent_usd, cap_usd, allowed


class CrowdedError(AgentsError):
    """Calls under way may use up what is left: wait until their prices are known."""


@dataclass(frozen=True)
class Purse:
    """What a run draws on: its own cap, and those of its requester, its channel and the month."""

    run: Run
    spend: Spend

    async def reserve(self, session: AsyncSession, key: tuple[str, str, int, int], token: str, most: Most) -> None:
        """Set aside what a call can cost, in the writing transaction that notes it; what it had before goes.

        Raises:
            BudgetError: A cap is reached.
            CrowdedError: It will be, if what others have set aside is spent.
        """
        await reserves.free(session, key)
        run = await runs.get(session, self.run.id)
        for words, cap, of in self._caps(run):
            if cap is not None:
                await _check(session, run, words, cap + run.extra_usd, of)
        run_id, task_key, attempt, seq = key
        reserve = Reserve(
            run_id=run_id, task_key=task_key, attempt=attempt, seq=seq, token=token, usd=most.usd, tokens=most.tokens
        )
        await reserves.hold(session, reserve)

    def _caps(self, run: Run) -> list[tuple[str, float | None, dict[str, str]]]:
        spend = self.spend
        own = run.cap_usd if run.cap_usd is not None else spend.run_usd
        return [
            ("this run", own, {"run_id": run.id}),
            ("whoever asked, this month", spend.person_month_usd, {"requester": run.requester}),
            ("this channel, this month", spend.channel_month_usd, {"channel": run.channel}),
            ("this workspace, this month", spend.month_usd, {"team": run.team}),
        ]


async def _check(session: AsyncSession, run: Run, words: str, most: float, of: dict[str, str]) -> None:
    under_way, lost = await reserves.held(session, **of)
    if (spent := lost + await _spent(session, of)) >= most:
        raise BudgetError(words, spent, most, _allowed(run))
    if spent + under_way >= most:
        raise CrowdedError(f"Calls under way may use up what is left of {words}.")


def _allowed(run: Run) -> Allowed:
    return run.cap_usd, run.extra_usd


async def _spent(session: AsyncSession, of: dict[str, str]) -> float:
    if "run_id" in of:
        return (await runs.spent(session, of["run_id"]))[0]
    month = clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return await runs.spent_since(session, month, **of)


async def ask(moving: Transition, task: Task, reached: BudgetError) -> None:
    """Ask how to go on; one question a run, however many of its tasks stand before the same cap.

    Where people have answered since the task looked, it looks again.
    """
    if _allowed(moving.run) != reached.allowed:
        await moving.resume(task, Cause.ANSWERED)
        return
    task.state = TaskState.ASKING
    there = [one.kind for one in await checkpoints.open_in(moving.session, moving.run.id)]
    if CheckpointKind.BUDGET in there:
        return
    more = max(1.0, round(reached.cap_usd / 2, 2))
    payload = {"cap": reached.cap, "spent_usd": reached.spent_usd, "cap_usd": reached.cap_usd, "more_usd": more}
    await moving.ask(task, CheckpointKind.BUDGET, f"{reached} How shall it go on?", payload)


async def go_on(moving: Transition, checkpoint: Checkpoint) -> None:
    """Allow this run more, and let every task that stood before the cap go on where it was."""
    moving.run.extra_usd += float(checkpoint.payload["more_usd"])
    await moving.event("budget raised", by=checkpoint.decided_by, extra_usd=moving.run.extra_usd)
    await let_go(moving)


async def let_go(moving: Transition) -> None:
    """Let every task that stood before a cap go on where it was."""
    own = {one.task_key for one in await checkpoints.open_in(moving.session, moving.run.id)}
    own |= await effects.under_way(moving)
    for task in (await moving.tasks()).values():
        if task.state is TaskState.ASKING and task.key not in own:
            await moving.resume(task, Cause.ANSWERED)


async def finish(moving: Transition) -> None:
    """Deliver what there is: what is not done becomes a named hole."""
    for task in (await moving.tasks()).values():
        if task.state is not TaskState.DONE:
            task.state, task.error = TaskState.FAILED, LEFT_OUT
    if await artifacts.handoffs(moving.session, moving.run.id):
        await moving.end(RunState.DONE)
    else:
        await moving.end(RunState.STOPPED, NOTHING_MADE)
