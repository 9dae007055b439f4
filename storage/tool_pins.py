"""What each tool of another program said of itself when it was allowed, and what it says now."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from storage import clock, events
from storage.columns import moment
from storage.errors import InvalidError, NotFoundError


class ToolPin(SQLModel, table=True):
    """One tool. It may be used while what it says is what was accepted."""

    __tablename__ = "tool_pin"

    name: str = Field(primary_key=True)  # as agents know it, such as tracker__search_issues
    accepted: str  # SHA-256 of the manifest
    offered: str  # of the one it has now
    by: str = ""  # who accepted it; empty: the operator's page, when it was seen first
    at: datetime = moment()


class Standing(StrEnum):
    """How what a tool says stands to what was accepted."""

    SAME = "same"
    NEW = "new"  # seen for the first time: the operator's page is the yes
    CHANGED = "changed"  # seen for the first time as it is now: an admin has to say yes
    OFF = "off"  # still as changed


async def see(session: AsyncSession, name: str, digest: str) -> Standing:
    """Hold what a tool says now against what was accepted; what is new or changed goes into the audit log."""
    pin = await session.get(ToolPin, name)
    if pin is None:
        session.add(ToolPin(name=name, accepted=digest, offered=digest, at=clock.now()))
        await events.add(session, "tool pinned", tool=name, manifest=digest)
        return Standing.NEW
    was, pin.offered = pin.offered, digest
    if pin.accepted == digest:
        return Standing.SAME
    if was == digest:
        return Standing.OFF
    await events.add(session, "tool changed", tool=name, manifest=digest, accepted=pin.accepted)
    return Standing.CHANGED


async def accept(session: AsyncSession, name: str, by: str) -> None:
    """Accept a tool as it is now.

    Raises:
        NotFoundError: There is no such tool.
        InvalidError: It is accepted already.
    """
    if (pin := await session.get(ToolPin, name)) is None:
        raise NotFoundError(f"No tool server offers {name!r}.")
    if pin.accepted == pin.offered:
        raise InvalidError(f"Nothing changed: {name!r} is as it was accepted.")
    pin.accepted, pin.by, pin.at = pin.offered, by, clock.now()
    await events.add(session, "tool accepted", by=by, tool=name, manifest=pin.offered)
