"""Documents that the files speak of and nobody gave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from agents.models.offline.passages import Passage
from agents.models.offline.topics import stems

NOT_GIVEN: Final = "is not among the files"
_KIND: Final = (
    r"(?:agreements?|contracts?|opinions?|certificates?|registers?|deeds?|leases?|minutes|accounts|reports?|letters?|"
    r"polic(?:y|ies)|"
    r"licen[cs]es?|permits?|returns?|statements?|registers? of members|price lists?|studies|study|invoices|reviews?)"
)
_NUMBERED: Final = re.compile(
    r"\b(?P<name>(?:Annex|Appendix|Schedule|Exhibit|Enclosure|Attachment)\s+(?:[A-Z]|\d{1,2}))\b(?:: (?P<of>[^.;:]{3,40}))?"
)
_NAMED: Final = re.compile(
    rf"\b(?i:the|an?|its|his|her|their|our)\s+(?P<name>(?:[a-z][\w-]+\s+){{0,2}}{_KIND}(?:\s+of\s+(?:members|shareholders|"
    rf"association|\d{{1,2}}\s+[A-Z][a-z]+\s+\d{{4}}))?)\b"
)
_LOOSE: Final = re.compile(
    r"\b(?P<name>(?:Letter|Opinion|Report|Certificate|Study|Survey) (?:from|of|by) [A-Z][\w.]+(?:\s[A-Z][\w.]+)*)"
)
_GAVE: Final = re.compile(
    rf"\b(?P<who>[A-Z]\w+) gave an? (?P<name>{_KIND}(?: on \d{{1,2}} [A-Z][a-z]+ \d{{4}})?)"
)
_SELF: Final = re.compile(r"^(?:this|these)\b", re.IGNORECASE)
_WANTED: Final = re.compile(
    r"not among the files|missing documents?|not (?:there|given) and named|documents? that .{0,40}speaks? of",
    re.IGNORECASE,
)
_CUE: Final = re.compile(
    r"\bset out in\b|\bsee\b|\bkept\b|\battached\b|\benclosed\b|\bis being\b|\bto be\b|\bgave\b|\bvalid\b|"
    r"\bfinished\b|\bseparate\b|"
    r"\bsigned\b|\bagreed\b|\bLetter\b|\bannex\b|\bappendix\b|\bschedule\b|\bexhibit\b|\baccording to\b|\bpromised\b|"
    r"\bnot available\b|"
    r"\bdraft\w*\b|\bwithdrawn\b",
    re.IGNORECASE,
)


def wanted(instructions: str) -> bool:
    """Whether a page asks for documents that are spoken of and were not given."""
    return bool(_WANTED.search(instructions))


def spoken_of(found: Sequence[Passage]) -> Iterator[str]:
    """Yield a sentence for each document that the passages speak of and that is none of theirs: what, where, its words."""
    names = {part_name(one): stems(re.sub(r"[\W_]+", " ", part_name(one).rsplit(".", 1)[0])) for one in found}
    told: dict[str, tuple[str, Passage]] = {}
    for one in found:
        for name in _documents(one.text):
            words, bare = stems(name), name.partition(" (")[0].lower()
            if words and not any(words <= known for known in names.values()):
                told[bare] = max(told.get(bare, (name, one)), (name, one), key=lambda known: len(known[0]))
    for name, one in told.values():
        quote = " ".join(one.text.split())
        yield f"{name[:1].upper()}{name[1:]} {NOT_GIVEN}; {part_name(one)} speaks of it: “{quote[:240]}”"


def part_name(one: Passage) -> str:
    """Return the name of a passage's document."""
    return one.part.source.split(", ")[0] or one.part.id


def _documents(text: str) -> Iterator[str]:
    if "|" in text or not _CUE.search(text):
        return
    for match in _NUMBERED.finditer(text):
        yield f"{match['name']} ({match['of'].strip()})" if match["of"] else match["name"]
    for match in _GAVE.finditer(text):
        yield f"{match['who']}'s {match['name']}"
    for pattern in (_LOOSE, _NAMED):
        for match in pattern.finditer(text):
            name = " ".join(match["name"].split())
            if not _SELF.match(name) and len(name.split()) > 1 and not _GAVE.search(text):
                yield name
