"""A cron line at the head of a request: "cron 0 7 * * 1-5: competitor news"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from agents.planning.when.cron import RepeatError
from agents.planning.when.plain import Plain
from agents.planning.when.repeat import Repeat

_HEAD: Final = re.compile(
    r"(?P<phrase>(?:schedule\s+)?cron:?\s+`?(?P<fields>[^:\n`]{1,80}?)`?)\s*(?::|\n|$)\s*", re.IGNORECASE
)
_OPEN: Final = re.compile(
    r"(?P<phrase>(?:schedule\s+)?cron:?\s+(?P<fields>(?:\S+[ \t]+){4}\S+))\s+(?![\d*])", re.IGNORECASE
)
_FIELD: Final = re.compile(r"(?=.*[\d*])[\d*,/#L-]+|\*|[a-z]{3}(?:[,-][a-z]{3})*(?:#\d|L)?", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """The five fields as written, or what is wrong with them; and the request behind them."""

    text: str
    fields: str
    rest: str
    wrong: str = ""


def line(words: Plain) -> Line | None:
    """Return the cron line a request begins with, behind a mention; None when it begins with something else."""
    begin = len(words.text) - len(words.text.lstrip())
    place = words.places[begin] if begin < len(words.places) else len(words.written)
    match = _fields(_HEAD, words.written, place) or _fields(_OPEN, words.written, place)
    if match is None:
        return None
    rest = (words.written[:place] + words.written[match.end() :]).strip()
    try:
        Repeat.from_cron(match["fields"].strip())
    except RepeatError as error:
        return Line(match["phrase"], match["fields"], rest, str(error))
    return Line(match["phrase"], match["fields"].strip(), rest)


def _fields(form: re.Pattern[str], text: str, place: int) -> re.Match[str] | None:
    """Return the match when all between its word and its end are fields of a cron line."""
    match = form.match(text, place)
    return match if match and all(_FIELD.fullmatch(part) for part in match["fields"].split()) else None
