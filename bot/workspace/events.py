"""Slack events for the bot: wrapped, and kept in the file until the bot acknowledges them."""

from typing import Any

from bot.workspace import channels, ids
from bot.workspace.identities import APP_ID, BOT_USER, TEAM
from bot.workspace.state import Json, Workspace
from bot.workspace.store import Row, dump
from bot.workspace.text import mentions


def emit(workspace: Workspace, event: Json) -> None:
    """Queue one Slack event for the bot, if its manifest subscribes to it; one that names no events gets all."""
    wanted = workspace.manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events")
    if wanted is not None and _subscription(event) not in wanted:
        return
    wrapped = {
        "token": "workspace",
        "team_id": TEAM["id"],
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": ids.new("Ev"),
        "event_time": int(workspace.now()),
        "event_context": ids.new("4-", 20),
        "authorizations": [_authorization()],
        "is_ext_shared_channel": False,
    }
    workspace.store.run(
        "INSERT INTO envelope (id, payload, deliveries, due, reason) VALUES (?, ?, 0, 0, '')",
        *(ids.new("env", 24), dump(wrapped)),
    )


def message(workspace: Workspace, channel: Row, body: Json) -> None:
    """Tell the bot of a new message in a channel it is in; a mention of it is told once more as `app_mention`."""
    if not channels.is_member(workspace, channel["id"], BOT_USER):
        return
    event = {
        "type": "message",
        "channel": channel["id"],
        "channel_type": channels.channel_type(channel),
        "event_ts": body["ts"],
    }
    emit(workspace, {**body, **event})
    by_person = "bot_id" not in body
    if by_person and channel["kind"] == "channel" and mentions(body.get("text", ""), BOT_USER):
        dropped = ("subtype", "upload", "display_as_bot")
        mention = {name: value for name, value in body.items() if name not in dropped}
        emit(workspace, {**mention, "type": "app_mention", "channel": channel["id"], "event_ts": body["ts"]})


def changed(workspace: Workspace, channel: Row, now: Json, before: Json) -> None:
    """Tell the bot that a message was edited."""
    _hidden(workspace, channel, {"subtype": "message_changed", "message": now, "previous_message": before})


def deleted(workspace: Workspace, channel: Row, before: Json) -> None:
    """Tell the bot that a message is gone."""
    _hidden(
        workspace,
        channel,
        {"subtype": "message_deleted", "deleted_ts": before["ts"], "previous_message": before},
    )


def reaction(workspace: Workspace, kind: str, user: str, name: str, item: dict[str, Any], owner: str) -> None:
    """Tell the bot of a reaction; kind is ``reaction_added`` or ``reaction_removed``."""
    if channels.is_member(workspace, item["channel"], BOT_USER):
        event = {"type": kind, "user": user, "reaction": name, "item": item, "item_user": owner}
        emit(workspace, {**event, "event_ts": workspace.stamp()})


def _subscription(event: Json) -> str:
    """Return the name an event is subscribed to by."""
    if event["type"] != "message":
        return str(event["type"])
    return "message.channels" if event["channel_type"] == "channel" else f"message.{event['channel_type']}"


def _hidden(workspace: Workspace, channel: Row, change: Json) -> None:
    if channels.is_member(workspace, channel["id"], BOT_USER):
        ts = workspace.stamp()
        place = {"channel": channel["id"], "channel_type": channels.channel_type(channel)}
        emit(workspace, {"type": "message", "hidden": True, **change, **place, "ts": ts, "event_ts": ts})


def _authorization() -> Json:
    return {
        "enterprise_id": None,
        "team_id": TEAM["id"],
        "user_id": BOT_USER,
        "is_bot": True,
        "is_enterprise_install": False,
    }
