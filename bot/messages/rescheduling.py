"""A schedule as its form shows it, so that it can be edited. PURE."""

from typing import Any, Final
from zoneinfo import ZoneInfo

from agents.planning.when import Repeat
from agents.planning.when.cron import LAST, WEEKDAYS
from bot.messages.schedules import last_day
from bot.messages.scheduling import KEPT, Begun
from storage.agenda import Schedule

_WORKDAYS: Final = (0, 1, 2, 3, 4)


def begun(schedule: Schedule) -> Begun:
    """Return what the form holds when somebody opens a schedule to edit it."""
    repeat, last = Repeat.from_text(schedule.repeat), last_day(schedule)
    return Begun(
        schedule.zone, schedule.channel, schedule.request, last=last.isoformat() if last else "",
        line=schedule.line, files=tuple(schedule.files), schedule_id=schedule.id, **_often(repeat, ZoneInfo(schedule.zone)),
    )  # fmt: skip


def _often(repeat: Repeat, zone: ZoneInfo) -> dict[str, Any]:
    """Return the choices that say what a repeat says; one that no choices say is kept as it is."""
    if repeat.once:
        local = repeat.once.astimezone(zone)
        return {"way": "once", "date": local.date().isoformat(), "at": f"{local:%H:%M}"}
    if repeat.months or repeat.nth or len(repeat.hours) != 1 or len(repeat.minutes) != 1:
        return {"way": KEPT, "repeat": repeat}
    return {"at": f"{repeat.hours[0]:02}:{repeat.minutes[0]:02}", **_days(repeat)}


def _days(repeat: Repeat) -> dict[str, Any]:
    match repeat.days, repeat.weekdays:
        case (), ():
            return {"way": "day"}
        case (), days if days == _WORKDAYS:
            return {"way": "weekday"}
        case (), days:
            return {"way": "week", "weekdays": tuple(WEEKDAYS[day] for day in days)}
        case (day,), ():
            return {"way": "month", "day": "L" if day == LAST else str(day)}
        case _:
            return {"way": KEPT, "repeat": repeat}
