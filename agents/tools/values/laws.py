"""The law that governs an agreement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.tools.values.kinds import Extracted, ValueKind

_CAPITAL: Final = r"(?:(?:[A-Z]\.){2,}|St\.|[A-Z][\w’'-]{0,40})"
_PLACE: Final = rf"{_CAPITAL}(?:\s+(?:(?:of|and|the|de|do)\s+){{0,3}}{_CAPITAL}){{0,6}}"
_LAWS: Final = r"(?:substantive\s+|internal\s+|domestic\s+)?laws?(?:\s+in\s+force)?"
_GOVERNED: Final = (
    r"(?i:(?:govern(?:ed|s)?|constru(?:ed|ction)|interpret(?:ed|ation)|enforced|subject|decided|settled|resolved|determined)"
    r"(?:[^.;\0]{0,90}?)\b(?:by|with|under|to|pursuant\s+to))\s+"
)
_OR: Final = rf"(?P<more>\s+or\s+(?:of\s+)?(?:the\s+)?{_PLACE})?"
_NAMED: Final = rf"(?P<place>(?:the\s+)?{_PLACE}){_OR}"
_ADJECTIVE: Final = r"(?P<adjective>\b[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?)"
_TITLED: Final = r"(?i:\b(?:governing|applicable)\s+law)"
_RULES: Final = tuple(
    re.compile(rule)
    for rule in (
        rf"{_GOVERNED}(?i:the\s+)?(?i:{_LAWS})\s+(?:of|in)\s+{_NAMED}",
        rf"{_GOVERNED}(?i:the\s+)?{_ADJECTIVE}\s+(?i:{_LAWS})\b",
        rf"(?i:\b{_LAWS})\s+of\s+{_NAMED}\s+(?:(?:shall|will)\s+)?(?:govern|appl)",
        rf"{_ADJECTIVE}\s+(?i:law)\s+(?:(?:shall|will)\s+)?(?:governs?|appl)",
        rf"{_TITLED}(?:\s*[:|–-]\s*|\s+(?:is|shall\s+be)\s+)(?:the\s+laws?\s+of\s+)?{_NAMED}",
        rf"{_TITLED}\s*:?\s*(?P<open>\[[^\]\0]{{0,40}}\]|TBD|TBC|_{{3,}})",
    )
)
_BY_ADJECTIVE: Final = (
    "English=England and Wales;Scottish=Scotland;Irish=Ireland;German=Germany;French=France;Swiss=Switzerland;"
    "Austrian=Austria;Dutch=Netherlands;Belgian=Belgium;Italian=Italy;Spanish=Spain;Portuguese=Portugal;Swedish=Sweden;"
    "Norwegian=Norway;Danish=Denmark;Finnish=Finland;Polish=Poland;Czech=Czech Republic;Hungarian=Hungary;Greek=Greece;"
    "Indian=India;Japanese=Japan;Chinese=China;Australian=Australia;Canadian=Canada;Brazilian=Brazil;Mexican=Mexico;"
    "Turkish=Turkey;Israeli=Israel;Californian=California;Texan=Texas"
)
_ADJECTIVES: Final = dict(pair.split("=") for pair in _BY_ADJECTIVE.split(";"))
_ALSO_ADJECTIVES: Final = (
    "New York,Delaware,California,Texas,Florida,Nevada,Illinois,Massachusetts,New Jersey,Washington,Virginia,Georgia,Ohio,"
    "Pennsylvania,Colorado,Oregon,Utah,Arizona,Ontario,Quebec,Hong Kong,Singapore,Luxembourg,Jersey,Dubai"
)
_USED_AS_ADJECTIVES: Final = frozenset(_ALSO_ADJECTIVES.split(","))
_NO_PLACES: Final = (
    "Applicable",
    "Governing",
    "Such",
    "This",
    "That",
    "Any",
    "All",
    "Local",
    "Federal",
    "State",
    "Common",
    "The",
)
_TITLE: Final = re.compile(
    r"^(?:the\s+)?(?:(?:State|Commonwealth|Province|Republic|Kingdom|Canton)\s+of\s+(?:the\s+)?)?"
)


def find(text: str) -> Iterator[Extracted]:
    """Yield the jurisdiction of every clause that says which law governs; not where a company was set up."""
    for rule in _RULES:
        for match in rule.finditer(text):
            parts = match.groupdict()
            name = next(key for key in ("place", "adjective", "open") if parts.get(key))
            found = _value(name, match[name], parts.get("more"))
            if found is not None:
                end = match.end("more") if parts.get("more") else match.end(name)
                start = match.start(name)
                yield Extracted(ValueKind.GOVERNING_LAW, text[start:end], found[0], start, end, found[1])


def _value(name: str, written: str, more: str | None) -> tuple[str | None, str] | None:
    if written.split()[0] in _NO_PLACES and name != "place":
        return None
    if name == "open":
        return None, "The governing law is left open."
    if more:
        return None, "Two laws are named."
    place = " ".join(written.split()).rstrip(".")
    if name == "adjective":
        return place if place in _USED_AS_ADJECTIVES else _ADJECTIVES.get(place, f"{place} law"), ""
    short = _TITLE.sub("", place)
    return short or place, ""
