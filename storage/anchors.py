"""Anchors: lines of the audit log as they were seen outside the database.

The chain shows every change but two: lines cut off its end, and a log written anew from some line on. Whoever can do that
cannot change what left the database before: a file that only grows, and the small print of decided messages.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage import clock, events
from storage.checkpoints import ENDINGS
from storage.database import Database, execute, table_of
from storage.errors import StorageError
from storage.tables import Checkpoint, Event

FILE: Final = "anchors"  # in the home
SHORTEST: Final = 12  # hex digits of a hash that may stand for it
PRINTED: Final = 16  # … and that messages show
_LONGEST_LINE: Final = 256  # bytes
_NAMED: Final = re.compile(r"(?:audit )?([1-9]\d{0,17})(?::| · )([0-9a-f]{12,64})")
_EVENTS: Final = table_of(Event)
_CLOSINGS: Final = _EVENTS.c.kind.in_([f"checkpoint {ending}" for ending in ENDINGS.values()])
_OF_RUN: Final = (
    sa.select(_EVENTS.c.seq, _EVENTS.c.hash, _EVENTS.c.at, _EVENTS.c.payload)
    .where(_CLOSINGS, _EVENTS.c.run_id == sa.bindparam("run"))
    .order_by(_EVENTS.c.seq.desc())
)
_SINCE: Final = sa.select(_EVENTS.c.seq).where(_CLOSINGS, _EVENTS.c.seq > sa.bindparam("since")).limit(1)


@dataclass(frozen=True)
class Anchor:
    """A line's number and its hash."""

    seq: int
    hash: str  # 64 hex digits, or the first of them: 12 at least
    at: datetime | None = None  # when it was seen; None: nobody says

    def printed(self) -> str:
        """Return what a message shows of it, such as ``audit 412 · 9f3c2a7be1d04468``."""
        return f"audit {self.seq} · {self.hash[:PRINTED]}"


def parse(text: str) -> Anchor:
    """Return the anchor somebody names: ``412:9f3c2a7be1d0``, or as a message shows it.

    Raises:
        StorageError: It is none; says how one looks.
    """
    if (found := _NAMED.fullmatch(text.strip().lower())) is None:
        raise StorageError(
            f"{text!r} is no anchor. Write a line's number and at least {SHORTEST} digits of its hash, such as "
            "412:9f3c2a7be1d04468; the small print of every decided message holds both after the word audit."
        )
    return Anchor(int(found[1]), found[2])


async def of_decision(session: AsyncSession, checkpoint: Checkpoint) -> Anchor | None:
    """Return the line that closed a checkpoint, always the same one; None while it is open."""
    for line in await execute(session, _OF_RUN, {"run": checkpoint.run_id}):
        if line.payload.get("checkpoint") == checkpoint.id:
            return Anchor(line.seq, line.hash, line.at)
    return None


async def keep(database: Database, home: Path) -> Anchor | None:
    """Add the log's newest line to the file of anchors; None when it stands there already, or there is no line.

    Raises:
        StorageError: The file cannot be written; says why.
    """
    async with database.read() as session:
        seq, hashed = await events.head(session)
    return await asyncio.to_thread(_append, home, seq, hashed) if seq else None


async def keep_decided(database: Database, home: Path) -> Anchor | None:
    """Do the same, if a checkpoint was closed since the newest anchor."""
    last = await asyncio.to_thread(_newest, home)
    async with database.read() as session:
        seq, _ = await events.head(session)
        since = (
            last.seq if last and last.seq <= seq else 0
        )  # beyond the end: this is an older copy of the database
        decided = (await execute(session, _SINCE, {"since": since})).first() is not None
    return await keep(database, home) if decided else None


def read(home: Path) -> Iterator[Anchor | str]:
    """Yield the anchors of the file, oldest first; for a line that is none, a sentence.

    Raises:
        StorageError: The file cannot be read; says why.
    """
    path = home / FILE
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                yield _parsed(line) or (
                    f"Line {number} of {str(path)!r} is no anchor. If the machine lost its power while it was written, "
                    "take that line out; otherwise somebody has changed the file."
                )
    except FileNotFoundError:
        return
    except OSError as closed:
        raise StorageError(f"{str(path)!r} cannot be read: {closed.strerror}.") from closed


def _parsed(line: str) -> Anchor | None:
    named, _, at = line.strip().partition(" ")
    try:
        anchor = parse(named)
        return Anchor(anchor.seq, anchor.hash, datetime.fromisoformat(at))
    except (StorageError, ValueError):
        return None


def _newest(home: Path) -> Anchor | None:
    try:
        with (home / FILE).open("rb") as file:
            return _last(file.fileno())
    except OSError:
        return None  # there is none yet; or writing will say why it cannot be used


def _append(home: Path, seq: int, hashed: str) -> Anchor | None:
    """Write one more line and see it on the disk; None when it is the last one already."""
    moment, path = clock.now().replace(microsecond=0), home / FILE
    try:
        with _opened(path) as file:
            last = _last(file)
            if last is not None and (last.seq, last.hash) == (seq, hashed):
                return None
            _write(file, f"{seq}:{hashed} {moment.isoformat()}\n")
    except OSError as closed:
        raise StorageError(
            f"The audit log's anchor was not kept in {str(path)!r}: {closed.strerror}."
        ) from closed
    return Anchor(seq, hashed, moment)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """Open the file to add to it, made for its owner only; one at a time, whichever process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _last(file: int) -> Anchor | None:
    end = os.fstat(file).st_size
    tail = os.pread(file, _LONGEST_LINE, max(0, end - _LONGEST_LINE)).decode(errors="replace")
    return _parsed(tail.splitlines()[-1]) if tail.endswith("\n") else None


def _write(file: int, line: str) -> None:
    end = os.fstat(file).st_size
    torn = end > 0 and os.pread(file, 1, end - 1) != b"\n"  # a line the power failed in stays by itself
    text = ("\n" * torn + line).encode()
    if os.write(file, text) < len(text):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(file)
