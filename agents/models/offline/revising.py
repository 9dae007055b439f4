"""What rules can change when work is sent back: length, words of their own, what to leave out, what comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

from agents import checks
from agents.contracts import Part, PartKind
from agents.models.offline.brief import Brief, Fact

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
    r"is about\s+)?[\"“']?(?P<what>[^\"”',;.\n]{2,60})",
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

    renames: tuple[tuple[str, str], ...] = ()  # (old, new) in headings and words of our own
    dropped: tuple[str, ...] = ()  # extracts with these words go
    first: tuple[str, ...] = ()  # sections with these words come first
    added: tuple[str, ...] = ()
    most_words: int | None = None
    undone: tuple[str, ...] = field(default=())

    def heading(self, title: str) -> str:
        """Return a title in the words that were asked for."""
        for old, new in self.renames:
            title = re.sub(
                rf"(?<!\w){re.escape(old)}(?!\w)", partial(_cased, new), title, flags=re.IGNORECASE
            )
        return title

    def keeps(self, fact: Fact) -> bool:
        """Whether an extract may stay."""
        folded = " ".join(fact.quote.split()).casefold()
        return not any(words.casefold() in folded for words in self.dropped)

    def ordered(self, sections: Sequence[str]) -> tuple[str, ...]:
        """Return the sections with added ones, those asked for first in front, those left out gone."""
        left = [
            name
            for name in (*sections, *self.added)
            if not any(_names(words, name) for words in self.dropped)
        ]
        front = [name for name in left if any(_names(words, name) for words in self.first)]
        return tuple(dict.fromkeys([*front, *left]))


def changes(brief: Brief) -> Changes:
    """Return what notes and reviews ask to be different, as far as rules can do it."""
    asked = [_asked(part) for part in brief.parts(PartKind.NOTE)]
    mended = _mended(brief.said(PartKind.REVIEW))
    everything = [*asked, mended]
    shorter = (
        _shorter(brief) if any(_SHORTER.search(part.text) for part in brief.parts(PartKind.NOTE)) else None
    )
    limits = [one.most_words for one in everything if one.most_words] + ([shorter] if shorter else [])
    return Changes(
        renames=_all(one.renames for one in everything),
        dropped=_all(one.dropped for one in everything),
        first=_all(one.first for one in everything),
        added=_all(one.added for one in everything),
        most_words=min(limits, default=None),
        undone=_all(one.undone for one in everything),
    )


def _asked(note: Part) -> Changes:
    text = note.text
    renames = tuple(
        (m["old"].strip(), m["new"].strip()) for pattern in _RENAME for m in pattern.finditer(text)
    )
    rest = text
    for pattern in _RENAME:
        rest = pattern.sub("", rest)
    dropped = tuple(_bare(match["what"]) for match in _DROP.finditer(rest))
    first = tuple(_bare(match["what"]) for match in _FIRST.finditer(rest))
    added = tuple(_bare(match["what"]).capitalize() for match in _ADD.finditer(rest))
    limits = checks.limits_of(((note.id, text),))
    done = (
        renames or dropped or first or added or limits.most_words or limits.forbidden or _SHORTER.search(text)
    )
    undone = (
        ()
        if done
        else (f"Without a language model this note could not be followed: “{' '.join(text.split())[:300]}”",)
    )
    return Changes(renames, dropped, first, added, limits.most_words, undone)


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
    cut = re.split(
        r"\s+(?:section|part|paragraph|please|and|because|since|from|in the)\b", words, maxsplit=1
    )[0]
    return cut.strip(" .\"“”'")


def _names(words: str, title: str) -> bool:
    return words.casefold() in title.casefold() or title.casefold() in words.casefold()


def _cased(new: str, match: re.Match[str]) -> str:
    return new[:1].upper() + new[1:] if match[0][:1].isupper() else new
