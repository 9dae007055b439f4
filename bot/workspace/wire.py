"""A Web API call as it came over the wire: who calls, with which arguments."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from bot.workspace import people
from bot.workspace.errors import SlackError
from bot.workspace.identities import BOT_USER
from bot.workspace.state import Json, Site, Workspace
from bot.workspace.store import Loaded

LARGEST_BODY: Final = 8 * 1024 * 1024  # bytes of one call; files are uploaded by other means
_NESTED: Final = frozenset(
    (
        *("blocks", "attachments", "view", "metadata", "files", "outputs", "prompts", "chunks"),
        *("loading_messages", "unfurls", "changes", "document_content", "message"),
    )
)


@dataclass(frozen=True)
class Caller:
    """Who a token stands for."""

    kind: str  # bot, user, app, or nobody
    user: str = ""  # the user id a bot or user token acts as


@dataclass(frozen=True)
class Arguments:
    """A call's arguments, whichever way they were sent."""

    values: Mapping[str, Any]

    def get(self, name: str) -> Loaded:
        """Return an argument as it came; None when it is missing or null."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """Return an argument as text; empty when it is missing."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def need(self, name: str) -> str:
        """Return an argument as text.

        Raises:
            SlackError: ``invalid_arguments`` with the missing name.
        """
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", response_metadata=_missing(name))
        return value

    def flag(self, name: str) -> bool:
        """Return a yes or no: true, "true", 1 and "1" are yes."""
        return str(self.values.get(name)).lower() in ("true", "1")

    def words(self, name: str) -> list[str]:
        """Return a comma list or a JSON list as words."""
        value = self.values.get(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def limit(self, most: int, usual: int) -> int:
        """Return how many items are asked for.

        Raises:
            SlackError: ``invalid_limit``.
        """
        text = self.text("limit") or str(usual)
        if not re.fullmatch(r"\d{1,6}", text) or not 0 <= int(text) <= most:
            raise SlackError("invalid_limit")
        return int(text) or usual


@dataclass(frozen=True)
class Call:
    """One Web API call."""

    workspace: Workspace
    method: str
    caller: Caller
    arguments: Arguments


async def arguments(request: web.Request) -> Arguments:
    """Return query, form, multipart and JSON body as one set of arguments.

    Raises:
        SlackError: ``invalid_json`` or ``json_not_object``.
    """
    request = request.clone(client_max_size=LARGEST_BODY)
    merged: Json = dict(request.query)
    if request.content_type == "application/json":
        merged |= _object(await request.text())
    elif request.method == "POST":
        merged |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return Arguments({name: _decoded(name, value) for name, value in merged.items()})


def token(request: web.Request, given: Arguments) -> str:
    """Return the call's token; a person's counts only in the header."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    written = given.text("token")
    return "" if written.startswith("xoxp-") else written


def caller(site: Site, token: str) -> Caller:
    """Return who a token stands for.

    Raises:
        SlackError: ``not_authed`` without a token, ``invalid_auth`` for an unknown one.
    """
    if not token:
        raise SlackError("not_authed")
    if token == site.bot_token:
        return Caller("bot", BOT_USER)
    if token == site.app_token:
        return Caller("app")
    if token in people.BY_TOKEN:
        return Caller("user", people.BY_TOKEN[token].id)
    raise SlackError("invalid_auth")


def _object(text: str) -> Json:
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return value


def _decoded(name: str, value: object) -> Loaded:
    """Return nested values as objects when a client sent them as JSON text."""
    if name not in _NESTED or not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _missing(name: str) -> Json:
    return {"messages": [f"[ERROR] missing required field: {name}"]}
