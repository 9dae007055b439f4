"""A clock that stands still until a test moves it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from storage import clock


class Watch:
    """The time of a test.

    Args:
        text: The first moment, in UTC, such as "2026-11-23 21:00".
    """

    def __init__(self, text: str) -> None:
        self.now = at(text)

    def forward(self, **lasted: float) -> None:
        """Let time pass, such as ``forward(hours=2)``; backwards too."""
        self.now += timedelta(**lasted)

    def show(self, text: str) -> None:
        """Let it be this moment, in UTC."""
        self.now = at(text)


def at(text: str) -> datetime:
    """Return a moment in UTC, such as "2026-11-23 21:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@contextmanager
def watch(text: str) -> Iterator[Watch]:
    """Let the product's clock show what the test says."""
    shown = Watch(text)
    clock.follow(lambda: shown.now)
    try:
        yield shown
    finally:
        clock.follow(None)
