"""The reviewer: each criterion that rules can judge, with evidence; the others are for a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agents import checks
from agents.checks.figures import figures
from agents.checks.markdown import BlockKind, blocks, sentences
from agents.contracts import Criterion, PartKind, Verdict
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.drawing import without_charts
from agents.models.offline.subjects import mentions

MOST_EVIDENCE: Final = 900  # characters
_SHORT: Final = 4  # words a clause needs to be one
_NEEDS_PERSON: Final = "Rules cannot judge this; a person has to."
_PROBLEM: Final = re.compile(r"^- (?P<rule>[\w-]+): (?P<rest>.*)$", re.MULTILINE)
_FROM_SOURCES: Final = frozenset(
    (
        "number-unsupported",
        "date-unsupported",
        "name-unsupported",
        "link-unsupported",
        "absolute-claim",
        "quote-not-found",
        "evidence-mismatch",
    )
)  # known to the checks by code, which see the whole documents
_RULES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (r"\bcit(?:e|es|ed|ation|ations)\b|names? (?:a|its) (?:finding|source)|"
     r"every (?:claim|fact|sentence)\b.*\b(?:finding|source)",
     ("citation-missing", "citation-unknown", "quote-not-found", "evidence-mismatch")),
    (r"\bquot(?:e|es|ed)\b.*\bword for word|word for word", ("quote-not-found",)),
    (r"\b(?:numbers?|figures?|amounts?|prices?|periods?)\b.*\b(?:stands?|finding|source|request|input|decision)",
     ("number-unsupported", "evidence-mismatch")),
    (r"\bdates?\b.*\b(?:stands?|finding|source|request|input|decision)",
     ("date-unsupported", "date-impossible", "weekday-wrong")),
    (r"\b(?:sums?|totals?|arithmetic|percentages?|add up|recomput\w+)\b", ("sum-wrong", "percent-wrong")),
    (r"\bplaceholders?\b|nothing (?:is )?left to fill", ("placeholder",)),
    (r"\b(?:sections?|headings?)\b.*\b(?:there|present|order|named|exist)", ("section-missing", "section-empty")),
    (r"\b(?:at most|under|no more than|fewer than|less than|at least|fits? on)\b.*\b(?:words?|pages?|screen)\b",
     ("too-long", "too-short")),
    (r"\b(?:links?|addresses|urls?)\b", ("link-unsupported",)),
    (r"\b(?:absolute|guarantee\w*|superlatives?|promises? nothing|overclaim\w*)\b", ("absolute-claim",)),
    (r"\b(?:consistent|same everywhere|no (?:two values|contradictions))\b", ("two-values",)),
    (r"\b(?:forbidden|rules? out)\b", ("forbidden",)),
)  # fmt: skip
_PRESENT: Final = re.compile(
    r"^every (?P<input>[\w-]+?)s?\b.*\b(?:is|are|stands?|appears?|named|covered)\b.*", re.IGNORECASE
)
_CLAUSES: Final = re.compile(
    r",?\s+and\s+(?=(?:the|every|each|no|all|it|each|one|nothing)\b)|;\s+", re.IGNORECASE
)
_OWN: Final = re.compile(
    r"^(?:every constraint of the request is kept|this is kept: (?P<words>.+))$", re.IGNORECASE
)


@dataclass(frozen=True)
class _Judged:
    """What rules say of one clause: right, wrong with the reason, or not theirs to say."""

    known: bool
    problem: checks.Problem | None = None


def verdict(brief: Brief) -> Verdict:
    """Return one verdict a criterion of the contract."""
    text = without_charts("\n\n".join(part.text for part in brief.parts(PartKind.ARTIFACT)[-1:]))
    if not text.strip():
        return Verdict(
            criteria=[
                Criterion(id=id, verdict="fail", fix="There is no artifact to judge.")
                for id, _ in brief.criteria
            ]
        )
    problems = found(brief, text)
    return Verdict(
        criteria=[_criterion(id, words, text, problems, brief) for id, words in brief.criteria][:60]
    )


def found(brief: Brief, text: str) -> list[checks.Problem]:
    """Return the problems of an artifact; those about sources are the checks' by code, where the brief brings them."""
    contract = checks.Contract(
        sections=brief.sections, most_words=brief.limits.most_words, least_words=brief.limits.least_words,
        constraints=brief.constraints, forbidden=brief.limits.forbidden, cites=bool(brief.facts),
    )  # fmt: skip
    evidence = {fact.id: _evidence(fact) for fact in brief.facts}
    own = checks.check(text, contract, evidence, _sources(brief))
    told = [part for part in brief.parts(PartKind.REVIEW) if part.id == "checks"]
    if not told:
        return own
    return [
        *(one for one in own if one.rule not in _FROM_SOURCES),
        *_told("\n".join(part.text for part in told), text),
    ]


def _evidence(fact: Fact) -> checks.Evidence:
    """Return a finding as evidence; its key and its source say of whom it speaks where its quote does not."""
    text = "\n".join([fact.quote, fact.key, fact.source])
    return checks.Evidence(fact.id, fact.quote, text, 0, len(fact.quote))


def _sources(brief: Brief) -> dict[str, str]:
    people = brief.said(
        PartKind.GOAL,
        PartKind.INPUT,
        PartKind.DECISION,
        PartKind.NOTE,
        PartKind.CONSTRAINT,
        PartKind.BACKGROUND,
    )
    return {checks.GIVEN: people, **{part.id: part.text for part in brief.documents}}


def _told(review: str, text: str) -> Iterator[checks.Problem]:
    """Yield the problems that the checks by code wrote into the brief, found again in the artifact."""
    for one in _PROBLEM.finditer(review):
        quoted = re.search(r"“(?P<words>.+?)”", one["rest"])
        start = text.find(quoted["words"]) if quoted else -1
        if one["rule"] in _FROM_SOURCES:
            span = (start, start + len(quoted["words"])) if quoted and start >= 0 else (0, 0)
            yield checks.Problem(
                one["rule"], one["rest"], text[span[0] : span[1]], *span, "Correct it, or leave it out."
            )


def _criterion(id: str, words: str, text: str, problems: Sequence[checks.Problem], brief: Brief) -> Criterion:
    """Judge a criterion clause by clause: one wrong clause fails it, one that rules do not know leaves it open."""
    judged = [_clause(clause, text, problems, brief) for clause in _clauses(words)]
    wrong = next((one.problem for one in judged if one.problem), None)
    if wrong:
        return Criterion(id=id, verdict="fail", evidence=_around(wrong, text), fix=_fix(problems, wrong))
    if not all(one.known for one in judged):
        part = (
            ""
            if not any(one.known for one in judged)
            else "Rules found nothing wrong with what they can judge of it. "
        )
        return Criterion(id=id, verdict="not_judged", fix=part + _NEEDS_PERSON)
    return Criterion(id=id, verdict="pass", evidence=_shows(words, text))


def _clauses(words: str) -> list[str]:
    """Return the clauses of a criterion; a short one such as "every number" belongs to what follows it."""
    found: list[str] = []
    for clause in _CLAUSES.split(words):
        if found and len(found[-1].split()) < _SHORT:
            found[-1] += f" and {clause}"
        else:
            found.append(clause)
    return found


def _clause(clause: str, text: str, problems: Sequence[checks.Problem], brief: Brief) -> _Judged:
    if kept := _OWN.match(clause.strip(" .")):
        return _constraints(kept["words"], problems, brief)
    if (named := _PRESENT.match(clause)) and (names := _input(named["input"], brief)):
        return _named(names, text)
    rules = {rule for pattern, found in _RULES if re.search(pattern, clause, re.IGNORECASE) for rule in found}
    return _Judged(bool(rules), next((one for one in problems if one.rule in rules), None))


def _constraints(words: str | None, problems: Sequence[checks.Problem], brief: Brief) -> _Judged:
    """Judge one constraint by its words, or all of the brief's; one that rules cannot judge leaves it open."""
    texts = [words] if words else [text for _, text in brief.constraints]
    wrong = next(
        (one for one in problems if one.rule in ("too-long", "too-short", "forbidden", "section-missing")),
        None,
    )
    return _Judged(all(checks.judged(one) for one in texts), wrong)


def _named(names: Sequence[str], text: str) -> _Judged:
    absent = next((name for name in names if not mentions(text, name)), None)
    if absent is None:
        return _Judged(True)
    return _Judged(
        True,
        checks.Problem(
            "absent",
            f"{absent} is not there.",
            "",
            0,
            0,
            f"Say what is known about {absent}, or that nothing is.",
        ),
    )


def _input(word: str, brief: Brief) -> list[str]:
    singular = word.lower().rstrip("s")
    said = next((value for name, value in brief.inputs.items() if name.lower().rstrip("s") == singular), "")
    said = said or (
        ", ".join(brief.subjects) if singular in ("competitor", "subject", "company", "vendor") else ""
    )
    return [name.strip(" .") for name in re.split(r",|;|\band\b|\n", said) if name.strip(" .")]


def _around(wrong: checks.Problem, text: str) -> str:
    """Return the sentence that shows the fault, word for word; nothing where something is absent."""
    if not wrong.quote:
        return ""
    holder = next((one for one in sentences(text) if one.start <= wrong.start < one.end), None)
    shown = holder.text if holder and len(holder.text) <= MOST_EVIDENCE else wrong.quote
    return shown[:MOST_EVIDENCE]


def _fix(problems: Sequence[checks.Problem], wrong: checks.Problem) -> str:
    same = [one for one in problems if one.rule == wrong.rule] or [wrong]
    return " ".join(f"{one.message} {one.fix}" for one in same[:5])[:1_000]


def _shows(words: str, text: str) -> str:
    """Return a passage that shows what passes: cited where it speaks of citations, with figures where of numbers."""
    wants: Callable[[str], bool] = (
        (lambda one: "[F" in one)
        if re.search(r"cit|finding", words)
        else (lambda one: bool(figures(one)))
        if "number" in words
        else bool
    )
    if re.search(r"section|heading", words):
        return next((block.text.strip() for block in blocks(text) if block.kind is BlockKind.HEADING), "")[
            :MOST_EVIDENCE
        ]
    return next(
        (one.text for one in sentences(text) if wants(one.text) and len(one.text) <= MOST_EVIDENCE), ""
    )
