"""A press on a button or on an entry of a menu, parsed from Slack's payload."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pressed:
    """One press by one person."""

    user: str
    action: str  # the button's action_id
    value: str
    trigger: str  # opens a form, within 3 s
    channel: str = ""  # empty in a form or on Home
    thread_ts: str = ""
    is_link: bool = False  # opens a page; Slack tells us, and nothing is asked of us

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Pressed":
        """Return the press; the message it was on says where the person is."""
        action, container = body["actions"][0], body.get("container") or {}
        message = body.get("message") or {}
        return cls(
            user=body["user"]["id"], action=action["action_id"], value=_value(action),
            trigger=body.get("trigger_id") or "", channel=container.get("channel_id") or "",
            thread_ts=container.get("thread_ts") or message.get("thread_ts") or "",
            is_link=bool(action.get("url")),
        )


def _value(action: Mapping[str, Any]) -> str:
    """Return what a button, or the chosen entry of a menu, carries."""
    return str(action.get("value") or (action.get("selected_option") or {}).get("value") or "")
