"""``/healthz``: whether this process can do its work, for people and for whatever watches over it."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Final

from aiohttp import web
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from storage import outbox
from storage.database import Database

SILENT_S: Final = 60  # Bolt pings every 10 s; a connection silent for longer is dead


@dataclass(frozen=True)
class Health:
    """What is well and what is not."""

    slack: bool  # connected, and heard from within a minute
    silent_s: int | None  # since Slack's last answer to a ping; None before the first
    database: bool
    refused_messages: int  # that Slack refused for good

    @property
    def ok(self) -> bool:
        """Whether requests are heard and kept."""
        return self.slack and self.database


Probe = Callable[[], Awaitable[Health]]


def add_routes(app: web.Application, probe: Probe) -> None:
    """Serve ``/healthz``: 200 while all is well, else 503; the body says which."""

    async def healthz(_request: web.Request) -> web.Response:
        health = await probe()
        return web.json_response({"ok": health.ok, **asdict(health)}, status=200 if health.ok else 503)

    app.router.add_get("/healthz", healthz)


async def look(database: Database, socket: SocketModeClient | None) -> Health:
    """Return the present health; before Slack is connected there is no socket."""
    silent = _silent_s(socket)
    connected = socket is not None and await socket.is_connected() and (silent is None or silent < SILENT_S)
    try:
        async with database.read() as session:
            refused = len(await outbox.dead(session))
    except OSError:
        return Health(connected, silent, database=False, refused_messages=0)
    return Health(connected, silent, database=True, refused_messages=refused)


def _silent_s(socket: SocketModeClient | None) -> int | None:
    heard = socket.last_ping_pong_time if socket is not None else None
    return None if heard is None else int(time.time() - heard)
