"""A request as the rules read it: quotes, code, links and mentions out of the way, one space between words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

HIDDEN: Final = "\ufffc"  # stands where something was quoted: no rule reads over it
TAKEN: Final = "\ufffd"  # stands where a deadline was read
_QUOTED: Final = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|^[ \t]*(?:>|&gt;).*$|\"[^\"\n]*\"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|https?://\S+",
    re.DOTALL | re.MULTILINE,
)
_ADDRESS: Final = re.compile(
    r"\A(?:<[@!][^>\n]*>|[@/]?jidoka\b|[\s,:!]"
    r"|(?:hi|hey|hello|hallo|guten (?:tag|morgen|abend)|good (?:morning|evening))\b)+",
    re.IGNORECASE,
)
_MENTION: Final = re.compile(r"<[@!][^>\n]*>")
_LINK: Final = re.compile(r"<[^>\n]*>")
_MARK: Final = re.compile(r"(?<!\w)[*_~]+(?=\w)|(?<=[\w.!?:;,])[*_~]+(?!\w)")


@dataclass(frozen=True)
class Plain:
    """The words to read, and for each character its place in the request as it was written."""

    text: str
    places: tuple[int, ...]
    written: str

    def original(self, start: int, end: int) -> str:
        """Return the exact words of the request between two places of ``text``."""
        return self.written[self.places[start] : self.places[end - 1] + 1]

    def without(self, start: int, end: int) -> str:
        """Return the request as it was written, without what stands between two places of ``text``."""
        before = self.written[: self.places[start]].rstrip("*_~")
        after = self.written[self.places[end - 1] + 1 :].lstrip("*_~")
        return before + after


def plain(written: str) -> Plain:
    """Return a request as the rules read it; places, not words, are changed."""
    hidden = _blank(_QUOTED, written.replace(TAKEN, HIDDEN), HIDDEN)
    hidden = _blank(_MENTION, _blank(_ADDRESS, hidden, " "), " ")
    hidden = _blank(_LINK, hidden, HIDDEN)
    hidden = _blank(_MARK, hidden, " ")
    kept = [place for place, char in enumerate(hidden) if not _doubled(hidden, place, char)]
    text = "".join(
        "\n" if hidden[place] == "\n" else " " if hidden[place].isspace() else hidden[place] for place in kept
    )
    return Plain(text, tuple(kept), written)


def _blank(pattern: re.Pattern[str], text: str, mark: str) -> str:
    return pattern.sub(lambda match: mark * len(match[0]), text)


def _doubled(text: str, place: int, char: str) -> bool:
    """Whether a character is white space right behind white space; a line's end stays."""
    return char != "\n" and char.isspace() and place > 0 and text[place - 1].isspace()
