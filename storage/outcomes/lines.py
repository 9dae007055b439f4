"""The lines of the audit log that figures are counted from."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

DECIDED: Final = {
    "checkpoint approved": "approve",
    "checkpoint sent back": "send_back",
    "checkpoint stopped": "stop",
    "checkpoint answered": "answer",
}
EXPIRED: Final = "checkpoint closed without an answer"
WITHDRAWN: Final = "checkpoint withdrawn"
ENDED: Final = ("run done", "run failed", "run stopped")
KINDS: Final = (
    "run opened",
    "routed",
    "plan fixed",
    "form begun",
    "checkpoint opened",
    "checkpoint seen",
    "people asked",
    "vote",
    *DECIDED,
    EXPIRED,
    WITHDRAWN,
    *ENDED,
    "run again",
    "run reopened",
    "handed over",
    "run accepted",
    "run refused",
)
_MARKS: Final = ",".join("?" * len(KINDS))
_LINES: Final = (
    f"SELECT seq, kind, run_id, by, at, payload FROM event WHERE seq > ? AND kind IN ({_MARKS}) ORDER BY seq"  # noqa: S608
)
_read: Final = json.JSONDecoder().decode


class Line(NamedTuple):
    """One line of the log."""

    seq: int
    kind: str
    run: str  # a run's id
    by: str  # a Slack user id, or empty for Jidoka itself
    at: datetime  # aware, UTC
    payload: Mapping[str, Any]

    def text(self, key: str) -> str:
        """Return what the line says under a key; empty when it says nothing."""
        return str(self.payload.get(key) or "")


def read(connection: sqlite3.Connection, after: int = 0) -> Iterator[Line]:
    """Yield the lines of these kinds that come after a number, oldest first. One at a time is in memory."""
    for seq, kind, run, by, at, payload in connection.execute(_LINES, (after, *KINDS)):
        yield Line(seq, kind, run, by, datetime.fromisoformat(f"{at}+00:00"), _read(payload))
