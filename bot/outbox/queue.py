"""What waits to be delivered, in lanes: within a lane one after the other, lanes side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.tables import OutboxMessage
from storage.words import MessageKind

LONGEST_PATIENCE_S: Final = 3_600.0  # no failure lets a message wait longer
_ALONE: Final = frozenset({MessageKind.REACTION, MessageKind.EFFECT})  # an effect may wait for a whole workspace
Key = tuple[str, ...]


@dataclass(frozen=True)
class Lane:
    """Messages that must be delivered one after the other, oldest first."""

    key: Key
    messages: tuple[OutboxMessage, ...]

    @property
    def first(self) -> OutboxMessage:
        """Return the message the others wait for."""
        return self.messages[0]

    def wait(self, now: datetime) -> float:
        """Return in how many seconds its first message may go; the others wait with it."""
        first = self.first
        seconds = (first.not_before - now).total_seconds() if first.not_before else 0.0
        return 0.0 if first.error and seconds > LONGEST_PATIENCE_S else seconds  # else the clock was set back meanwhile

    @property
    def is_edit(self) -> bool:
        """Return whether this changes a message that is there already."""
        return posted(self.first)


def lanes(messages: Iterable[OutboxMessage]) -> list[Lane]:
    """Return the messages in lanes: edits of checkpoints first, then new messages by thread, then other edits."""
    found: dict[Key, list[OutboxMessage]] = {}
    for message in messages:
        found.setdefault(_key(message), []).append(message)
    return sorted((Lane(key, tuple(inside)) for key, inside in found.items()), key=_urgency)


def posted(message: OutboxMessage) -> bool:
    """Return whether Slack holds this message already."""
    return message.delivered > 0


def _key(message: OutboxMessage) -> Key:
    """Return the lane: new messages share one a thread; an edit or a reaction hurts nobody's order.

    Nor does what is kept for a later hour: what is said meanwhile need not wait for it.
    """
    if posted(message) or message.kind in _ALONE or _is_kept(message):
        return ("alone", message.id)
    return ("to", message.user) if message.user else ("in", message.channel, message.thread_ts)


def _is_kept(message: OutboxMessage) -> bool:
    """Return whether a message was given its hour when it was queued; one that failed waits with its thread."""
    return message.not_before is not None and not message.error and not message.attempts


def _urgency(lane: Lane) -> tuple[int, int]:
    urgent = 1 if not lane.is_edit else 0 if lane.first.kind is MessageKind.CHECKPOINT else 2
    return urgent, lane.first.seq or 0
