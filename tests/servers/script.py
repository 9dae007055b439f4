"""The script of the model server: lines that say who is answered what.

A line is an object::

    {"when": {"role": "critic", "call": 2}, "reply": {"json": {...}}}

* ``when``: ``run``, ``task``, ``station``, ``attempt``, ``role``, ``schema`` (patterns, ``research-*``),
  ``call`` (a number), ``tool`` (one that must be offered), ``contains`` (text of the last user message).
  Nothing: any request.
* ``reply``: ``{"text": …}``, ``{"json": …}`` or ``{"blocks": […]}``, also ``stop_reason``, ``usage`` and
  ``stop_details``; filled as ``filling`` says. A mere string is text.
* ``fault``: ``{"status": 429, "retry_after": 2, "times": 2}`` or ``{"type": "refusal"}`` (see ``faults``).
  ``times`` is how often each request meets a fault of the wire (``"*"``: always); then the line's reply
  follows or, where there is none, the next line that fits. A fault of the content changes the line's reply.
* ``mode``: a way to misbehave (``modes``), instead of a reply.
* ``times``: how many different requests the line may serve (1; ``"*"``: any number, none too).
* ``latency_ms``: how long an answer takes.
* ``batch``: how the call fares when it comes in a message batch (``batches``).

The first line that fits and is not used up serves a request. A request answered before and sent again, byte
for byte, gets the same answer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final

from tests.servers.asked import Asked
from tests.servers.faults import CONTENT, NEEDS_REPLY, STATUS_TYPE, TRANSPORT
from tests.servers.filling import ScriptError
from tests.servers.modes import MODES

_KEYS: Final = {"when", "reply", "fault", "mode", "times", "latency_ms", "batch"}
_STEPS: Final = ("create", "list", "look", "read", "cancel")
_BATCH: Final = {"polls", "result", "error", "cancelled", *_STEPS}
_RESULTS: Final = {"succeeded", "errored", "expired", "canceled", "missing"}
_CANCELLED: Final = {"canceled", "succeeded", "stuck"}
_STEP_FAULTS: Final = {"lost", "drop", "html", "broken"}
_PATTERNS: Final = ("run", "task", "station", "attempt", "role", "schema")
_WHEN: Final = {*_PATTERNS, "call", "tool", "contains"}
_REPLY: Final = {"text", "json", "blocks"}
_FAULT: Final = {"status", "type", "times", "retry_after", "error_code", "message", "should_retry"}


@dataclass(frozen=True)
class Line:
    """One line of a script; ``times`` is None where it may serve any number."""

    number: int  # from 1
    when: dict[str, Any] = field(default_factory=dict)
    reply: dict[str, Any] | None = None
    fault: dict[str, Any] | None = None
    mode: str = ""
    times: int | None = 1
    latency_ms: int = 0
    batch: dict[str, Any] = field(default_factory=dict)

    def fits(self, asked: Asked, call: int) -> bool:
        """Return whether this line may answer the request."""
        named = all(fnmatchcase(getattr(asked, name), self.when.get(name, "*")) for name in _PATTERNS)
        offered = self.when.get("tool") is None or self.when["tool"] in asked.tools
        return (
            named
            and offered
            and call == self.when.get("call", call)
            and self.when.get("contains", "") in asked.last
        )

    @property
    def fault_times(self) -> int | None:
        """Return how often each request meets the fault; None is always, 0 is never."""
        times = (self.fault or {"times": 0}).get("times", 1)
        return None if times == "*" else int(times)


class Script:
    """The lines and how often each was used."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self._served: Counter[int] = Counter()

    def choose(self, asked: Asked, call: int, without: set[int]) -> Line:
        """Return the first line that fits, and use it once; ``without`` numbers lines not to take."""
        for line in self.lines:
            left = line.times is None or self._served[line.number] < line.times
            if left and line.number not in without and line.fits(asked, call):
                self._served[line.number] += 1
                return line
        raise ScriptError(
            f"No line of the script answers role {asked.role!r}, task {asked.task!r}, call {call}, "
            f"schema {asked.schema!r}, attempt {asked.attempt!r}."
        )


def read(raw: object) -> list[Line]:
    """Return the lines of a script.

    Raises:
        ScriptError: Something is not written as above; says which line.
    """
    if not isinstance(raw, list):
        raise ScriptError("A script is a list of lines.")
    return [_line(number, line) for number, line in enumerate(raw, start=1)]


def _line(number: int, raw: Any) -> Line:
    _known(number, raw, _KEYS, "key")
    when, fault = raw.get("when", {}), raw.get("fault")
    _known(number, when, _WHEN, "condition")
    times = raw.get("times", 1)
    line = Line(
        number=number,
        when=when,
        reply=_reply(number, raw.get("reply")),
        fault=None if fault is None else _fault(number, fault),
        mode=_one_of(number, raw.get("mode", ""), {"", *MODES}, "mode"),
        times=None if times == "*" else int(times),
        latency_ms=int(raw.get("latency_ms", 0)),
        batch=_batch(number, raw.get("batch", {})),
    )
    if line.reply is None and line.fault is None and not line.mode:
        raise ScriptError(f"Line {number} of the script has no reply, no fault and no mode.")
    if line.reply is None and not line.mode and (fault or {}).get("type") in NEEDS_REPLY:
        raise ScriptError(f"Line {number} of the script has a fault of an answer, but no reply and no mode.")
    return line


def _reply(number: int, raw: Any) -> dict[str, Any] | None:
    if raw is None or isinstance(raw, str):
        return None if raw is None else {"text": raw}
    _known(number, raw, {*_REPLY, "stop_reason", "usage", "stop_details"}, "part of a reply")
    if len(_REPLY & set(raw)) != 1:
        raise ScriptError(
            f"Line {number} of the script needs exactly one of 'text', 'json' and 'blocks' in its reply."
        )
    return dict(raw)


def _fault(number: int, raw: Any) -> dict[str, Any]:
    _known(number, raw, _FAULT, "part of a fault")
    if "status" in raw:
        _one_of(number, raw["status"], set(STATUS_TYPE), "status")
    else:
        _one_of(number, raw.get("type"), {*CONTENT, *TRANSPORT}, "fault")
    return dict(raw)


def _batch(number: int, raw: Any) -> dict[str, Any]:
    _known(number, raw, _BATCH, "word about a batch")
    _one_of(number, raw.get("result", "succeeded"), _RESULTS, "result")
    _one_of(number, raw.get("cancelled", "canceled"), _CANCELLED, "end of a cancel")
    for fault in (raw[step] for step in _STEPS if step in raw):
        _known(number, fault, _FAULT, "part of a fault")
        if "status" in fault:
            _one_of(number, fault["status"], set(STATUS_TYPE), "status")
        else:
            _one_of(number, fault.get("type"), _STEP_FAULTS, "fault of a step")
    return dict(raw)


def _known(number: int, raw: Any, names: set[str], kind: str) -> None:
    if not isinstance(raw, dict):
        raise ScriptError(f"Line {number} of the script: {raw!r} should be an object.")
    for name in raw:
        _one_of(number, name, names, kind)


def _one_of(number: int, value: Any, known: set[Any], kind: str) -> Any:
    if value not in known:
        raise ScriptError(
            f"Line {number} of the script: {value!r} is no {kind} I know. Known: {sorted(known)}."
        )
    return value
