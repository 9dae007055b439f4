"""Everything in one process, put together once: started in order, stopped in reverse."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from agents.engine.engine import Engine
from agents.models.client import OFFLINE_LABEL, OFFLINE_MODEL, Door
from agents.policies import PAGE, Policies
from agents.stations.web import Operators
from agents.tools.search import Endpoint
from agents.tools.servers import ToolServers
from agents.tools.web import Fetcher
from bot import app as bolt
from bot import identity, installed, listeners, logs
from bot import slack as slack_api
from bot.anchoring import Keeper
from bot.briefs import Briefs
from bot.clock import Clock, Deed
from bot.errors import StartError
from bot.faults import Faults
from bot.files import Files
from bot.inbox import Inbox
from bot.listeners.company import Company
from bot.listeners.front import Front
from bot.listeners.homes import Homes
from bot.listeners.worked import Worked
from bot.outbox import Outbox
from bot.pages import health
from bot.people import People
from bot.schedules import Schedules
from bot.settings import BEST_MODEL, Settings
from bot.slack import SlackCallError, UnclearError, done
from bot.telling import Telling
from bot.weekly import Weekly
from bot.workspace import keys
from bot.workspace import server as workspace
from bot.workspace.state import Site
from storage.database import Database
from storage.migrations import upgrade
from storage.outcomes import Log

KEPT_S: Final = 30 * 24 * 3_600  # how long the engine's own rows of ended stages stay
CLOSING_S: Final = 1  # for pages under way when the process ends

TOOL_CHANGED: Final = "The tool %s has changed and is off: `/jidoka tools` says what it says of itself now."
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Slack:
    """The workspace this process serves, and how it gets in."""

    api_url: str
    bot_token: str
    app_token: str


@dataclass(frozen=True)
class Running:
    """A process at work."""

    url: str  # the one address to open
    front: Front
    inbox: Inbox


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """Start everything in order; leaving the block stops it in reverse. The data must be this process's alone.

    Raises:
        StartError: Something is not there or not right; the message says what to do.
        StorageError: The database cannot be used.
    """
    installed.check_python()
    async with AsyncExitStack() as stack:
        database = await _database(stack, settings)
        web_app, socket_of = web.Application(), _Line()
        door_in = listen(settings.jidoka_host, settings.port)
        url = _address(settings.jidoka_host, door_in.getsockname()[1])
        slack, opened = _workspace(web_app, settings, url)
        health.add_routes(web_app, lambda: health.look(database, socket_of.client))
        await _serve(stack, web_app, door_in)
        front, inbox = await _bot(stack, settings, database, slack, socket_of)
        yield Running(opened, front, inbox)


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes a free one.

    Raises:
        StartError: The port is taken, or not ours to use.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.suppress(OSError):
        return socket.create_server((host, port), family=family, backlog=128)
    raise StartError(f"Port {port} on {host!r} cannot be used. Set PORT to a free one, or end what uses it.")


def open_door(settings: Settings) -> Door:
    """Return the way to models: Anthropic's, a compatible server's, or the offline engine's."""
    opened = partial(
        Door.open, api_key=settings.anthropic_api_key.get_secret_value(), base_url=settings.anthropic_base_url
    )
    if not settings.is_offline:
        return opened(fast=settings.jidoka_model_fast, strong=settings.jidoka_model_strong, best=BEST_MODEL)
    from agents.models.offline import transport  # its rules are loaded only where they work

    # by its own name, that has no price: else what is set aside for its calls would count as spent after a crash
    return opened(transport=transport(), fast=OFFLINE_MODEL, strong=OFFLINE_MODEL, best=OFFLINE_MODEL)


class _Line:
    """Where the page of health finds the connection, once there is one."""

    client: SocketModeClient | None = None


async def _database(stack: AsyncExitStack, settings: Settings) -> Database:
    await asyncio.to_thread(upgrade, settings.database_path)
    database = Database(settings.database_path)
    stack.push_async_callback(database.close)
    return database


def _workspace(app: web.Application, settings: Settings, url: str) -> tuple[Slack, str]:
    """Return the workspace to serve and the address to open: Slack's, or the built-in one on our own pages."""
    if settings.has_slack:
        bot, token = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
        return Slack(settings.slack_api_url, bot, token), f"{url}/healthz"
    secret = keys.kept(settings.jidoka_home)
    logs.set_up(settings.jidoka_log, [*settings.secrets(), secret.bot_token, secret.app_token, secret.start_token])
    site = Site(url, secret.bot_token, secret.app_token, secret.start_token)
    workspace.add_routes(app, settings.jidoka_home / "workspace.db", site)
    return Slack(f"{url}/api/", secret.bot_token, secret.app_token), f"{url}/?token={secret.start_token}"


async def _serve(stack: AsyncExitStack, app: web.Application, door: socket.socket) -> None:
    runner = web.AppRunner(app, shutdown_timeout=CLOSING_S, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, door).start()


async def _bot(
    stack: AsyncExitStack, settings: Settings, database: Database, slack: Slack, line: _Line
) -> tuple[Front, Inbox]:
    session = await stack.enter_async_context(slack_api.connections())
    client = slack_api.client(slack.bot_token, slack.api_url, session=session)
    me = await _identity(client, slack)
    keeper = Keeper(database, settings.jidoka_home)
    stack.push_async_callback(keeper.keep)  # once more, when the engine has ended
    engine = await _engine(stack, settings, database, slack)
    front = Front(engine, database, client, People(client), me)
    faults = Faults(client)
    worked = Worked(Log(settings.database_path), engine.policies)
    homes = Homes(front, worked.figures)
    inbox = Inbox(database, listeners.events(front, homes), faults)
    _beside(stack, engine, homes.run(), homes.wake)
    company = Company(front)
    _beside(stack, engine, company.run(), company.wake)
    await _outbox(stack, engine, front, OFFLINE_LABEL if settings.is_offline else "")
    _beside(stack, engine, keeper.run(), keeper.wake)
    await inbox.sweep(0)
    await _clock(stack, front, inbox, keeper, worked)
    line.client = await _connect(stack, bolt.build(front, inbox, faults, slack.bot_token), client, slack)
    return front, inbox


async def _identity(client: AsyncWebClient, slack: Slack) -> identity.Identity:
    try:
        return await identity.ask(client, slack.app_token)
    except SlackCallError as refused:
        raise _cannot("SLACK_BOT_TOKEN", "Copy it again from the app's page.", slack, refused) from refused


async def _engine(stack: AsyncExitStack, settings: Settings, database: Database, slack: Slack) -> Engine:
    door, catalog = open_door(settings), installed.read_catalog(settings)
    stack.push_async_callback(door.close)
    for problem in catalog.problems:
        log.warning("%s", problem)
    files = Files(slack.api_url, slack.bot_token)
    rules = Policies(settings.jidoka_home / PAGE, catalog)
    engine = Engine(
        database, door, catalog, fetcher=Fetcher(), outside=_outside(settings), read_file=files.read, policies=rules
    )
    for changed in await engine.pins.look():
        log.warning(TOOL_CHANGED, changed.name)
    await engine.start()
    stack.push_async_callback(engine.stop)
    return engine


def _outside(settings: Settings) -> Operators:
    """Return what the operator set up outside."""
    search = Endpoint(settings.jidoka_search_url) if settings.jidoka_search_url else None
    return Operators(search, ToolServers(installed.tool_servers(settings)))


async def _outbox(stack: AsyncExitStack, engine: Engine, front: Front, mode: str) -> None:
    outbox = Outbox(front.database, front.client, mode=mode, executor=engine.effects)
    _beside(stack, engine, outbox.run(), outbox.wake)


def _beside(stack: AsyncExitStack, engine: Engine, work: Coroutine[Any, Any, None], wake: Callable[[], None]) -> None:
    """Do endless work beside the engine, woken by every commit that may concern it."""
    stack.push_async_callback(_end, asyncio.create_task(work))
    engine.changed.append(wake)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _clock(stack: AsyncExitStack, front: Front, inbox: Inbox, keeper: Keeper, worked: Worked) -> None:
    """Do what came due while nobody was here, and then everything in its time."""
    engine = front.engine
    often: dict[str, Deed] = {"inbox sweep": inbox.sweep, "engine sweep": engine.sweep}
    nightly: dict[str, Deed] = {
        "inbox forgets": inbox.forget, "engine forgets": lambda: engine.forget(KEPT_S), "anchor": keeper.keep_daily,
    }  # fmt: skip
    due: dict[str, Deed] = {  # in this order: what begins and is asked, who is told of it, what a brief then says
        "people": partial(front.people.remember, front.database),
        "runs": engine.work_off,
        "schedules": Schedules(front).work_off,
        "who decides": Telling(front).work_off,
        "morning briefs": Briefs(front).work_off,
        "figures of the week": Weekly(front, worked).work_off,
    }
    clock = Clock(often, nightly, due)
    await clock.work_off()
    clock.start()
    stack.push_async_callback(clock.stop)


def _cannot(setting: str, do: str, slack: Slack, why: SlackCallError) -> StartError:
    if isinstance(why, UnclearError) or (code := getattr(why, "code", "")) == "ratelimited":
        return StartError(f"Slack cannot be reached at {slack.api_url!r} just now. Try again in a moment.")
    return StartError(f"Slack refuses {setting} ({code}). {do}")


async def _connect(
    stack: AsyncExitStack, app: AsyncApp, client: AsyncWebClient, slack: Slack
) -> SocketModeClient:
    """Open the socket, last of all: from here on people are heard."""
    try:
        opened = await done(client.apps_connections_open(app_token=slack.app_token))
    except SlackCallError as refused:
        raise _cannot("SLACK_APP_TOKEN", "It needs the scope 'connections:write'.", slack, refused) from refused
    handler = AsyncSocketModeHandler(app, slack.app_token, web_client=client)
    handler.client.wss_uri = opened["url"]
    stack.push_async_callback(handler.close_async)
    await handler.client.connect()  # type: ignore[no-untyped-call]
    return handler.client
