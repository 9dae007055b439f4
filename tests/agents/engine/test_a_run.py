"""A run from request to result, over the real engine and the scripted model."""

import asyncio
from pathlib import Path

import pytest

from agents.contracts import read_parts
from storage.errors import AlreadyDecidedError, NotAllowedError, RefusedError, StaleError
from storage.tables import Artifact, Document, Handoff, OutboxMessage, Review
from storage.words import CheckpointKind, CheckpointState, MessageKind, RunState, TaskState, VoteAnswer
from tests.workshop import (
    ALICE,
    BOB,
    DAVE,
    SHEETS,
    brief_text,
    comparison,
    researches,
    triage,
    verdict,
    whole_line,
    workshop,
    written,
)


async def test_a_request_goes_down_its_line_to_a_result(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        draft = await shop.to_draft(run_id)
        await shop.decide(draft, BOB, VoteAnswer.APPROVE)
        run = await shop.ended(run_id)
        messages = await shop.rows(OutboxMessage, run_id)
        shop.model.check()

    said = [message.kind for message in messages]
    assert run.state is RunState.DONE
    assert (run.route, run.line, run.title) == ("line", "competitive-intelligence", "Competitor brief")
    assert run.constraints == [["C1", "keep it under 900 words"], ["C2", "no pricing of our own"]]
    assert run.inputs == {"audience": "the sales team", "competitors": "Haulwren, Ternway, Oxbell"}
    kinds = [
        MessageKind.REACTION,
        MessageKind.STATUS,
        *[MessageKind.CHECKPOINT] * 3,
        MessageKind.RESULT,
        MessageKind.FILE,
        MessageKind.FILE,
    ]
    assert said == kinds
    assert [message.text for message in messages[-2:]] == ["markdown", "pdf"]


async def test_the_files_are_read_and_one_that_cannot_be_is_a_named_hole(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask(samples=(*SHEETS, "broken.pdf"))
        await shop.open(run_id, CheckpointKind.QUESTION)
        documents = {row.origin: row for row in await shop.rows(Document, run_id)}

    assert [documents[f"F{n}"].id for n in (1, 2, 3)] == ["d1", "d2", "d3"]
    assert all(documents[f"F{n}"].text for n in (1, 2, 3))
    assert (documents["F4"].text, bool(documents["F4"].problem)) == ("", True)


async def test_a_finding_points_at_the_bytes_it_quotes(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        await shop.to_draft(run_id)
        documents = {row.id: row for row in await shop.rows(Document, run_id)}
        findings = [one for row in await shop.rows(Handoff, run_id) for one in row.findings]

    assert {one["id"] for one in findings} >= {"F101", "F201", "F301"}
    for one in findings:
        assert documents[one["document"]].text[one["start"] : one["end"]] == one["quote"]
        assert one["label"].startswith(documents[one["document"]].name)


async def test_checks_and_a_reviewing_role_send_a_draft_back_once(tmp_path: Path):
    promise = brief_text("We guarantee TODO that all is well.")
    found = {"id": "W3", "evidence": "We guarantee TODO", "fix": "Cite a finding or drop it."}
    script = [triage(), *researches(), comparison(), written(promise), verdict(found), written(), verdict()]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        draft = await shop.to_draft(run_id)
        reviews = [row for row in await shop.rows(Review, run_id) if row.task_key == "brief"]
        revision = shop.model.calls(role="writer")[1]
        review = shop.model.calls(role="reviewer")[0]
        shop.model.check()

    assert [bool(row.problems) for row in reviews] == [True, False]
    assert {problem["rule"] for problem in reviews[0].problems} >= {"placeholder", "W3"}
    assert "Cite a finding or drop it." in str(revision.body) and promise.splitlines()[2] in str(
        revision.body
    )
    assert "Keep to one deliverable" not in str(review.body)
    assert draft.payload["problems"] == [] and draft.payload["rounds"] == 2


async def test_a_draft_sent_back_comes_again_with_what_changed(tmp_path: Path):
    note = "Say what they sell before anything else."
    again = written(brief_text("They sell cargo bikes [F101]."), when={"role": "writer", "attempt": "2"})
    script = [triage(), *researches(), comparison(), written(), verdict(), again, verdict()]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        first = await shop.to_draft(run_id)
        await shop.decide(first, BOB, VoteAnswer.SEND_BACK, note=note)
        second = await shop.open(run_id, CheckpointKind.DRAFT)
        call = shop.model.calls(role="writer")[1]
        shown, parts = str(call.body), read_parts(call.body["messages"][0]["content"][0]["text"])

    assert [part.text for part in parts if part.id == "sent-back"] == [note]
    assert note in shown and "Three makers, three ideas" in shown
    assert "-Three makers, three ideas [F101]." in second.payload["changed"]
    assert "+They sell cargo bikes [F101]." in second.payload["changed"]
    assert second.payload["version"] == 2


async def test_sending_back_needs_a_reason(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        draft = await shop.to_draft(await shop.ask())
        with pytest.raises(RefusedError, match="say why"):
            await shop.decide(draft, BOB, VoteAnswer.SEND_BACK)


async def test_a_note_in_the_thread_is_in_every_later_brief_word_for_word(tmp_path: Path):
    note = "call them alternatives, not competitors"
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        plan = await shop.to_plan(run_id)
        await shop.engine.steer(
            channel="C0GENERAL", thread_ts="1.000100", ts="1.000200", by=ALICE.id, text=note
        )
        before = len(shop.model.calls())
        await shop.decide(plan, ALICE, VoteAnswer.APPROVE)
        await shop.open(run_id, CheckpointKind.DRAFT)
        later = shop.model.calls()[before:]

    assert len(later) == 6
    assert all(note in str(call.body["messages"][0]) for call in later)


async def test_the_same_note_delivered_again_is_kept_once(tmp_path: Path):
    note = {
        "channel": "C0GENERAL",
        "thread_ts": "1.000100",
        "ts": "1.000200",
        "by": ALICE.id,
        "text": "shorter",
    }
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        first, second = await shop.engine.steer(**note), await shop.engine.steer(**note)

    assert first is not None and first.id == run_id
    assert second is None


async def test_an_edited_draft_is_what_is_delivered(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        draft = await shop.to_draft(run_id)
        decided = await shop.decide(draft, BOB, VoteAnswer.APPROVE, edited={"text": "Mine.\n"})
        await shop.ended(run_id)
        result = next(m for m in await shop.rows(OutboxMessage, run_id) if m.kind is MessageKind.RESULT)
        made = {row.id: row for row in await shop.rows(Artifact, run_id)}

    assert (made[result.artifact_id].text, made[result.artifact_id].made_by) == ("Mine.\n", BOB.id)
    assert (decided.version, decided.payload["version"]) == (2, 2)


async def test_an_edited_plan_is_checked_again_and_then_runs(tmp_path: Path):
    kept = [
        triage(),
        researches()[0],
        comparison(),
        written(brief_text("One maker [F101].").replace("F201", "F101").replace("F301", "F101")),
        verdict(),
    ]
    kept[2]["reply"]["json"]["text"] = kept[2]["reply"]["json"]["text"].replace("F201", "F101")
    async with workshop(tmp_path, kept) as shop:
        run_id = await shop.ask()
        checkpoint = await shop.to_plan(run_id)
        plan = checkpoint.payload["plan"]
        gone = {"research-2", "research-3"}
        tasks = [
            {**t, "needs": [k for k in t["needs"] if k not in gone]}
            for t in plan["tasks"]
            if t["key"] not in gone
        ]
        await shop.decide(checkpoint, ALICE, VoteAnswer.APPROVE, edited={"plan": {**plan, "tasks": tasks}})
        await shop.open(run_id, CheckpointKind.DRAFT)
        tasks_now = await shop.tasks(run_id)

    assert list(tasks_now) == ["triage", "plan", "research-1", "comparison", "brief"]


async def test_people_who_may_not_decide_are_told_so_and_nothing_happens(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        draft = await shop.to_draft(run_id)
        for person, why in (
            (DAVE, "Guests"),
            (ALICE, "someone else"),
            (BOB.model_copy(update={"member": False}), "members"),
        ):
            with pytest.raises(NotAllowedError, match=why):
                await shop.decide(draft, person, VoteAnswer.APPROVE)
        still = await shop.open(run_id, CheckpointKind.DRAFT)

    assert still.version == draft.version and still.state is CheckpointState.OPEN


async def test_the_first_of_many_presses_decides(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        plan = await shop.to_plan(run_id)
        presses = [shop.decide(plan, ALICE, VoteAnswer.APPROVE) for _ in range(20)]
        results = await asyncio.gather(*presses, return_exceptions=True)
        await shop.open(run_id, CheckpointKind.DRAFT)
        shop.model.check()

    assert sum(not isinstance(result, BaseException) for result in results) == 1
    assert sum(isinstance(result, AlreadyDecidedError) for result in results) == 19


async def test_a_button_of_an_older_version_is_refused(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        draft = await shop.to_draft(await shop.ask())
        draft.nonce = "old"
        with pytest.raises(StaleError, match="newest version"):
            await shop.decide(draft, BOB, VoteAnswer.APPROVE)


async def test_stopping_ends_the_call_in_flight_and_withdraws_what_is_open(tmp_path: Path):
    slow = [{**line, "latency_ms": 20_000} for line in researches()]
    async with workshop(tmp_path, [triage(), *slow]) as shop:
        run_id = await shop.ask()
        await shop.decide(await shop.to_plan(run_id), ALICE, VoteAnswer.APPROVE)

        async def at_work() -> bool:
            return [t.state for t in (await shop.tasks(run_id)).values()].count(TaskState.WORKING) == 3

        await shop.until(at_work)
        run = await shop.engine.stop_run(run_id, ALICE)

    assert run.state is RunState.STOPPED


async def test_one_reader_that_fails_leaves_a_named_hole(tmp_path: Path):
    broken = {"when": {"task": "research-2"}, "fault": {"status": 400, "times": "*"}, "times": "*"}
    text = brief_text().replace("F201", "F301")
    analysed = comparison()
    analysed["reply"]["json"]["text"] = analysed["reply"]["json"]["text"].replace("F201", "F301")
    script = [triage(), broken, researches()[0], researches()[2], analysed, written(text), verdict()]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        await shop.to_draft(run_id)
        tasks = await shop.tasks(run_id)
        shown = str(shop.model.calls(role="writer")[0].body)

    assert (tasks["research-2"].state, tasks["brief"].state) == (TaskState.FAILED, TaskState.ASKING)
    assert "Nothing came of this task" in shown


async def test_a_task_nobody_stands_in_for_asks_a_person_and_can_be_tried_again(tmp_path: Path):
    script = [{"when": {"schema": "Triage"}, "fault": {"status": 401}}, triage()]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        asked = await shop.open(run_id, CheckpointKind.ESCALATION)
        await shop.decide(asked, ALICE, VoteAnswer.APPROVE)
        form = await shop.open(run_id, CheckpointKind.QUESTION)

    assert asked.question.startswith("“Understanding the request” could not be done.")
    assert "start it again" in asked.payload["failed"]
    assert form.payload["fields"][0]["name"] == "competitors"


async def test_an_agent_asks_a_person_and_goes_on_where_it_stopped(tmp_path: Path):
    asking = {
        "when": {"task": "research-1", "call": 1},
        "reply": {
            "blocks": [
                {
                    "type": "tool_use",
                    "id": "toolu_1",
                    "name": "ask_person",
                    "input": {"question": "Which Haulwren?"},
                }
            ],
            "stop_reason": "tool_use",
        },
    }
    async with workshop(tmp_path, [asking, *whole_line()]) as shop:
        run_id = await shop.ask()
        await shop.decide(await shop.to_plan(run_id), ALICE, VoteAnswer.APPROVE)
        asked = await shop.open(run_id, CheckpointKind.QUESTION)
        await shop.decide(asked, ALICE, VoteAnswer.ANSWER, answers={"answer": "The one from Ghent."})
        await shop.open(run_id, CheckpointKind.DRAFT)
        calls = [call for call in shop.model.calls() if call.task == "research-1"]
        shop.model.check()

    assert asked.question == "Which Haulwren?"
    assert len(calls) == 2 and not any(call.repeat for call in calls)
    assert "The one from Ghent." in str(calls[1].body["messages"][-1])
