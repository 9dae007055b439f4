"""What a person has not read yet, counted a channel."""

from bot.workspace import channels, groups, people
from bot.workspace.state import Json, Workspace
from bot.workspace.store import Row


def mark(workspace: Workspace, user: str, channel: str, ts: str) -> None:
    """Keep that the user has read the channel up to and including this time; never moves back."""
    workspace.store.run(
        "INSERT INTO read_mark (user, channel, ts) VALUES (?, ?, ?)"
        " ON CONFLICT (user, channel) DO UPDATE SET ts = max(ts, excluded.ts)",
        *(user, channel, ts),
    )


def counts(workspace: Workspace, user: str, channel: str) -> Json:
    """Return `{unread, mentions}`: new messages of others, and those of them that speak to this user.

    In direct messages every message speaks to the user; in channels one that names them or a group of theirs, also
    in a thread.
    """
    row = workspace.store.one("SELECT ts FROM read_mark WHERE user = ? AND channel = ?", user, channel)
    named = [f"%<@{user}>%", *(f"%<!subteam^{group}%" for group in groups.of(user))]
    names = " OR ".join(["body LIKE ?"] * len(named))
    found = workspace.store.one(
        f"SELECT count(*) FILTER (WHERE shown OR {names}) AS unread, count(*) FILTER (WHERE {names}) AS named"  # noqa: S608 - our own text
        " FROM message WHERE channel = ? AND ts > ? AND user != ?",
        *(*named, *named, channel, row["ts"] if row else "", user),
    )
    kind = workspace.store.one("SELECT kind FROM channel WHERE id = ?", channel)
    if found is None or kind is None:
        return {"unread": 0, "mentions": 0}
    return {
        "unread": found["unread"],
        "mentions": found["unread"] if kind["kind"] == "im" else found["named"],
    }


def entry(workspace: Workspace, channel: Row, user: str) -> Json:
    """Return a channel as the page's sidebar lists it for this user."""
    row = workspace.store.one("SELECT max(ts) AS ts FROM message WHERE channel = ? AND shown", channel["id"])
    listed = {
        "id": channel["id"],
        "name": channel["name"],
        "topic": channel["topic"],
        "kind": channel["kind"],
        "latest": row["ts"] if row else None,
        **counts(workspace, user, channel["id"]),
    }
    if channel["kind"] != "im":
        return listed
    partner = channels.other(workspace, channel["id"], user)
    return {**listed, "with": partner, "name": people.name(partner)}


def tell(workspace: Workspace, channel: str) -> None:
    """Show every member of the channel their new counts."""
    for user in channels.members(workspace, channel):
        workspace.tell([user], {"type": "unread", "channel": channel, **counts(workspace, user, channel)})


def introduce(workspace: Workspace, channel: str) -> None:
    """Put a channel that was just made into the sidebar of its members."""
    for user in channels.members(workspace, channel):
        row = channels.joined(workspace, channel, user)
        workspace.tell([user], {"type": "channel", "channel": entry(workspace, row, user)})
