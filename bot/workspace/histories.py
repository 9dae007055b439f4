"""Reading channels and threads, a page at a time."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from bot.workspace import ids, messages
from bot.workspace.errors import SlackError
from bot.workspace.state import Json, Workspace
from bot.workspace.store import Row
from bot.workspace.wire import Arguments

_LAST = "9999999999.999999"


@dataclass(frozen=True)
class Window:
    """Which part of a history is asked for; times in Slack's shape."""

    oldest: str = "0000000000.000000"
    latest: str = _LAST
    inclusive: bool = False
    limit: int = 100
    cursor: str = ""

    def bounds(self) -> tuple[str, tuple[str, str]]:
        """Return the SQL condition on `ts` and its two values."""
        if self.inclusive:
            return "ts >= ? AND ts <= ?", (self.oldest, self.latest)
        return "ts > ? AND ts < ?", (self.oldest, self.latest)


def history(workspace: Workspace, channel: str, window: Window) -> tuple[list[Row], str]:
    """Return messages outside threads, the newest first, and the cursor of what follows."""
    condition, values = window.bounds()
    before = cursor_value(window.cursor, "next_ts") if window.cursor else _LAST
    rows = workspace.store.all(
        f"SELECT * FROM message WHERE channel = ? AND shown AND {condition} AND ts < ? ORDER BY ts DESC LIMIT ?",  # noqa: S608 - our own text
        *(channel, *values, before, window.limit + 1),
    )
    return _page(rows, window.limit)


def replies(workspace: Workspace, channel: str, ts: str, window: Window) -> tuple[list[Row], str]:
    """Return a thread: its root on the first page, then replies, the oldest first, and the cursor of what follows.

    Raises:
        SlackError: ``thread_not_found``.
    """
    try:
        root = messages.find(workspace, channel, ts)
    except SlackError:
        raise SlackError("thread_not_found") from None
    condition, values = window.bounds()
    after = cursor_value(window.cursor, "next_ts") if window.cursor else ""
    rows = workspace.store.all(
        f"SELECT * FROM message WHERE channel = ? AND thread_ts = ? AND {condition} AND ts > ? ORDER BY ts LIMIT ?",  # noqa: S608 - our own text
        *(channel, ts, *values, after, window.limit + 1),
    )
    found, cursor = _page(rows, window.limit)
    return (found if window.cursor else [root, *found]), cursor


def cursor_of(kind: str, value: str) -> str:
    """Return a cursor that says where the next page begins."""
    return base64.b64encode(f"{kind}:{value}".encode()).decode()


def cursor_value(cursor: str, kind: str) -> str:
    """Return what a cursor says.

    Raises:
        SlackError: ``invalid_cursor``.
    """
    try:
        found, _, value = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise SlackError("invalid_cursor") from None
    if found != kind:
        raise SlackError("invalid_cursor")
    return value


def listed(name: str, items: list[Any], cursor: str, limit: int) -> Json:
    """Return one page of a list, under its name, with the cursor of the next."""
    start = cursor_value(cursor, "offset") if cursor else "0"
    if not start.isdecimal():
        raise SlackError("invalid_cursor")
    end = int(start) + limit
    following = cursor_of("offset", str(end)) if end < len(items) else ""
    return {name: items[int(start) : end], "response_metadata": {"next_cursor": following}}


def window(arguments: Arguments, most: int, usual: int) -> Window:
    """Return the window a call asks for.

    Raises:
        SlackError: ``invalid_ts_oldest``, ``invalid_ts_latest`` or ``invalid_limit``.
    """
    bounds = {}
    for name in ("oldest", "latest"):
        text = arguments.text(name)
        if text and not ids.is_bound(text):
            raise SlackError(f"invalid_ts_{name}")
        if text and not (name == "latest" and float(text) == 0):
            bounds[name] = ids.bound(text)
    limit = arguments.limit(most, usual)
    return Window(
        **bounds, inclusive=arguments.flag("inclusive"), limit=limit, cursor=arguments.text("cursor")
    )


def _page(rows: list[Row], limit: int) -> tuple[list[Row], str]:
    if len(rows) <= limit:
        return rows, ""
    return rows[:limit], cursor_of("next_ts", rows[limit - 1]["ts"])
