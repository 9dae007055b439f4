"""Reads, in one view of the database, what a morning brief is made from."""

from typing import Any, Final

from bot.messages.brief import BriefRows, Told, Waiting
from bot.messages.covers import Cover
from bot.messages.figures import Spend
from storage import artifacts, briefs, checkpoints, runs, schedules, standing
from storage.agenda import Schedule
from storage.tables import Run
from storage.words import RunState, TaskKind, TaskState

MOST_SCHEDULES: Final = 3  # of what comes next


async def brief_rows(session: Any, cover: Cover, left: frozenset[str] = frozenset()) -> BriefRows:  # noqa: ANN401  storage's
    """Return what a brief tells, as things are now; what was erased since is left out.

    ``left`` are the channels its reader is in no longer.
    """
    return BriefRows(
        cover=cover,
        waits=tuple([Waiting(asked, run) for asked, run in await briefs.asked(session, cover.waits)]),
        ended=tuple([await _told(session, run) for run in await briefs.runs(session, cover.ended)]),
        going=tuple([await _told(session, run) for run in await briefs.runs(session, cover.going)]),
        schedules=tuple(await _next(session, cover)),
        spend=Spend(*await briefs.spent(session, cover.since, cover.until, **cover.of)),
        left=left,
    )


async def _told(session: Any, run: Run) -> Told:  # noqa: ANN401
    work = [task for task in await runs.tasks(session, run.id) if task.kind is TaskKind.WORK]
    done = sum(task.state is TaskState.DONE for task in work)
    if run.state is not RunState.DONE:
        doing = bool(await standing.being_done(session, run.id)) and not await checkpoints.open_in(session, run.id)
        return Told(run, done=done, total=len(work), doing=doing)
    by, kind = await briefs.judged(session, run.id)
    judged = (by, kind == briefs.ACCEPTED) if by else None
    return Told(run, await _summary(session, run), judged, done, len(work))


async def _summary(session: Any, run: Run) -> str:  # noqa: ANN401
    """Return what the last task that made something says of it, else how its text begins."""
    handed = await artifacts.handoffs(session, run.id)
    last = [handed[task.key] for task in await runs.tasks(session, run.id) if task.key in handed][-1:]
    if not last or last[0].summary:
        return last[0].summary if last else ""
    made = await artifacts.get(session, last[0].artifact_id)
    return made.text if made else ""


async def _next(session: Any, cover: Cover) -> list[Schedule]:  # noqa: ANN401
    mine = await schedules.going(session, "" if cover.is_for_channel else cover.who)
    here = [each for each in mine if each.channel == cover.who or not cover.is_for_channel]
    return [each for each in here if each.next_at and not each.paused][:MOST_SCHEDULES]
