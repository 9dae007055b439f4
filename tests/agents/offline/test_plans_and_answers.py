"""The general plan, and plain answers."""

from __future__ import annotations

from agents.contracts import Part, PartKind, Plan
from tests.agents.offline.asking import DOCUMENTS, REQUEST, ask, goal, note, said, task, text_of

ROLES = [
    Part("analyst", PartKind.ROLE, "Puts findings side by side."),
    Part("researcher", PartKind.ROLE, "Reads documents and brings back facts."),
    Part("reviewer", PartKind.ROLE, "Judges an artifact."),
    Part("writer", PartKind.ROLE, "Writes the one deliverable."),
]


async def test_each_subject_gets_a_reader_and_one_writer_makes_the_text() -> None:
    plan = await ask("orchestrator", [*ROLES, REQUEST, task(station="Plan")], Plan)

    assert [(one.key, one.role, one.review) for one in plan.tasks] == [
        ("research-1", "researcher", ""),
        ("research-2", "researcher", ""),
        ("research-3", "researcher", ""),
        ("write", "writer", "reviewer"),
    ]
    assert [one.title for one in plan.tasks[:3]] == [
        "Research: Acme",
        "Research: Globex",
        "Research: Initech",
    ]
    assert plan.tasks[3].needs == ["research-1", "research-2", "research-3"]


async def test_a_request_without_subjects_gets_one_reader() -> None:
    plan = await ask("orchestrator", [*ROLES, goal("Write a report and a letter about bread"), task()], Plan)

    assert [one.key for one in plan.tasks] == ["research", "write"]


async def test_a_plan_sent_back_says_that_rules_cannot_change_it() -> None:
    plan = await ask("orchestrator", [*ROLES, REQUEST, note("Use two readers."), task()], Plan)

    assert "Rules cannot change a plan by a note" in plan.reason
    assert "“Use two readers.”" in plan.reason
    assert "Use two readers" not in plan.tasks[-1].done_when


async def test_a_question_is_answered_in_the_words_of_the_sources() -> None:
    message = await said(
        "researcher", [goal("What does the Pro plan of Acme cost?"), *DOCUMENTS, task()], None
    )
    lines = [line for line in text_of(message).splitlines() if line.startswith("- ")]

    assert lines[0:2] == [
        "- The Starter plan costs EUR 29 per month. (acme.pdf, page 1)",
        "- The Pro plan costs EUR 59 per month and includes ten users. (acme.pdf, page 1)",
    ]


async def test_a_question_that_no_source_speaks_of_is_told_so() -> None:
    message = await said("researcher", [goal("Who won the football match?"), *DOCUMENTS, task()], None)

    assert (
        text_of(message)
        == "Nothing in the given sources speaks of this. Looked in acme.pdf, market.csv, globex.html."
    )


async def test_without_sources_it_says_what_would_help() -> None:
    message = await said("researcher", [goal("What does Acme cost?"), task()], None)

    assert text_of(message).startswith("Nothing is attached, and the request names no page.")
    assert "ANTHROPIC_API_KEY" in text_of(message)
