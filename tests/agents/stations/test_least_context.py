"""Nobody is shown what their task does not declare: every mark that was planted is looked for in every request."""

from __future__ import annotations

import json

import pytest

from storage.tables import Brief
from tests.agents.stations.story import (
    ANALYST,
    CHOICE,
    DOCUMENT,
    QUESTION,
    READERS,
    SAYING,
    SUMMARY,
    THINKING,
    UNCITED,
    Told,
    first,
    parts_of,
)
from tests.servers.calls import Call
from tests.workshop import brief_text

EVERYBODY = {"triage", *READERS, "comparison", "brief", "review"}


def place(call: Call) -> str:
    """Return where a request was made: a task, or the review of the brief."""
    return "review" if call.schema == "Verdict" else call.task


def bytes_of(mark: str, calls: list[Call]) -> dict[str, int]:
    """Return how many bytes of a mark stand in the requests of each place; places without it are left out."""
    found: dict[str, int] = dict.fromkeys({place(call) for call in calls}, 0)
    for call in calls:
        found[place(call)] += json.dumps(call.body, ensure_ascii=False).count(mark) * len(mark.encode())
    return {where: count for where, count in found.items() if count}


@pytest.mark.parametrize(
    ("mark", "declared"),
    [
        (DOCUMENT, {*READERS}),
        (READERS["research-1"], {"comparison"}),
        (READERS["research-2"], {"comparison"}),
        (READERS["research-3"], {"comparison"}),
        (UNCITED, {"comparison"}),
        (ANALYST, set()),
        (THINKING, {"brief"}),
        (SAYING, {"brief"}),
        (SUMMARY, set()),
        (QUESTION, set()),
        (CHOICE, set()),
    ],
)
def test_a_mark_reaches_only_whoever_its_place_is_open_to(told: Told, mark: str, declared: set[str]):
    assert {place(call) for call in told.calls} == EVERYBODY
    for run_id in told.runs:
        assert set(bytes_of(mark, told.of(run_id))) == declared


def test_one_run_is_shown_nothing_of_another(told: Told):
    one, other = told.runs

    for mine, others in ((one, other), (other, one)):
        shown = json.dumps([call.body for call in told.of(mine)], ensure_ascii=False)
        assert [
            text
            for text in (*told.planted[others], others)
            if json.dumps(text, ensure_ascii=False)[1:-1] in shown
        ] == []


def test_a_reviewer_begins_afresh_and_is_shown_nothing_of_the_making(told: Told):
    for run_id in told.runs:
        reviews, made = told.of(run_id, "Verdict"), told.of(run_id, "Draft", "brief")
        said = [block for call in made for block in spoken(call)]
        assert len(reviews) == 2 and len(said) > 5
        for call in reviews:
            assert len(call.body["messages"]) == 1 and "tools" not in call.body
            assert [text[:80] for text in said if text in outside_the_artifact(call)] == []


def spoken(call: Call) -> list[str]:
    """Return every piece of text a maker's conversation held after its brief, its answer's fields one by one."""
    blocks = [block for message in call.body["messages"][1:] for block in message["content"]]
    pieces = [str(block.get(name, "")) for block in blocks for name in ("text", "thinking", "content")]
    for block in call.answer["content"]:
        pieces += _fields(block["text"]) if block["type"] == "text" else [block.get("thinking", "")]
    return [piece for piece in pieces if len(piece) > 6]


def _fields(text: str) -> list[str]:
    answer = json.loads(text) if text.startswith("{") else {"text": text}
    return [answer["text"], answer.get("summary", ""), *answer.get("open_questions", [])]


def outside_the_artifact(call: Call) -> str:
    artifact = parts_of(call)["artifact"].text
    assert artifact.startswith("## Summary") and len(artifact) > 0.8 * len(brief_text())
    return first(call).replace(artifact, "")


def test_a_reviewer_is_another_role_with_another_page_than_the_maker(told: Told):
    for run_id in told.runs:
        wrote, judged = told.of(run_id, "Draft", "brief")[0], told.of(run_id, "Verdict")[0]
        spec = told.plans[run_id]["brief"]
        assert (wrote.role, judged.role) == (spec["role"], spec["review"]) == ("writer", "reviewer")
        assert wrote.body["system"] != judged.body["system"]


def test_the_second_review_is_shown_nothing_of_the_first(told: Told):
    reviews: list[Brief] = [row for row in told.briefs if row.name.startswith("review-")]

    assert len(reviews) == 4
    assert all("Warmer words" not in row.text for row in reviews)
