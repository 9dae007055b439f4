"""Waiting for something to hold, and reading rows."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from storage.database import Database


async def until(holds: Callable[[], Any], seconds: float = 10) -> Any:
    """Return what ``holds()`` gives as soon as that is true; AssertionError when it never is."""
    end = asyncio.get_running_loop().time() + seconds
    while True:
        held = holds()
        held = await held if inspect.isawaitable(held) else held
        if held:
            return held
        assert asyncio.get_running_loop().time() < end, f"never came to hold within {seconds} s"
        await asyncio.sleep(0.02)


async def rows(database: Database, table: type[Any], **named: Any) -> list[Any]:
    """Return the rows of a table whose fields have these values."""
    async with database.read() as session:
        found = sa.select(table).filter_by(**named)
        return list((await session.execute(found)).scalars())
