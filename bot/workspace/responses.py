"""Response URLs: for half an hour the bot may answer to where a person did something, five times."""

import json

from aiohttp import web

from bot.workspace import content, ephemerals, interactions, messages, tickets
from bot.workspace.errors import SlackError
from bot.workspace.identities import BOT_USER
from bot.workspace.state import Json, Workspace
from bot.workspace.store import Row
from bot.workspace.tickets import Answerable
from bot.workspace.wire import Arguments


class Responses:
    """Answers `/response/<key>`."""

    def __init__(self, workspace: Workspace) -> None:
        """Answer into this workspace."""
        self._workspace = workspace

    async def handle(self, request: web.Request) -> web.Response:
        """Do what the body says; `ok` as text, or 404 with the reason once the address is used up or too old."""
        try:
            asked = json.loads(await request.text())
            with self._workspace.transaction():
                place = tickets.use_response_url(self._workspace, request.match_info["key"])
                self._do(place, asked if isinstance(asked, dict) else {})
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        except SlackError as error:
            return web.json_response(error.answer(), status=404 if error.code.endswith("_url") else 400)
        return web.Response(text="ok")

    def _do(self, place: Answerable, asked: Json) -> None:
        channel = self._workspace.store.one("SELECT * FROM channel WHERE id = ?", place.channel)
        if channel is None:
            raise SlackError("channel_not_found")
        if _yes(asked, "delete_original"):
            self._delete(channel, place)
        elif _yes(asked, "replace_original") and place.ts:
            self._replace(channel, place, asked)
        else:
            interactions.say(self._workspace, channel, place.user, asked, str(asked.get("thread_ts") or ""))

    def _delete(self, channel: Row, place: Answerable) -> None:
        if place.ephemeral:
            ephemerals.delete(self._workspace, channel["id"], place.user, place.ts)
        else:
            messages.delete(self._workspace, channel, messages.find(self._workspace, channel["id"], place.ts))

    def _replace(self, channel: Row, place: Answerable, asked: Json) -> None:
        body = content.given(Arguments(asked), by_person=False)
        if place.ephemeral:
            ephemerals.replace(self._workspace, channel["id"], place.user, place.ts, body)
            return
        row = messages.find(self._workspace, channel["id"], place.ts)
        messages.edit(self._workspace, channel, row, {"blocks": None, **body}, None, by=BOT_USER)


def _yes(asked: Json, name: str) -> bool:
    return str(asked.get(name)).lower() == "true"
