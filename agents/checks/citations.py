"""Citations and quotes held against the findings they name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from agents.checks.dates import Day, agrees, dates
from agents.checks.derivation import derived
from agents.checks.figures import Figure, figures
from agents.checks.known import Known, hedged
from agents.checks.markdown import CITATION, SAID, BlockKind, Sentence, cells, sentences
from agents.checks.names import Name, organisations, squeezed
from agents.checks.shapes import Evidence, Problem, problem

_SMALL: Final = 12  # a bare number up to here counts things the reader can see
_SAYS_IT: Final = "Cite the finding that says it, or correct it."
_FRAMING: Final = re.compile(
    r"^\W*(?:this|these|the following|below|here|the (?:table|list|report|document|page|brief|section|"
    r"memo)s?\b|nothing|no (?:source|given|finding|"
    r"conclusion)|none of|not (?:found|covered|stated|known)|it is not (?:stated|known)|we (?:compare|looked|"
    r"read|ask|recommend|suggest|propose)|please|"
    r"see|next|sources?:|question|open question)\b",
    re.I,
)
_UNCITED_SECTIONS: Final = re.compile(
    r"open question|source|reference|next step|recommend|method|scope|about this|assumption|note|limits?\b|"
    r"limitations|appendix|missing|given|"
    r"request|audience|objective|goal|signature|contents|to decide|decision",
    re.I,
)
_FACT_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|offers?|sells?|sold|charges?|costs?|launch\w*|announc\w*|acquir\w+|"
    r"employs?|supports?|includes?|"
    r"requires?|grew|grows|rose|fell|won|lost|leads?|serves?|reports?|said|says|raised|opened|closed|signed|"
    r"plans?)\b",
    re.I,
)
_TREND: Final = re.compile(
    r"\b(?:grew|rose|fell|increased|decreased|declined|doubled|tripled|halved|launched|acquired)\b", re.I
)
_QUOTED: Final = re.compile(
    r"“([^“”\n]{3,600})”|„([^„“”\n]{3,600})[“”]|\"([^\"\n]{3,600})\"|«\s?([^«»\n]{3,600}?)\s?»"
)
_SAID: Final = re.compile(
    r"\b(?:said|says|say|according to|states?|stated|writes?|wrote|quotes?|quoted|reads|words?|put it|told|"
    r"promises?)\b",
    re.I,
)


def verify_quote(quote: str, text: str) -> tuple[int, int] | None:
    """Return the span of ``quote`` in ``text``: word for word, or else with runs of space taken as one.

    None if absent.
    """
    if not quote.strip():
        return None
    at = text.find(quote)
    if at >= 0:
        return at, at + len(quote)
    found = re.search(r"\s+".join(re.escape(word) for word in quote.split()), text)
    return found.span() if found else None


def cited(text: str) -> list[str]:
    """Return the ids of findings that ``text`` cites, in order, each once.

    ``[F1, F3]`` and ``[F1–F3]`` too.
    """
    found: dict[str, None] = {}
    for match in CITATION.finditer(text):
        found.update(dict.fromkeys(_ids(match[0])))
    return list(found)


def people_cited(text: str) -> list[str]:
    """Return the ids of what people decided, wrote or asked for that ``text`` cites, such as ``P1``, each once."""
    return list(dict.fromkeys(id for match in SAID.finditer(text) for id in re.findall(r"[PNC]\d+", match[1])))


def missing(text: str, given: str = "", people: Collection[str] = ()) -> Iterator[Problem]:
    """Yield factual sentences, bullets and table rows that name no finding.

    What people gave themselves (the request, inputs, decisions) and what follows from other numbers needs none; nor does
    what cites one of ``people``, the ids of what they decided, wrote and asked for.
    """
    known, known_days, follows = Known([given]), dates(given), derived(text, Known([given]))
    for sentence in sentences(text):
        if CITATION.search(sentence.text) or not _is_fact(sentence) or set(people) & {*people_cited(sentence.text)}:
            continue
        values = [
            one.start in follows or known.has(one) for one in figures(text, sentence.start, sentence.end)
        ]
        values += [any(agrees(day, other) for other in known_days) for day in dates(sentence.text)]
        if not values or not all(values):
            message = "This states a fact and names no finding."
            yield problem(
                "citation-missing",
                text,
                (sentence.start, sentence.end),
                message,
                "Add the finding, such as [F1], or leave it out.",
            )


def unknown(text: str, evidence: Mapping[str, Evidence]) -> Iterator[Problem]:
    """Yield citations of findings that do not exist."""
    for match in CITATION.finditer(text):
        for id in _ids(match[0]):
            if id not in evidence:
                message = f"There is no finding {id!r}."
                yield problem("citation-unknown", text, match.span(), message, "Cite a finding of the list.")


def unproven(text: str, evidence: Mapping[str, Evidence]) -> Iterator[Problem]:
    """Yield citations of findings whose own quote does not stand in the stored text of its source."""
    for match in CITATION.finditer(text):
        for id in _ids(match[0]):
            finding = evidence.get(id)
            if finding and not _stands(finding):
                message = f"The quote of {id!r} does not stand in the stored text of its source."
                yield problem(
                    "quote-not-found",
                    text,
                    match.span(),
                    message,
                    "Leave the claim out, or find its words in the source.",
                )


def misquoted(text: str, evidence: Mapping[str, Evidence], sources: Mapping[str, str]) -> Iterator[Problem]:
    """Yield words in quotation marks, cited or attributed to somebody, that stand in no stored text."""
    for sentence in sentences(text):
        named = [evidence[id] for id in cited(sentence.text) if id in evidence]
        if not named and not _SAID.search(sentence.text):
            continue
        stored = [part for one in named for part in (one.quote, one.text)] or [
            *sources.values(),
            *(e.text for e in evidence.values()),
        ]
        for match in _QUOTED.finditer(sentence.text):
            words = next(group for group in match.groups() if group)
            if (
                len(words.split()) > 3
                and stored
                and not any(verify_quote(words.rstrip(".,;"), one) for one in stored)
            ):
                span = (sentence.start + match.start(), sentence.start + match.end())
                yield problem(
                    "quote-not-found",
                    text,
                    span,
                    "These words stand in no stored text.",
                    "Quote the source word for word.",
                )


def unsupported(text: str, evidence: Mapping[str, Evidence], given: str = "") -> Iterator[Problem]:
    """Yield numbers, dates and names of a cited sentence that none of its findings carries, and people did not give."""
    told = _Carried(Known([given]), dates(given))
    follows = derived(text, told.numbers)
    for sentence in sentences(text):
        ids = cited(sentence.text)
        named = [evidence[id] for id in ids if id in evidence]
        if named and len(named) == len(ids):
            yield from _not_carried(text, sentence, named, follows, told)


@dataclass(frozen=True)
class _Carried:
    """Numbers and days that some text carries."""

    numbers: Known
    days: list[Day]


@lru_cache(maxsize=512)
def _dated(as_of: str, source: str) -> tuple[Day, ...]:
    """Return the date of a finding where its source names it too; a date the reader made up counts for nothing."""
    named = dates(source) if as_of else []
    return tuple(day for day in dates(as_of) if any(agrees(day, other) for other in named))


def _not_carried(
    text: str, sentence: Sentence, named: list[Evidence], follows: set[int], given: _Carried
) -> Iterator[Problem]:
    ids = ", ".join(one.id for one in named)
    yield from _numbers(text, sentence, named, follows, given)
    known = [*given.days, *(day for one in named for day in (*dates(one.quote), *_dated(one.as_of, one.text)))]
    for day in dates(sentence.text):
        if day.readings and not any(agrees(day, other) for other in known):
            yield _mismatch(text, sentence, day, f"{day.text!r} is not in {ids}.", _SAYS_IT)
    whole = "".join(squeezed(part) for one in named for part in (one.quote, one.text))
    for name in organisations(sentence.text) if "|" not in sentence.text else []:
        if squeezed(name.text) not in whole:
            message = f"{name.text!r} is not in the source of {ids}."
            yield _mismatch(text, sentence, name, message, "Cite a finding about it.")


def _numbers(
    text: str, sentence: Sentence, named: list[Evidence], follows: set[int], given: _Carried
) -> Iterator[Problem]:
    """Yield the numbers that no finding carries, that follow from no others, and that people did not give."""
    known, ids = Known([one.quote for one in named]), ", ".join(one.id for one in named)
    for figure in figures(sentence.text):
        start = sentence.start + figure.start
        counts = not (figure.unit or figure.noun or figure.value > _SMALL) or start in follows
        carried = known.has(figure) or given.numbers.has(figure)
        if not (counts or carried or (hedged(text, start) and known.near(figure))):
            yield _mismatch(text, sentence, figure, f"{figure.text!r} is not in {ids}.", _SAYS_IT)


def _mismatch(text: str, sentence: Sentence, one: Figure | Day | Name, message: str, fix: str) -> Problem:
    """Return the problem of something at its place in a sentence."""
    return problem("evidence-mismatch", text, (sentence.start + one.start, sentence.start + one.end), message, fix)


def _ids(citation: str) -> list[str]:
    ids: list[str] = []
    for first, last in re.findall(r"F?(\d+)(?:\s*[–-]\s*F?(\d+))?", citation):
        ids += [f"F{n}" for n in range(int(first), min(int(last or first), int(first) + 99) + 1)]
    return ids


def _stands(finding: Evidence) -> bool:
    exact = finding.text[finding.start : finding.end] == finding.quote
    return bool(finding.quote.strip()) and (
        exact
        or " ".join(finding.text[finding.start : finding.end].split()) == " ".join(finding.quote.split())
    )


def _is_fact(sentence: Sentence) -> bool:
    plain = sentence.text.strip()
    if (
        _UNCITED_SECTIONS.search(sentence.block.heading)
        or _FRAMING.match(plain)
        or plain.rstrip("*_ ").endswith(("?", ":"))
    ):
        return False
    if sentence.block.kind is BlockKind.ROW:
        row = cells(sentence.block)
        label = row[0].text.strip("*_ ").lower() if row else ""
        return not label.startswith(("total", "sum", "average")) and any(
            figures(c.text) or dates(c.text) for c in row[1:]
        )
    if dates(plain) or any(f.unit or f.noun or f.value > _SMALL for f in figures(plain)):
        return True
    if _TREND.search(plain):
        return True
    return bool(organisations(plain) and _FACT_VERB.search(plain))
