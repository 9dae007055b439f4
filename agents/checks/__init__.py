"""The checks by code: what rules can find wrong with a text, whoever wrote it.

Pure and deterministic; the standard library and nothing else. ``check`` runs every rule:

* date-impossible, weekday-wrong            dates that cannot be
* number-unsupported, date-unsupported      in no source and not computed from what is
* percent-wrong, sum-wrong                  changes, sums and totals computed again
* absolute-claim, placeholder, forbidden    words that must not stand there
* citation-missing, citation-unknown        facts without a finding, findings that do not exist
* quote-not-found, evidence-mismatch        quotes not in the stored bytes, numbers not in the cited finding
* section-missing, section-empty            the contract's sections
* too-long, too-short                       the contract's length
* link-unsupported, name-unsupported        addresses and organisations that no source names
* two-values                                two values for one key
* sources-disagree                          not every value on which sources disagree

Bare numbers up to twelve ("the 3 vendors") are not held against the sources:
they count what the reader can see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from agents.checks import agreement, changes, citations, disagreement, form, sourcing, sums, totals, wording
from agents.checks.citations import cited, people_cited, verify_quote
from agents.checks.dates import dates
from agents.checks.form import words
from agents.checks.known import Known
from agents.checks.limits import joined, judged, limits_of, not_judged
from agents.checks.shapes import Contract, Disagreement, Evidence, Problem, Side

__all__ = [
    "GIVEN",
    "RULES",
    "Contract",
    "Disagreement",
    "Evidence",
    "Problem",
    "Side",
    "check",
    "cited",
    "joined",
    "judged",
    "limits_of",
    "not_judged",
    "people_cited",
    "verify_quote",
    "words",
]

GIVEN: Final = "request"  # the id of the source that holds people's own words: they need no citation
RULES: Final = (
    "date-impossible",
    "weekday-wrong",
    "number-unsupported",
    "date-unsupported",
    "percent-wrong",
    "sum-wrong",
    "absolute-claim",
    "placeholder",
    "forbidden",
    "citation-missing",
    "citation-unknown",
    "quote-not-found",
    "evidence-mismatch",
    "section-missing",
    "section-empty",
    "too-long",
    "too-short",
    "link-unsupported",
    "name-unsupported",
    "two-values",
    disagreement.RULE,
)


def check(
    text: str, contract: Contract, evidence: Mapping[str, Evidence], sources: Mapping[str, str]
) -> list[Problem]:
    """Return what rules find wrong with ``text``, in its order; the same input gives the same problems.

    Args:
        text: The deliverable in Markdown; ``[F3]`` cites finding F3.
        contract: What it must be. Limits in the words of its constraints count too ("under 900 words"), of the result.
        evidence: The findings by id; an unknown id is a problem where there are findings or ``cites``.
        sources: Stored texts by id: documents and, under the id ``request``, what people wrote and decided: that
            needs no citation. With none, and no evidence, the rules about sources say nothing.
    """
    whole = joined(contract, limits_of(contract.constraints, of_result=contract.is_result))
    texts = (*sources.values(), *(part for one in evidence.values() for part in (one.quote, one.text)))
    known = list(dict.fromkeys(texts))
    found = [*_alone(text, whole), *_cited(text, whole, evidence, sources)]
    found += _against(text, known, [constraint for _, constraint in contract.constraints])
    return sorted(_unlike(found), key=lambda one: (one.start, RULES.index(one.rule), one.end))


def _alone(text: str, contract: Contract) -> Iterator[Problem]:
    yield from sourcing.impossible(text)
    yield from changes.changes(text)
    yield from sums.sums(text)
    yield from totals.table_totals(text)
    yield from wording.placeholders(text)
    yield from wording.forbidden(text, contract.forbidden)
    yield from form.sections(text, contract.sections)
    yield from form.length(text, contract.least_words, contract.most_words)
    yield from agreement.contradictions(text)


def _cited(
    text: str, contract: Contract, evidence: Mapping[str, Evidence], sources: Mapping[str, str]
) -> Iterator[Problem]:
    if contract.cites:
        yield from citations.missing(text, sources.get(GIVEN, ""), contract.said)
    if contract.cites or evidence:
        yield from citations.unknown(text, evidence)
    yield from citations.unproven(text, evidence)
    yield from citations.misquoted(text, evidence, sources)
    yield from citations.unsupported(text, evidence, sources.get(GIVEN, ""))
    yield from disagreement.unnamed(text, contract.disagreements)


def _against(text: str, sources: list[str], constraints: list[str]) -> Iterator[Problem]:
    yield from wording.absolutes(text, sources)
    if any(source.strip() for source in sources):
        known = [*sources, *constraints]
        yield from sourcing.numbers(text, Known(known))
        yield from sourcing.days(text, [day for source in known for day in dates(source)])
        yield from sourcing.strangers(text, known)


def _unlike(found: list[Problem]) -> list[Problem]:
    """Return the problems, each place once a rule.

    A number that is computed wrong is not also an unknown one.
    """
    sharper = {
        (one.start, one.end)
        for one in found
        if one.rule in ("percent-wrong", "sum-wrong", "number-unsupported", "date-unsupported")
    }
    wrong = {(one.start, one.end) for one in found if one.rule in ("percent-wrong", "sum-wrong")}
    kept: dict[tuple[str, int, int, str], Problem] = {}
    for one in found:
        span = (one.start, one.end)
        if one.rule == "number-unsupported" and span in wrong:
            continue
        if one.rule == "evidence-mismatch" and span in sharper:
            continue
        kept.setdefault((one.rule, *span, one.message if span == (0, 0) else ""), one)
    return list(kept.values())
