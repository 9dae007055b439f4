"""Permalinks: the address of a message, and where on the page it leads."""

import re
from collections.abc import Mapping
from typing import Final

from bot.workspace import ids
from bot.workspace.state import Site

_CHANNEL: Final = re.compile(r"[CDG][A-Z0-9]{1,20}")
_STAMP: Final = re.compile(r"p(\d{10})(\d{6})")


def address(site: Site, channel: str, ts: str, thread_ts: str) -> str:
    """Return a message's address, as Slack writes it; a reply's names its thread too."""
    link = f"{site.url}/archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread_ts}&cid={channel}" if thread_ts else link


def place(channel: str, stamp: str, query: Mapping[str, str]) -> str:
    """Return where the page shows this message, such as ``C0SALES/at/1503435956.000247``; empty for nonsense."""
    found = _STAMP.fullmatch(stamp)
    if found is None or not _CHANNEL.fullmatch(channel):
        return ""
    thread = query.get("thread_ts", "")
    return f"{channel}/{thread if ids.is_stamp(thread) else 'at'}/{found[1]}.{found[2]}"
