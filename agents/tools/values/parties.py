"""The parties of an agreement, and companies by their legal form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.tools.values.kinds import Extracted, ValueKind

_FORMS: Final = (
    r"(?:Ltd|Limited|LLC|L\.L\.C|LLP|LP|Inc|Incorporated|Corp|Corporation|Company|Co|PLC|plc|gGmbH|GmbH(?:\s*&\s*Co\.?\s*KG)?"
    r"|AG|SE|KG|UG|OHG|eG|S\.A\.S|S\.A\.R\.L|S\.A|SAS|SARL|SA|S\.r\.l|Srl|S\.p\.A|SpA|B\.V|BV|N\.V|NV|AB|ASA|AS|A/S|Oyj|Oy|ApS"
    r"|K\.K|d\.o\.o|Sp\.\s?z\s?o\.o|Pty\s+Ltd|Pte\.?\s+Ltd|Pvt\.?\s+Ltd|Kft|s\.r\.o)"
)
_WORD: Final = r"[A-Z0-9][\w’'.-]{0,40}\w|[A-Z]"
_NAME: Final = rf"(?:{_WORD})(?:\s+(?:(?:&|of|the|de|van|von|der)\s+){{0,3}}(?:{_WORD})){{0,6}}"
_COMPANY: Final = re.compile(rf"(?<![\w@./-])(?P<name>{_NAME}(?:\s+&\s+{_NAME})?,?\s+{_FORMS}(?!\w))")
_QUOTED: Final = r"[\"“”„'‘’][^\"“”„\0]{1,40}[\"“”’']"
_INTRODUCED: Final = (
    r"(?:(?i:the|hereinafter|hereafter|each|referred\s+to\s+as|collectively|a|an|together|,|as)\s*)*"
)
_TERM: Final = rf"\({_INTRODUCED}{_QUOTED}[^)\0]{{0,60}}\)"
_DEFINED: Final = re.compile(rf"(?<!\w)(?P<name>{_NAME})(?:,\s[^()\0.;]{{0,160}}?,?)?\s*{_TERM}")
_BETWEEN: Final = re.compile(
    r"(?i:\b(?:made|entered|agreement|contract|lease|deed|NDA|amendment|memorandum|order|signed|concluded|dated?|effective|executed)"
    r"\b[^.;\0]{0,120}?\b(?:by\s+and\s+)?(?:between|among|amongst))\s*:?\s+(?P<list>[^\0]{3,400})"
)
_LABELS: Final = (
    r"client|customer|supplier|vendor|provider|service\s+provider|buyer|seller|purchaser|landlord|tenant|lessor|lessee|licensor"
    r"|licensee|contractor|consultant|employer|employee|lender|borrower|disclosing\s+party|receiving\s+party|counterparty|party\s+[a-z0-9]"
)
_LABELLED: Final = re.compile(
    rf"(?i:(?:^|\0)[ \t*>|-]*(?:the\s+)?(?:{_LABELS})\**\s*[:|]\**\s*)(?P<name>[^\W\d_a-z][^\0,;(|*]{{1,80}})"
)
_LEADING: Final = (
    "The This That These Those Between Among And Or But By With For From In On At To Of As If When While Our Your Their "
    "Its We You They It Both Each Neither Either All Any No Client Customer Supplier Vendor Dear Hello Mr Mrs Ms Dr Prof "
    "Contact Agreement Contract Amendment Lease"
)
_LEADS: Final = frozenset(_LEADING.split())
_NO_PARTY: Final = re.compile(
    r"(?i:\b(?:agreement|contract|services?|effective|date|term|fees?|territory|products?|confidential|information|deliverables?|software"
    r"|property|premises|purpose|work|notice|losses|claims?|schedule|annex|exhibit|section|article|law|party|parties|period|price)\b)"
)
_PART_OF_LIST: Final = re.compile(
    rf"(?:^|,?\s+and\s+|;\s*|,\s+(?=[A-Z]))(?:\(?(?:\d|[ivx]+|[a-z])\)\s*)?(?:the\s+)?(?:(?:Mr|Mrs|Ms|Dr|Prof)\.?\s+)?"
    rf"(?P<name>{_NAME}(?:,?\s+{_FORMS}(?!\w))?)"
)
_APPOSITION: Final = r"an?|the|whose|with|having|acting|represented|registered|incorporated|located|residing"
_LIST_ENDS: Final = re.compile(
    r"(?<!\bM[rs])(?<!\bMrs)(?<!\b[DM]r)(?<!\bProf)\.\s+[A-Z]"
    r"|\s(?:on|dated|effective|for|regarding|concerning|is|was|has|shall|will|as\s+of)\s"
)
_DESCRIBED: Final = re.compile(
    rf"\s*,?\s*{_TERM}|,\s+(?:{_APPOSITION})\b[^()\0;]{{0,200}}?(?=\s*\(|,?\s+and\s+[A-Z]|$)"
)


def find(text: str) -> Iterator[Extracted]:
    """Yield parties: of "between X and Y", with a defined term, by a label such as "Client:", by legal form."""
    for match in _COMPANY.finditer(text):
        yield from _party(text, match.start("name"), match.end("name"))
    for match in _BETWEEN.finditer(text):
        yield from _listed(text, match.start("list"), match.end("list"))
    for match in _DEFINED.finditer(text):
        term = text[match.end("name") : match.end()]
        if not _NO_PARTY.fullmatch(match["name"].split()[-1]) and not _NO_PARTY.search(
            term.partition("(")[2]
        ):
            yield from _party(text, match.start("name"), match.end("name"))
    for match in _LABELLED.finditer(text):
        yield from _party(text, match.start("name"), match.start("name") + len(match["name"].rstrip(" .")))


def _listed(text: str, start: int, end: int) -> Iterator[Extracted]:
    """Yield the names of a list, skipping what describes each of them."""
    shown = _DESCRIBED.sub(lambda match: " " * len(match[0]), text[start:end])
    stop = _LIST_ENDS.search(shown)
    shown = shown[: stop.start()] if stop and " and " in shown[: stop.start()] else shown
    for match in _PART_OF_LIST.finditer(shown):
        if not _NO_PARTY.fullmatch(match["name"]) and not re.match(r"\d", match["name"]):
            yield from _party(text, start + match.start("name"), start + match.end("name"))


def _party(text: str, start: int, end: int) -> Iterator[Extracted]:
    """Yield the name without the words of the sentence before it."""
    while (lead := re.match(r"(\w+)\.?\s+", text[start:end])) and lead[1] in _LEADS:
        start += lead.end()
    end += text[end : end + 1] == "." and re.search(r"\.[A-Za-z]$", text[start:end]) is not None  # S.A., B.V.
    name = text[start:end]
    if len(name) > 1 and not re.fullmatch(_FORMS, name) and name not in _LEADS:
        yield Extracted(ValueKind.PARTY, name, " ".join(name.split()), start, end)
