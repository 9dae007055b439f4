"""Addresses in foreign text: live only where the run has read or people wrote them, and then with all of it to see."""

import re
from collections.abc import Set
from typing import Any, Final
from urllib.parse import urlsplit

from agents.addresses import same

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


def allowed(url: str, addresses: Set[str]) -> bool:
    """Return whether this address may be live: short, plain, and as a whole one of these, in their ``same`` form.

    That its host is known is not enough: the rest of an address can carry what an agent was shown.
    """
    return len(url) <= LONGEST and host(url) != "" and same(url) in addresses


def elements(label: str, url: str, addresses: Set[str], style: dict[str, bool]) -> list[dict[str, Any]]:
    """Return rich_text elements for a link: its label as words, then the address, live where allowed."""
    shown = _address(url, addresses)
    if label in ("", url, shown["text"]):
        return [shown]
    return [_styled(f"{label} (", style), shown, _styled(")", style)]


def _address(url: str, addresses: Set[str]) -> dict[str, Any]:
    bare = url.split("://", 1)[-1] or url
    if allowed(url, addresses):
        return {"type": "link", "url": url, "text": bare}
    return {"type": "text", "text": bare, "style": {"code": True}}


def _styled(words: str, style: dict[str, bool]) -> dict[str, Any]:
    return {"type": "text", "text": words, **({"style": style} if style else {})}
