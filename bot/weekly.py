"""The figures of the week: posted once in the channel the policy names, at the hour it names."""

from typing import Final
from zoneinfo import ZoneInfo

from agents.policies import next_weekly, settings_for
from bot.listeners.front import Front
from bot.listeners.worked import Worked
from bot.messages import text
from bot.messages.report import Report
from bot.pages import plot
from bot.patience import Patience
from storage import clock, outbox, timers
from storage.agenda import Timer
from storage.outcomes import Figures, Slower
from storage.words import MessageKind, TimerKind

KINDS: Final = (TimerKind.WEEKLY,)


class Weekly:
    """Does what is due of the weekly figures."""

    def __init__(self, front: Front, worked: Worked, first_rest_s: float = 5.0) -> None:
        self._front, self._worked = front, worked
        self._patience = Patience("The figures of the week", first_rest_s)
        self._planned = ""  # what the last timer set by this process was about

    async def work_off(self) -> None:
        """Plan the next week's figures, and queue those whose moment has come; missed weeks are one report."""
        async with self._front.database.read() as session:
            due = await timers.due(session, KINDS)
        if due:
            await self._patience.try_all({due[-1].about["channel"]: lambda: self._report(due)})
        await self._plan()

    async def _plan(self) -> None:
        """Set the timer of the next week, the same one however often: its id holds the channel and the day there."""
        settings = settings_for(self._front.engine.policies.rules())
        if not settings.report_channel or settings.weekly is None:
            return
        weekday, at = settings.weekly
        moment = next_weekly(clock.now(), weekday, at, settings.hours.zone)
        what = f"{settings.report_channel}.{moment.astimezone(ZoneInfo(settings.hours.zone)):%Y-%m-%d}"
        if what == self._planned:
            return
        async with self._front.database.write() as session:
            await timers.set_(session, TimerKind.WEEKLY, moment, what, about={"channel": settings.report_channel})
        self._planned = what

    async def _report(self, due: list[Timer]) -> None:
        """Queue one report for all that is due, where it is still wanted; what the timer was for is taken either way."""
        channel = str(due[-1].about["channel"])
        wanted = settings_for(self._front.engine.policies.rules())
        report = await self._made() if wanted.weekly and channel == wanted.report_channel else None
        async with self._front.database.write() as session:
            taken = [await timers.take(session, timer.id) for timer in due]
            if any(taken) and report is not None:
                outbox.say(session, MessageKind.FIGURES, channel=channel, text=report.model_dump_json())
        for listener in self._front.engine.changed:
            listener()

    async def _made(self) -> Report:
        figures = await self._worked.now()
        named = await self._front.people.names(_people(figures))
        picture = await plot.drawn(figures)
        return Report.of(figures, lambda user: text.escape(named.get(user, "somebody")), picture, plot.alt(figures))


def _people(figures: Figures) -> list[str]:
    """Return whom the figures speak of."""
    return [signal.person for signal in figures.signals if not isinstance(signal, Slower)]
