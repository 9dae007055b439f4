"""What rules can read out of the words of a request: length, forbidden words, sections.

And what they cannot judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from agents.checks.figures import figures
from agents.checks.lexicon import listed
from agents.checks.shapes import Contract

_FORM_NAME: Final = re.compile(r":[a-z-]+:")
WORDS_A_PAGE: Final = 500  # a page of running text in 11 points
_COUNT: Final = (
    r"(?P<count>\d{1,3}(?:[,. ]\d{3}){1,2}|\d{1,7}|one|a|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|"
    r"twenty|half a)"
)
_UNIT: Final = r"(?:(?:full|short|printed|A4|single)\s+)?(?P<unit>words?|pages?|sides?)"
_MOST: Final = re.compile(
    rf"\b(?:under|below|at most|no more than|not more than|up to|max(?:imum)?(?: of)?|less than|fewer than|"
    rf"within|not exceed(?:ing)?|"
    rf"not longer than|no longer than|shorter than|limit(?:ed)? (?:of|to)|keep (?:it|this|them|the \w+) "
    rf"(?:to|at))\s*:?\s*{_COUNT}[\s-]+{_UNIT}\b"
    rf"|\b(?P<count2>\d{{1,7}}|one|two|three)[\s-](?P<unit2>page|word)s?\s+(?:max(?:imum)?\b|at most\b|or (?:less|"
    rf"fewer)\b|limit\b)"
    rf"|\bfits? on (?P<count3>one|two|three|a single|a) (?P<unit3>page|screen)s?\b|\b(?P<count4>one|two|"
    rf"three)-(?P<unit4>page)r?\b",
    re.IGNORECASE,
)
_STRICT: Final = re.compile(r"\b(?:under|below|less than|fewer than|shorter than)\s", re.IGNORECASE)
_LEAST: Final = re.compile(
    rf"\b(?:at least|min(?:imum)?(?: of)?|no(?:t)? less than|no(?:t)? fewer than|more "
    rf"than)\s*:?\s*{_COUNT}[\s-]+{_UNIT}\b",
    re.I,
)
_RANGE: Final = re.compile(
    r"\b(?:between\s+)?(?P<low>\d{1,7})\s*(?:–|-|to|and)\s*(?P<high>\d{1,7})\s+(?P<unit>words|pages)\b",
    re.IGNORECASE,
)
_SPOKEN: Final = dict(
    zip(
        listed("one two three four five six seven eight nine ten twelve fifteen twenty"),
        (*range(1, 11), 12, 15, 20),
        strict=True,
    )
) | {"a": 1, "a single": 1}
_SAY: Final = r"(?:mention|name|use|say|write|include|refer to|call it|talk about|cite)"
_NOT_SAY: Final = re.compile(
    rf"(?:\b(?:do not|don['’]t|never|must not|should not|shall not|may not|avoid|without|no)\s+(?:{_SAY}|"
    rf"mentioning|naming|using|saying|the words?|the phrases?)\s+"
    r"(?:of\s+|the\s+)?(?:words?\s+|phrases?\s+|terms?\s+|names?\s+)?)(?P<what>[^.;\n]+)",
    re.IGNORECASE,
)
_QUOTES: Final = re.compile(r"“([^”]{1,200})”|\"([^\"]{1,200})\"|'([^']{1,200})'|‘([^’]{1,200})’")
_FORMS: Final = (
    (
        re.compile(r"\b(?:no|without|avoid|don['’]t use|do not use|never use)(?: any)? emojis?\b", re.I),
        ":emoji:",
    ),
    (
        re.compile(
            r"\b(?:no|without|avoid|don['’]t use|do not use|never use)(?: any)? exclamation (?:marks?|"
            r"points?)\b",
            re.I,
        ),
        ":exclamation-mark:",
    ),
    (
        re.compile(
            r"\b(?:no|without|avoid|don['’]t use|do not use|don['’]t include|do not include)(?: any)? "
            r"(?:links?|urls?|hyperlinks?)\b",
            re.I,
        ),
        ":link:",
    ),
    (re.compile(r"\b(?:no|without|avoid|don['’]t use|do not use)(?: any)? tables?\b", re.I), ":table:"),
    (
        re.compile(
            r"\b(?:no|without|avoid|don['’]t use|do not use)(?: any)? (?:bullet points?|bullets?|bulleted "
            r"lists?|lists?)\b",
            re.I,
        ),
        ":bullet:",
    ),
)
_SECTIONS: Final = re.compile(
    r"\b(?:with (?:the )?(?:sections?|headings?|chapters?)|sections?|headings?)\s*(?::|are|named|"
    r"called)?\s*(?P<list>[A-Z“\"'][^.;\n]*)"
)
_VAGUE: Final = re.compile(
    r"^(?:our|own|my|any|of|names?|pric\w*|competitors?|rivals?|people|customers?|jargon|numbers?|figures?)\b",
    re.I,
)


def limits_of(constraints: Iterable[tuple[str, str]], *, of_result: bool = True) -> Contract:
    """Return what rules can check of the constraints: words, forbidden content, sections.

    "under 900 words" is at most 899, "at most two pages" 1,000 (500 a page); the tightest limit wins.
    The constraints are kept in the contract. Of a text that is not the result (``of_result``), length, sections and form
    are nobody's wish: only the words that are forbidden hold for it.
    """
    kept = tuple(constraints)
    if not of_result:
        words = (word for word in limits_of(kept).forbidden if not _FORM_NAME.fullmatch(word))
        return Contract(constraints=kept, forbidden=tuple(words))
    texts = [text for _, text in kept]
    most = [limit for text in texts for limit in _most(text)]
    least = [limit for text in texts for limit in _least(text)]
    return Contract(
        sections=tuple(dict.fromkeys(name for text in texts for name in _sections(text))),
        most_words=min(most, default=None),
        least_words=max(least, default=None),
        constraints=kept,
        forbidden=tuple(dict.fromkeys(word for text in texts for word in _forbidden(text))),
    )


def joined(contract: Contract, limits: Contract) -> Contract:
    """Return the contract with the limits added; the tighter length wins."""
    most = [words for words in (contract.most_words, limits.most_words) if words is not None]
    least = [words for words in (contract.least_words, limits.least_words) if words is not None]
    return replace(
        contract,
        sections=tuple(dict.fromkeys((*contract.sections, *limits.sections))),
        most_words=min(most, default=None),
        least_words=max(least, default=None),
        constraints=tuple(dict.fromkeys((*contract.constraints, *limits.constraints))),
        forbidden=tuple(dict.fromkeys((*contract.forbidden, *limits.forbidden))),
        cites=contract.cites or limits.cites,
    )


def not_judged(contract: Contract) -> tuple[str, ...]:
    """Return the ids of the constraints that no rule can judge, such as "no pricing of our own"."""
    return tuple(id for id, text in contract.constraints if not judged(text))


def judged(constraint: str) -> bool:
    """Whether rules alone can say if the words of one constraint are kept."""
    limits = limits_of((("", constraint),))
    return (
        limits.most_words is not None
        or limits.least_words is not None
        or bool(limits.forbidden or limits.sections)
    )


def _most(text: str) -> list[int]:
    found = []
    for match in _MOST.finditer(text):
        count = next(c for c in (match["count"], match["count2"], match["count3"], match["count4"]) if c)
        unit = next(u for u in (match["unit"], match["unit2"], match["unit3"], match["unit4"]) if u)
        strict = _STRICT.match(match[0]) is not None and unit.startswith("word")
        found.append(_words(count, unit) - strict)
    return found + [_words(match["high"], match["unit"]) for match in _RANGE.finditer(text)]


def _least(text: str) -> list[int]:
    found = [
        _words(match["count"], match["unit"])
        for match in _LEAST.finditer(text)
        if not re.search(r"\b(?:no|not)\s+$", text[: match.start()], re.I)
    ]
    return found + [_words(match["low"], match["unit"]) for match in _RANGE.finditer(text)]


def _words(count: str, unit: str) -> int:
    size = 1 if unit.lower().startswith("word") else WORDS_A_PAGE
    if count.lower() == "half a":
        return size // 2
    spoken = _SPOKEN.get(count.lower())
    return size * (spoken if spoken is not None else int(re.sub(r"\D", "", count)))


def _forbidden(text: str) -> list[str]:
    found = [form for pattern, form in _FORMS if pattern.search(text)]
    for match in _NOT_SAY.finditer(text):
        quoted = [next(g for g in groups if g) for groups in _QUOTES.findall(match["what"])]
        found += quoted or _named(match["what"])
    return found


def _named(what: str) -> list[str]:
    """Return the names in an unquoted list, such as "Globex or Initech".

    Plain words need a mind ("our own pricing").
    """
    pieces = re.split(r"\s*(?:,|\bor\b|\band\b|\bnor\b)\s*", what.strip())
    return [
        piece
        for piece in pieces
        if re.fullmatch(r"[A-Z][\w-]*(?:\s[A-Z][\w-]*){0,3}", piece) and not _VAGUE.match(piece)
    ]


def _sections(text: str) -> list[str]:
    match = _SECTIONS.search(text)
    if match is None or figures(match["list"][:4]):
        return []
    pieces = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", match["list"].strip())
    named = [piece.strip("“”\"' ") for piece in pieces]
    return [piece for piece in named if re.match(r"[A-Z]", piece) and len(piece.split()) <= 5]
