"""Of when a finding is: the date its words hold for, never one on which something ends, falls due or is planned."""

from __future__ import annotations

import re
from typing import Final

from agents.checks.dates import Day, dates
from agents.models.offline import rows

_LONGEST: Final = 40  # characters of a date
_SEEN: Final = re.compile(
    r"\b(?:seen|as of|checked|tested|collected|retrieved|updated|counted|surveyed|recorded|price of|status|reported)\b|"
    r"^(?:date|year|period|month|day|quarter)\b",
    re.IGNORECASE,
)
_TERM: Final = re.compile(  # what stands before a date that is a term, a plan or somebody's beginning
    r"\b(?:until|till|through|by|before|after|no later than|due(?: on)?|deadline|begin(?:s|ning)?|start(?:s|ing)?|ends?|"
    r"expires?|runs? out|applies|takes effect|effective|lapses|closes|opens?|goes|continues|since|first time to|open|"
    r"valid until|valid to|planned (?:for|in)|expected (?:for|in|by)|(?:founded|established|incorporated|born)(?: in)?)"
    r"(?:\s(?:again|only|on|in|from|the end of|the|early|late|mid|around|about|spring|summer|autumn|winter|fall)\b){0,3}"
    r"[:\s]*$",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"(?<!\bvalid )\bfrom(?: the)?\s+$", re.IGNORECASE)  # a price that is valid from a day holds of it
_AHEAD: Final = re.compile(
    r"\b(?:will|is|are|was|were) (?:to|going to|due|planned|expected|scheduled|forecast)\b|\bwill\b|\bexpects?\b|"
    r"\bforecasts?\b|\bplans? to\b|\bwants? to\b|\bintends? to\b|\bpromises? to\b",
    re.IGNORECASE,
)


def as_of(text: str) -> str:
    """Return the date the words of a sentence or row hold for, as it stands there; empty where they give none."""
    told = next(iter(_of_row(text) if "|" in text else _of_sentence(text)), "")
    return " ".join(told.split())[:_LONGEST]


def _of_row(text: str) -> list[str]:
    """Return the dates of a row: first those in cells that say when it was seen, none of cells that say when it ends."""
    cells = rows.labelled(text, "")
    seen = [cell.value for cell in cells if _SEEN.search(cell.label)]
    rest = [f"{cell.label}: {cell.value}" for cell in cells if cell.value not in seen]
    return [day for words in (*seen, *rest) for day in _of_sentence(words)]


def _of_sentence(text: str) -> list[str]:
    return [day.text for day in dates(text) if not _is_term(text, day)]


def _is_term(text: str, day: Day) -> bool:
    before = text[: day.start]
    return bool(_TERM.search(before) or _FROM.search(before) or _AHEAD.search(before[-60:]))
