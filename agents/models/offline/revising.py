"""What rules can change when work is sent back: length, headings, what to leave out, what comes first.

A note is an order, never material: a clause of it that no rule can follow is told back as an open point.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from agents import checks
from agents.contracts import PartKind
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.titles import is_heading

_One = TypeVar("_One")
_RENAME: Final = (
    re.compile(
        r"\bcall (?:them|it|him|her|this|these|us)\s+[\"“']?(?P<new>[^\"”',;.\n]{2,60}?)[\"”']?,?\s+(?:and "
        r")?not\s+[\"“']?(?P<old>[^\"”',;.\n]{2,60})",
        re.I,
    ),
    re.compile(
        r"\b(?:use|say|write)\s+[\"“']?(?P<new>[^\"”',;.\n]{2,60}?)[\"”']?\s+(?:instead of|not|rather "
        r"than)\s+[\"“']?(?P<old>[^\"”',;.\n]{2,60})",
        re.I,
    ),
    re.compile(
        r"\b(?:rename|replace|change)\s+[\"“']?(?P<old>[^\"”',;.\n]{2,60}?)[\"”']?\s+(?:to|with|by|"
        r"into)\s+[\"“']?(?P<new>[^\"”',;.\n]{2,60})",
        re.I,
    ),
)
_DROP: Final = re.compile(
    r"\b(?:leave out|remove|drop|delete|omit|cut|without|skip|take out)\s+(?:the\s+|all\s+|any\s+|everything about\s+|what "
    r"is about\s+)?(?P<what>[^;.\n]{2,160})",
    re.I,
)
_FIRST: Final = re.compile(
    r"\b(?:put|move|begin with|start with|"
    r"show)\s+(?:the\s+)?[\"“']?(?P<what>[^\"”',;.\n]{2,60}?)[\"”']?(?:\s+(?:section\s+)?(?:first|to the top|up front|at "
    r"the top|to the front)\b|$)",
    re.I,
)
_ADD: Final = re.compile(
    r"\badd (?:a |the )?sections?\s+(?:on |about |named |called )?[\"“']?(?P<what>[^\"”',;.\n]{2,60})", re.I
)
_SHORTER: Final = re.compile(
    r"\b(?:shorter|too long|shorten|cut it down|more concise|tighter|half the length)\b", re.I
)
_OF_ALL: Final = re.compile(
    r"(?:\W|\b(?:make|is|be|should|must|it|this|that|the|a|an|whole|all|text|draft|brief|report|document|version|please|much|"
    r"far|way|bit|little|somewhat|still|and|for|me|us|i|we|would|like|want|to|by)\b)*",
    re.I,
)  # words beside _SHORTER that ask for nothing else
_NOTES: Final = re.compile(r"[.;!?](?:\s+|$)|\n+")
_VERBS: Final = (
    "put|move|add|drop|leave|remove|delete|omit|cut|rename|replace|change|call|use|say|write|make|shorten|explain|mention|"
    "include|tell|give|show|keep|check|ask|compare|describe|begin|start|stress|do|don['’]t|skip|correct|fix|set|state|note"
)
_CLAUSES: Final = re.compile(rf",?\s+(?:and|but|then)\s+(?=(?:{_VERBS})\s)|,\s+(?=(?:{_VERBS})\s)", re.I)
_ITEMS: Final = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+", re.I)
_OF_SECTION: Final = re.compile(
    r"^(?:sections?|parts?|paragraphs?)\s+(?:(?:on|about|called|named)\s+)?(?=\S)", re.I
)
_PROBLEM: Final = re.compile(r"^- (?P<rule>[\w-]+): (?P<rest>.*)$", re.MULTILINE)
_QUOTED: Final = re.compile(r"“(?P<words>[^”]+)”")
_MOST: Final = re.compile(r"at most (\d+) are wanted")
_DROPPED_RULES: Final = frozenset(
    ("number-unsupported", "date-unsupported", "name-unsupported", "link-unsupported", "absolute-claim",
     "placeholder", "forbidden",
     "evidence-mismatch", "quote-not-found", "date-impossible", "weekday-wrong", "sum-wrong", "percent-wrong", "two-values")
)  # fmt: skip


@dataclass(frozen=True)
class Changes:
    """What is to be different in the next version, and what rules cannot do about it."""

    renames: tuple[tuple[str, str], ...] = ()  # (old, new) in headings
    dropped: tuple[str, ...] = ()  # extracts with these words go, and sections of that name
    first: tuple[str, ...] = ()  # sections with these words come first
    added: tuple[str, ...] = ()
    most_words: int | None = None
    undone: tuple[str, ...] = ()
    followed: tuple[str, ...] = ()  # clauses that a rule followed, as they were written

    def heading(self, title: str) -> str:
        """Return a title in the words that were asked for."""
        for old, new in self.renames:
            title = _whole(old).sub(partial(_cased, new), title)
        return title

    def keeps(self, fact: Fact) -> bool:
        """Whether an extract may stay."""
        words = " ".join(fact.quote.split())
        return not any(_whole(one).search(words) for one in self.dropped)

    def ordered(self, sections: Sequence[str]) -> tuple[str, ...]:
        """Return the sections with added ones, those asked for first in front, those left out gone."""
        left = [name for name in (*sections, *self.added) if not any(_is(one, name) for one in self.dropped)]
        front = [name for name in left if any(_names(words, name) for words in self.first)]
        return tuple(dict.fromkeys([*front, *left]))


@dataclass(frozen=True)
class Scope:
    """What a note can be about: the text's headings and its findings."""

    headings: tuple[str, ...]
    facts: tuple[Fact, ...]

    def has(self, words: str) -> bool:
        """Whether something could be left out under this name."""
        return any(_is(words, name) for name in self.headings) or any(
            _whole(words).search(" ".join(fact.quote.split())) for fact in self.facts
        )


def changes(brief: Brief, scope: Scope) -> Changes:
    """Return what notes, decisions and reviews ask to be different, as far as rules can do it.

    A clause of a note without any effect here is told back; one of a decision stays what it is, a decision.
    """
    noted = [_asked(clause, brief, scope) for _, text in brief.notes for clause in _clauses(text)]
    decided = [_asked(text, brief, scope) for text in brief.decisions]
    everything = [*noted, *(one for one in decided if not one.undone), _mended(brief.said(PartKind.REVIEW))]
    return Changes(
        renames=_all(one.renames for one in everything),
        dropped=_all(one.dropped for one in everything),
        first=_all(one.first for one in everything),
        added=_all(one.added for one in everything),
        most_words=min((one.most_words for one in everything if one.most_words), default=None),
        undone=_all(one.undone for one in everything),
        followed=_all(one.followed for one in everything),
    )


def _clauses(note: str) -> Iterator[str]:
    for sentence in _NOTES.split(note):
        yield from (clause.strip(" ,") for clause in _CLAUSES.split(sentence) if clause.strip(" ,"))


def _asked(clause: str, brief: Brief, scope: Scope) -> Changes:
    """Return what one clause asks for and rules can do; ``undone`` says where they can do nothing or not all."""
    pairs = [(m["old"].strip(), m["new"].strip()) for pattern in _RENAME for m in pattern.finditer(clause)]
    renames = tuple((old, new) for old, new in pairs if _renames(old, new, scope))
    rest = clause
    for pattern in _RENAME:
        rest = pattern.sub("", rest)
    named = [_bare(item) for match in _DROP.finditer(rest) for item in _ITEMS.split(match["what"])]
    dropped = tuple(item for item in named if item and scope.has(item))
    first = tuple(
        words
        for match in _FIRST.finditer(rest)
        if (words := _bare(match["what"])) and any(_names(words, name) for name in scope.headings)
    )
    added = tuple(
        words[:1].upper() + words[1:]
        for match in _ADD.finditer(rest)
        if is_heading(words := _bare(match["what"]))
    )
    limits = checks.limits_of((("", clause),))
    most = limits.most_words or (_shorter(brief) if _SHORTER.search(clause) else None)
    ways = (
        renames,
        dropped,
        first,
        added,
        most,
        limits.forbidden,
        [n for n in limits.sections if is_heading(n)],
    )
    if not any(ways):
        return Changes(undone=(_told_back(clause),))
    partly = (dropped and len(dropped) < len(named)) or (most and not limits.most_words and _says_more(clause))
    part = (_told_back(clause, " in full"),) if partly else ()
    return Changes(renames, dropped, first, added, most, part, () if part else (clause,))


def _says_more(clause: str) -> bool:
    """Whether a clause that asks for less length asks for more than that, such as which part should be shorter."""
    return not _OF_ALL.fullmatch(_SHORTER.sub(" ", clause))


def _told_back(clause: str, how: str = "") -> str:
    said = " ".join(clause.split())[:300].rstrip(".")
    return f"Without a language model this note could not be followed{how}: “{said}.”"


def _renames(old: str, new: str, scope: Scope) -> bool:
    """Whether a heading has the old words, and the new ones may stand in one."""
    return is_heading(new) and any(_whole(old).search(name) for name in scope.headings)


def _mended(review: str) -> Changes:
    dropped: list[str] = []
    undone: list[str] = []
    most: list[int] = []
    for problem in _PROBLEM.finditer(review):
        words = _QUOTED.search(problem["rest"])
        if limit := _MOST.search(problem["rest"]):
            most.append(int(limit[1]))
        elif problem["rule"] in _DROPPED_RULES and words:
            dropped.append(words["words"])
        else:
            undone.append(f"Not changed by rules: {problem['rule']}: {problem['rest'][:300]}")
    return Changes(dropped=tuple(dropped), most_words=min(most, default=None), undone=tuple(undone))


def _shorter(brief: Brief) -> int | None:
    """Return three quarters of the length of the version that was sent back."""
    sent = brief.parts(PartKind.ARTIFACT)
    return checks.words(sent[-1].text) * 3 // 4 if sent else None


def _all(found: Iterable[tuple[_One, ...]]) -> tuple[_One, ...]:
    return tuple(dict.fromkeys(one for group in found for one in group))


def _bare(words: str) -> str:
    """Return what a note names, without "section" and what trails it."""
    named = _OF_SECTION.sub("", re.sub(r"^(?:the|all|any)\s+", "", words.strip(" \"“”'")))
    cut = re.split(r"\s+(?:section|part|paragraph|please|because|since|from|in the)\b", named, maxsplit=1)[0]
    return cut.strip(" .\"“”'")


def _whole(words: str) -> re.Pattern[str]:
    """Return a pattern of whole words, whatever their case."""
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)


def _is(words: str, title: str) -> bool:
    """Whether a section goes by these words."""
    return words.casefold() == title.casefold()


def _names(words: str, title: str) -> bool:
    """Whether these words name a section, by its title or whole words of it."""
    return bool(_whole(words).search(title))


def _cased(new: str, match: re.Match[str]) -> str:
    return new[:1].upper() + new[1:] if match[0][:1].isupper() else new
