"""Money, tokens, calls and time: what a run may still spend, and what happens when it has. Nothing dies silently at a cap.

Before a model call is made, the most it can cost is set aside in the transaction that notes the call. It is made when
what was spent and set aside has not reached any cap: so calls side by side go beyond a cap by one call at most. Where only
what others have set aside stands in the way, a call waits until their prices are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncSession

from agents.engine import effects
from agents.errors import AgentsError
from agents.policies.values import Spend
from agents.stations.recording import Most
from storage import artifacts, calls, checkpoints, clock, reserves, runs
from storage.reserves import Reserve
from storage.tables import Checkpoint, Run, Task
from storage.words import Cause, CheckpointKind, RunState, TaskState, Unit

if TYPE_CHECKING:
    from agents.engine.transitions import Transition

LEFT_OUT: Final = "it was left out: the budget was reached."
NOTHING_MADE: Final = "The budget was reached before anything was made."
THIS_RUN: Final = "this run"  # whose caps are its own

Allowed = tuple[float | None, float, int, int, float]  # a run's own cap, and what people allowed beyond every cap
LEAST_MORE: Final = {Unit.USD: 1.0, Unit.TOKENS: 50_000, Unit.CALLS: 10, Unit.MINUTES: 10}  # offered at a cap


class BudgetError(AgentsError):
    """A cap is reached; says which, and how far.

    Args:
        cap: Which, in words, such as "this run".
        unit: What it counts.
        spent: What was spent of that.
        most: What may be.
        allowed: The run's own cap and what people allowed beyond it, as they were when this was found.
    """

    def __init__(self, cap: str, unit: Unit, spent: float, most: float, allowed: Allowed) -> None:
        super().__init__(f"The budget of {cap} is used up: {_used(unit, spent, most)}.")
        self.cap, self.unit, self.spent, self.most, self.allowed = cap, unit, spent, most, allowed


class CrowdedError(AgentsError):
    """Calls under way may use up what is left: wait until their prices are known."""


@dataclass(frozen=True)
class _Cap:
    """The most that something may spend."""

    words: str
    unit: Unit
    most: float
    of: Mapping[str, str]  # the fields of the runs that draw on it; ``run_id`` names one run


@dataclass(frozen=True)
class Purse:
    """What a run draws on: its own caps, and those of its requester, its channel and the month."""

    run: Run
    spend: Spend

    def counts(self, most: Most) -> bool:
        """Return whether a call must ask first: it costs money, or tokens, calls or minutes have a cap."""
        spend = self.spend
        return most.usd > 0 or any(cap is not None for cap in (spend.run_tokens, spend.run_calls, spend.run_minutes))

    async def reserve(self, session: AsyncSession, key: tuple[str, str, int, int], token: str, most: Most) -> None:
        """Set aside what a call can cost, in the writing transaction that notes it; what it had before goes.

        Raises:
            BudgetError: A cap is reached.
            CrowdedError: It will be, if what others have set aside is spent.
        """
        await reserves.free(session, key)
        run_id, task_key, attempt, seq = key
        run = await runs.get(session, self.run.id)
        for cap in self._caps(run):
            await _check(session, run, cap, (task_key, seq))
        reserve = Reserve(
            run_id=run_id, task_key=task_key, attempt=attempt, seq=seq, token=token, usd=most.usd, tokens=most.tokens
        )
        await reserves.hold(session, reserve)

    def _caps(self, run: Run) -> list[_Cap]:
        spend, mine = self.spend, {"run_id": run.id}
        own = run.cap_usd if run.cap_usd is not None else spend.run_usd
        caps = (
            (THIS_RUN, Unit.USD, own, mine),
            (THIS_RUN, Unit.TOKENS, spend.run_tokens, mine),
            (THIS_RUN, Unit.CALLS, spend.run_calls, mine),
            (THIS_RUN, Unit.MINUTES, spend.run_minutes, mine),
            ("whoever asked, this month", Unit.USD, spend.person_month_usd, {"requester": run.requester}),
            ("this channel, this month", Unit.USD, spend.channel_month_usd, {"channel": run.channel}),
            ("this workspace, this month", Unit.USD, spend.month_usd, {"team": run.team}),
        )
        extra = _extra(run)
        return [_Cap(words, unit, most + extra[unit], of) for words, unit, most, of in caps if most is not None]


async def _check(session: AsyncSession, run: Run, cap: _Cap, call: tuple[str, int]) -> None:
    under_way, lost = await reserves.held(session, cap.unit, **cap.of)
    if (spent := lost + await _spent(session, cap, call)) >= cap.most:
        raise BudgetError(cap.words, cap.unit, spent, cap.most, _allowed(run))
    if spent + under_way >= cap.most:
        raise CrowdedError(f"Calls under way may use up what is left of {cap.words}.")


def _extra(run: Run) -> dict[Unit, float]:
    return {
        Unit.USD: run.extra_usd, Unit.TOKENS: run.extra_tokens, Unit.CALLS: run.extra_calls, Unit.MINUTES: run.extra_minutes,
    }  # fmt: skip


def _allowed(run: Run) -> Allowed:
    return run.cap_usd, run.extra_usd, run.extra_tokens, run.extra_calls, run.extra_minutes


async def _spent(session: AsyncSession, cap: _Cap, call: tuple[str, int]) -> float:
    if cap.unit is Unit.CALLS:
        return await runs.called(session, cap.of["run_id"], but=call)
    if cap.unit is Unit.MINUTES:
        return await calls.worked_s(session, cap.of["run_id"]) / 60
    if "run_id" in cap.of:
        usd, tokens, _ = await runs.spent(session, cap.of["run_id"])
        return usd if cap.unit is Unit.USD else tokens
    month = clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return await runs.spent_since(session, month, **cap.of)


def _used(unit: Unit, spent: float, most: float) -> str:
    match unit:
        case Unit.USD:
            return f"${spent:.2f} of ${most:.2f}"
        case Unit.TOKENS:
            return f"{spent:,.0f} of {most:,.0f} tokens"
        case Unit.CALLS:
            return f"{spent:,.0f} of {most:,.0f} call{'' if most == 1 else 's'} of models"
        case Unit.MINUTES:
            return f"{spent:,.0f} of {most:,.0f} minute{'' if most == 1 else 's'} of work"


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
    unit = reached.unit
    more = max(LEAST_MORE[unit], round(reached.most / 2, 2 if unit is Unit.USD else None))
    payload = {"cap": reached.cap, f"spent_{unit}": reached.spent, f"cap_{unit}": reached.most, f"more_{unit}": more}
    await moving.ask(task, CheckpointKind.BUDGET, f"{reached} How shall it go on?", payload)


async def go_on(moving: Transition, checkpoint: Checkpoint) -> None:
    """Allow this run more, and let every task that stood before the cap go on where it was."""
    run, more = moving.run, checkpoint.payload
    run.extra_usd += float(more.get("more_usd", 0))
    run.extra_tokens += int(more.get("more_tokens", 0))
    run.extra_calls += int(more.get("more_calls", 0))
    run.extra_minutes += float(more.get("more_minutes", 0))
    extra = {f"extra_{unit}": most for unit, most in _extra(run).items() if f"more_{unit}" in more}
    await moving.event("budget raised", by=checkpoint.decided_by, **extra)
    await let_go(moving)


async def look_again(moving: Transition) -> None:
    """Take back what was asked at the run's own cap in money, for that is another now: its tasks go on, or ask anew."""
    there = await checkpoints.open_in(moving.session, moving.run.id)
    asked = [one for one in there if one.payload.get("cap") == THIS_RUN and "cap_usd" in one.payload]
    for checkpoint in asked:
        await moving.withdraw(checkpoint)
    if asked:
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
