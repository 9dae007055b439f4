"""Which work a request asks for, and who of the engine does it."""

from __future__ import annotations

from agents.contracts import Answer
from agents.models.offline import (
    answering,
    drawing,
    gathering,
    planning,
    reviewing,
    routing,
    synthesis,
    writing,
)
from agents.models.offline.brief import Brief
from agents.models.offline.wire import Asked, BadRequestError, Use


def answer(asked: Asked) -> str | list[Use]:
    """Return the answer: the JSON of a structured one, prose, or the tools to be used first.

    Raises:
        BadRequestError: The schema is none of those this engine knows.
    """
    brief = Brief.of(asked)
    uses = gathering.wanted(asked) if asked.schema in ("", "Findings", "Draft") else []
    uses = uses or (drawing.wanted(brief) if asked.schema == "Draft" else [])
    if uses:
        return uses
    if not asked.schema:
        return answering.answer(brief)
    return _structured(asked.schema, brief).model_dump_json()


def _structured(schema: str, brief: Brief) -> Answer:
    match schema:
        case "Triage":
            return routing.route(brief)
        case "Plan":
            return planning.plan(brief)
        case "Findings":
            return gathering.gather(brief)
        case "Draft":
            return synthesis.draft(brief) if brief.is_synthesis else writing.draft(brief)
        case "Verdict":
            return reviewing.verdict(brief)
        case _:
            known = "Triage, Plan, Findings, Draft and Verdict"
            raise BadRequestError(f"The offline engine can give {known}, not {schema!r}.")
