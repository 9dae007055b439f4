"""Reads what a Home tab is made from: in one view of the database, then from Slack, side by side."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.listeners.front import Front
from bot.listeners.mine import Asked, Whereabouts, by_run
from bot.messages.figures import Spend
from bot.messages.home import MOST_RUNS, Going, HomeRows
from bot.messages.rows import RunRows
from bot.messages.waiting import LEFT, UNTOLD, Waiting
from storage import briefs, checkpoints, clock, halts, runs, schedules, standing, voting
from storage.agenda import Schedule
from storage.outcomes import Figures
from storage.policy import Policy
from storage.tables import Event, Run

MOST_LINKS: Final = 30  # threads that Slack is asked the addresses of; the entries further down have none


async def home_rows(front: Front, where: Whereabouts, user: str, figures: Figures | None = None) -> HomeRows:
    """Return one person's Home as things are now; what Slack does not say in time is named, and hides nothing else."""
    async with front.database.read() as session:
        asked = await _not_approved(session, user, await checkpoints.all_open(session))
        own = list(reversed(await briefs.going(session, requester=user)))
        coming = [each for each in await schedules.going(session, user) if each.next_at]
    mine, silent = await where.theirs(user, asked)
    left, unsaid = await where.left(user, own[:MOST_RUNS])
    nameless = {**dict.fromkeys(left, LEFT), **dict.fromkeys(unsaid, UNTOLD)}
    waiting, going = await asyncio.gather(_waiting(front, where, user, mine), _going(front, where, own, nameless))
    quiet = tuple(dict.fromkeys([*silent, *sorted(unsaid)]))
    return HomeRows(user, clock.now(), tuple(waiting), tuple(going), _by_time(coming), figures, quiet)


async def waiting_on(front: Front, where: Whereabouts, user: str) -> list[Waiting]:
    """Return the decisions that wait on one person now, oldest first."""
    async with front.database.read() as session:
        asked = await _not_approved(session, user, await checkpoints.all_open(session))
    mine, _ = await where.theirs(user, asked)
    return await _waiting(front, where, user, mine)


async def _not_approved(session: Any, user: str, asked: Sequence[Asked]) -> list[Asked]:  # noqa: ANN401  storage's
    """Leave out what waits for others: this person has said yes already."""
    several = [one for one, _ in asked if Policy.model_validate(one.policy).quorum > 1]
    said = {one.id for one in several if user in await voting.approved_by(session, one)}
    return [(one, run) for one, run in asked if one.id not in said]


async def _waiting(front: Front, where: Whereabouts, user: str, mine: Sequence[Asked]) -> list[Waiting]:
    links = await where.links(user, [run for _, run in mine[:MOST_LINKS]])
    async with front.database.read() as session:
        spent = await runs.spent_by(session, {run.id for _, run in mine})
        specs = await runs.specs(session, {(run.id, one.task_key) for one, run in mine if run.line})
    return [
        Waiting(one, run, links.get(run.id, ""), _station(specs.get((run.id, one.task_key))), Spend(*spent.get(run.id, ())))
        for one, run in mine
    ]


def _station(spec: Mapping[str, Any] | None) -> str:
    return str((spec or {}).get("station") or "")


async def _going(front: Front, where: Whereabouts, own: Sequence[Run], nameless: Mapping[str, str]) -> list[Going]:
    """Return somebody's own runs; ``nameless`` says what those of a channel are called that they may not look into."""
    seen = [run for run in own[:MOST_RUNS] if run.channel not in nameless]
    links = await where.links(seen[0].requester, seen) if seen else {}
    async with front.database.read() as session:
        spent = await runs.spent_by(session, {run.id for run in own})
        open_ = by_run(await checkpoints.all_open(session))
        halt = {team: await halts.get(session, team) for team in {run.team for run in own}}
        doing = {run.id: await standing.being_done(session, run.id) for run in own[:MOST_RUNS]}
        tasks = {run.id: tuple(await runs.tasks(session, run.id)) for run in seen}
        paused = {run.id: await standing.last(session, run.id, ("paused",)) for run in own[:MOST_RUNS] if run.paused}
    now = clock.now()
    return [
        Going(
            RunRows(
                run=run, now=now, tasks=tasks.get(run.id, ()), open=tuple(open_.get(run.id, ())),
                doing=doing.get(run.id, frozenset()),
                spend=Spend(*spent.get(run.id, ())), halt=halt[run.team],
                **_pause(paused.get(run.id)),
            ),
            links.get(run.id, ""), nameless.get(run.channel, ""),
        )
        for run in own
    ]  # fmt: skip


def _pause(said: Event | None) -> dict[str, Any]:
    """Return who paused a run, and when."""
    return {"paused_by": said.by, "paused_at": said.at} if said else {}


def _by_time(coming: Sequence[Schedule]) -> tuple[Schedule, ...]:
    return tuple(sorted(coming, key=lambda each: (each.paused, each.next_at)))
