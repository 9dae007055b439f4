"""What the model server remembers of every request, one JSON line each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

_HIDDEN: Final = frozenset({"authorization", "x-api-key", "cookie"})


@dataclass(frozen=True)
class Call:
    """One request as it came, and what it got."""

    order: int  # from 1, in the order of arrival
    at: str  # ISO 8601, UTC
    since_start_s: float
    path: str
    digest: str  # sha256 of the body's bytes
    status: int = 0  # 0: the connection was closed, or nothing was sent
    run: str = ""
    task: str = ""
    station: str = ""
    attempt: str = ""
    role: str = ""
    schema: str = ""
    call: int = 0  # number among the different requests of (run, role, task, schema)
    sent: int = 1  # how often these very bytes have come so far, this time included
    repeat: bool = False  # the same bytes were answered before: paid twice
    model: str = ""
    input_tokens: int = 0  # an estimate, as in the answer's usage
    output_tokens: int = 0
    latency_ms: int = 0
    line: int = 0  # the script's line that served it; 0 is none
    fault: str = ""
    refused: str = ""  # the rule that the request breaks
    unscripted: str = ""  # why the script has no answer
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    answer: Any = None


class Log:
    """The file of calls; every line is on its way to the disk before the answer leaves."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")

    def write(self, call: Call) -> None:
        """Append the call."""
        self._file.write(json.dumps(asdict(call), ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read(path: Path) -> list[Call]:
    """Return the calls of a log, oldest first."""
    if not path.exists():
        return []
    return [Call(**json.loads(line)) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def shown(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with secrets as digests."""
    return {
        name.lower(): _digest(value) if name.lower() in _HIDDEN else value for name, value in headers.items()
    }


def _digest(value: str) -> str:
    return f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"
