"""The audit log: appended in the transaction it describes, chained by hash, never changed."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC
from json.encoder import encode_basestring as _quoted
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage import clock, ids
from storage.database import execute, say_once_kept, table_of
from storage.tables import Event

FIRST: Final = "0" * 64  # what the first row follows
_HEAD: Final = "audit head"  # where a session keeps the hash of the line it wrote last
_EVENTS: Final = table_of(Event)
_ADD: Final = sa.insert(_EVENTS).values(payload=sa.type_coerce(sa.bindparam("text"), sa.Text()))
_NEWEST: Final = sa.select(_EVENTS.c.seq, _EVENTS.c.hash).order_by(_EVENTS.c.seq.desc()).limit(1)
_LINES: Final = (
    "SELECT seq, run_id, kind, by, at, payload, salt, payload_hash, previous, hash FROM event ORDER BY seq"
)
_write: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
).encode  # built once: half of a line's time otherwise (measured)
_read: Final = json.JSONDecoder().decode

Raw = tuple[int, str, str, str, str, str, str, str, str, str]  # a line as the file holds it


async def add(session: AsyncSession, kind: str, *, run_id: str = "", by: str = "", **payload: Any) -> None:  # noqa: ANN401  any JSON
    """Append one line, such as ``add(session, "run opened", run_id=…, by="U024BE7LH", route="line")``."""
    previous = session.info.get(_HEAD) or (await head(session))[1]
    row = sealed(previous, kind, payload, run_id=run_id, by=by)
    await execute(session, _ADD, row)
    session.info[_HEAD] = row["hash"]  # a session is one transaction, and only one writes at a time
    say_once_kept(session, kind, run=run_id, who=by)


def sealed(
    previous: str, kind: str, payload: Mapping[str, Any], *, run_id: str = "", by: str = ""
) -> dict[str, Any]:
    """Return the row of a new line that follows the line of hash ``previous``; its payload is ``text``, canonical."""
    salt, at, text = ids.secret(16), clock.now(), canonical(payload)
    payload_hash = _sha(salt + text)
    line = _line(run_id, kind, by, at.astimezone(UTC).isoformat(), payload_hash)
    about = {"run_id": run_id, "kind": kind, "by": by, "at": at, "text": text}
    chain = {"payload_hash": payload_hash, "previous": previous, "hash": _sha(previous + line)}
    return {**about, "salt": salt, **chain}


async def head(session: AsyncSession) -> tuple[int, str]:
    """Return number and hash of the newest line; of an empty log 0 and what its first line will follow."""
    newest = (await execute(session, _NEWEST)).one_or_none()
    return (newest.seq, newest.hash) if newest else (0, FIRST)


async def said(session: AsyncSession, run_id: str, *kinds: str) -> list[Event]:
    """Return a run's lines of these kinds, oldest first."""
    mine = sa.select(Event).where(Event.run_id == run_id, sa.column("kind").in_(kinds))  # type: ignore[arg-type]
    return list((await session.execute(mine.order_by(sa.column("seq")))).scalars())


async def broken(session: AsyncSession) -> list[str]:
    """Return a sentence for everything in the log that does not fit the chain; none means it is whole."""
    pooled = await (await session.connection()).get_raw_connection()
    connection: Any = pooled.driver_connection
    return [sentence for _, _, wrong in walk(connection) for sentence in wrong]


def walk(connection: sqlite3.Connection) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Yield every line's number, hash, and sentences about what is wrong with it, oldest line first.

    One line at a time is in memory, however long the log is.

    Raises:
        sqlite3.DatabaseError: The file is damaged: what follows cannot be read.
    """
    last, previous = 0, FIRST
    for row in connection.execute(_LINES):
        seq, hashed = row[0], row[-1]
        fits = seq == last + 1 and row[-2] == previous and _is_itself(row)
        yield seq, hashed, () if fits else _wrong(row, last, previous)
        last, previous = seq, hashed


def canonical(value: Mapping[str, Any]) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces."""
    return _write(value)


def digest(value: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a value's canonical text."""
    return _sha(canonical(value))


def _is_itself(row: Raw) -> bool:
    """Return whether a line's hashes are those of what it says; whatever else stands there is no line of ours."""
    _, run_id, kind, by, at, payload, salt, payload_hash, previous, hashed = row
    try:
        moment = at.replace(" ", "T").removesuffix(".000000") + "+00:00"  # as isoformat writes it
        line = _line(run_id, kind, by, moment, payload_hash)
        return hashed == _sha(previous + line) and (
            payload_hash == _sha(salt + payload)
            or payload_hash == _sha(salt + _write(_read(payload)))  # kept as another text of the same value
        )
    except (AttributeError, TypeError, ValueError, RecursionError):
        return False


def _wrong(row: Raw, last: int, previous: str) -> tuple[str, ...]:
    """Return what is wrong with a line that follows line ``last``."""
    seq, named = row[0], f"Line {row[0]} of the audit log ({str(row[2])[:80]})"
    said = []
    if seq > last + 1:
        said.append(_missing(last + 1, seq - 1))
    elif seq <= last or row[-2] != previous:
        said.append(
            f"{named} does not follow the one before: a line was taken out, put in, moved or written anew."
        )
    if not _is_itself(row):
        said.append(f"{named} was changed.")
    return tuple(said)


def _missing(first: int, last: int) -> str:
    if first == last:
        return f"Line {first} of the audit log is missing."
    return f"Lines {first} to {last} of the audit log are missing."


def _line(run_id: str, kind: str, by: str, at: str, payload_hash: str) -> str:
    """Return the canonical text of what a line's hash holds, without the way through a dict: that takes twice as long."""
    return (
        f'{{"at":{_quoted(at)},"by":{_quoted(by)},"kind":{_quoted(kind)},"payload_hash":{_quoted(payload_hash)},'
        f'"run_id":{_quoted(run_id)}}}'
    )


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
