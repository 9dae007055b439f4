"""Messages over the Web API."""

from typing import Any, Final

from bot.workspace import channels, content, ephemerals, messages, people, permalinks, unread
from bot.workspace.errors import SlackError
from bot.workspace.ids import new
from bot.workspace.messages import Draft
from bot.workspace.state import Json
from bot.workspace.store import Row
from bot.workspace.wire import Call

LONGEST_UPDATE: Final = 4000  # characters of text chat.update takes; chat.postMessage takes 40,000
_LOOKS: Final = ("username", "icon_emoji", "icon_url")


def post_message(call: Call) -> Json:
    """Post a message as the caller; a user id as channel means their direct messages with the caller."""
    channel = _target(call)
    by_person = call.caller.kind == "user"
    body = content.given(call.arguments, by_person=by_person)
    draft = Draft(
        user=call.caller.user,
        body=body | _looks(call) | ({"client_msg_id": new("", 12)} if by_person else {}),
        thread_ts=call.arguments.text("thread_ts"),
        broadcast=call.arguments.flag("reply_broadcast"),
        metadata=content.metadata(call.arguments.get("metadata")) or None,
        extra={"app_context": {}} if channel["kind"] == "im" and by_person else {},
    )
    message = messages.with_metadata(messages.post(call.workspace, channel, draft), draft.metadata)
    answer = {"channel": channel["id"], "ts": message["ts"], "message": message}
    cut = len(call.arguments.text("text")) > content.LONGEST_TEXT
    return {**answer, "warning": "message_truncated"} if cut else answer


def update(call: Call) -> Json:
    """Change a message of the caller's in place."""
    channel = channels.joined(call.workspace, call.arguments.need("channel"), call.caller.user)
    row = _own(call, channel, call.arguments.need("ts"), "cant_update_message")
    if len(call.arguments.text("text")) > LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    changes: dict[str, Any] = content.parts(call.arguments, by_person=call.caller.kind == "user")
    metadata = content.metadata(call.arguments.get("metadata"))
    if not changes and metadata is None:
        raise SlackError("no_text")
    if "text" in changes and "blocks" not in changes:
        changes["blocks"] = None  # Slack drops old blocks when only new text comes
    body = messages.edit(call.workspace, channel, row, changes, metadata, by=call.caller.user)
    return {"channel": channel["id"], "ts": row["ts"], "text": body.get("text", ""), "message": body}


def delete(call: Call) -> Json:
    """Delete a message of the caller's."""
    channel = channels.joined(call.workspace, call.arguments.need("channel"), call.caller.user)
    row = _own(call, channel, call.arguments.need("ts"), "cant_delete_message")
    messages.delete(call.workspace, channel, row)
    return {"channel": channel["id"], "ts": row["ts"]}


def post_ephemeral(call: Call) -> Json:
    """Show a message to one member only; it is in no history."""
    channel = channels.joined(call.workspace, call.arguments.need("channel"), call.caller.user)
    user = call.arguments.need("user")
    if not people.exists(user) or not channels.is_member(call.workspace, channel["id"], user):
        raise SlackError("user_not_in_channel")
    body = content.given(call.arguments, by_person=False) | _looks(call)
    ts = ephemerals.show(call.workspace, channel["id"], user, body, call.arguments.text("thread_ts"))
    return {"message_ts": ts}


def get_permalink(call: Call) -> Json:
    """Return a message's address."""
    channel = channels.visible(call.workspace, call.arguments.need("channel"), call.caller.user)
    row = messages.find(call.workspace, channel["id"], call.arguments.need("message_ts"))
    link = permalinks.address(call.workspace.site, channel["id"], row["ts"], row["thread_ts"] or "")
    return {"channel": channel["id"], "permalink": link}


def _target(call: Call) -> Row:
    wanted = call.arguments.need("channel")
    if people.exists(wanted) and wanted != call.caller.user:
        wanted = _direct(call, wanted)
    return channels.joined(call.workspace, wanted, call.caller.user)


def _direct(call: Call, user: str) -> str:
    """Return the direct messages of the caller and this user, opened and shown to both where they were not there."""
    channel, was_open = channels.open_dm(call.workspace, call.caller.user, user, new("D", 8))
    if not was_open:
        unread.introduce(call.workspace, channel)
    return channel


def _own(call: Call, channel: Row, ts: str, refusal: str) -> Row:
    row = messages.find(call.workspace, channel["id"], ts)
    if row["user"] != call.caller.user:
        raise SlackError(refusal)
    return row


def _looks(call: Call) -> Json:
    return {name: call.arguments.text(name) for name in _LOOKS if call.arguments.text(name)}


METHODS = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": get_permalink,
}
