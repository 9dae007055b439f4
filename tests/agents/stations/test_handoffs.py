"""What earlier tasks passed on: whole while it fits, and never without a word about what is left out."""

from dataclasses import replace
from typing import Any

import pytest

from agents.catalog import SHIPPED, read
from agents.errors import ToolError
from agents.planning.plan import PlanTask
from agents.stations import brief as briefs
from agents.stations import handed
from agents.stations.assignment import Assignment, Course, Received, Source
from agents.stations.uses import PART, uses_of
from agents.tools.servers import ToolServers
from agents.tools.toolbox import EFFECTS, ReadArtifact
from storage.words import Route, TaskKind

LONG = "x" * (handed.LONGEST_HANDOFFS - 1_000)


def given(*texts: str, tools: tuple[str, ...] = ("read_artifact",)) -> Assignment:
    task = PlanTask(key="write", title="Write", station="Write", role="writer", makes="note", tools=tools)
    received = tuple(Received(f"read-{n}", f"Read {n}", f"notes-{n}", text) for n, text in enumerate(texts, start=1))
    return Assignment(
        "run-1", "T0", "tag", task, TaskKind.WORK, 1, "Write it.", read([SHIPPED], EFFECTS), Course(Route.PLAN),
        received=received,
    )  # fmt: skip


def shown(assignment: Assignment) -> list[str]:
    return [part.text for part in handed.handoffs(assignment)]


def test_texts_stand_whole_while_they_fit():
    assert shown(given(LONG, "y" * 1_000)) == [LONG, "y" * 1_000]


def test_a_text_that_does_not_fit_is_begun_and_the_rest_is_named():
    [whole, begun] = shown(given(LONG, "y" * 5_000))

    assert whole == LONG
    assert begun.startswith("y" * 1_000 + "\n\n(Not shown here: 4,000 more characters of this text.")
    assert "read_artifact with task read-2" in begun


def test_the_words_of_a_person_who_edited_what_was_read_reach_whoever_builds_on_it():
    found = {"id": "F1", "claim": "It costs 5 €.", "quote": "5 €", "label": "a.csv, row 1", "sha256": "d", "start": 0}
    edited = Received("read-1", "Read", "notes", "Only the price counts here.", "", (found,))
    whole, *_ = shown(replace(given(), received=(edited,)))

    assert whole == "Only the price counts here."


@pytest.mark.parametrize(("quote", "as_of", "told"), [
    ("Agreed on 12 October 2026.", "12 October 2026", False),
    ("Agreed on 12 October 2026 until 1 March 2027.", "12 October 2026", True),  # which of the two is not clear
    ("It costs 5 €.", "12 October 2026", True),
    ("Agreed on 12 October 2026.", "2026-10-13", True),
    ("Agreed on 12 October 2026.", "", False),
])  # fmt: skip
def test_of_when_a_finding_is_stands_beside_its_quote_unless_that_says_it(quote: str, as_of: str, told: bool):
    place = {"id": "F1", "label": "a.csv, row 1", "sha256": "d", "start": 0}
    found = {"claim": quote, "quote": quote, "as_of": as_of, **place}
    *_, finding = shown(replace(given(), received=(Received("read-1", "Read", "notes", "", "", (found,)),)))

    assert finding == (f"as_of: {as_of}\n> {quote}" if told else f"> {quote}")


def test_who_has_no_tool_for_the_rest_is_not_told_to_use_it():
    assert "read_artifact" not in shown(given(LONG, "y" * 5_000, tools=()))[1]


def test_however_much_there_is_a_brief_holds_a_hundred_thousand_tokens_of_it_and_names_the_rest():
    sources = tuple(
        Source(f"d{n}", f"{n}.txt", "z" * 50_000, "0" * 64, f"F{n}", (("", 0, 50_000),)) for n in range(1, 13)
    )
    much = replace(given(*["y" * 30_000] * 12), documents=sources)
    reader = replace(much, task=much.task.model_copy(update={"needs": ()}))
    held = [part.text.count("z") + part.text.count("y") for part in (*briefs.sources(reader), *handed.handoffs(much))]
    named = [part.id for part in briefs.sources(reader) if part.text.startswith("(Not shown here: ")]

    assert 4 * 90_000 <= sum(held) <= 4 * 100_000  # four characters a token
    assert named == [f"d{n}" for n in range(5, 13)]


async def test_the_rest_is_read_in_parts():
    assignment = given("a" * PART + "b" * PART + "c")
    read_artifact: Any = uses_of(assignment, None, None, ToolServers())["read_artifact"]  # type: ignore[arg-type]  # it needs neither
    parts = [await read_artifact(ReadArtifact(task="read-1", part=part)) for part in (1, 2, 3)]

    assert [part.split("\n")[0] for part in parts] == [f"Part {n} of 3." for n in (1, 2, 3)]
    assert "".join(part.split("\n", 1)[1] for part in parts) == assignment.received[0].text
    with pytest.raises(ToolError, match="has 3 parts"):
        await read_artifact(ReadArtifact(task="read-1", part=4))


async def test_a_short_artifact_comes_as_it_is():
    short = replace(given("All of it."))
    read_artifact: Any = uses_of(short, None, None, ToolServers())["read_artifact"]  # type: ignore[arg-type]  # it needs neither

    assert await read_artifact(ReadArtifact(task="read-1")) == "All of it."


def test_a_summary_stands_for_a_text_and_not_beside_it():
    [long, short] = [replace(one, summary="In short.") for one in given(LONG, "y" * 5_000).received]
    parts = handed.handoffs(replace(given(), received=(long, short)))

    assert [part.text.startswith("In short.") for part in parts] == [False, True]


def test_a_question_that_two_tasks_leave_open_is_shown_once():
    received = [replace(one, open_questions=("Who?", f"Why {one.task}?")) for one in given("a", "b").received]
    parts = handed.handoffs(replace(given(), received=tuple(received)))

    assert [part.text for part in parts] == [
        "Open question: Who?\n\nOpen question: Why read-1?\n\na",
        "Open question: Why read-2?\n\nb",
    ]


def test_a_reviewer_is_shown_of_a_text_to_measure_by_what_the_artifact_does_not_hold():
    lines = [f"Clause {n} says what both sides owe each other in month {n}." for n in range(1, 9)]
    assignment = given("\n".join(lines), "Something else.")
    wanted = ("nothing differs from the notes-1", "it follows from the notes-2")
    task = assignment.task.model_copy(update={"done_when": wanted})
    whole, rest = handed.measured_by(replace(assignment, task=task), "\n".join(lines[:-1]))

    assert [(part.id, part.text) for part in whole] == [("read-2", "Something else.")]
    assert [part.id for part in rest] == ["read-1"]
    assert rest[0].text.split("\n")[-2:] == ["(… 7 lines as in the artifact …)", lines[-1]]

