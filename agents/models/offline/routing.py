"""Triage by the words of the lines' pages: which route, why, and what the request itself gives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from agents.contracts import Part, PartKind, Triage, Value
from agents.models.offline import wants
from agents.models.offline.brief import Brief
from agents.models.offline.material import NOT_ATTACHED, nothing_to_read
from agents.models.offline.slots import constraints, subjects, value
from agents.models.offline.titles import short_title
from agents.models.offline.topics import STOP, stem, stems

_KEYWORDS: Final = re.compile(r"\bkeywords?:\s*(?P<list>[^\n]+)", re.IGNORECASE)
_INPUT: Final = re.compile(r"^\s+(?P<name>[\w-]+):\s*(?P<question>.+)$", re.MULTILINE)
_ENOUGH: Final = 3.0  # points a line needs: a keyword of its own, or three words of its description
_ENOUGH_FOR_SMALL_WORK: Final = 6.0  # "list the dates in the contract" is not a contract yet


@dataclass(frozen=True)
class _Fit:
    """How well a line fits, and the request's words that say so."""

    line: Part
    points: float
    words: tuple[str, ...]
    asked: bool = False  # by a keyword that is itself a question

    @property
    def needs_a_model(self) -> bool:
        """Whether its page says so: then files would not help."""
        return "\nneeds: " in self.line.text

    def enough(self, request: str) -> bool:
        """Whether it fits well enough for what the request wants."""
        if wants.question(request):
            return self.asked
        return self.points >= (_ENOUGH_FOR_SMALL_WORK if wants.small(request) else _ENOUGH)


def route(brief: Brief) -> Triage:
    """Return the route, the reason in words of the request, and what the request says of constraints and inputs."""
    request = brief.request
    fits = sorted(_fits(brief), key=lambda fit: (-fit.points, fit.line.id))
    best = fits[:1]
    if best and brief.parts(PartKind.DECISION):  # a person chose the line; no other is shown
        return _line(brief, best[0])
    fitting = bool(best) and best[0].enough(request)
    if nothing_to_read(brief) and not (fitting and best[0].needs_a_model):
        return _triage(brief, "answer", NOT_ATTACHED)
    if fitting:
        tied = [fit for fit in fits if fit.points == best[0].points]
        return _tie(brief, tied) if len(tied) > 1 else _line(brief, best[0])
    return _without_a_line(brief)


def _line(brief: Brief, fit: _Fit) -> Triage:
    words = ", ".join(repr(word) for word in fit.words[:6])
    reason = f"The line {fit.line.id!r} fits: the request says {words}. Chosen by its page's words, without a model."
    return _triage(brief, "line", reason, line=fit.line)


def _tie(brief: Brief, tied: Sequence[_Fit]) -> Triage:
    names = " and ".join(repr(fit.line.id) for fit in tied)
    words = ", ".join(repr(word) for fit in tied for word in fit.words[:2])
    reason = f"The lines {names} fit equally well ({words}), and rules do not guess between them. Name the line to use it."
    return _triage(brief, "answer", reason)


def _without_a_line(brief: Brief) -> Triage:
    request = brief.request
    listed = subjects(request)
    made = wants.deliverables(request)
    several = len(re.split(r",|\band\b", listed)) if listed else 0
    parts = wants.parts(request)
    if wants.makes(request) and (several > 1 or len(made) > 1 or parts):
        what = (
            f"{several} subjects ({listed})"
            if several > 1
            else f"{len(made)} deliverables ({', '.join(made)})"
            if len(made) > 1
            else f"{len(parts)} parts ({'; '.join(parts)})"
        )
        return _triage(
            brief,
            "plan",
            f"No line fits, and the request names {what}: research, then one text, then a review.",
        )
    kind = "a question" if wants.question(request) else "one piece of work on one subject"
    return _triage(
        brief, "answer", f"No line fits, and the request is {kind}: one agent answers from what it is given."
    )


def _triage(brief: Brief, chosen: str, reason: str, line: Part | None = None) -> Triage:
    return Triage.model_validate(
        {
            "route": chosen,
            "line": line.id if line else "",
            "reason": reason[:600],
            "title": short_title(brief.request, 80) or "Request",
            "role": _answerer(brief) if chosen == "answer" else "",
            "constraints": constraints(brief.request),
            "inputs": _inputs(brief, line) if line else [],
        }
    )


def _inputs(brief: Brief, line: Part) -> list[Value]:
    _, _, asked = line.text.partition("inputs:")
    found = [(match["name"], value(match["name"], brief.request)) for match in _INPUT.finditer(asked)]
    return [Value(name=name[:80], value=said[:2_000]) for name, said in found if said]


def _fits(brief: Brief) -> list[_Fit]:
    lines = brief.parts(PartKind.LINE)
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", brief.request)
    said = {stem(word.lower()): word for word in reversed(words) if word.lower() not in STOP}
    pages = [stems(_description(line)) for line in lines]
    common = Counter(word for page in pages for word in page)
    own = frozenset(word for line in lines for keyword in _keywords(line) for word in _words(keyword))
    told = [
        _longest([word for word in _keywords(line) if _says(word, brief.request, own)]) for line in lines
    ]
    return [
        _fit(line, keywords, page, said, brief.request, common)
        for line, keywords, page in zip(lines, told, pages, strict=True)
    ]


def _fit(
    line: Part,
    keywords: list[str],
    page: frozenset[str],
    said: dict[str, str],
    request: str,
    common: Counter[str],
) -> _Fit:
    """Count a keyword or a word of the line's name as three, a word of its description as one; shared words count less."""
    plain = sorted(
        (word for word in page & said.keys() if not any(said[word].lower() in k for k in keywords)),
        key=request.find,
    )
    points = 3.0 * len(keywords) + sum(1.0 / common[word] for word in plain)
    words = dict.fromkeys([*keywords, *(said[word] for word in plain)])
    return _Fit(line, round(points, 3), tuple(words), any(wants.asks(word) for word in keywords))


def _keywords(line: Part) -> list[str]:
    listed = _KEYWORDS.search(line.text)
    words = [word.strip(" .") for word in listed["list"].split(",")] if listed else []
    return list(dict.fromkeys(word.lower() for word in [*words, line.id.replace("-", " ")] if word))


def _longest(keywords: list[str]) -> list[str]:
    """Return the keywords that are no part of another: "market size" is not also "market"."""
    return [one for one in keywords if not any(one != other and f" {one} " in f" {other} " for other in keywords)]


def _says(keyword: str, request: str, own: frozenset[str]) -> bool:
    """Whether the request has a keyword, whatever its ending; a keyword of several words stands in it as a phrase.

    A word that is some line's keyword as it stands counts as no other word: marketing is not a market.
    """
    wanted, words = _words(keyword), _words(request)
    starts = range(len(words) - len(wanted) + 1)
    return any(all(map(partial(_same, own), wanted, words[at : at + len(wanted)])) for at in starts)


def _same(own: frozenset[str], wanted: str, word: str) -> bool:
    return word == wanted or (word not in own and stem(word) == stem(wanted))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def _description(line: Part) -> str:
    return _KEYWORDS.sub("", line.text.partition("inputs:")[0])


def _answerer(brief: Brief) -> str:
    """Return the role that gathers facts, else the one whose description shares most words with the request."""
    roles = brief.parts(PartKind.ROLE)
    readers = [
        role.id
        for role in roles
        if re.search(r"research|reads? documents", f"{role.id} {role.text}", re.IGNORECASE)
    ]
    ranked = sorted(roles, key=lambda role: (-len(stems(role.text) & stems(brief.request)), role.id))
    return readers[0] if readers else (ranked[0].id if ranked else "")
