"""When morning briefs come. A timer's id holds whom it is for and the day there, so that one comes once a day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from agents.policies import Hours, Settings, next_local, not_quiet
from agents.policies.hours import available_zones
from storage import timers
from storage.words import TimerKind

_DAYS: Final = 400  # looked through for a working day: longer than any holiday


@dataclass(frozen=True)
class Mornings:
    """The mornings of one person or channel.

    Args:
        who: A Slack id, such as U024BE7LH or C024BE91L.
        hours: When they work and when they are left alone.
        at: When briefs come, on the clocks there.
    """

    who: str
    hours: Hours
    at: time

    def after(self, moment: datetime) -> datetime:
        """Return the next morning after a moment."""
        return next_local(moment, self.at, self.hours.zone)

    def working_after(self, moment: datetime) -> datetime:
        """Return the next morning of a working day; where there is none in a year, the next morning."""
        found = (each for each in islice(self._all(moment), _DAYS) if self.hours.is_working_day(self._here(each).date()))
        return next(found, self.after(moment))

    def awake_at(self, moment: datetime) -> datetime:
        """Return the moment, or the end of the quiet hours it falls into."""
        return not_quiet(moment, self.hours)

    def timer_id(self, moment: datetime) -> str:
        """Return the id of the timer of this morning."""
        return f"{TimerKind.BRIEF}.{self._what(moment)}"

    async def plan(self, session: Any, moment: datetime) -> None:  # noqa: ANN401  bot does not know SQLAlchemy
        """Let a brief come this morning; the second time on the same day changes nothing."""
        await timers.set_(session, TimerKind.BRIEF, moment, self._what(moment), about={"who": self.who})

    def _what(self, moment: datetime) -> str:
        return f"{self.who}.{self._here(moment):%Y-%m-%d}"

    def _here(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.hours.zone))

    def _all(self, moment: datetime) -> Iterator[datetime]:
        while True:
            moment = self.after(moment)
            yield moment


def mornings_of(who: str, settings: Settings, zone: str = "") -> Mornings | None:
    """Return somebody's mornings, on the clocks of their own zone if it is known; None where no briefs are wanted."""
    if settings.brief is None:
        return None
    own = replace(settings.hours, zone=zone) if zone in available_zones() else settings.hours
    return Mornings(who, own, settings.brief)


def just_before(moment: datetime) -> datetime:
    """Return a moment a little earlier: a brief that came due since then is still this morning's."""
    return moment - timedelta(minutes=15)
