"""Interaction payloads, in the shapes Slack sends them."""

from bot.workspace import channels, elements, people, tickets
from bot.workspace.identities import APP_ID, TEAM
from bot.workspace.state import Json, Workspace
from bot.workspace.store import Row
from bot.workspace.tickets import Answerable


def interaction(workspace: Workspace, kind: str, user: str, view: str = "") -> Json:
    """Return what every interaction carries, with a fresh trigger."""
    name = people.name(user)
    return {
        "type": kind,
        "user": {"id": user, "username": name, "name": name, "team_id": TEAM["id"]},
        "api_app_id": APP_ID,
        "token": "workspace",
        "trigger_id": tickets.trigger(workspace, user, view),
        "team": {"id": TEAM["id"], "domain": TEAM["domain"]},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def on_message(workspace: Workspace, channel: Row, user: str, body: Json, *, ephemeral: bool) -> Json:
    """Return what a press in a message adds: where it is, the message itself, and a response URL."""
    container = {
        "type": "message",
        "message_ts": body["ts"],
        "channel_id": channel["id"],
        "is_ephemeral": ephemeral,
    }
    thread = body.get("thread_ts", "")
    if thread:
        container["thread_ts"] = thread
    place = Answerable(user, channel["id"], body["ts"], thread, ephemeral)
    told = {
        "container": container,
        "channel": {"id": channel["id"], "name": channel_name(channel)},
        "response_url": tickets.response_url(workspace, place),
    }
    return told if ephemeral else {**told, "message": body}


def view_with_state(body: Json, values: Json) -> Json:
    """Return a view object with what the person filled in."""
    return {**body, "state": {"values": values}}


def submitted(workspace: Workspace, user: str, body: Json, values: Json) -> Json:
    """Return what a form that is handed in adds: the view as filled in, and where the form may be answered."""
    return {
        "view": view_with_state(body, values),
        "response_urls": _response_urls(workspace, user, body, values),
    }


def _response_urls(workspace: Workspace, user: str, body: Json, values: Json) -> list[Json]:
    """Return an address for each conversation chosen in an element that asks for one."""
    found = []
    for block, element in elements.each(body["blocks"]):
        chosen = values.get(block["block_id"], {}).get(element["action_id"], {})
        channel = chosen.get(elements.REPORTS.get(element["type"], ""))
        if not element.get("response_url_enabled") or not channel:
            continue
        channels.joined(workspace, channel, user)
        place = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
        found.append({**place, "response_url": tickets.response_url(workspace, Answerable(user, channel))})
    return found


def command(workspace: Workspace, channel: Row, user: str, name: str, text: str) -> Json:
    """Return a slash command, flat."""
    return {
        "token": "workspace",
        "team_id": TEAM["id"],
        "team_domain": TEAM["domain"],
        "channel_id": channel["id"],
        "channel_name": channel_name(channel),
        "user_id": user,
        "user_name": people.name(user),
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": tickets.response_url(workspace, Answerable(user, channel["id"])),
        "trigger_id": tickets.trigger(workspace, user),
    }


def message_action(workspace: Workspace, channel: Row, user: str, body: Json) -> Json:
    """Return what a message shortcut adds."""
    place = Answerable(user, channel["id"], body["ts"], body.get("thread_ts", ""))
    return {
        "channel": {"id": channel["id"], "name": channel_name(channel)},
        "message": body,
        "message_ts": body["ts"],
        "response_url": tickets.response_url(workspace, place),
    }


def channel_name(channel: Row) -> str:
    """Return a channel's name as payloads carry it."""
    return "directmessage" if channel["kind"] == "im" else str(channel["name"])
