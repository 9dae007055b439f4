"""Addresses in foreign text: live only to hosts a run has read from, and then with the whole address to see."""

import re
from collections.abc import Set
from typing import Any, Final
from urllib.parse import urlsplit

LONGEST: Final = 300  # characters; a longer address cannot be looked over, so it stays dead
_PORTS: Final = (None, 80, 443)
_SOUND: Final = re.compile(r"https?://[!-~]+")


def host(url: str) -> str:
    """Return the host of a web address, in lower case; empty when it is no plain http(s) address of a usual port."""
    if not _SOUND.fullmatch(url) or "\\" in url:
        return ""
    try:
        parts = urlsplit(url)
        usual = parts.port in _PORTS
    except ValueError:
        return ""
    return (parts.hostname or "") if usual and "@" not in parts.netloc else ""


def allowed(url: str, hosts: Set[str]) -> bool:
    """Return whether this address may be live: short, plain, and on one of these hosts."""
    return len(url) <= LONGEST and host(url) in hosts and host(url) != ""


def elements(label: str, url: str, hosts: Set[str], style: dict[str, bool]) -> list[dict[str, Any]]:
    """Return rich_text elements for a link: its label as words, then the address, live where allowed."""
    shown = _address(url, hosts)
    if label in ("", url, shown["text"]):
        return [shown]
    return [_styled(f"{label} (", style), shown, _styled(")", style)]


def _address(url: str, hosts: Set[str]) -> dict[str, Any]:
    bare = url.split("://", 1)[-1] or url
    if allowed(url, hosts):
        return {"type": "link", "url": url, "text": bare}
    return {"type": "text", "text": bare, "style": {"code": True}}


def _styled(words: str, style: dict[str, bool]) -> dict[str, Any]:
    return {"type": "text", "text": words, **({"style": style} if style else {})}
