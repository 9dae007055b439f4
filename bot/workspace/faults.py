"""The fault door for tests: makes Web API calls store their effect and then break, or refuse them with 429."""

import asyncio
import contextlib
import socket
import struct
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.workspace.state import Json
from bot.workspace.store import dump
from bot.workspace.wire import Arguments

KINDS: Final = ("reset_after", "close_after", "500_after", "fatal_error_after", "timeout_after", "429")
_MOST_CALLS: Final = 10_000  # kept in memory
_LONGEST_SUMMARY: Final = 200  # characters of an argument
_HANGS_S: Final = 120.0
_LINGER_NOT: Final = struct.pack("ii", 1, 0)  # closing sends a reset at once


@dataclass
class Fault:
    """What goes wrong with the next calls of a method."""

    method: str  # "*" for every method
    kind: str
    times: int = 1
    retry_after: int = 1  # seconds, for 429
    match: str | Json = ""  # text the arguments hold, or arguments with these values

    def fits(self, method: str, arguments: Arguments) -> bool:
        """Tell whether this call is to break."""
        if self.times <= 0 or self.method not in ("*", method):
            return False
        if isinstance(self.match, dict):
            return all(arguments.get(name) == value for name, value in self.match.items())
        return self.match in dump(dict(arguments.values))


class Faults:
    """Faults to come, and every call received."""

    def __init__(self, disconnect: Callable[[str], Awaitable[None]]) -> None:
        """Begin with no faults and no calls; `disconnect` asks the bot to connect anew, for a reason."""
        self._disconnect = disconnect
        self._coming: list[Fault] = []
        self._calls: deque[Json] = deque(maxlen=_MOST_CALLS)
        self._closing = asyncio.Event()

    def take(self, method: str, arguments: Arguments) -> Fault | None:
        """Note a call, and return what goes wrong with it."""
        fault = next((one for one in self._coming if one.fits(method, arguments)), None)
        if fault is not None:
            fault.times -= 1
        kind = fault.kind if fault else ""
        self._calls.append(
            {"method": method, "arguments": _summary(arguments), "at": time.time(), "fault": kind}
        )
        return fault

    def close(self) -> None:
        """Let go of every call that hangs."""
        self._closing.set()

    async def add(self, request: web.Request) -> web.Response:
        """`POST /faults`: the next matching calls break.

        `{"kind": "disconnect", "reason": …}` asks the bot to connect anew now, as Slack does from time to time;
        `{"clear": true}` forgets faults and calls.
        """
        wanted = await request.json()
        if wanted.get("clear"):
            self._coming.clear()
            self._calls.clear()
            return web.json_response({"ok": True})
        if wanted.get("kind") == "disconnect":
            await self._disconnect(str(wanted.get("reason", "refresh_requested")))
            return web.json_response({"ok": True})
        if wanted.get("kind") not in KINDS:
            return web.json_response(
                {"ok": False, "error": f"kind must be one of {', '.join(KINDS)}"}, status=400
            )
        allowed = ("method", "kind", "times", "retry_after", "match")
        self._coming.append(Fault(**{name: wanted[name] for name in allowed if name in wanted}))
        return web.json_response({"ok": True})

    async def calls(self, request: web.Request) -> web.Response:
        """`GET /faults/calls[?method=…]`: every Web API call received, the oldest first."""
        method = request.query.get("method")
        return web.json_response([call for call in self._calls if method in (None, call["method"])])

    async def break_(self, fault: Fault, request: web.Request) -> web.Response:
        """Break an answer whose effect is stored, the way the fault says."""
        if fault.kind == "fatal_error_after":
            return web.json_response({"ok": False, "error": "fatal_error"})
        if fault.kind == "500_after":
            return web.Response(status=500, text="Internal Server Error")
        if fault.kind == "timeout_after":
            await self._hang(request)
        _drop(request, reset=fault.kind == "reset_after")
        return web.Response(status=500)

    async def _hang(self, request: web.Request) -> None:
        end = time.monotonic() + _HANGS_S
        while time.monotonic() < end and not self._closing.is_set() and _alive(request):
            with contextlib.suppress(TimeoutError):  # nobody tells a handler that its caller went
                async with asyncio.timeout(0.05):
                    await self._closing.wait()


def too_many(fault: Fault) -> web.Response:
    """Return Slack's answer to a call that comes too soon; the call is not executed."""
    answer = {"ok": False, "error": "ratelimited"}
    return web.json_response(answer, status=429, headers={"Retry-After": str(fault.retry_after)})


def _alive(request: web.Request) -> bool:
    return request.transport is not None and not request.transport.is_closing()


def _drop(request: web.Request, *, reset: bool) -> None:
    transport = request.transport
    if transport is None:
        return
    if reset:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        transport.abort()
    else:
        transport.close()


def _summary(arguments: Arguments) -> Json:
    return {name: _short(value) for name, value in arguments.values.items() if name != "token"}


def _short(value: object) -> object:
    if isinstance(value, str) and len(value) > _LONGEST_SUMMARY:
        return f"{value[:_LONGEST_SUMMARY]}… ({len(value)} characters)"
    return value
