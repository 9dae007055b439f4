"""Things that work for a short while: socket tickets, trigger ids, response URLs."""

import secrets
from dataclasses import dataclass
from typing import Final

from bot.workspace.errors import SlackError
from bot.workspace.state import Workspace
from bot.workspace.store import Row

SOCKET_S: Final = 30.0
TRIGGER_S: Final = 3.0  # Slack's own figure
RESPONSE_URL_S: Final = 30 * 60.0  # Slack's own figure
RESPONSE_URL_USES: Final = 5  # Slack's own figure
_SOCKET_USER: Final = "socket"


@dataclass(frozen=True)
class Answerable:
    """Where a response URL answers to."""

    user: str
    channel: str
    ts: str = ""  # the message that was pressed
    thread_ts: str = ""
    ephemeral: bool = False


def open_socket(workspace: Workspace) -> str:
    """Return a ticket for one Socket Mode connection."""
    return _trigger(workspace, secrets.token_hex(16), _SOCKET_USER, "", SOCKET_S)


def use_socket(workspace: Workspace, ticket: str) -> bool:
    """Tell whether a ticket lets a socket in; it does so once."""
    with workspace.transaction():
        row = workspace.store.one(
            "SELECT * FROM trigger_ticket WHERE id = ? AND user = ?", ticket, _SOCKET_USER
        )
        if row is None or row["used"] or row["expires"] <= workspace.now():
            return False
        workspace.store.run("UPDATE trigger_ticket SET used = 1 WHERE id = ?", ticket)
    return True


def trigger(workspace: Workspace, user: str, view: str = "") -> str:
    """Return a trigger id for what this user just did, in this view or none."""
    return _trigger(
        workspace, f"{int(workspace.now() * 1000)}.{secrets.token_hex(12)}", user, view, TRIGGER_S
    )


def use_trigger(workspace: Workspace, trigger_id: str) -> Row:
    """Return a trigger's row and use it up.

    Raises:
        SlackError: ``invalid_trigger_id``, ``exchanged_trigger_id`` or ``expired_trigger_id``.
    """
    row = workspace.store.one(
        "SELECT * FROM trigger_ticket WHERE id = ? AND user != ?", trigger_id, _SOCKET_USER
    )
    if row is None:
        raise SlackError("invalid_trigger_id")
    if row["used"]:
        raise SlackError("exchanged_trigger_id")
    if row["expires"] <= workspace.now():
        raise SlackError("expired_trigger_id")
    workspace.store.run("UPDATE trigger_ticket SET used = 1 WHERE id = ?", trigger_id)
    return row


def response_url(workspace: Workspace, place: Answerable) -> str:
    """Return an address that answers to where a person just did something."""
    store, key = workspace.store, secrets.token_urlsafe(24)
    store.run("DELETE FROM response_url WHERE expires <= ?", workspace.now() - RESPONSE_URL_S)
    store.run(
        "INSERT INTO response_url (id, user, channel, ts, thread_ts, ephemeral, expires, uses)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
        *(key, place.user, place.channel, place.ts, place.thread_ts, place.ephemeral),
        workspace.now() + RESPONSE_URL_S,
    )
    return f"{workspace.site.url}/response/{key}"


def use_response_url(workspace: Workspace, key: str) -> Answerable:
    """Return where a response URL answers to, and count the use.

    Raises:
        SlackError: ``invalid_url``, ``expired_url`` or ``used_url``.
    """
    row = workspace.store.one("SELECT * FROM response_url WHERE id = ?", key)
    if row is None:
        raise SlackError("invalid_url")
    if row["expires"] <= workspace.now():
        raise SlackError("expired_url")
    if row["uses"] >= RESPONSE_URL_USES:
        raise SlackError("used_url")
    workspace.store.run("UPDATE response_url SET uses = uses + 1 WHERE id = ?", key)
    return Answerable(row["user"], row["channel"], row["ts"], row["thread_ts"], bool(row["ephemeral"]))


def _trigger(workspace: Workspace, key: str, user: str, view: str, seconds: float) -> str:
    # A day later an old trigger is as unknown as one that never was.
    workspace.store.run("DELETE FROM trigger_ticket WHERE expires <= ?", workspace.now() - 86_400)
    workspace.store.run(
        "INSERT INTO trigger_ticket (id, user, view, expires, used) VALUES (?, ?, ?, ?, 0)",
        *(key, user, view, workspace.now() + seconds),
    )
    return key
