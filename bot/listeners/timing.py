"""When a request is to be done, as its words say: read once, when it comes, on the requester's own clocks."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from agents.planning import when
from agents.planning.when import Timing
from agents.planning.when.instants import shown
from agents.policies import Hours, Settings, next_local, not_quiet, settings_for
from agents.policies.hours import available_zones
from bot.listeners.front import Front
from storage.policy import Person

NIGHT_LEFT: Final = timedelta(hours=2)  # of quiet hours still to come
TOO_SOON: Final = (
    "You want this by {due}, but tonight's work begins on {begin}. Leave out the night, or name a later time; nothing was "
    "started."
)
NOT_STARTED: Final = "{unclear} Nothing was started: write it once more."


@dataclass(frozen=True)
class Read:
    """What a request says about time, for the person who wrote it. ``wrong``: it cannot be so, and nothing begins."""

    timing: Timing
    zone: str  # whose clocks were meant, such as Europe/Berlin
    begin_at: datetime | None = None  # aware; None: at once
    wrong: str = ""


def read(front: Front, request: str, person: Person, channel: str, now: datetime) -> Read:
    """Return what a new request says about time; ``now`` is when it was written."""
    settings, own = _settings(front, channel), hours(front, person.zone, channel)
    timing = when.read(request, now, ZoneInfo(own.zone))
    if timing.unclear:
        return Read(timing, own.zone, wrong=NOT_STARTED.format(unclear=timing.unclear))
    begin_at = _evening(settings, own, now) if timing.night else timing.start
    return _in_time(Read(timing, own.zone, begin_at))


def hours(front: Front, zone: str, channel: str) -> Hours:
    """Return the hours that count in a channel for somebody whose clocks are those of ``zone``, if it is known."""
    own = _settings(front, channel).hours
    return replace(own, zone=zone) if zone in available_zones() else own


def is_night(at: datetime, own: Hours) -> bool:
    """Return whether work that begins now is a night's: somebody's quiet hours go on for a while. At 7 it is morning."""
    return not_quiet(at, own) - at >= NIGHT_LEFT


def _settings(front: Front, channel: str) -> Settings:
    return settings_for(front.engine.policies.rules(), channel)


def _evening(settings: Settings, own: Hours, now: datetime) -> datetime | None:
    """Return when tonight's work starts; None when the night has begun already."""
    evening, morning = next_local(now, settings.night, own.zone), not_quiet(now, own)
    return None if now < morning < evening else evening


def _in_time(found: Read) -> Read:
    due, begin = found.timing.due, found.begin_at
    if due is None or begin is None or begin < due:
        return found
    told = {"due": shown(due, ZoneInfo(found.zone)), "begin": shown(begin, ZoneInfo(found.zone))}
    return replace(found, wrong=TOO_SOON.format(**told))
