"""Schedules as people see them: the message that says one is there, lists of them, and the request of a moment. PURE."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from agents.planning.when import Repeat
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

SHOWN_MOMENTS: Final = 3
LATE: Final = timedelta(minutes=15)  # a request posted later than this says when it was planned for
WINDOW: Final = "schedules"
NONE: Final = "You have no schedules. `/jidoka schedule` makes one, and so does `/jidoka every Monday at 9: …`."
_LONGEST: Final = 500  # characters of a request in a card; the whole is said each time it is asked
_SHORTER: Final = 150  # … in a list


def words(schedule: Schedule) -> str:
    """Return how often it comes, such as ``every weekday at 07:00 (Europe/Berlin)``; no mrkdwn in it."""
    told = Repeat.from_text(schedule.repeat).words(ZoneInfo(schedule.zone))
    return told if schedule.zone in told else f"{told} ({schedule.zone})"


def moments(schedule: Schedule, now: datetime) -> tuple[datetime, ...]:
    """Return when it comes next, three times at most; of a paused or proposed one, when it would."""
    repeat, zone = Repeat.from_text(schedule.repeat), ZoneInfo(schedule.zone)
    kept = schedule.next_at if not schedule.paused else None
    found = [kept or repeat.next_after(now, zone)]
    while (last := found[-1]) is not None and len(found) < SHOWN_MOMENTS:
        found.append(repeat.next_after(last, zone))
    return tuple(at for at in found if at is not None)


def is_proposed(schedule: Schedule) -> bool:
    """Return whether somebody must still say yes to it."""
    return schedule.next_at is None and schedule.ended_at is None


def card(schedule: Schedule, now: datetime) -> Said:
    """Return the one message about a schedule: first whether to have it, then how it stands."""
    said = _standing(schedule, now)
    shown = [blocks.section(said), blocks.rich(blocks.quote(text.shorten(schedule.request, _LONGEST)))]
    if schedule.ended_at is None:
        shown.append(blocks.actions(*_buttons(schedule)))
    heard = text.escape(text.shorten(schedule.request, _LONGEST))
    return Said(f"{said} “{heard}”", tuple(shown), by_hand="`/jidoka schedules` lists yours.")


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
        return [blocks.button("Schedule it", CONFIRM, about, style="primary"), blocks.button("No", DROP, about)]
    sure = blocks.confirm("Delete this schedule?", "It does not come again. What it began goes on.", "Delete it", "Keep it")
    other = blocks.button("Resume", RESUME, about) if schedule.paused else blocks.button("Pause", PAUSE, about)
    return [other, blocks.button("Delete", END, about, style="danger", confirm=sure)]


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
    where = "" if schedule.channel.startswith("D") else f" · <#{schedule.channel}>"
    return blocks.section(f"{head}\n{often} · {how}{where}"), blocks.actions(*_buttons(schedule))


def request(schedule: Schedule, due: Due, queued_at: datetime) -> Said:
    """Return the message that asks at a schedule's moment; ``queued_at`` is when it came to be asked."""
    late = f", planned for {figures.moment(due.at)}" if queued_at - due.at > LATE else ""
    repeat = Repeat.from_text(schedule.repeat)
    how = f"{'once' if repeat.once else text.escape(repeat.words())}{late}"
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
