"""How the work of the last weeks came out, from the audit log and the installation's own working hours."""

from datetime import datetime, timedelta
from typing import Final

from agents.policies import PAGE, Hours, Policies, settings_for
from bot.settings import Settings
from storage import clock, outcomes
from storage.outcomes import Figures, Working

MOST_WEEKS: Final = 52


def figures(given: Settings, weeks: int = 4) -> Figures:
    """Return the figures of the weeks until now. A bot may be running; nothing is locked or written.

    Raises:
        StorageError: There is no log to read; says why.
        PolicyError: The page that says when people work cannot be used; says why.
    """
    rules = Policies(given.jidoka_home / PAGE).rules()
    return outcomes.of(given.database_path, clock.now(), weeks, working(settings_for(rules).hours))


def working(hours: Hours) -> Working:
    """Return how much working time lies between two moments."""

    def between(start: datetime, end: datetime) -> timedelta:
        total = timedelta()
        for stretch in hours.stretches(start):
            if stretch.begin >= end:
                break
            total += min(stretch.end, end) - stretch.begin
        return total

    return between
