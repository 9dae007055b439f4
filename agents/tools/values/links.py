"""E-mail addresses and web addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.tools.values.kinds import Extracted, ValueKind

_EMAIL: Final = re.compile(
    r"(?<![\w.+%@/-])[\w+%-]+(?:\.[\w+%-]+)*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}(?![\w@])"
)
_URL: Final = re.compile(r"(?<![\w@])(?:https?://|www\.)[^\s<>\"“”«»`|\\^{}\[\]]+", re.IGNORECASE)
_AFTERWARDS: Final = ".,;:!?'’*_…"


def emails(text: str) -> Iterator[Extracted]:
    """Yield e-mail addresses."""
    for match in _EMAIL.finditer(text):
        name, _, domain = match[0].rpartition("@")
        yield Extracted(ValueKind.EMAIL, match[0], f"{name}@{domain.lower()}", match.start(), match.end())


def urls(text: str) -> Iterator[Extracted]:
    """Yield web addresses, without the punctuation of the sentence around them."""
    for match in _URL.finditer(text):
        found = match[0].rstrip(_AFTERWARDS)
        while found.endswith(")") and found.count(")") > found.count("("):
            found = found[:-1].rstrip(_AFTERWARDS)
        if re.search(r"[\w]\.?[\w]", found.partition("://")[2] or found):
            yield Extracted(ValueKind.URL, found, found, match.start(), match.start() + len(found))
