"""What a found value is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

BREAK: Final = "\0"  # how a finder is shown the end of a line: no gap between two words matches it


class ValueKind(StrEnum):
    """The kinds of value that are found, with the form of their canonical value."""

    DATE = "date"  # "2026-09-09", "2026-09", "2026", "2026-Q3", "FY2026", "2026-09-07/2026-09-09"
    MONEY = "money"  # "USD 20000", "EUR 10–15"
    PERCENTAGE = "percentage"  # "12 %", "5–10 %", "3 percentage points"
    DURATION = "duration"  # "3 years", "30 days", "1 year 6 months", "3–5 business days"
    PARTY = "party"  # the name in full, such as "Acme Ltd"
    EMAIL = "email"  # its domain in lower case
    URL = "url"
    GOVERNING_LAW = "governing_law"  # the jurisdiction, such as "New York", "England and Wales"
    NUMBER = "number"  # "1200", "3.5", "-4"


@dataclass(frozen=True)
class Extracted:
    """One value as it stands in a text: ``text[start:end]`` of the source is ``text`` here."""

    kind: ValueKind
    text: str
    value: str | None  # canonical; None where the text does not say for certain
    start: int  # characters, from 0
    end: int
    note: str = ""  # why `value` is None
