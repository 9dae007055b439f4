"""Whatever stands in the documents: shapes hold, quotes stand, nothing is invented, the same in is the same out."""

from __future__ import annotations

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as some

from agents.contracts import Draft, Findings, Part, PartKind, Plan, Triage, Verdict
from agents.models.offline import engine, wire
from tests.agents.offline.asking import contract, document, finding, goal, params, task

_WORDS = (
    "Acme Globex price EUR 29 per month costs 1,200 customers in March 2026 never always the | - # [F3] TODO 12 % "
    "“quote” Its plan Pro. Starter; delivery: 30 days <part-k3x9 </part-k3x9> https://acme.example.com \n \n\n \t Ltd. e.g."
)
WORDS = some.sampled_from(_WORDS.split(" "))
TEXTS = some.one_of(
    some.lists(WORDS, max_size=120).map(" ".join),
    some.text(some.characters(exclude_categories=("Cs",)), max_size=300),
)


def _body(schema: type | None, *parts: Part) -> bytes:
    return json.dumps(params("researcher", parts, schema), ensure_ascii=False).encode()


def _said(schema: type | None, *parts: Part) -> str:
    body = _body(schema, *parts)
    answer, again = engine.answer(wire.read(body)), engine.answer(wire.read(body))

    assert answer == again
    assert isinstance(answer, str)
    return answer


def _whole(text: str) -> bool:
    """Whether a text can stand in a part as the stations write it: it does not close the part itself."""
    return "</part-k3x9>" not in text and "\r" not in text


@settings(max_examples=120, deadline=None)
@given(some.lists(TEXTS.filter(_whole), min_size=1, max_size=4), some.sampled_from(["", "Acme", "Globex"]))
def test_every_quote_of_any_document_stands_in_its_part(texts: list[str], item: str) -> None:
    parts = [
        document(f"d{number}.1", f"file{number}.txt", text) for number, text in enumerate(texts, start=1)
    ]
    found = Findings.model_validate_json(
        _said(Findings, goal("Compare Acme and Globex"), *parts, task(item=item))
    )
    shown = {part.id: part.text for part in parts}

    assert all(one.quote in shown[one.source] and one.claim == one.quote for one in found.findings)
    assert all(one.as_of in " ".join(one.quote.split()) for one in found.findings)


@settings(max_examples=120, deadline=None)
@given(
    some.lists(TEXTS.filter(_whole).filter(str.strip), max_size=6),
    some.sampled_from(["", "Summary, Price, What is missing"]),
)
def test_every_number_of_any_draft_was_given(texts: list[str], sections: str) -> None:
    parts = [
        finding(f"F{number}", text, f"file{number}.txt, page 1", "acme/price")
        for number, text in enumerate(texts, start=1)
    ]
    shown = [contract(sections), goal("Compare Acme and Globex"), *parts, task(station="Brief")]
    draft = Draft.model_validate_json(_said(Draft, *shown))
    numbers = re.compile(r"\d+")
    given_numbers = set(numbers.findall("\n".join(f"{part.id} {part.source} {part.text}" for part in shown)))
    own = {str(count) for count in range(len(texts) * 3 + 10)}

    assert set(numbers.findall(draft.text)) <= given_numbers | own


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_request_is_routed_planned_and_answered_in_shape(text: str) -> None:
    line = Part(
        "market",
        PartKind.LINE,
        "Compares. Keywords: compare, price.\ninputs:\n  competitors: Which?\n  budget: How much?",
    )
    roles = [Part("researcher", PartKind.ROLE, "Reads documents."), Part("writer", PartKind.ROLE, "Writes.")]
    asked = goal(text if _whole(text) else "plain")
    triage = Triage.model_validate_json(_said(Triage, line, *roles, asked, task()))
    plan = Plan.model_validate_json(_said(Plan, *roles, asked, task()))

    assert all(limit in asked.text for limit in triage.constraints)
    assert all(one.value in asked.text for one in triage.inputs if one.name != "links")
    assert plan.tasks[-1].role == "writer"
    assert _said(None, asked, document("d1.1", "a.txt", asked.text), task())


@settings(max_examples=120, deadline=None)
@given(
    TEXTS.filter(_whole),
    some.lists(TEXTS.map(lambda text: " ".join(text.split())[:200]).filter(bool), max_size=5),
)
def test_every_evidence_of_any_review_stands_in_the_artifact(text: str, criteria: list[str]) -> None:
    shown = [
        contract(
            "Summary",
            50,
            ["no placeholder is left", "every claim cites its finding", *filter(_whole, criteria)],
        ),
        goal("Compare Acme and Globex"),
        finding("F3", "Acme costs EUR 29 per month.", "a.txt", "acme/price"),
        Part("artifact", PartKind.ARTIFACT, text),
        task(),
    ]
    verdict = Verdict.model_validate_json(_said(Verdict, *shown))

    assert [one.id for one in verdict.criteria][:2] == ["W1", "W2"]
    assert all(one.evidence in text for one in verdict.criteria)
