"""The time, so that a test can stop it."""

from collections.abc import Callable
from datetime import UTC, datetime

_source: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731  a test hands in another


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _source()


def follow(source: Callable[[], datetime] | None) -> None:
    """Take the time from ``source``; None goes back to the machine's clock."""
    global _source
    _source = source or (lambda: datetime.now(UTC))
