"""The audit log: appended in the transaction it describes, chained by hash, never changed."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import clock, ids
from storage.database import execute, table_of
from storage.tables import Event

FIRST: Final = "0" * 64  # what the first row follows
_HEAD: Final = "audit head"  # where a session keeps the hash of the line it wrote last
_EVENTS: Final = table_of(Event)
_ADD: Final = sa.insert(_EVENTS)
_NEWEST: Final = sa.select(_EVENTS.c.hash).order_by(_EVENTS.c.seq.desc()).limit(1)


async def add(session: AsyncSession, kind: str, *, run_id: str = "", by: str = "", **payload: Any) -> None:  # noqa: ANN401  any JSON
    """Append one line, such as ``add(session, "run opened", run_id=…, by="U024BE7LH", route="line")``."""
    previous = session.info.get(_HEAD) or await _head(session)
    salt, at = ids.secret(16), clock.now()
    hashed = _sha(salt + canonical(payload))
    line = {"run_id": run_id, "kind": kind, "by": by, "at": at.isoformat(), "payload_hash": hashed}
    row = {"salt": salt, "payload": payload, "previous": previous, "hash": _sha(previous + canonical(line))}
    await execute(session, _ADD, {**line, "at": at, **row})
    session.info[_HEAD] = row["hash"]  # a session is one transaction, and only one writes at a time


async def _head(session: AsyncSession) -> str:
    return (await execute(session, _NEWEST)).scalar() or FIRST


async def broken(session: AsyncSession) -> list[str]:
    """Return a sentence for every line of the log that does not fit the chain; none means it is whole."""
    previous, wrong = FIRST, []
    for row in (await session.execute(sa.select(Event).order_by(col(Event.seq)))).scalars():
        wrong += [f"Event {row.seq} ({row.kind}) was changed or does not follow the one before."] * (
            not _fits(row, previous)
        )
        previous = row.hash
    return wrong


def canonical(value: Mapping[str, Any]) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def digest(value: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a value's canonical text."""
    return _sha(canonical(value))


def _fits(row: Event, previous: str) -> bool:
    hashed = _sha(row.salt + canonical(row.payload))
    line = {
        "run_id": row.run_id,
        "kind": row.kind,
        "by": row.by,
        "at": row.at.isoformat(),
        "payload_hash": row.payload_hash,
    }
    return (
        row.previous == previous
        and row.payload_hash == hashed
        and row.hash == _sha(previous + canonical(line))
    )


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
