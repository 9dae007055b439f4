"""The phrase that says when work is to begin: at the head of a request, behind a word of command, or at its end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from agents.planning.when import asking
from agents.planning.when.moments import Moment, ahead, moment
from agents.planning.when.repeats import Said, repeat
from agents.planning.when.request_words import DELIVER, INFINITIVES, VERBS


@dataclass(frozen=True)
class Night:
    """The work may wait for the night: "tonight"."""

    text: str


@dataclass(frozen=True)
class Phrase:
    """What is said, where it stands, and the part of the request that only says when."""

    said: Said | Moment | Night
    start: int
    end: int
    cut: tuple[int, int]  # what goes, so that the rest reads on
    at_head: bool = False


_NIGHT: Final = re.compile(
    r"(?:tonight|overnight|over night|during the night|through the night|heute nacht|über nacht|in der nacht)\b(?!['’-])",
    re.IGNORECASE,
)
_HEAD: Final = re.compile(
    r"\s*(?:(?:please|bitte|ok|okay|now|and|und|immer|always)\b[,!:]?\s+)*",
    re.IGNORECASE,
)
_COMMAND: Final = re.compile(  # words that only say that it is to be done
    r"(?:schedule|run|start|do|begin|work on|plane|starte|mach|mache)"
    r"(?:\s(?:this|it|that|these|the following|das|dies|es))?(?:\sfor)?[:,]?\s",
    re.IGNORECASE,
)
_ORDER: Final = re.compile(
    r"(?P<verb>[^\W\d_]+)(?P<whom>(?:\s(?:me|us|mir|uns|bitte|please))*)\s", re.IGNORECASE
)
_SET_AGAINST: Final = re.compile(r"\s(?:and|or|with|vs|to|than|und|oder|mit)\b", re.IGNORECASE)
_FREE: Final = re.compile(r"[:.,]|\s|$")
_COLON: Final = re.compile(r"\s?[:.]|\n|\s*$")
_TAIL: Final = re.compile(
    rf"(?:\s(?:zusammen|auf|ab|durch|heraus|raus|nach|an|aus|vor|her|zu|{INFINITIVES}))?"
    r"(?:[\s,;.!?…)–—-]*(?:(?:(?:and\s)?(?:have\sit\s)?(?:ready|done|finished|due)\s)?\ufffd+|please"
    r"|(?:many\s)?thanks(?:\sa\slot)?"
    r"|thank you(?:\sso much|\svery much)?|thx|cheers|bitte|danke|ok|okay|if (?:you can|possible|that works|it works)"
    r"|if that['’]s (?:ok|okay|fine)"
    r"|wenn (?:möglich|es geht)|:\w+:)(?!\w))*[\s.!?…)]*",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"[.!?](?=\s)|\n|:(?=\s)")
_COUNTED: Final = re.compile(  # a number behind one of these counts things: "compare these three tonight"
    r"\b(?:these|those|all|the|our|my|both|other|first|last|top|diese|die|alle|unsere|ersten|letzten)\s$", re.IGNORECASE
)
_LEADING: Final = re.compile(
    r"(?:at|um|on|am|next|this|tomorrow|today|morgen|heute|übermorgen|the day)\b", re.IGNORECASE
)
_AT: Final = re.compile(r"(?:at|um|gegen)\s", re.IGNORECASE)
_EVERY: Final = re.compile(r"(?:(?:on|am)\s)?(?:every|each|jed|alle)", re.IGNORECASE)
_START: Final = frozenset({"start", "run", "begin", "do", "starte", "mach", "mache"})
_WORD: Final = re.compile(r"(?<![\w'’-])\w")
_REACH: Final = 160  # characters; no phrase at the end is longer


def at_head(text: str) -> Phrase | None:
    """Return the phrase a request begins with, when work is asked for behind it."""
    first = _HEAD.match(text)
    begin = first.end() if first else 0
    command = _COMMAND.match(text, begin)
    if command and (found := _said(text, command.end())) and _commanded(*found, text):
        return Phrase(found[0], command.end(), found[1], (begin, _joint(text, found[1])), at_head=True)
    order = _ORDER.match(text, begin)
    if order and (found := _said(text, order.end())) and _ordered(order, *found, text):
        return Phrase(found[0], order.end(), found[1], (order.end(), _joint(text, found[1])), at_head=True)
    alone = _said(text, begin)
    if alone is None or not _heads(*alone, text):
        return None
    return Phrase(alone[0], begin, alone[1], (begin, _joint(text, alone[1])), at_head=True)


def _said(text: str, position: int) -> tuple[Said | Moment | Night, int] | None:
    again = repeat(text, position)
    if again:
        return again
    found = ahead(text, position) or moment(text, position)
    night = _NIGHT.match(text, position)
    if night and not (found and found[0].clock):
        return Night(night[0]), night.end()
    return found


def _commanded(said: Said | Moment | Night, end: int, text: str) -> bool:
    """Whether a phrase behind a word of command counts: a sure one always, another before a colon only."""
    sure = isinstance(said, Night) or (isinstance(said, Said) and said.timed)
    sure = sure or (isinstance(said, Moment) and (said.ahead or said.clock) is not None and not said.bare)
    return bool((_FREE if sure else _COLON).match(text, end))


def _ordered(order: re.Match[str], said: Said | Moment | Night, end: int, text: str) -> bool:
    """Whether a phrase between a verb and what is wanted counts: "Send me every day at 8 the prices"."""
    verb, whom = order["verb"].lower(), order["whom"]
    if not text[end : end + 1].isspace() or (not whom and _SET_AGAINST.match(text, end)):
        return False
    if isinstance(said, Night):
        return verb in VERBS and not said.text.lower().startswith("over")
    sure = (
        said.timed if isinstance(said, Said) else bool(whom and (said.ahead or said.clock) and not said.bare)
    )
    return sure and verb in DELIVER | {"fass", "fasse"} and _commanded(said, end, text)


def _heads(said: Said | Moment | Night, end: int, text: str) -> bool:
    after = text[end : end + asking.NEAREST]
    if isinstance(said, Said):
        if not said.timed and not _EVERY.match(said.text):
            return bool(re.match(r"\s?[:,]", after)) and asking.follows(after)
        return asking.follows(after, noun=said.timed)
    if (
        isinstance(said, Moment)
        and said.clock is None
        and said.ahead is None
        and not _LEADING.match(said.text)
    ):
        return False
    return asking.follows(after)


def _joint(text: str, end: int) -> int:
    """Return where the request goes on behind a phrase at its head."""
    match = re.compile(r"[\s,:;.–—-]*").match(text, end)
    return match.end() if match else end


def at_end(text: str) -> Phrase | None:
    """Return the phrase a request ends with, when the words before it ask for work."""
    found = _before(text, len(text.rstrip()))
    if found:
        return found
    first = _SENTENCE_END.search(text)
    early = _before(text, first.start()) if first else None
    return early if early and isinstance(early.said, Night) else None


def _before(text: str, limit: int) -> Phrase | None:
    """Return the phrase that stands right before ``limit``."""
    near = text[:limit]
    for start in (match.start() for match in _WORD.finditer(near, max(0, limit - _REACH))):
        found = _said(near, start)
        if found and isinstance(found[0], Moment) and _counts(found[0], near[:start]):
            continue
        tail = _TAIL.fullmatch(near, found[1]) if found else None
        if found and tail:  # a shorter phrase inside a refused one says nothing either
            before = near[max(0, start - asking.NEAREST) : start]
            cut = (start - len(before) + len(before.rstrip(" ,;–—-\n")), found[1])
            return Phrase(found[0], start, found[1], cut) if _ends(found[0], before) else None
    return None


def _counts(said: Moment, before: str) -> bool:
    """Whether a number says how many things are meant, not what time it is."""
    clock = said.clock
    return clock is not None and not clock.sure and not _AT.match(said.text) and bool(_COUNTED.search(before))


def _ends(said: Said | Moment | Night, before: str) -> bool:
    if not before.strip() or not asking.asks(before):
        return False
    if asking.listed(before) or (asking.taken(before) and not isinstance(said, Night)):
        return False
    if asking.apart(before):
        return not isinstance(said, Moment) or _named(said)
    if asking.taken(before):
        return False
    if isinstance(said, Moment):
        return _named(said) and _times_the_work(said, before)
    if isinstance(said, Said) and not said.timed and not asking.delivers(before):
        return False
    return asking.delivers(before) or not asking.doing(before)


def _named(said: Moment) -> bool:
    """Whether a moment is named well enough to stand at the end."""
    if said.ahead is not None:
        return True
    if said.clock is None:
        return said.day is not None and bool(said.day.part)
    return bool(_AT.match(said.text)) or (
        said.day is not None and (said.clock.sure or not said.text[0].isdigit())
    )


def _times_the_work(said: Moment, before: str) -> bool:
    if said.ahead is not None or said.bare:
        return asking.delivers(before)
    return asking.delivers(before) or not (asking.doing(before) or asking.about_an_event(before))
