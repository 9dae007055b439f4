"""Messages: posted, edited, deleted, found and read."""

from dataclasses import dataclass, field
from typing import Any

from bot.workspace import channels, embeds, events, pasts, people, unread
from bot.workspace.errors import SlackError
from bot.workspace.identities import APP_ID, BOT_ID, BOT_USER, TEAM
from bot.workspace.state import Json, Workspace
from bot.workspace.store import Row, dump, load


@dataclass(frozen=True)
class Draft:
    """A message before it has a time."""

    user: str
    body: Json  # text, blocks, attachments, files and what else goes into the message as it is
    thread_ts: str = ""
    broadcast: bool = False
    metadata: Json | None = None
    extra: Json = field(default_factory=dict)  # only on the Slack event, such as app_context


def post(workspace: Workspace, channel: Row, draft: Draft) -> Json:
    """Keep a new message, tell the bot and the people; return Slack's message object."""
    ts = workspace.stamp()
    body = {"type": "message", **_author(draft.user), **draft.body, "ts": ts, "team": TEAM["id"]}
    _check_pictures(workspace, channel["id"], body)
    root = _root(workspace, channel["id"], draft.thread_ts)
    if root is not None:
        body |= {"thread_ts": root["ts"], "parent_user_id": root["user"]}
    if root is not None and draft.broadcast:
        body["subtype"] = "thread_broadcast"
    _insert(workspace, channel["id"], body, draft.metadata)
    if draft.user != BOT_USER:
        unread.mark(workspace, draft.user, channel["id"], ts)
    events.message(workspace, channel, {**with_metadata(body, draft.metadata), **draft.extra})
    _show(workspace, channel["id"], {"type": "message", "channel": channel["id"], "message": body})
    if root is not None:
        _count_replies(workspace, channel["id"], root["ts"])
    unread.tell(workspace, channel["id"])
    return body


def edit(
    workspace: Workspace, channel: Row, before: Row, changes: Json, metadata: Json | None, by: str
) -> Json:
    """Change a message in place; return it. `metadata` None keeps what is there, `{}` removes it."""
    old = load(before["body"])
    _check_pictures(workspace, channel["id"], {"user": old["user"], **changes})
    body = {**old, **changes}
    if by:
        body["edited"] = {"user": by, "ts": workspace.stamp()}
    body = {name: value for name, value in body.items() if value is not None}
    kept = before["metadata"] if metadata is None else (dump(metadata) if metadata else None)
    pasts.keep(workspace, channel["id"], body["ts"], old.get("blocks", []), body.get("blocks", []))
    save(workspace, channel["id"], body)
    workspace.store.run(
        "UPDATE message SET metadata = ? WHERE channel = ? AND ts = ?", kept, channel["id"], body["ts"]
    )
    told = with_metadata(body, load(kept) if kept else None)
    events.changed(workspace, channel, told, with_metadata(old, metadata_of(before)))
    shown = read(workspace, find(workspace, channel["id"], body["ts"]))
    _show(workspace, channel["id"], {"type": "message_changed", "channel": channel["id"], "message": shown})
    return body


def delete(workspace: Workspace, channel: Row, row: Row) -> None:
    """Take a message away; a thread's root leaves a tombstone while replies remain."""
    body = load(row["body"])
    place = (channel["id"], row["ts"])
    if body.get("reply_count"):
        _entomb(workspace, channel["id"], body)
    else:
        workspace.store.run("DELETE FROM message WHERE channel = ? AND ts = ?", *place)
        _show(
            workspace, channel["id"], {"type": "message_deleted", "channel": channel["id"], "ts": row["ts"]}
        )
    events.deleted(workspace, channel, with_metadata(body, metadata_of(row)))
    if row["thread_ts"]:
        _count_replies(workspace, channel["id"], row["thread_ts"])
    unread.tell(workspace, channel["id"])


def find(workspace: Workspace, channel: str, ts: str) -> Row:
    """Return a message's row.

    Raises:
        SlackError: ``message_not_found``.
    """
    row = workspace.store.one("SELECT * FROM message WHERE channel = ? AND ts = ?", channel, ts)
    if row is None:
        raise SlackError("message_not_found")
    return row


def save(workspace: Workspace, channel: str, body: Json) -> None:
    """Keep a message's new body."""
    workspace.store.run(
        "UPDATE message SET body = ? WHERE channel = ? AND ts = ?", dump(body), channel, body["ts"]
    )


def read(workspace: Workspace, row: Row, *, metadata: bool = False) -> Json:
    """Return Slack's message object; with its metadata only when asked, and with its agent session."""
    body = with_metadata(load(row["body"]), metadata_of(row) if metadata else None)
    found = workspace.store.one(
        "SELECT status, title FROM session WHERE channel = ? AND thread_ts = ?", row["channel"], row["ts"]
    )
    return {**body, "session": dict(found)} if found else body


def metadata_of(row: Row) -> Json | None:
    """Return a message's metadata, or None."""
    return load(row["metadata"]) if row["metadata"] else None


def with_metadata(body: Json, metadata: Json | None) -> Json:
    """Return the message object with its metadata, where it has some."""
    return {**body, "metadata": metadata} if metadata else body


def _check_pictures(workspace: Workspace, channel: str, body: Json) -> None:
    embeds.check(workspace, body.get("blocks") or [], body["user"], channel)
    embeds.check(workspace, body.get("attachments") or [], body["user"], channel, "/attachments")


def _author(user: str) -> Json:
    if user == BOT_USER:
        return {"user": BOT_USER, "bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": people.bot_profile()}
    return {"user": user}


def _root(workspace: Workspace, channel: str, thread_ts: str) -> Json | None:
    """Return the thread's first message; a reply's own time leads to the same thread."""
    if not thread_ts:
        return None
    row = workspace.store.one("SELECT * FROM message WHERE channel = ? AND ts = ?", channel, thread_ts)
    if row is None:
        raise SlackError("thread_not_found")
    if row["thread_ts"]:
        return _root(workspace, channel, row["thread_ts"])
    root: Json = load(row["body"])
    return root


def _insert(workspace: Workspace, channel: str, body: Json, metadata: Json | None) -> None:
    shown = "thread_ts" not in body or body.get("subtype") == "thread_broadcast"
    workspace.store.run(
        "INSERT INTO message (channel, ts, thread_ts, user, shown, body, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(channel, body["ts"], body.get("thread_ts"), body["user"], shown, dump(body)),
        dump(metadata) if metadata else None,
    )


def _count_replies(workspace: Workspace, channel: str, root_ts: str) -> None:
    """Write on a root how many replies it has and whose; the bot is not told, as in Slack."""
    root = load(find(workspace, channel, root_ts)["body"])
    replies = workspace.store.all(
        "SELECT ts, user FROM message WHERE channel = ? AND thread_ts = ? ORDER BY ts", channel, root_ts
    )
    counted = ("reply_count", "reply_users", "reply_users_count", "latest_reply", "thread_ts")
    root = {name: value for name, value in root.items() if name not in counted}
    if replies:
        users = list(dict.fromkeys(reply["user"] for reply in replies))
        root |= {"thread_ts": root_ts, "reply_count": len(replies), "latest_reply": replies[-1]["ts"]}
        root |= {"reply_users": users[:5], "reply_users_count": len(users)}
    save(workspace, channel, root)
    shown = read(workspace, find(workspace, channel, root_ts))
    _show(workspace, channel, {"type": "message_changed", "channel": channel, "message": shown})


def _entomb(workspace: Workspace, channel: str, body: Json) -> None:
    kept = (
        "type",
        "ts",
        "team",
        "thread_ts",
        "reply_count",
        "reply_users",
        "reply_users_count",
        "latest_reply",
    )
    stone = {name: body[name] for name in kept if name in body}
    stone |= {
        "subtype": "tombstone",
        "user": "USLACKBOT",
        "hidden": True,
        "text": "This message was deleted.",
    }
    save(workspace, channel, stone)
    workspace.store.run(
        "UPDATE message SET user = 'USLACKBOT', metadata = NULL WHERE channel = ? AND ts = ?",
        channel,
        body["ts"],
    )
    _show(workspace, channel, {"type": "message_changed", "channel": channel, "message": stone})


def _show(workspace: Workspace, channel: str, frame: dict[str, Any]) -> None:
    workspace.tell(channels.members(workspace, channel), frame)
