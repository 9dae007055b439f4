"""What the workspace's own page asks for: who is there, what is unread, and what people do in Slack's client."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.workspace import (
    api,
    channels,
    events,
    guard,
    interactions,
    people,
    permalinks,
    samples,
    unread,
    views,
    zones,
)
from bot.workspace.errors import SlackError
from bot.workspace.identities import APP_ID, BOT_ID, BOT_NAME, BOT_USER, GROUPS, PEOPLE, TEAM, Person
from bot.workspace.interactions import Interactions
from bot.workspace.socket_mode import SocketMode
from bot.workspace.state import Json, Workspace
from bot.workspace.stream import Stream

STATIC: Final = Path(__file__).parent / "static"
_Deed = Callable[[str, Json], Awaitable[Json]]


class Page:
    """Answers `/` and `/page/*`; every request needs the cookie, and names the person by their token."""

    def __init__(self, workspace: Workspace, socket: SocketMode, stream: Stream) -> None:
        """Show this workspace."""
        self._workspace = workspace
        self._socket = socket
        self._stream = stream
        self._interactions = Interactions(workspace, socket)

    def routes(self) -> list[tuple[str, str, guard.Handler]]:
        """Return the page's routes: verb, path, handler."""
        doing = self._interactions
        deeds: dict[str, _Deed] = {
            "action": doing.press,
            "submit": doing.submit,
            "close": doing.close,
            "command": doing.command,
            "shortcut": doing.shortcut,
            "home": self._home,
            "read": self._read,
            "stop": self._stop,
        }
        return [
            ("GET", "/", self.index),
            ("GET", "/static/{name:[^{}]+}", self.static),
            ("GET", "/archives/{channel}/{stamp}", self.archive),
            ("GET", "/page/boot", self.boot),
            ("GET", "/page/stream", self.stream),
            ("GET", "/page/samples/{folder}/{name}", self.sample),
            *(("POST", f"/page/{name}", self._doing(deed)) for name, deed in deeds.items()),
        ]

    async def index(self, request: web.Request) -> web.StreamResponse:
        """Return the page; with the right `?token=` let the browser in first."""
        site = self._workspace.site
        if guard.starts(site, request.query.get("token", "")):
            welcome = web.Response(status=303, headers={"Location": "/"})
            guard.let_in(site, welcome)
            return welcome
        if not guard.has_cookie(site, request):
            return web.Response(
                status=403, text="Open the address that was printed at the start; it carries the key."
            )
        headers = {"Content-Security-Policy": guard.policy(request), "Cache-Control": "no-cache"}
        return web.FileResponse(_static("index.html"), headers=headers)

    async def archive(self, request: web.Request) -> web.StreamResponse:
        """Lead from a permalink to the page, which jumps to the message."""
        place = permalinks.place(request.match_info["channel"], request.match_info["stamp"], request.query)
        if not place:
            raise web.HTTPNotFound(text="This is not the address of a message.")
        return web.Response(status=303, headers={"Location": f"/#/{place}"})

    async def static(self, request: web.Request) -> web.StreamResponse:
        """Return one of the page's own files."""
        headers = {"Content-Security-Policy": guard.policy(request), "Cache-Control": "no-cache"}
        return web.FileResponse(_static(request.match_info["name"]), headers=headers)

    async def boot(self, request: web.Request) -> web.Response:
        """Return all the page needs to begin, as the person sees it."""
        user = self._person(request)
        workspace = self._workspace
        rows = [
            row
            for row in channels.listed(workspace, user, {"channel", "im"})
            if channels.is_member(workspace, row["id"], user)
        ]
        return web.json_response(
            {
                "ok": True,
                "team": TEAM,
                "people": [_person(person, workspace.now()) for person in PEOPLE],
                "groups": [asdict(group) for group in GROUPS],
                "bot": {"id": BOT_USER, "name": BOT_NAME, "bot_id": BOT_ID, "app_id": APP_ID},
                "channels": [unread.entry(workspace, row, user) for row in rows],
                "samples": samples.listed(),
                "commands": interactions.commands(workspace),
                "shortcuts": interactions.shortcuts(workspace),
                "gaps": api.gaps(workspace),
                "connected": self._socket.connected,
            }
        )

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Serve the live updates of one person."""
        if not guard.has_cookie(self._workspace.site, request):
            raise web.HTTPForbidden(
                text="Open the address that was printed at the start; it carries the key."
            )
        user = request.query.get("as", "")
        if user not in people.BY_ID:
            raise web.HTTPNotFound(text=f"Nobody here is called {user!r}.")
        return await self._stream.accept(
            request, user, {"type": "connected", "connected": self._socket.connected}
        )

    async def sample(self, request: web.Request) -> web.StreamResponse:
        """Return one sample file's bytes."""
        self._person(request)
        path = samples.find(request.match_info["folder"], request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound(text="There is no such sample file.")
        headers = {"Content-Disposition": "attachment", "Content-Type": "application/octet-stream"}
        return web.Response(body=path.read_bytes(), headers=headers)

    async def _home(self, user: str, asked: Json) -> Json:
        tab = str(asked.get("tab"))
        if tab not in ("home", "messages"):
            raise SlackError("invalid_tab")
        with self._workspace.transaction():
            view = views.home(self._workspace, user)
            event: Json = {
                "type": "app_home_opened",
                "user": user,
                "channel": people.BY_ID[user].dm,
                "tab": tab,
            }
            event |= {"view": view} if view and tab == "home" else {}
            events.emit(self._workspace, {**event, "event_ts": self._workspace.stamp()})
        return {"ok": True, "view": view}

    async def _read(self, user: str, asked: Json) -> Json:
        with self._workspace.transaction():
            channel = channels.joined(self._workspace, str(asked.get("channel")), user)["id"]
            unread.mark(self._workspace, user, channel, str(asked.get("ts")))
            counts = unread.counts(self._workspace, user, channel)
            self._workspace.tell([user], {"type": "unread", "channel": channel, **counts})
        return {"ok": True, **counts}

    async def _stop(self, user: str, asked: Json) -> Json:
        with self._workspace.transaction():
            channel = channels.joined(self._workspace, str(asked.get("channel")), user)["id"]
            event = {
                "type": "agent_session_stopped",
                "channel": channel,
                "user": user,
                "streaming_message_ts": [],
            }
            event |= {"thread_ts": str(asked.get("thread_ts")), "event_ts": self._workspace.stamp()}
            events.emit(self._workspace, event)
        return {"ok": True}

    def _doing(self, deed: _Deed) -> guard.Handler:
        """Return a handler that does what the body says, as the person the token names."""

        async def handle(request: web.Request) -> web.StreamResponse:
            user = self._person(request)
            try:
                asked = json.loads(await request.text())
                return web.json_response(await deed(user, asked if isinstance(asked, dict) else {}))
            except ValueError:
                return web.json_response({"ok": False, "error": "invalid_json"})
            except SlackError as error:
                return web.json_response(error.answer())

        return handle

    def _person(self, request: web.Request) -> str:
        """Return the user id of the person a request names.

        Raises:
            web.HTTPForbidden: The cookie is missing.
            web.HTTPUnauthorized: No person's token is in the Authorization header.
        """
        if not guard.has_cookie(self._workspace.site, request):
            raise web.HTTPForbidden(
                text="Open the address that was printed at the start; it carries the key."
            )
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in people.BY_TOKEN:
            raise web.HTTPUnauthorized(text="Say who you are: Authorization: Bearer xoxp-alice.")
        return people.BY_TOKEN[token].id


def _person(person: Person, now: float) -> Json:
    shown: Json = {"id": person.id, "name": person.name, "real_name": person.real_name, "title": person.title}
    shown |= {"guest": person.guest, "token": person.token, "color": person.color}
    return {**shown, **zones.facts(person.tz, now)}


def _static(name: str) -> Path:
    """Return the path of one of the page's files.

    Raises:
        web.HTTPNotFound: There is none of this name.
    """
    path = (STATIC / name).resolve()
    if not path.is_relative_to(STATIC.resolve()) or not path.is_file():
        raise web.HTTPNotFound(text=f"The page has no file {name!r}.")
    return path
