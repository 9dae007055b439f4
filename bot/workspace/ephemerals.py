"""Messages only one person sees: in no history, kept just long enough that their buttons and response URLs work."""

from bot.workspace import embeds, people
from bot.workspace.errors import SlackError
from bot.workspace.identities import APP_ID, BOT_ID, BOT_USER, TEAM
from bot.workspace.state import Json, Workspace
from bot.workspace.store import dump, load
from bot.workspace.tickets import RESPONSE_URL_S


def show(workspace: Workspace, channel: str, user: str, content: Json, thread_ts: str = "") -> str:
    """Show a message of the bot's to one person; return its time, which no Web API method takes."""
    ts = workspace.stamp()
    body: Json = {
        "type": "message",
        "user": BOT_USER,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "bot_profile": people.bot_profile(),
        **content,
        "ts": ts,
        "team": TEAM["id"],
        "is_ephemeral": True,
    }
    if thread_ts:
        body["thread_ts"] = thread_ts
    _keep(workspace, channel, user, body)
    return ts


def find(workspace: Workspace, user: str, ts: str) -> Json:
    """Return an ephemeral message shown to this user.

    Raises:
        SlackError: ``message_not_found``.
    """
    row = workspace.store.one("SELECT body FROM ephemeral WHERE ts = ? AND user = ?", ts, user)
    if row is None:
        raise SlackError("message_not_found")
    body: Json = load(row["body"])
    return body


def replace(workspace: Workspace, channel: str, user: str, ts: str, content: Json) -> None:
    """Put other content into an ephemeral message."""
    _keep(workspace, channel, user, {**find(workspace, user, ts), **content})


def delete(workspace: Workspace, channel: str, user: str, ts: str) -> None:
    """Take an ephemeral message off its person's page."""
    workspace.store.run("DELETE FROM ephemeral WHERE ts = ? AND user = ?", ts, user)
    workspace.tell([user], {"type": "message_deleted", "channel": channel, "ts": ts})


def _keep(workspace: Workspace, channel: str, user: str, body: Json) -> None:
    embeds.check(workspace, body.get("blocks") or [], BOT_USER, user)
    workspace.store.run("DELETE FROM ephemeral WHERE expires <= ?", workspace.now())
    workspace.store.run(
        "INSERT OR REPLACE INTO ephemeral (ts, channel, user, expires, body) VALUES (?, ?, ?, ?, ?)",
        *(body["ts"], channel, user, workspace.now() + RESPONSE_URL_S, dump(body)),
    )
    thread = body.get("thread_ts")
    workspace.tell([user], {"type": "ephemeral", "channel": channel, "thread_ts": thread, "message": body})
