"""The built-in workspace as a server: a Slack to the bot, a page to people."""

import asyncio
import contextlib
import logging
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.workspace import keys, manifest, seed
from bot.workspace.api import Api
from bot.workspace.errors import WorkspaceError
from bot.workspace.faults import Faults
from bot.workspace.guard import Handler, guarded
from bot.workspace.page import Page
from bot.workspace.responses import Responses
from bot.workspace.socket_mode import SocketMode
from bot.workspace.state import Json, Site, Workspace
from bot.workspace.store import Store
from bot.workspace.stream import Stream
from bot.workspace.transfers import Transfers

log = logging.getLogger(__name__)


def create_app(  # noqa: PLR0913 - three secrets, an address, and what tests replace
    database: Path,
    *,
    bot_token: str,
    app_token: str,
    start_token: str,
    url: str,
    faults: bool = False,
    now: Callable[[], float] = time.time,
    app_manifest: Mapping[str, Any] | None = None,
) -> web.Application:
    """Return the workspace as an application of its own.

    Args:
        database: The workspace's own SQLite file, such as ``$JIDOKA_HOME/workspace.db``.
        bot_token: What the bot's Web API calls carry, ``xoxb-…``.
        app_token: What opens Socket Mode, ``xapp-…``.
        start_token: What lets a browser in, as ``/?token=…``.
        url: Where it is reached, such as ``http://127.0.0.1:8765``.
        faults: Whether tests may break calls through ``/faults``.
        now: Seconds since 1970; the 3-second, 5-minute and 30-minute rules run on it.
        app_manifest: The app's slash commands and shortcuts; the repository's manifest.json when None.
    """
    app = web.Application()
    site = Site(url.rstrip("/"), bot_token=bot_token, app_token=app_token, start_token=start_token)
    add_routes(app, database, site, faults=faults, now=now, app_manifest=app_manifest)
    return app


def add_routes(
    app: web.Application,
    database: Path,
    site: Site,
    *,
    faults: bool = False,
    now: Callable[[], float] = time.time,
    app_manifest: Mapping[str, Any] | None = None,
) -> None:
    """Add the workspace to an application that serves other pages too; it starts and stops with it."""
    offered = manifest.read() if app_manifest is None else app_manifest
    workspace = Workspace(site, Store(database), now, offered)
    stream = Stream()
    delivery = SocketMode(workspace, lambda there: stream.tell_all({"type": "connected", "connected": there}))
    door = Faults(delivery.disconnect) if faults else None
    workspace.bot, workspace.people = delivery, stream
    seed.fill(workspace)
    for verb, path, handler in _routes(workspace, delivery, stream, door):
        app.router.add_route(verb, path, guarded(site, handler))
    app.cleanup_ctx.append(_running(workspace, delivery))
    app.on_shutdown.append(_closing(delivery, stream, door))


def _routes(
    workspace: Workspace, delivery: SocketMode, stream: Stream, door: Faults | None
) -> list[tuple[str, str, Handler]]:
    transfers, responses = Transfers(workspace), Responses(workspace)
    routes: list[tuple[str, str, Handler]] = [
        *Page(workspace, delivery, stream).routes(),
        ("*", "/api/{method}", Api(workspace, door).handle),
        ("GET", "/socket", delivery.accept),
        ("POST", "/upload/{ticket}", transfers.upload),
        ("GET", "/files/{file}/{name}", transfers.download),
        ("POST", "/response/{key}", responses.handle),
    ]
    if door is not None:
        routes += [("POST", "/faults", door.add), ("GET", "/faults/calls", door.calls)]
    return routes


def _running(workspace: Workspace, delivery: SocketMode) -> Callable[[web.Application], AsyncIterator[None]]:
    async def running(_: web.Application) -> AsyncIterator[None]:
        delivering = asyncio.create_task(delivery.run())
        delivering.add_done_callback(_say_why)
        yield
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)
        workspace.store.close()

    return running


def _closing(delivery: SocketMode, stream: Stream, door: Faults | None) -> Callable[[web.Application], Any]:
    async def closing(_: web.Application) -> None:
        if door is not None:
            door.close()
        await delivery.close()
        await stream.close()

    return closing


def _say_why(task: asyncio.Task[None]) -> None:
    """Log what ended the delivery of Slack events; without this it would end in silence."""
    if not task.cancelled() and task.exception() is not None:
        log.error("The workspace stopped delivering Slack events.", exc_info=task.exception())


@dataclass(frozen=True)
class Served:
    """A workspace that is being served."""

    url: str
    keys: keys.Keys
    runner: web.AppRunner

    def facts(self) -> Json:
        """Return what a bot and a browser need: addresses and tokens."""
        return {"url": self.url, "api_url": f"{self.url}/api/", **asdict(self.keys)}

    async def close(self) -> None:
        """Stop serving."""
        await self.runner.cleanup()


async def serve(home: Path, host: str, port: int, *, faults: bool = False) -> Served:
    """Serve the workspace of this home until `close`; port 0 takes a free one.

    Raises:
        WorkspaceError: The port is taken, or the keys cannot be read.
    """
    secret = keys.kept(home)
    door = _listen(host, port)
    shown = "127.0.0.1" if host in ("", "0.0.0.0") else host  # noqa: S104 - compared, not bound
    url = f"http://{shown}:{door.getsockname()[1]}"
    app = create_app(home / "workspace.db", url=url, faults=faults, **asdict(secret))
    runner = web.AppRunner(app, shutdown_timeout=2, access_log=None)
    await runner.setup()
    await web.SockSite(runner, door).start()
    return Served(url, secret, runner)


def _listen(host: str, port: int) -> socket.socket:
    with contextlib.suppress(OSError):
        return socket.create_server((host, port), backlog=128)
    raise WorkspaceError(
        f"Port {port} on {host!r} cannot be used. Set PORT to a free one, or end what uses it."
    )
