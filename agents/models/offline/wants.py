"""What kind of thing a request wants, by its words: an answer, small work on what is there, or several pieces. PURE."""

from __future__ import annotations

import re
from typing import Final

_BEGINS: Final = r"^\W*(?:@\w+\s+)?(?:please,?\s+)?"
_ASKS: Final = (
    r"(?:what|when|where|who|whom|whose|which|why|how|is|are|was|were|does|do|did|can|could|has|have)\b"
)
_QUESTION: Final = re.compile(_BEGINS + _ASKS, re.IGNORECASE)
_ORDERED: Final = re.compile(r"^\W*(?:can|could|would|will) you\b", re.IGNORECASE)
_SMALL: Final = re.compile(
    _BEGINS + r"(?:say|tell|list|count|find|look up|check|correct|proofread|translate|shorten|summari[sz]e|explain|"
    r"rewrite|rephrase|extract|fix (?:the |all )?(?:typos?|spelling|grammar|commas?))\b",
    re.IGNORECASE,
)
_DELIVERABLE: Final = re.compile(
    r"\b(?:report|campaign|brief|analysis|comparison|contract|agreement|nda|policy|letter|proposal|memo|deck|presentation|"
    r"specification|one-pager|blog post|press release|battlecard|timeline|timetable|checklist|newsletter|plan|strategy|"
    r"study|overview|summary|landing page|agenda|speech)s?\b",
    re.IGNORECASE,
)
_MAKE: Final = re.compile(
    r"\b(?:write|draft|create|prepare|make|build|produce|compare|analy[sz]e|design|develop|plan|research|review|draw up|put "
    r"together|organi[sz]e|arrange|run)\b",
    re.IGNORECASE,
)
_PART: Final = re.compile(r"(?:and\s+)?(?:an?|the|our|what|how|which|who|where|when|whether)\s+\w", re.IGNORECASE)
_NEXT: Final = re.compile(r"(?<=[.?!])\s+|:\s+")  # where the next sentence begins, or what a colon announces
_LONGEST_QUESTION: Final = 40  # words
_LEAST_PARTS: Final = 3


def question(request: str) -> bool:
    """Whether a request is one short question and asks for nothing to be made.

    "We buy Acme: what speaks against it?" tells of work, and its question says what to look at.
    """
    told = _NEXT.split(request.strip())
    asks = _QUESTION.match(request) or (len(told) == 1 and request.rstrip().endswith("?"))
    ordered = _ORDERED.match(request) or any(_MAKE.match(sentence) for sentence in told)
    return bool(asks) and len(request.split()) <= _LONGEST_QUESTION and not ordered


def asks(words: str) -> bool:
    """Whether a page's keyword is itself a question, such as "how big is the market"."""
    return _QUESTION.match(words) is not None


def small(request: str) -> bool:
    """Whether a request begins with work on what is there already: list, find, check, shorten, translate."""
    return _SMALL.match(request) is not None


def makes(request: str) -> bool:
    """Whether a request asks for something to be made."""
    return not question(request) and _MAKE.search(request) is not None


def deliverables(request: str) -> list[str]:
    """Return the things a request wants made, as it names them, in the order of the alphabet."""
    return sorted({match[0].lower() for match in _DELIVERABLE.finditer(request)})


def parts(request: str) -> list[str]:
    """Return what a request lists after a colon, where that is three things or more that could each stand alone."""
    _, colon, listed = request.partition(": ")
    pieces = [piece.strip() for piece in re.split(r",|;|\band\b", listed.splitlines()[0] if listed else "")]
    found = [piece for piece in pieces if _PART.match(piece)]
    return found if colon and len(found) >= _LEAST_PARTS else []
