"""The bot, ended by SIGKILL at a tick: ``python -m tests.kill.victim 17``.

A tick is the moment before and after each commit on either database engine, each model request and each Slack request.
The real bot runs; only the places where ticks are counted are wrapped.
"""

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.engine.default import DefaultDialect

from agents.models.client import Door
from storage.direct import DirectDialect

AT = int(sys.argv[1])
_ticks = 0


def tick() -> None:
    """Count one moment; the one that was asked for is the last."""
    global _ticks
    _ticks += 1
    if _ticks == AT:
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


DirectDialect.do_commit = around(DirectDialect.do_commit)  # type: ignore[method-assign]
DefaultDialect.do_commit = around(DefaultDialect.do_commit)  # type: ignore[method-assign]
Door.call = around_async(Door.call)  # type: ignore[method-assign]
AsyncWebClient.api_call = around_async(AsyncWebClient.api_call)  # type: ignore[method-assign]

if __name__ == "__main__":
    from bot.__main__ import main

    sys.argv = sys.argv[:1]
    sys.exit(main())
