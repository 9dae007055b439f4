"""Web addresses in texts, and whether two are one. PURE.

An address that an agent put together can carry what it was shown: whoever opens it, or merely looks at a picture that is
there, hands that to the host. So what is live leads only to addresses that are known, each as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

WRITTEN: Final = (  # one that stands in running text, without the sentence's own signs behind it
    r"(?:https?|ftp)://[^\s<>`]*[^\s<>`.,:;!?'\")\]}*_~|\\]|\bwww\.[^\s<>`]*[^\s<>`.,:;!?'\")\]}*_~|\\]"
)
_WRITTEN: Final = re.compile(WRITTEN, re.IGNORECASE)


def written(*texts: str) -> Iterator[str]:
    """Yield the addresses that stand in texts, in order."""
    for text in texts:
        yield from (found[0] for found in _WRITTEN.finditer(text))


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
