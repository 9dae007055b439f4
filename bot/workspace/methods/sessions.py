"""Agent sessions and suggested prompts over the Web API."""

from typing import Final

from bot.workspace import channels, messages
from bot.workspace.errors import SlackError
from bot.workspace.state import Json, Workspace
from bot.workspace.wire import Call

_STATUSES: Final = ("processing", "active", "suspended", "closed")
_LONGEST_TITLE: Final = 200  # characters
_MOST_PROMPTS: Final = 4


def set_status(call: Call) -> Json:
    """Say how an agent's conversation stands; the first call makes the session."""
    channel, thread = _place(call)
    status, title = call.arguments.text("status"), call.arguments.text("title")
    if status not in _STATUSES:
        told = f"[ERROR] must be a valid enum value [json-pointer:/status]: {', '.join(_STATUSES)}"
        raise SlackError("invalid_arguments", response_metadata={"messages": [told]})
    if len(title) > _LONGEST_TITLE:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] title is too long"]})
    call.workspace.store.run(
        "INSERT INTO session (channel, thread_ts, status, title) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (channel, thread_ts) DO UPDATE SET status = excluded.status",
        *(channel, thread, status, title),
    )
    found = _show(call.workspace, channel, thread)
    return {"status": found["status"], "agent_status": found["status"], "title": found["title"]}


def rename(call: Call) -> Json:
    """Give a session another title."""
    channel, thread = _place(call)
    title = call.arguments.text("title")
    if not 1 <= len(title) <= _LONGEST_TITLE:
        raise SlackError("invalid_name")
    changed = call.workspace.store.run(
        "UPDATE session SET title = ? WHERE channel = ? AND thread_ts = ?", title, channel, thread
    )
    if not changed:
        raise SlackError("session_not_found")
    return {"title": _show(call.workspace, channel, thread)["title"]}


def set_suggested_prompts(call: Call) -> Json:
    """Show prompts to click in the Messages tab; with `thread_ts` Slack answers ok and shows nothing."""
    channel = channels.joined(call.workspace, call.arguments.need("channel_id"), call.caller.user)
    prompts = call.arguments.get("prompts")
    if (
        not isinstance(prompts, list)
        or len(prompts) > _MOST_PROMPTS
        or not all(_is_prompt(one) for one in prompts)
    ):
        raise SlackError(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] prompts: 1-4 of {title, message}"]}
        )
    if not call.arguments.text("thread_ts"):
        frame = {
            "type": "prompts",
            "channel": channel["id"],
            "title": call.arguments.text("title"),
            "prompts": prompts,
        }
        call.workspace.tell(channels.members(call.workspace, channel["id"]), frame)
    return {}


def _place(call: Call) -> tuple[str, str]:
    channel = channels.joined(call.workspace, call.arguments.need("channel_id"), call.caller.user)
    thread = call.arguments.text("thread_ts")
    if not thread:
        raise SlackError("thread_ts_required")
    row = messages.find(call.workspace, channel["id"], thread)
    return channel["id"], row["thread_ts"] or thread


def _show(workspace: Workspace, channel: str, thread: str) -> Json:
    row = workspace.store.one("SELECT * FROM session WHERE channel = ? AND thread_ts = ?", channel, thread)
    if row is None:
        raise SlackError("session_not_found")
    found = {"status": row["status"], "title": row["title"]}
    frame = {"type": "session", "channel": channel, "thread_ts": thread, **found}
    workspace.tell(channels.members(workspace, channel), frame)
    return found


def _is_prompt(one: object) -> bool:
    return isinstance(one, dict) and bool(one.get("title")) and bool(one.get("message"))


METHODS = {
    "agents.sessions.setStatus": set_status,
    "agents.sessions.rename": rename,
    "assistant.threads.setSuggestedPrompts": set_suggested_prompts,
}
