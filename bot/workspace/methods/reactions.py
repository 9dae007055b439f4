"""Reactions over the Web API."""

import re
from typing import Any, Final

from bot.workspace import channels, events, messages
from bot.workspace.errors import SlackError
from bot.workspace.state import Json
from bot.workspace.store import Row, load
from bot.workspace.wire import Call

_NAME: Final = re.compile(r"[a-z0-9_+'\-]{1,100}(::skin-tone-[2-6])?\Z")
MOST_EMOJI: Final = 23  # different ones on a message, Slack's own figure


def add(call: Call) -> Json:
    """Add the caller's reaction."""
    channel, row, name = _asked(call)
    body = load(row["body"])
    found = body.get("reactions", [])
    if any(call.caller.user in one["users"] for one in found if one["name"] == name):
        raise SlackError("already_reacted")
    if len(found) >= MOST_EMOJI and all(one["name"] != name for one in found):
        raise SlackError("too_many_emoji")
    if all(one["name"] != name for one in found):
        found = [*found, {"name": name, "count": 0, "users": []}]
    changed = [_with(one, call.caller.user) if one["name"] == name else one for one in found]
    return _keep(call, channel, body, changed, "reaction_added")


def remove(call: Call) -> Json:
    """Take the caller's reaction back."""
    channel, row, name = _asked(call)
    body = load(row["body"])
    found = body.get("reactions", [])
    if not any(call.caller.user in one["users"] for one in found if one["name"] == name):
        raise SlackError("no_reaction")
    changed = [_without(one, call.caller.user) if one["name"] == name else one for one in found]
    return _keep(call, channel, body, [one for one in changed if one["count"]], "reaction_removed")


def get(call: Call) -> Json:
    """Return a message with its reactions."""
    channel = channels.joined(call.workspace, call.arguments.need("channel"), call.caller.user)
    row = messages.find(call.workspace, channel["id"], call.arguments.need("timestamp"))
    return {"type": "message", "channel": channel["id"], "message": messages.read(call.workspace, row)}


def _asked(call: Call) -> tuple[Row, Row, str]:
    name = call.arguments.need("name").strip(":")
    if not _NAME.match(name):
        raise SlackError("invalid_name")
    channel = channels.joined(call.workspace, call.arguments.need("channel"), call.caller.user)
    return channel, messages.find(call.workspace, channel["id"], call.arguments.need("timestamp")), name


def _with(one: Json, user: str) -> Json:
    return {**one, "count": one["count"] + 1, "users": [*one["users"], user]}


def _without(one: Json, user: str) -> Json:
    return {**one, "count": one["count"] - 1, "users": [other for other in one["users"] if other != user]}


def _keep(call: Call, channel: Row, body: Json, found: list[dict[str, Any]], kind: str) -> Json:
    body = {name: value for name, value in body.items() if name != "reactions"}
    messages.save(call.workspace, channel["id"], {**body, "reactions": found} if found else body)
    item = {"type": "message", "channel": channel["id"], "ts": body["ts"]}
    name = call.arguments.text("name").strip(":")
    events.reaction(call.workspace, kind, call.caller.user, name, item, body["user"])
    frame = {"type": "reactions", "channel": channel["id"], "ts": body["ts"], "reactions": found}
    call.workspace.tell(channels.members(call.workspace, channel["id"]), frame)
    return {}


METHODS = {"reactions.add": add, "reactions.remove": remove, "reactions.get": get}
