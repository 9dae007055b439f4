"""What a request would be called in a list."""

from __future__ import annotations

import re
from typing import Final

_MARKUP: Final = re.compile(r"<[^>]*>|^\s*@\w+|\bplease\b", re.IGNORECASE)
_CLAUSE: Final = re.compile(r"[;\n!?]|\.(?:\s|$)|\s[–—]\s")
_DANGLING: Final = re.compile(
    r"(?:\s(?:the|a|an|of|to|in|and|or|for|with|by|under|from|on|at|our|about|into|as|that|which|two|one))+$",
    re.IGNORECASE,
)


def short_title(request: str, longest: int) -> str:
    """Return the request's first clause, cut at a word that can end it, with a capital letter; empty for no words."""
    words = " ".join(_MARKUP.sub(" ", request).split())
    head = _CLAUSE.split(words, maxsplit=1)[0].strip(" ,:") or words
    short = head if len(head) <= longest else _DANGLING.sub("", head[:longest].rsplit(" ", 1)[0])
    return short[:1].upper() + short[1:]
