"""Bots that are ended by SIGKILL at a tick, forked from one parent that has everything imported.

``python -m tests.kill.victim`` reads a number a line: a fresh bot is started that ends at that tick (0: never). It
answers the bot's process id, and ``ended <id>`` when it is gone.

A tick is the moment before and after each commit on either database engine, each model request and each Slack request.
The real bot runs; only the places where ticks are counted are wrapped.
"""

import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.engine.default import DefaultDialect

import bot.__main__ as bot
from agents.models.client import Door
from storage.direct import DirectDialect

_at = 0
_ticks = 0


def tick() -> None:
    """Count one moment; the one that was asked for is the last."""
    global _ticks
    _ticks += 1
    if _ticks == _at:
        os.kill(os.getpid(), signal.SIGKILL)


def around(call: Callable[..., Any]) -> Callable[..., Any]:
    def ticked(*arguments: Any, **named: Any) -> Any:
        tick()
        done = call(*arguments, **named)
        tick()
        return done

    return ticked


def around_async(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def ticked(*arguments: Any, **named: Any) -> Any:
        tick()
        done = await call(*arguments, **named)
        tick()
        return done

    return ticked


def wrap() -> None:
    """Count ticks from now on."""
    DirectDialect.do_commit = around(DirectDialect.do_commit)  # type: ignore[method-assign]
    DefaultDialect.do_commit = around(DefaultDialect.do_commit)  # type: ignore[method-assign]
    Door.call = around_async(Door.call)  # type: ignore[method-assign]
    AsyncWebClient.api_call = around_async(AsyncWebClient.api_call)  # type: ignore[method-assign]


def start(at: int) -> int:
    """Return the id of a fresh bot that ends at this tick."""
    if pid := os.fork():
        return pid
    global _at
    _at = at
    os.dup2(2, 1)  # what the bot says is not an answer of ours
    sys.argv = ["bot"]
    code = bot.main()
    sys.stderr.write(f"ticks {_ticks}\n")
    sys.stderr.flush()
    os._exit(code)


def tell_when_gone(pid: int) -> None:
    os.waitpid(pid, 0)
    sys.stdout.write(f"ended {pid}\n")
    sys.stdout.flush()


def main() -> None:
    wrap()
    for line in sys.stdin:
        pid = start(int(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        threading.Thread(target=tell_when_gone, args=(pid,), daemon=True).start()


if __name__ == "__main__":
    main()
