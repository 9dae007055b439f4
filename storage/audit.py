"""The audit log as a whole, held against itself and against its anchors. Nothing is locked and nothing is written."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage import anchors, events
from storage.anchors import Anchor
from storage.errors import StorageError

MOST_TOLD: Final = 20  # sentences about lines; the rest are counted
TRIGGERS: Final = {  # and when each refuses, as the migrations made them, spaces aside
    "event_refuses_update": "BEFORE UPDATE ON event",
    "event_refuses_delete": "BEFORE DELETE ON event",
    "event_refuses_replace": "BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq)",
}
_REFUSES: Final = "BEGIN SELECT RAISE(ABORT, 'The audit log is never changed.'); END"


@dataclass(frozen=True)
class Findings:
    """What was found, in sentences."""

    wrong: tuple[str, ...]
    whole: tuple[str, ...]  # to be told when nothing is wrong


def verify(database: Path, home: Path, named: Sequence[str] = ()) -> Findings:
    """Look at the whole log.

    Args:
        database: The SQLite file; it may be in use.
        home: Where the file of anchors is.
        named: Anchors somebody kept elsewhere, such as ``412:9f3c2a7be1d0``.

    Raises:
        StorageError: There is no log to look at, or an anchor cannot be read; says what to do.
    """
    kept = [*anchors.read(home), *map(anchors.parse, named)]
    if not database.exists():
        raise StorageError(f"There is no database at {str(database)!r}: nothing has run there yet.")
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.execute("BEGIN")  # one view: a bot may be writing
        return look(connection, kept)
    except sqlite3.DatabaseError as broken:
        raise StorageError(f"{str(database)!r} cannot be used as the database: {broken}.") from broken
    finally:
        connection.close()


def look(connection: sqlite3.Connection, kept: Iterable[Anchor | str]) -> Findings:
    """Hold the log of an open database against its chain, its triggers and these anchors; a string is told as wrong."""
    known = list(kept)
    unreadable = [anchor for anchor in known if isinstance(anchor, str)]
    unlocked = _unlocked(connection)
    walked = _Walk([anchor for anchor in known if isinstance(anchor, Anchor)])
    walked.through(connection)
    return Findings((*walked.wrong(), *unlocked, *unreadable), walked.whole())


def _unlocked(connection: sqlite3.Connection) -> list[str]:
    """Return a sentence for every trigger that no longer refuses changes."""
    held = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
    )
    there = {name: " ".join(sql.split()) for name, sql in held}
    return [
        f"The audit log can be changed: its trigger {name!r} is gone or is another one."
        for name, when in TRIGGERS.items()
        if there.get(name) != f"CREATE TRIGGER {name} {when} {_REFUSES}"
    ]


class _Walk:
    """One way through the log, oldest line first, past its anchors."""

    def __init__(self, kept: Iterable[Anchor]) -> None:
        self._asked: dict[int, list[Anchor]] = defaultdict(list)  # those not passed yet, by line
        for anchor in kept:
            self._asked[anchor.seq].append(anchor)
        self._last = 0  # the line passed last
        self._said: list[str] = []
        self._unsaid = 0
        self._fitting = 0
        self._fits: Anchor | None = None  # the newest that fits
        self._strange: list[Anchor] = []  # those that fit no line, oldest first

    def through(self, connection: sqlite3.Connection) -> None:
        """Pass every line that can be read."""
        try:
            for seq, hashed, wrong in events.walk(connection):
                self._last = seq
                if wrong:
                    self._say(wrong)
                if seq in self._asked:
                    self._pass(seq, hashed)
        except sqlite3.DatabaseError as damaged:
            self._say((f"What follows line {self._last} of the audit log cannot be read: {damaged}.",))

    def _say(self, sentences: tuple[str, ...]) -> None:
        room = max(0, MOST_TOLD - len(self._said))
        self._said += sentences[:room]
        self._unsaid += len(sentences[room:])

    def _pass(self, seq: int, hashed: str) -> None:
        for anchor in self._asked.pop(seq):
            if str(hashed).startswith(anchor.hash):
                self._fits, self._fitting = anchor, self._fitting + 1
            else:
                self._strange.append(anchor)

    def wrong(self) -> Iterator[str]:
        """Yield what is wrong with the chain, then what its anchors say."""
        yield from self._said
        if self._unsaid:
            yield f"… and {self._unsaid:,} more findings like these."
        yield from self._mistaken() if self._vouched() else self._anew()
        if (furthest := max(self._asked, default=0)) > self._last:
            anchor = self._asked[furthest][0]
            yield f"Lines after {self._last} of the audit log are missing: there was a line {furthest}{_seen(anchor)}."

    def _vouched(self) -> bool:
        """Return whether a newer anchor fits a whole chain: then it is not the log that is wrong."""
        newest = self._strange[-1].seq if self._strange else 0
        return not self._said and self._fits is not None and self._fits.seq >= newest

    def _mistaken(self) -> Iterator[str]:
        for anchor in self._strange[:MOST_TOLD]:
            yield (
                f"The anchor {anchor.seq}:{anchor.hash} does not fit, but a newer one does: it was mistyped or changed, "
                "and not the log."
            )

    def _anew(self) -> Iterator[str]:
        if not self._strange:
            return
        fits = [anchor for anchor in [self._fits] if anchor and anchor.seq < self._strange[0].seq]
        since = f"after line {fits[0].seq}" if fits else "at its beginning or later"
        first, more = self._strange[0], len(self._strange) - 1
        others = f" {more:,} more {'anchor does' if more == 1 else 'anchors do'} not fit." if more else ""
        yield f"The audit log was written anew {since}: line {first.seq} is not the one there was{_seen(first)}.{others}"

    def whole(self) -> tuple[str, ...]:
        """Return what to say of a log with nothing wrong."""
        if not self._last:
            return ("The audit log is empty.",)
        lines = "1 line" if self._last == 1 else f"{self._last:,} lines, each follows the one before"
        return (f"The audit log is whole: {lines}, and it refuses changes.", self._anchored())

    def _anchored(self) -> str:
        if self._fits is None:
            return "It has no anchor yet, so nothing shows whether lines were cut off its end."
        fit = "Its anchor fits" if self._fitting == 1 else f"All its {self._fitting:,} anchors fit"
        after = self._last - self._fits.seq
        rest = f"; {after:,} after it {'has' if after == 1 else 'have'} none yet" if after else ""
        return f"{fit}; the newest is of line {self._fits.seq}{_seen(self._fits)}{rest}."


def _seen(anchor: Anchor) -> str:
    return f" on {anchor.at.day} {anchor.at:%b %Y, %H:%M} UTC" if anchor.at else ""
