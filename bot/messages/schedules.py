"""Schedules as people see them: the message that says one is there, lists of them, and the request of a moment. PURE."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from agents.planning.when import Repeat
from agents.planning.when.telling import listed as listed_words
from bot.messages import blocks, figures, text
from bot.messages.blocks import Block
from bot.messages.said import Said
from storage.agenda import Schedule
from storage.schedules import Due

CONFIRM: Final = "schedule_confirm"
DROP: Final = "schedule_drop"
PAUSE: Final = "schedule_pause"
RESUME: Final = "schedule_resume"
END: Final = "schedule_end"
EDIT: Final = "schedule_edit"

SHOWN_MOMENTS: Final = 3
LATE: Final = timedelta(minutes=15)  # a request posted later than this says when it was planned for
WINDOW: Final = "schedules"
NONE: Final = "You have no schedules. `/jidoka schedule` makes one, and so does `/jidoka every Monday at 9: …`."
_LONGEST: Final = 500  # characters of a request in a card; the whole is said each time it is asked
_SHORTER: Final = 150  # … in a list
_NAMED: Final = 3  # files; of others it is said how many they are


def words(schedule: Schedule) -> str:
    """Return how often it comes, such as ``every weekday at 07:00 (Europe/Berlin)``; no mrkdwn in it."""
    told = Repeat.from_text(schedule.repeat).words(ZoneInfo(schedule.zone))
    last = last_day(schedule)
    told += f" until {last.day} {last:%B %Y}" if last else ""
    return told if schedule.zone in told else f"{told} ({schedule.zone})"


def last_day(schedule: Schedule) -> date | None:
    """Return the last day it may come on, where it is; None when it has no end."""
    if schedule.until is None:
        return None
    return (schedule.until - timedelta(seconds=1)).astimezone(ZoneInfo(schedule.zone)).date()


def next_after(schedule: Schedule, at: datetime) -> datetime | None:
    """Return when it comes next after a moment; None when it comes no more."""
    coming = Repeat.from_text(schedule.repeat).next_after(at, ZoneInfo(schedule.zone))
    return coming if coming and (schedule.until is None or coming < schedule.until) else None


def moments(schedule: Schedule, now: datetime) -> tuple[datetime, ...]:
    """Return when it comes next, three times at most; of a paused or proposed one, when it would."""
    kept = schedule.next_at if not schedule.paused else None
    found = [kept or next_after(schedule, now)]
    while (last := found[-1]) is not None and len(found) < SHOWN_MOMENTS:
        found.append(next_after(schedule, last))
    return tuple(at for at in found if at is not None)


def is_proposed(schedule: Schedule) -> bool:
    """Return whether somebody must still say yes to it."""
    return schedule.next_at is None and schedule.ended_at is None


def card(schedule: Schedule, now: datetime) -> Said:
    """Return the one message about a schedule: first whether to have it, then how it stands."""
    said = _standing(schedule, now)
    shown = [blocks.section(said), blocks.rich(blocks.quote(text.shorten(schedule.request, _LONGEST)))]
    if besides := _besides(schedule):
        shown.append(blocks.context(besides))
    if schedule.ended_at is None:
        shown.append(blocks.actions(*_buttons(schedule)))
    heard = text.escape(text.shorten(schedule.request, _LONGEST))
    return Said(f"{said} “{heard}”", tuple(shown), by_hand="`/jidoka schedules` lists yours.")


def _besides(schedule: Schedule) -> str:
    """Say which files come with it and which line it takes (mrkdwn); empty when nothing was said."""
    line = f"Line “{text.escape(schedule.line)}”" if schedule.line else ""
    return " · ".join(part for part in (_with(schedule), line) if part)


def _with(schedule: Schedule) -> str:
    """Name the files that come with it, such as ``With offers.csv and 2 more`` (mrkdwn)."""
    names = [text.escape(text.title(str(file.get("name") or ""), 80, "a file")) for file in schedule.files]
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    return f"With {listed_words([*names[:_NAMED], *more])}" if names else ""


def _standing(schedule: Schedule, now: datetime) -> str:
    """Say how a schedule stands (mrkdwn)."""
    who, often = blocks.mention(schedule.by), text.escape(words(schedule))
    if schedule.ended_at is not None:
        return f"Not scheduled: *{often}*." if schedule.next_at is None else f"Over: {who}'s schedule, *{often}*."
    if is_proposed(schedule):
        return f"Shall I do this *{often}*? {_coming('It would come', schedule, now)}"
    if schedule.paused:
        return f"Paused: {who}'s schedule, *{often}*."
    return f"Scheduled by {who}: *{often}*. {_coming('Next', schedule, now)}"


def _coming(how: str, schedule: Schedule, now: datetime) -> str:
    coming = [figures.moment(at) for at in moments(schedule, now)]
    return f"{how}: {' · '.join(coming)}." if coming else "That moment has passed."


def _buttons(schedule: Schedule) -> list[Block]:
    about = value(schedule)
    if is_proposed(schedule):
        yes, no = blocks.button("Schedule it", CONFIRM, about, style="primary"), blocks.button("No", DROP, about)
        return [yes, blocks.button("Edit", EDIT, about), no]
    sure = blocks.confirm("Delete this schedule?", "It does not come again. What it began goes on.", "Delete it", "Keep it")
    other = blocks.button("Resume", RESUME, about) if schedule.paused else blocks.button("Pause", PAUSE, about)
    return [blocks.button("Edit", EDIT, about), other, blocks.button("Delete", END, about, style="danger", confirm=sure)]


def window(schedules: Sequence[Schedule], now: datetime, said: str = "") -> Block:
    """Return the window that lists one person's schedules; ``said`` is what a press came to (mrkdwn)."""
    shown = listed(schedules, now) or [blocks.section(NONE)]
    note = [blocks.context(said)] if said else []
    return {
        "type": "modal", "callback_id": WINDOW, "title": blocks.plain_text("Your schedules"),
        "close": blocks.plain_text("Close"), "blocks": [*note, *shown],
    }  # fmt: skip


def listed(schedules: Sequence[Schedule], now: datetime) -> list[Block]:
    """Return one person's schedules with their buttons: two blocks each, for a message to them or their Home tab."""
    return [block for schedule in schedules for block in _entry(schedule, now)]


def _entry(schedule: Schedule, now: datetime) -> tuple[Block, Block]:
    head = f"*{text.escape(text.title(schedule.request, _SHORTER, 'A request'))}*"
    often, coming = text.escape(words(schedule)), moments(schedule, now)[:1]
    how = "paused" if schedule.paused else "".join(f"next: {figures.moment(at)}" for at in coming)
    where = "" if schedule.channel.startswith("D") else f"<#{schedule.channel}>"
    about = " · ".join(part for part in (often, how, where, _besides(schedule)) if part)
    return blocks.section(f"{head}\n{about}"), blocks.actions(*_buttons(schedule))


def request(schedule: Schedule, due: Due, queued_at: datetime) -> Said:
    """Return the message that asks at a schedule's moment; ``queued_at`` is when it came to be asked."""
    late = f", planned for {figures.moment(due.at)}" if queued_at - due.at > LATE else ""
    repeat = Repeat.from_text(schedule.repeat)
    files = f", {told[0].lower()}{told[1:]}" if (told := _with(schedule)) else ""
    how = f"{'once' if repeat.once else text.escape(repeat.words())}{files}{late}"
    return Said(f"Scheduled by {blocks.mention(schedule.by)} ({how}): {text.escape(schedule.request)}")


def value(schedule: Schedule) -> str:
    """Return what a schedule's buttons carry."""
    return json.dumps({"schedule": schedule.id})


def pointed(carried: str) -> str:
    """Return the id of the schedule a button points at; empty when the text is not one of ours."""
    try:
        kept = json.loads(carried[:200])
    except ValueError:
        return ""
    return str(kept.get("schedule") or "") if isinstance(kept, dict) else ""
