"""Kinds of columns that rows share."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import JSON, Column, Field

from storage import clock


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, without its zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


def json_value(empty: type[Any] = dict) -> Any:  # noqa: ANN401  SQLModel's own Field has no narrower type
    """Return a column of JSON: an empty object at first, or an empty list with ``list``."""
    # a function of ours: the signature of a builtin is parsed anew for every row
    return Field(default_factory=lambda: empty(), sa_column=Column(JSON, nullable=False))


def moment(*, index: bool = False) -> Any:  # noqa: ANN401
    """Return a column of a moment, now at first."""
    return Field(default_factory=clock.now, sa_column=Column(Moment, nullable=False, index=index))


def maybe_moment() -> Any:  # noqa: ANN401
    """Return a column of a moment that may be missing."""
    return Field(default=None, sa_column=Column(Moment, nullable=True))


def prose() -> Any:  # noqa: ANN401
    """Return a column of text of any length, empty at first."""
    return Field(default="", sa_column=Column(Text, nullable=False))
