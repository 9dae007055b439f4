"""Channels over the Web API."""

from collections.abc import Callable
from typing import Final

from bot.workspace import channels, events, histories, messages, people, unread
from bot.workspace.errors import SlackError
from bot.workspace.identities import BOT_USER, TEAM
from bot.workspace.ids import new
from bot.workspace.seed import add_member
from bot.workspace.state import Json, Workspace
from bot.workspace.store import Row
from bot.workspace.wire import Call

_KINDS: Final = {"public_channel": "channel", "private_channel": "group", "mpim": "mpim", "im": "im"}


def list_(call: Call) -> Json:
    """List the channels the caller may know of; public ones unless `types` says otherwise."""
    types = call.arguments.words("types") or ["public_channel"]
    if not set(types) <= set(_KINDS):
        raise SlackError("invalid_types")
    rows = channels.listed(call.workspace, call.caller.user, {_KINDS[kind] for kind in types})
    found = [channels.conversation(call.workspace, row, call.caller.user) for row in rows]
    return histories.listed("channels", found, call.arguments.text("cursor"), call.arguments.limit(1000, 100))


def info(call: Call) -> Json:
    """Return one channel."""
    row = channels.visible(call.workspace, call.arguments.need("channel"), call.caller.user)
    return {"channel": channels.conversation(call.workspace, row, call.caller.user)}


def history(call: Call) -> Json:
    """Return a channel's messages, the newest first."""
    row = channels.joined(call.workspace, call.arguments.need("channel"), call.caller.user)
    rows, cursor = histories.history(call.workspace, row["id"], histories.window(call.arguments, 999, 100))
    return {**_messages(call, rows, cursor), "pin_count": 0}


def replies(call: Call) -> Json:
    """Return a thread, its root first."""
    row = channels.joined(call.workspace, call.arguments.need("channel"), call.caller.user)
    window = histories.window(call.arguments, 1000, 1000)
    return _messages(call, *histories.replies(call.workspace, row["id"], call.arguments.need("ts"), window))


def members(call: Call) -> Json:
    """List a channel's members."""
    row = channels.visible(call.workspace, call.arguments.need("channel"), call.caller.user)
    found = channels.members(call.workspace, row["id"])
    return histories.listed("members", found, call.arguments.text("cursor"), call.arguments.limit(1000, 100))


def open_(call: Call) -> Json:
    """Open the direct messages of the caller and one other."""
    user = call.caller.user
    if call.arguments.text("channel"):
        row = channels.joined(call.workspace, call.arguments.text("channel"), user)
        return _opened(call, row["id"], was_open=True)
    others = call.arguments.words("users")
    if not others:
        raise SlackError("users_list_not_supplied")
    if len(others) > 1:
        raise SlackError("too_many_users")  # group messages are not built here
    if not people.exists(others[0]) or others[0] == user:
        raise SlackError("user_not_found")
    channel, was_open = channels.open_dm(call.workspace, user, others[0], new("D", 8))
    if not was_open:
        unread.introduce(call.workspace, channel)
    return _opened(call, channel, was_open=was_open)


def join(call: Call) -> Json:
    """Let the caller into a public channel."""
    row = _public(call)
    changed = _enter(call.workspace, row, call.caller.user, "")
    answer: Json = {"channel": channels.conversation(call.workspace, row, call.caller.user)}
    return answer if changed else {**answer, "warning": "already_in_channel"}


def invite(call: Call) -> Json:
    """Let others into a channel the caller is in."""
    row = channels.joined(call.workspace, call.arguments.need("channel"), call.caller.user)
    users = call.arguments.words("users")
    if not users or not all(people.exists(user) for user in users):
        raise SlackError("user_not_found")
    if call.caller.user in users:
        raise SlackError("cant_invite_self")
    entered = [_enter(call.workspace, row, user, call.caller.user) for user in users]
    if not any(entered):
        raise SlackError("already_in_channel")
    return {"channel": channels.conversation(call.workspace, row, call.caller.user)}


def _public(call: Call) -> Row:
    row = channels.visible(call.workspace, call.arguments.need("channel"), call.caller.user)
    if row["kind"] != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    return row


def _enter(workspace: Workspace, row: Row, user: str, inviter: str) -> bool:
    """Let a user in; tell the bot and the user's page. False when they were in before."""
    if not add_member(workspace, row["id"], user):
        return False
    event = {
        "type": "member_joined_channel",
        "user": user,
        "channel": row["id"],
        "channel_type": "C",
        "team": TEAM["id"],
    }
    event |= {"inviter": inviter} if inviter else {}
    if channels.is_member(workspace, row["id"], BOT_USER):
        events.emit(workspace, {**event, "event_ts": workspace.stamp()})
    workspace.tell([user], {"type": "channel", "channel": unread.entry(workspace, row, user)})
    return True


def _opened(call: Call, channel: str, *, was_open: bool) -> Json:
    opened: Json = {"id": channel}
    if call.arguments.flag("return_im"):
        row = channels.visible(call.workspace, channel, call.caller.user)
        opened = channels.conversation(call.workspace, row, call.caller.user)
    return {"no_op": True, "already_open": True, "channel": opened} if was_open else {"channel": opened}


def _messages(call: Call, rows: list[Row], cursor: str) -> Json:
    metadata = call.arguments.flag("include_all_metadata")
    found = [messages.read(call.workspace, row, metadata=metadata) for row in rows]
    return {"messages": found, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


METHODS: dict[str, Callable[[Call], Json]] = {
    "conversations.list": list_,
    "conversations.info": info,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.members": members,
    "conversations.open": open_,
    "conversations.join": join,
    "conversations.invite": invite,
}
