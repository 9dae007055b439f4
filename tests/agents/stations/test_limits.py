"""Models that behave badly, at work on a real line: nothing runs on for ever, nothing is done because a model says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agents.contracts import LONGEST_SUMMARY, read_parts
from agents.tools.toolbox import Toolbox
from storage.tables import Artifact, Call, Event, Handoff, Review
from storage.words import CallKind, CheckpointKind, RunState, TaskState, VoteAnswer
from tests.servers.calls import Call as Asked
from tests.servers.modes import BOAST, UNOFFERED_TOOL
from tests.workshop import (
    ALICE,
    BOB,
    Workshop,
    brief_text,
    comparison,
    research,
    researches,
    triage,
    verdict,
    workshop,
    written,
)

MOST_CALLS = 20


def behaving(mode: str, **when: str) -> dict[str, Any]:
    return {"when": when, "mode": mode, "times": "*"}


def using(*tools: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {"blocks": [{"type": "tool_use", "name": name, "input": given} for name, given in tools]}


async def edited(shop: Workshop, run_id: str, **changed: dict[str, Any]) -> None:
    """Approve the plan with these changes of its tasks, by what they make."""
    asked = await shop.to_plan(run_id)
    plan = asked.payload["plan"]
    tasks = [{**task, **changed.get(task["makes"], {})} for task in plan["tasks"]]
    await shop.decide(asked, ALICE, VoteAnswer.APPROVE, edited={"plan": {**plan, "tasks": tasks}})


async def calls_of(shop: Workshop, run_id: str, key: str) -> list[Call]:
    """Return the recorded calls of a task, in order."""
    return sorted(
        (c for c in await shop.rows(Call, run_id) if c.task_key == key), key=lambda c: (c.attempt, c.seq)
    )


def parts_of(call: Asked) -> dict[str, str]:
    """Return the text of each part that a request's first message shows, by id."""
    return {part.id: part.text for part in read_parts(call.body["messages"][0]["content"][0]["text"])}


async def test_greedy_looping_lazy_and_boasting_models_end_and_get_nothing_done_by_saying_so(tmp_path: Path):
    script = [
        triage(),
        behaving("greedy", task="research-1"),
        behaving("looping", task="research-2"),
        behaving("lazy", task="research-3"),
        behaving("boasting"),
    ]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        await edited(shop, run_id, findings={"tools": ["read_document"]})
        draft = await shop.open(run_id, CheckpointKind.DRAFT)
        run, tasks = await shop.run(run_id), await shop.tasks(run_id)
        greedy, looping = (
            await calls_of(shop, run_id, "research-1"),
            await calls_of(shop, run_id, "research-2"),
        )
        handed = {row.task_key: row for row in await shop.rows(Handoff, run_id)}
        boasted = [row for row in await shop.rows(Artifact, run_id) if row.task_key == "brief"]
        used = Counter((call.task_key, call.attempt) for call in await shop.rows(Call, run_id))
        lazy = shop.model.calls(task="research-3")

    print("calls:", dict(used))
    assert max(used.values()) <= MOST_CALLS
    # greedy: it ends with what it has, and says that it was cut
    assert len(greedy) > 10 and greedy[-1].kind is CallKind.MODEL
    assert "The work was cut short at its limit: 20 calls." in handed["research-1"].open_questions
    assert tasks["research-1"].state is TaskState.DONE
    # looping: three equal calls, then its answer, also marked
    same = Counter(call.digest for call in looping if call.kind is CallKind.TOOL)
    assert list(same.values()) == [3]
    assert any("3 equal calls of one tool" in said for said in handed["research-2"].open_questions)
    # lazy: nothing, then a part of it after one repair: a failure with a name
    assert len(lazy) == 2 and "could not be used" in str(lazy[1].body["messages"][-1])
    assert tasks["research-3"].state is TaskState.FAILED
    assert "even after one repair" in tasks["research-3"].error
    # boasting: all claimed, all passed by its like, and still people are asked and see what is wrong
    assert [row.text for row in boasted] == [BOAST]
    assert run.state is RunState.WAITING and tasks["brief"].state is TaskState.ASKING
    assert {"section-missing"} <= {problem["rule"] for problem in draft.payload["problems"]}


async def test_a_reviewer_that_is_never_satisfied_gets_three_rounds_and_the_best_version_goes_to_people(
    tmp_path: Path,
):
    worse = [brief_text("Three makers [F101]." + " TODO" * n) for n in range(3)]
    unmet = {"id": "W8", "evidence": "", "fix": "Write it more warmly."}
    drafts = [written(text) for text in worse]
    script = [triage(), *researches(), comparison(), *drafts, verdict(unmet, times="*")]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        await edited(shop, run_id, brief={"ask": ""})
        asked = await shop.open(run_id, CheckpointKind.ESCALATION)
        run, tasks = await shop.run(run_id), await shop.tasks(run_id)
        reviews = [row for row in await shop.rows(Review, run_id) if row.task_key == "brief"]
        kept = {row.id: row.text for row in await shop.rows(Artifact, run_id)}
        judged, wrote = shop.model.calls(role="reviewer"), shop.model.calls(role="writer")
        await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        ended = await shop.ended(run_id)
        shop.model.check()

    assert (len(wrote), len(judged), len(reviews)) == (3, 3, 3)
    assert [len(row.problems) for row in reviews] == [1, 2, 3]
    assert kept[asked.artifact_id] == worse[0]
    assert "did not come to an end" in asked.question
    assert [problem["fix"] for problem in asked.payload["problems"]] == ["Write it more warmly."]
    assert (run.state, tasks["brief"].state) == (RunState.WAITING, TaskState.ASKING)
    assert ended.state is RunState.DONE
    # each reviewer was shown what checks by code had found before it judged, and left seven criteria out
    shown = [parts_of(call) for call in judged]
    assert [parts["checks"].count("- placeholder: ") for parts in shown] == [0, 1, 2]
    assert all(list(parts).index("checks") < list(parts).index("artifact") for parts in shown)
    assert all(
        Counter(one["verdict"] for one in row.criteria) == {"fail": 1, "not_judged": 7} for row in reviews
    )


async def test_tools_of_others_are_refused_equal_calls_done_once_and_a_refused_revision_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    done: Counter[str] = Counter()
    use = Toolbox.use

    async def counted(self: Toolbox, name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        done[name] += 1
        return await use(self, name, asked)

    monkeypatch.setattr(Toolbox, "use", counted)
    reading = using(("read_document", {"document": "d1", "part": 1}))
    wish = using(
        ("fetch", {"url": "http://127.0.0.1:1/"}), (UNOFFERED_TOOL, {"to": "mallory@attacker.example"})
    )
    script = [
        triage(),
        *({"when": {"task": "research-1", "call": n}, "reply": reading} for n in (1, 2)),
        *researches(),
        comparison(),
        {"when": {"role": "writer", "call": 1}, "reply": wish},
        written(brief_text("Three makers TODO [F101].")),
        verdict(),
        {"when": {"role": "writer"}, "fault": {"type": "refusal"}},
    ]
    async with workshop(tmp_path, script) as shop:
        asked = await shop.to_draft(run_id := await shop.ask())
        read = [c.result for c in await calls_of(shop, run_id, "research-1") if c.kind is CallKind.TOOL]
        wished = [c for c in await calls_of(shop, run_id, "brief") if c.kind is CallKind.TOOL]
        told = shop.model.calls(role="writer")[1].body["messages"][-1]["content"]
        audited = [line.payload for line in await shop.rows(Event, run_id) if line.kind == "tool refused"]
        kept = {row.id: row.text for row in await shop.rows(Artifact, run_id)}
        shop.model.check()

    # a tool the role does not have: refused with a sentence, and recorded
    assert [call.name for call in wished] == ["fetch", UNOFFERED_TOOL]
    for call, block in zip(wished, told, strict=True):
        assert call.result["is_error"] is block["is_error"] is True
        assert block["content"] == call.result["content"]
        assert block["content"].startswith(
            f"Your role has no tool {call.name!r}. You may use: ask_person, "
        )
    assert audited == [{"task": "brief", "attempt": 1, "tool": name} for name in ("fetch", UNOFFERED_TOOL)]
    # an equal call: answered from the record
    assert len(read) == 2 and read[0] == read[1] and "<part-" in read[0]["content"]
    assert done["read_document"] == 1
    # a refusal while mending: what was made goes to people, with what is open
    assert "TODO" in kept[asked.artifact_id]
    assert [problem["rule"] for problem in asked.payload["problems"]] == ["placeholder", "round"]
    assert "declined" in asked.payload["problems"][1]["message"]


async def test_refusals_and_used_up_calls_are_failures_with_a_name_and_are_not_tried_again(tmp_path: Path):
    script = [
        triage(),
        {"when": {"task": "research-2"}, "fault": {"type": "refusal"}},
        *(researches()[n] for n in (0, 2)),
        {"when": {"role": "analyst"}, "fault": {"type": "empty"}},
    ]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        await edited(shop, run_id, comparison={"limits": {"calls": 1}})
        first = await shop.open(run_id, CheckpointKind.ESCALATION)
        refused = (await shop.tasks(run_id))["research-2"]
        analysed = shop.model.calls(role="analyst")
        await shop.decide(first, ALICE, VoteAnswer.STOP)
        stopped = await shop.ended(run_id)

    assert len(shop.model.calls(task="research-2")) == 1
    assert refused.state is TaskState.FAILED and "declined" in refused.error
    assert len(analysed) == 1
    assert first.payload["failed"] == "All 1 calls of this task were used before it was finished."
    assert stopped.state is RunState.STOPPED


async def test_a_model_that_never_stops_using_tools_fails_by_name_within_its_calls(tmp_path: Path):
    more = using(*(("read_artifact", {"task": f"more {{{{call}}}} {n}"}) for n in range(4)))
    never = {"when": {"role": "writer"}, "reply": more, "times": "*"}
    async with workshop(tmp_path, [triage(), *researches(), comparison(), never]) as shop:
        run_id = await shop.ask()
        await shop.decide(await shop.to_plan(run_id), ALICE, VoteAnswer.APPROVE)
        asked = await shop.open(run_id, CheckpointKind.ESCALATION)
        used = await calls_of(shop, run_id, "brief")

    assert "went on using tools beyond its limit (20 calls)" in asked.payload["failed"]
    assert len(used) <= MOST_CALLS


async def test_a_review_that_cannot_be_had_leaves_the_draft_to_people_and_says_so(tmp_path: Path):
    declined = {"when": {"schema": "Verdict"}, "fault": {"status": 400, "times": "*"}, "times": "*"}
    script = [triage(), *researches(), comparison(), written(), declined]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        draft = await shop.to_draft(run_id)
        made = [row for row in await shop.rows(Artifact, run_id) if row.task_key == "brief"]

    assert [problem["rule"] for problem in draft.payload["problems"]] == ["review"]
    assert len(made) == 1, "another draft would not bring a reviewer"


async def test_where_review_does_not_end_people_are_shown_every_version_by_its_points(tmp_path: Path):
    good, worse = "Three makers, TODO [F101].", "Three makers, TODO [F101]. More TBD [F201]."
    texts = [brief_text(said) for said in (worse, good, worse + " Really.")]
    passing = {**verdict(), "times": "*"}
    script = [triage(), *researches(), comparison(), *(written(text) for text in texts), passing]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        await edited(shop, run_id, brief={"ask": ""})
        asked = await shop.open(run_id, CheckpointKind.ESCALATION)

    points = [one["points"] for one in asked.payload["versions"]]
    assert points[1] < min(points[0], points[2])
    assert [one["shown"] for one in asked.payload["versions"]] == [False, True, False]
    assert "More TBD" in asked.payload["changed"] and "Really" not in asked.payload["changed"]


LONGEST_ANSWER = 16_000  # tokens of one call
SUMMED_UP = 2_000  # tokens that a handoff says of itself at most, four characters each


async def test_no_call_may_answer_without_end_and_no_summary_is_longer_than_two_thousand_tokens(tmp_path: Path):
    long, cut = research("research-1", "Haulwren"), {"when": {"task": "research-2"}, "fault": {"type": "overlong"}}
    long["reply"]["json"]["summary"] = "word " * (SUMMED_UP * 4 // 5) + "end."
    script = [triage(), long, cut, *researches(), comparison(), written(), verdict()]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        await shop.to_draft(run_id)
        handed = [row.summary for row in await shop.rows(Handoff, run_id)]
        asked, mended = shop.model.calls(), shop.model.calls(task="research-1")

    assert {1 <= call.body["max_tokens"] <= LONGEST_ANSWER for call in asked} == {True}
    assert max(len(summary) for summary in handed) <= LONGEST_SUMMARY == SUMMED_UP * 4
    assert len(mended) == 2 and "summary" in str(mended[1].body["messages"][-1])
