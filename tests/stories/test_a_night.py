"""A night, as people live through it: asked for in the evening, worked on while they sleep, decided in the morning."""

from pathlib import Path
from typing import Any

from agents.engine.due import OVERDUE_FOR_YOU
from storage.tables import Checkpoint, Task
from storage.words import CheckpointKind, RunState, TaskKind, TaskState
from tests.bot.night import at
from tests.stories.shift import Shift, shift
from tests.workshop import COMPETITORS, SAMPLES, SURVEY, comparison, research, triage, verdict, written

SALES = "C0SALES"
FILES = (SAMPLES / SURVEY,)
CARD = "compare our three competitors from the attached file and write a battle card for the sales team; tonight"
BRIEF = "tonight, compare the three makers in the attached file for the sales team, by 8 tomorrow"
BY_BOB = "*Approved* by <@U0BOB>"
EVERY_WAY = ["Approve", "Send back", "Read all", "Open thread"]
TERMS = "tonight, look up how long Haulwren's delivery time is"


def asking(task: str, question: str) -> dict[str, Any]:
    """A reader of the battle card that asks before it goes on."""
    call = {"type": "tool_use", "id": f"toolu_{task}", "name": "ask_person", "input": {"question": question}}
    return {
        "when": {"task": task, "call": 1, "contains": "battle card"},
        "reply": {"blocks": [call], "stop_reason": "tool_use"},
    }


def for_the_night() -> list[dict[str, Any]]:
    """What the model says: two comparisons and one short answer."""
    short = triage(route="answer", line="", role="writer", title="Haulwren's delivery", constraints=[], inputs=[])
    named = [triage(title="Battle card"), triage(title="Makers compared"), short]
    words = ("battle card", "three makers", "delivery time")
    routes = [{**each, "when": {**each["when"], "contains": word}} for each, word in zip(named, words, strict=True)]
    said = {"text": "Six to eight weeks, says price-survey.csv.", "summary": "Six to eight weeks, says the survey."}
    answer = {"when": {"role": "writer", "task": "answer"}, "reply": {"json": said}}
    readers = [research(f"research-{n}", word, times="*") for n, word in enumerate(COMPETITORS.split(", "), start=1)]
    asked = [asking("research-1", "Which Haulwren do we meet?"), asking("research-2", "Which Ternway do we meet?")]
    return [*routes, *asked, answer, *readers, comparison(times="*"), written(times="*"), verdict(times="*")]


async def asks_tonight(night: Shift, words: str) -> str:
    """Let Alice ask for a comparison, answer its form and approve its plan."""
    run_id = await night.request("alice", SALES, words, FILES)
    await night.press_card("alice", run_id, "Which competitors", "Answer")
    await night.fill("alice", which_competitors=COMPETITORS)
    await night.press_card("alice", run_id, "Shall the work go down the line", "Approve")
    return run_id


def shown(message: dict[str, Any]) -> list[str]:
    """Return the labels of a message's buttons."""
    rows = [block for block in message["blocks"] if block["type"] == "actions"]
    return [part["text"]["text"] for row in rows for part in row["elements"] if part["type"] == "button"]


async def test_a_night_from_the_evening_to_the_results(tmp_path: Path):
    async with shift(tmp_path, for_the_night(), "2026-11-23 17:00") as night:
        card, brief = await asks_tonight(night, CARD), await asks_tonight(night, BRIEF)
        terms = await night.request("bob", SALES, TERMS, FILES)
        begins = [(await night.run(each)).begin_at for each in (card, brief, terms)]
        before = {task.state for task in await night.here.rows(Task, run_id=card, kind=TaskKind.WORK)}
        await _nobody_is_asked_while_the_work_goes_on(night, card, brief, terms)
        await _alice_answers_both_questions_in_one_form(night, card)
        await _bob_decides_in_his_brief_and_every_copy_ends(night, card, brief)
        results = [await night.card(run_id, "is done") for run_id in (card, brief, terms)]
        mornings = [await night.mornings(name) for name in ("alice", "bob")]
        batched = {call.task for call in night.model.batches()}

    assert begins == [at("2026-11-23 19:00"), at("2026-11-23 19:00"), at("2026-11-24 01:00")]
    assert before == {TaskState.BLOCKED}
    assert mornings == [[at("2026-11-24 06:30")], [at("2026-11-24 12:30")]]
    assert [each for each in night.letters if each.is_at_night] == []
    assert ["<@U0ALICE>" in each["text"] for each in results] == [True, True, False]
    assert "research-3" in batched


async def _nobody_is_asked_while_the_work_goes_on(night: Shift, card: str, brief: str, terms: str) -> None:
    await night.to(at("2026-11-23 19:00"))  # 20:00 in Berlin
    questions = await night.asked(card, CheckpointKind.QUESTION, 2)
    [draft] = await night.asked(brief, CheckpointKind.DRAFT)
    [third] = await night.here.rows(Task, run_id=card, key="research-3")
    await night.to(at("2026-11-24 01:00"))  # 20:00 in New York
    short = await night.ended(terms)
    await night.to(at("2026-11-24 06:29"))

    assert (third.state, short.state) == (TaskState.DONE, RunState.DONE)
    assert [copy.id for each in (*questions, draft) for copy in await night.copies_of(each)] == []


async def _alice_answers_both_questions_in_one_form(night: Shift, card: str) -> None:
    await night.to(at("2026-11-24 06:30"))  # 7:30 in Berlin
    brief = await night.brief("D0ALICE")
    await night.press("alice", "D0ALICE", brief, "Answer")
    await night.fill("alice", which_haulwren="The Duo.", which_ternway="The T4.")
    await night.asked(card, CheckpointKind.DRAFT)
    asked = await night.here.rows(Checkpoint, run_id=card, kind=CheckpointKind.QUESTION, decided_by="U0ALICE")

    assert shown(brief) == ["Answer", "Open thread"] * 2
    assert {one.answers.get("answer") for one in asked} >= {"The Duo.", "The T4."}


async def _bob_decides_in_his_brief_and_every_copy_ends(night: Shift, card: str, brief: str) -> None:
    await night.to(at("2026-11-24 12:30"))  # 7:30 in New York
    first = await night.brief("D0BOB")
    await night.card(brief, OVERDUE_FOR_YOU)
    await night.press("bob", "D0BOB", first, "Approve")
    await night.ended(brief)
    places = [await night.card(brief, BY_BOB), *[await night.said(each, BY_BOB) for each in ("D0CAROL", SALES, "D0BOB")]]
    await night.press("bob", "D0BOB", places[-1], "Approve")
    runs = [await night.ended(each) for each in (brief, card)]

    assert shown(first) == EVERY_WAY * 2 and "Six to eight weeks, says the survey." in str(first["blocks"])
    assert [shown(each) for each in places] == [[], [], [], EVERY_WAY]  # of the other draft
    assert [run.state for run in runs] == [RunState.DONE] * 2
    assert shown(await night.said("D0BOB", "Decided since")) == []
