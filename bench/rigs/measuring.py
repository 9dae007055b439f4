"""A watch for wall and CPU time, and a counter of what does not depend on the machine."""

import time
from collections import Counter
from typing import Any

import sqlalchemy as sa


class Watch:
    """Wall and CPU milliseconds between moments."""

    def __init__(self) -> None:
        self._at = [self._now()]

    def lap(self) -> None:
        self._at.append(self._now())

    def figures(self) -> dict[str, float]:
        start, pause, end = self._at
        return {
            "cpu_to_pause": (pause[0] - start[0]) * 1e3, "wall_to_pause": (pause[1] - start[1]) * 1e3,
            "cpu_resume": (end[0] - pause[0]) * 1e3, "wall_resume": (end[1] - pause[1]) * 1e3,
        }  # fmt: skip

    def _now(self) -> tuple[float, float]:
        return time.process_time(), time.perf_counter()


class Counted:
    """Statements, and transactions that wrote, of every engine in this process."""

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()
        self._writing: set[int] = set()
        sa.event.listen(sa.Engine, "before_cursor_execute", self._statement)
        sa.event.listen(sa.Engine, "commit", self._commit)

    def _statement(self, connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
        self.found["statements"] += 1
        if not statement.lstrip().upper().startswith("SELECT"):
            self._writing.add(id(connection))

    def _commit(self, connection: sa.Connection) -> None:
        if id(connection) in self._writing:
            self.found["writes"] += 1
            self._writing.discard(id(connection))

    def close(self) -> None:
        sa.event.remove(sa.Engine, "before_cursor_execute", self._statement)
        sa.event.remove(sa.Engine, "commit", self._commit)
