"""Channels and direct messages: who is in them, and Slack's conversation objects."""

from bot.workspace import people
from bot.workspace.errors import SlackError
from bot.workspace.identities import BOT_USER, TEAM
from bot.workspace.seed import add_channel
from bot.workspace.state import Json, Workspace
from bot.workspace.store import Row


def members(workspace: Workspace, channel: str) -> list[str]:
    """Return the user ids of everyone in the channel, the first to join first."""
    rows = workspace.store.all("SELECT user FROM member WHERE channel = ? ORDER BY position", channel)
    return [row["user"] for row in rows]


def is_member(workspace: Workspace, channel: str, user: str) -> bool:
    """Tell whether the user is in the channel."""
    found = workspace.store.one("SELECT 1 FROM member WHERE channel = ? AND user = ?", channel, user)
    return found is not None


def visible(workspace: Workspace, channel: str, user: str) -> Row:
    """Return the channel's row if this user may know of it; `channel` is an id, or a name such as ``#sales``.

    Raises:
        SlackError: ``channel_not_found``.
    """
    row = workspace.store.one(
        "SELECT * FROM channel WHERE id = ? OR (kind = 'channel' AND name = ?)",
        channel,
        channel.removeprefix("#"),
    )
    if row is None:
        raise SlackError("channel_not_found")
    open_to_all = row["kind"] == "channel" and not _is_guest(user)
    if not open_to_all and not is_member(workspace, row["id"], user):
        raise SlackError("channel_not_found")
    return row


def joined(workspace: Workspace, channel: str, user: str) -> Row:
    """Return the channel's row if this user is in it.

    Raises:
        SlackError: ``channel_not_found`` or ``not_in_channel``.
    """
    row = visible(workspace, channel, user)
    if not is_member(workspace, row["id"], user):
        raise SlackError("not_in_channel")
    return row


def listed(workspace: Workspace, user: str, kinds: set[str]) -> list[Row]:
    """Return the channels of these kinds the user may know of, in their order of making."""
    rows = workspace.store.all("SELECT * FROM channel ORDER BY position")
    mine = {row["channel"] for row in workspace.store.all("SELECT channel FROM member WHERE user = ?", user)}
    guest = _is_guest(user)
    return [
        row
        for row in rows
        if row["kind"] in kinds and (row["id"] in mine or (row["kind"] == "channel" and not guest))
    ]


def conversation(workspace: Workspace, row: Row, user: str) -> Json:
    """Return Slack's conversation object as this user sees it."""
    im = row["kind"] == "im"
    shared = {
        "id": row["id"],
        "created": row["created"],
        "is_archived": False,
        "is_im": im,
        "is_org_shared": False,
        "context_team_id": TEAM["id"],
        "updated": row["created"] * 1000,
    }
    if im:
        return {**shared, "user": other(workspace, row["id"], user), "is_user_deleted": False, "priority": 0}
    return {**shared, **_public(workspace, row, user)}


def other(workspace: Workspace, channel: str, user: str) -> str:
    """Return whom this user talks to in a direct message."""
    return next((member for member in members(workspace, channel) if member != user), user)


def open_dm(workspace: Workspace, first: str, second: str, new_id: str) -> tuple[str, bool]:
    """Return the direct messages of two users, and whether they were there before."""
    row = workspace.store.one(
        "SELECT id FROM channel WHERE kind = 'im' AND id IN (SELECT channel FROM member WHERE user = ?)"
        " AND id IN (SELECT channel FROM member WHERE user = ?)",
        *(first, second),
    )
    if row is not None:
        return row["id"], True
    add_channel(workspace, new_id, "im", "", [first, second])
    return new_id, False


def channel_type(row: Row) -> str:
    """Return the channel's type as Slack events name it."""
    return "im" if row["kind"] == "im" else "channel"


def _public(workspace: Workspace, row: Row, user: str) -> Json:
    topic = {"value": row["topic"], "creator": "", "last_set": 0}
    return {
        "name": row["name"],
        "name_normalized": row["name"],
        "is_channel": True,
        "is_group": False,
        "is_mpim": False,
        "is_private": False,
        "is_general": row["name"] == "general",
        "is_shared": False,
        "is_ext_shared": False,
        "is_member": is_member(workspace, row["id"], user),
        "creator": people.BY_NAME["alice"],
        "topic": topic,
        "purpose": {**topic, "value": ""},
        "num_members": len(members(workspace, row["id"])),
    }


def _is_guest(user: str) -> bool:
    return user != BOT_USER and people.BY_ID[user].guest
