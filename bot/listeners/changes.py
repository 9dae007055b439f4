"""Edits and deletions of what a run works with: its words stay as they were sent, and who changed them is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.inbox import Payload
from bot.listeners.front import Front
from storage.tables import Run
from storage.words import ENDED

EDITED: Final = (
    "I keep to the words you first sent; this edit reaches nobody. Reply in the thread with what should be different."
)
DELETED: Final = (
    "I have read this, so deleting it does not take it back. Reply in the thread with what counts instead, or write "
    "`stop` there to end the work."
)


@dataclass(frozen=True)
class Change:
    """One message that was edited or deleted."""

    channel: str
    ts: str
    user: str  # who had written it
    says: str  # what they are told

    @classmethod
    def read(cls, event: Mapping[str, Any]) -> "Change | None":
        """Return what changed; None when no words did, as when Slack adds a preview of a link."""
        before: Mapping[str, Any] = event.get("previous_message") or {}
        now: Mapping[str, Any] = event.get("message") or {}
        user, channel = before.get("user") or "", event.get("channel") or ""
        if before.get("bot_id") or not user:
            return None
        gone = event.get("subtype") == "message_deleted" or now.get("subtype") == "tombstone"
        if not gone and (event.get("subtype") != "message_changed" or now.get("text") == before.get("text")):
            return None
        return cls(channel, before.get("ts") or "", user, DELETED if gone else EDITED)


async def concerns(front: Front, payload: Payload) -> bool:
    """Return whether this changes what a run under way was asked or told."""
    change = Change.read(payload["event"])
    return change is not None and await _run(front, change) is not None


async def tell(front: Front, payload: Payload) -> None:
    """Tell the person what their change does not do."""
    if (change := Change.read(payload["event"])) and (run := await _run(front, change)):
        await front.whisper(change.channel, change.user, change.says, run.thread_ts)


async def _run(front: Front, change: Change) -> Run | None:
    run = await front.run_told(change.channel, change.ts)
    return run if run is not None and run.state not in ENDED else None
