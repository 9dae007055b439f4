"""Places where somebody who knows has to look, found by their words; how bad they are is not for rules to say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from agents.checks.figures import figures
from agents.models.offline import portions, rows
from agents.models.offline.brief import Fact
from agents.models.offline.standing import document_of
from agents.models.offline.topics import stems

_KINDS: Final[dict[str, str]] = {
    "a dispute or a claim": (
        r"disput\w+|litigation|lawsuits?|legal proceedings|su(?:ed|es|ing)\b|tribunal|"
        r"claims? (?:the rights?|damages|against|"
        r"compensation|(?:[a-z]+ ){0,3}(?:of )?(?:[A-Z]{3} ?|[€$£])\d)|"
        r"(?:court|arbitration) (?:case|proceedings)|complaints?"
    ),
    "shares, options or owners": (
        r"options? (?:on|to|and|agreement|over)|no options|transfers? .{0,40}\bshares|pledge\w*|shareholders.? agreement|"
        r"register of members|right of first refusal"
    ),
    "an end when owners change": r"change of control|pass(?:es)? to another owner|if the company is sold|upon a sale",
    "an end, or a renewal left open": (
        r"not (?:be )?renewed|may (?:end|terminate|cancel|be (?:ended|terminated|cancelled))|"
        r"contract until|runs until|expir\w+|lapse[sd]?|new tender"
    ),
    "how much hangs on one": (
        r"largest (?:customer|client|supplier)|main (?:customer|supplier)|sole|only (?:customer|supplier|person)|"
        r"depend(?:s|ent|ence)|"
        r"key (?:person|people|customer)|% of (?:the )?(?:revenue|sales|turnover)|no other .{0,40} during the term|"
        r"exclusiv\w+"
    ),
    "money owed or short": (
        r"loans?|debts?|overdue|older than \d+ days|arrears|overdraft|insolven\w+|covenant|guarantees? (?:for|of) |"
        r"negative equity|no provision|repaid first|in default"
    ),
    "a penalty or a fee not earned": r"penalt\w+|fines?\b|pays? no fee|charged no fee|not charged|refund\w*|damages",
    "figures that may still change": (
        r"unaudited|not audited|preliminary|provisional|draft|audit is\s+not finished|booked too early|restat\w+|"
        r"estimates?\b|"
        r"not yet published"
    ),
    "rights that may be somebody else's": (
        r"claims the rights?|rights? (?:for|only|until)|contractor\b|licen[cs]e[ds]? (?:from|under)|GPL|copyleft|"
        r"open[- ]source|"
        r"invention clause signed: no|not (?:been )?assigned|leased from|"
        r"without (?:a )?(?:written )?contract|nothing was agreed|consent"
    ),
    "security, outages or personal data": (
        r"(?:was|were|is) down|outages?|incidents?|breach\w*|leak\w*|could be read from outside|vulnerab\w+|unencrypted|"
        r"data protection (?:commission|authority)|data subject"
    ),
    "something not in order yet": (
        r"to be (?:brought|put|made|signed|filed|renewed)|is being (?:drafted|prepared)|not (?:yet )?(?:signed|filed|"
        r"registered|"
        r"granted|finished|paid|certified)|awaited|pending|recall\w*|cracks?\b|withdrawn|three weeks later|"
        r"later than planned|refused|rejected|"
        r"valid for (?:twelve|\d+) months|still needs"
    ),
}  # fmt: skip
_ANY: Final = {kind: re.compile(rf"\b(?:{words})", re.IGNORECASE) for kind, words in _KINDS.items()}
_FEW_CELLS: Final = 4
_YES_NO: Final = re.compile(r"^(?:yes|no|none|open|missing|unknown)$", re.IGNORECASE)
_DENIES: Final = re.compile(
    r"\bthere (?:is|are|was|were|has been|have been) no(?:t any)?\b|\b(?:has|have|had) no\b|\bnone of\b|"
    r"\bno (?:known|pending)\b|"
    r"\b(?:no|never any)\b[^.]{0,40}\b(?:was|were) (?:reported|found|recorded)\b",
    re.IGNORECASE,
)
_DENIABLE: Final[tuple[tuple[str, str], ...]] = (
    (r"disputes?|claims?|litigation|lawsuits?|proceedings", r"claims? (?:the rights?|damages|against|"
    r"(?:[a-z]+ ){0,3}(?:of )?(?:[A-Z]{3} ?|[€$£])\d)|disput\w+|tribunal|lawsuits?|su(?:ed|es)\b"),
    (r"options?|rights to shares", r"options? (?:on|to|over|agreement)|promised an option"),
    (r"incidents?|breach\w*|leaks?|outages?",
     r"incidents?|breach\w*|leak\w*|could be read from outside|(?:was|were) down|outages?|data protection commission"),
    (r"debts?|loans?|borrowings?", r"loans?|debts?|overdrafts?|borrow\w*"),
    (r"complaints?|recalls?|accidents?", r"complaints?|recall\w*|accidents?"),
)  # fmt: skip
_OF_ALL: Final = re.compile(r"\ball\b(?! (?:shares|others)\b)|\bevery\b|\beach of\b", re.IGNORECASE)
_OPPOSED: Final = (  # (what is said of all, what speaks against it, whether both must share a word)
    (r"\b(?:people|persons|staff|team|workers|everyone)\b.*\bemploye(?:es|d)\b",
     r"\b(?:contractors?|freelance\w*|self-employed|agency workers?)\b", False),
    (r"\bowned by\b|\bbelongs? to\b|\bowns\b", r"\b(?:leased|rented|hired|on loan|pledged|held in trust)\b", True),
    (r"\bpaid\b|\bsettled\b", r"\b(?:unpaid|overdue|in arrears|outstanding)\b", True),
)  # fmt: skip
_MOST_EXCEPTIONS: Final = 3  # the rest is in the table itself


@dataclass(frozen=True)
class Flag:
    """A finding whose words speak of something to be looked at."""

    fact: Fact
    kinds: tuple[str, ...]  # "a dispute or a claim"
    above: bool  # whether it names an amount above the one from which on something matters


def flags(facts: Sequence[Fact], material: str = "") -> list[Flag]:
    """Return the findings to be looked at: amounts that matter and more than one reason first, else in their order.

    Args:
        facts: What was found.
        material: The amount from which on something matters, in people's words, such as ``EUR 50,000``.
    """
    found = [Flag(fact, kinds, _above(fact, material)) for fact in facts if (kinds := kinds_of(fact))]
    return sorted(found, key=lambda one: -(len(one.kinds) > 1) - one.above)


def kinds_of(fact: Fact) -> tuple[str, ...]:
    """Return what a finding speaks of that has to be looked at; nothing where it only says that there is none."""
    if _DENIES.search(fact.quote):
        return ()
    said = _said(fact.quote)
    return tuple(kind for kind, words in _ANY.items() if words.search(said))


def _said(quote: str) -> str:
    """Return the words of a finding; of a row the cells, with a label only where a cell alone says yes or no."""
    if "|" not in quote:
        return quote
    cells = rows.labelled(quote, "")
    return " | ".join(f"{one.label}: {one.value}" if _YES_NO.match(one.value) else one.value for one in cells)


def looked_at(fact: Fact) -> Fact:
    """Return a row with its name and the cells that speak of something only; a sentence as it is."""
    if "|" not in fact.quote or len(rows.split(fact.quote)) <= _FEW_CELLS:
        return fact
    cells = rows.split(fact.quote)
    told = [cell for cell in cells if any(words.search(_said(f"{cell} | ")) for words in _ANY.values())]
    money = [
        cell
        for cell in cells
        if any(one.unit and one.unit != "%" for one in figures(cell.partition(": ")[2]))
    ]
    named = [cell for cell in cells if not cell.partition(": ")[2].isdigit()][:1]
    return replace(fact, quote=" | ".join(cell for cell in cells if cell in (*named, *told, *money)))


def shares(fact: Fact) -> bool:
    """Whether a finding that others speak against gives a share, and neither denies something nor speaks of all."""
    return not (_DENIES.search(fact.quote) or _OF_ALL.search(fact.quote))


def opposed(fact: Fact) -> str:
    """Return what a finding says that others speak against, such as ``that there is none``."""
    if _DENIES.search(fact.quote):
        return "that there is none, and other files speak of one"
    return "a share that these rows do not give" if shares(fact) else "this of all, and other files do not"


def denials(facts: Sequence[Fact]) -> Iterator[tuple[Fact, list[Fact]]]:
    """Yield each finding that says there is none of something, or one thing of all, with those that speak against it."""
    yield from _denials(tuple(facts))


@lru_cache(maxsize=32)  # a text is composed some times over until it fits, of the same findings
def _denials(facts: tuple[Fact, ...]) -> tuple[tuple[Fact, list[Fact]], ...]:
    return tuple(_denied(facts))


def _denied(facts: Sequence[Fact]) -> Iterator[tuple[Fact, list[Fact]]]:
    for fact in facts:
        if against := _exceptions(fact, facts) or portions.against(fact, facts):
            yield fact, against
            continue
        if not (denied := _DENIES.search(fact.quote)):
            continue
        rest = fact.quote[denied.start() :]
        for said, spoken in _DENIABLE:
            if re.search(rf"\b(?:{said})\b", rest, re.IGNORECASE) and (
                against := _spoken(spoken, fact, facts)
            ):
                yield fact, against
                break


def _exceptions(fact: Fact, facts: Sequence[Fact]) -> list[Fact]:
    """Return what other documents say that cannot hold together with a finding on all of something."""
    if "|" in fact.quote or not _OF_ALL.search(fact.quote):
        return []
    for said, opposed, alike in _OPPOSED:
        if re.search(said, fact.quote, re.IGNORECASE):
            words = stems(fact.quote)
            return [
                one
                for one in facts
                if document_of(one) != document_of(fact)
                and _speaks(opposed, one)
                and (not alike or words & stems(one.quote))
            ][:_MOST_EXCEPTIONS]
    return []


def _speaks(words: str, fact: Fact) -> bool:
    """Whether a finding has the words; a row where they are a whole cell, since its label is no statement."""
    if "|" not in fact.quote:
        return bool(re.search(words, fact.quote, re.IGNORECASE))
    return any(re.fullmatch(words, cell.value, re.IGNORECASE) for cell in rows.labelled(fact.quote, ""))


def _spoken(words: str, fact: Fact, facts: Sequence[Fact]) -> list[Fact]:
    pattern = re.compile(rf"\b(?:{words})", re.IGNORECASE)
    return [
        one
        for one in facts
        if document_of(one) != document_of(fact)
        and pattern.search(one.quote)
        and not _DENIES.search(one.quote)
        and not re.search(r"\b(?:if|unless|in case)\b.{0,60}" + pattern.pattern, one.quote, re.IGNORECASE)
        and _bears(one, fact)
    ]


def _bears(one: Fact, fact: Fact) -> bool:
    """Whether a finding can speak against a denial that is limited, such as "no debts to banks"."""
    limits = re.search(r"\b(?:to|with|from|by) (?P<whom>[a-z]+s)\b", fact.quote)
    return (
        not limits
        or limits["whom"] in one.quote
        or bool(stems(limits["whom"]) & stems(one.quote))
        or "data" in limits["whom"]
    )


def _above(fact: Fact, material: str) -> bool:
    wanted = next((one for one in figures(material) if one.unit), None)
    if wanted is None:
        return False
    return any(one.unit == wanted.unit and abs(one.value) >= wanted.value for one in figures(fact.quote))
