"""Web addresses that stand in texts, for whoever asks whether one stood there: links and fetching. PURE.

An address that an agent put together can carry what it was shown: whoever opens it, or merely looks at a picture that is
there, hands that to the host. So what is live leads only to addresses that are known, each as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

_ADDRESS: Final = re.compile(r"(?:https?://(?:\[[0-9a-f:.]+\])?|\bwww\.)[^\s<>\"“”„«»|\\^`\[\]]+", re.IGNORECASE)
_PAIRS: Final = {")": "(", "}": "{"}


def written(*texts: str) -> Iterator[str]:
    """Yield the web addresses that stand in texts, each as it stands there, in order."""
    for text in texts:
        for found in _ADDRESS.finditer(text):
            yield _trimmed(found[0])


def _trimmed(address: str) -> str:
    """Return an address without what a sentence put behind it; a bracket that was opened inside belongs to it."""
    while address:
        last = address[-1]
        opens = _PAIRS.get(last)
        if last not in ".,;:!?*_'’…" and (opens is None or address.count(opens) >= address.count(last)):
            break
        address = address[:-1]
    return address


def same(address: str) -> str:
    """Return an address in the form it is compared in: small letters in scheme and host, no slash at its end."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if not parts.netloc:
        return address
    rest = address.split("//", 1)[1][len(parts.netloc) :]
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{rest}".removesuffix("/")
