"""When a failed task is tried again, read from what its row says: "… Next attempt: 13:20 UTC."."""

import re
from datetime import datetime, timedelta
from typing import Final

from storage.tables import Task
from storage.words import TaskState

_AT: Final = re.compile(r" Next attempt: ([01]\d|2[0-3]):([0-5]\d) UTC\.\Z")
_RESTS: Final = frozenset({TaskState.BLOCKED, TaskState.QUEUED})
_HALF_A_DAY: Final = timedelta(hours=12)


def why(task: Task) -> str:
    """Return why the last attempt failed, without the moment of the next."""
    return _AT.sub("", task.error)


def next_at(task: Task, now: datetime) -> datetime | None:
    """Return when a resting task is tried again; None when it does not rest, or its time has come."""
    found = _AT.search(task.error) if task.failures and task.state in _RESTS else None
    if found is None:
        return None
    at = _nearest(now.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0), now)
    return at if at > now else None


def _nearest(at: datetime, now: datetime) -> datetime:
    """Return the same time of the day nearest to now: a rest is never longer than an hour."""
    if abs(at - now) <= _HALF_A_DAY:
        return at
    return at + timedelta(days=1 if at < now else -1)
