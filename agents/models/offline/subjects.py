"""Whom a passage is about: the subjects of a run and how documents name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from agents.checks.figures import figures
from agents.models.offline import rows
from agents.models.offline.passages import Passage
from agents.models.offline.topics import KNOWN, attributes, slug

_FORM: Final = re.compile(r",?\s+(?:Inc|Ltd|Limited|LLC|GmbH|AG|SE|PLC|plc|Corp|Co|B\.?V|S\.?A|KG|Oy)\b\.?$")
_GOES_ON: Final = re.compile(r"^(?:It|Its|They|Their|The (?:company|vendor|supplier|firm|group)|He|She)\b")
_PLAN: Final = re.compile(
    r"\b(?P<name>[A-Z][\w+-]+) (?:plan|edition|package|tier|version|model|licen[cs]e)\b"
)
_LABEL: Final = re.compile(
    r"^(?P<label>(?!On |For |In |At |To |From |By |With |Dear |Note|Owner)[A-Z][\w()/-]*(?: [\w()/-]+){0,2}):\s"
)
_BINDS: Final = frozenset(("confidentiality", "liability", "law"))
_CONTACT: Final = re.compile(r"\b(?:tele)?phone\b|\bfax\b|\btel\.|@", re.IGNORECASE)
_TIME: Final = re.compile(
    r"\b(?:per|a|each) (?:month|year|day|week|quarter)\b|\bmonthly\b|\byearly\b|\bannual(?:ly)?\b", re.I
)


def mentions(text: str, name: str) -> bool:
    """Whether a text names a subject, with or without its legal form."""
    return bool(_pattern(name).search(text))


def about(found: Sequence[Passage], item: str, others: Iterable[str]) -> list[bool]:
    """Return for each passage whether it is about ``item``: it says so, goes on about it, or its document is about it."""
    rivals = [name for name in others if name != item]
    own = _own_documents(found, item, rivals)
    told: list[bool] = []
    for place, passage in enumerate(found):
        named = mentions(passage.text, item) or mentions(passage.heading, item)
        rival = any(mentions(passage.text, name) or mentions(passage.heading, name) for name in rivals)
        after = bool(
            place
            and told[-1]
            and found[place - 1].part.id == passage.part.id
            and _GOES_ON.match(passage.text)
        )
        elsewhere = passage.is_row and rows.names_somebody(passage.text, passage.heading)
        told.append(named or (not rival and not elsewhere and (after or passage.document in own)))
    return told


def entity(text: str, heading: str, subjects: Sequence[str], fallback: str = "") -> str:
    """Return the subject a passage is about: one that it names, else the one it stands under, else the task's."""
    named = [name for name in subjects if mentions(text, name)] or [
        name for name in subjects if mentions(heading, name)
    ]
    if named:
        return fallback if fallback in named else named[0]
    return fallback


def key(passage: Passage, subjects: Sequence[str], fallback: str = "") -> str:
    """Return what a passage is about, such as ``acme/price`` or ``acme/price/starter``: equal keys are compared."""
    who = slug(_FORM.sub("", entity(passage.text, passage.heading, subjects, fallback)))
    what, which = _row(passage, who) if passage.is_row else _sentence(passage)
    return "/".join(piece for piece in (who, what, which if what else "") if piece)[:120].rstrip("/-")


def _row(passage: Passage, who: str) -> tuple[str, str]:
    cells = rows.labelled(passage.text, passage.heading)
    what, which = rows.attribute(cells), rows.qualifier(cells, who)
    if (
        what and what not in KNOWN and which and re.search(r"\d", what)
    ):  # a column is a year, the row says what
        return (attributes(which) or (slug(which),))[0], ""
    return what, slug(which)


def _sentence(passage: Passage) -> tuple[str, str]:
    label = None if _CONTACT.search(passage.text) else _LABEL.match(passage.text)
    money = any(one.unit and one.unit != "%" for one in figures(passage.text))
    named = (("price",) if money else (slug(label["label"]),)) if label else attributes(passage.heading)[:1]
    told = _weighty(attributes(label[0] if label else passage.text), money=money) or named
    plan, period = _PLAN.search(passage.text), _TIME.search(passage.text)
    return (told[0] if told else ""), slug(plan["name"] if plan else period[0] if period else "")


def _weighty(told: Sequence[str], *, money: bool) -> tuple[str, ...]:
    """Return what a sentence speaks of; prices without an amount come last where they are what is kept secret, say."""
    if money or not _BINDS & set(told):
        return tuple(told)
    return tuple(sorted(told, key=lambda one: one == "price"))


def _own_documents(found: Sequence[Passage], item: str, rivals: Sequence[str]) -> set[str]:
    """Return the documents named after the item, and those that name it and no rival near their beginning."""
    own: set[str] = set()
    heads: dict[str, str] = {}
    for passage in found:
        heads[passage.document] = (
            f"{heads.get(passage.document, passage.part.source)} {passage.heading} {passage.text}"[:500]
        )
    for document, head in heads.items():
        if mentions(head, item) and not any(mentions(head, name) for name in rivals):
            own.add(document)
    return own


@lru_cache(maxsize=256)
def _pattern(name: str) -> re.Pattern[str]:
    bare = _FORM.sub("", name.strip()) or name
    words = r"[\s_-]*".join(re.escape(word) for word in re.split(r"[\s_-]+", bare))
    return re.compile(rf"(?<![^\W_]){words}(?![^\W\d_])", re.IGNORECASE)
