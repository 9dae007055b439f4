"""Choices that cannot both hold stop before anybody builds on them; readers that fail leave holes with a name."""

import io
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from docx import Document
from pypdf import PdfReader

from agents.catalog import SHIPPED, Catalog, read
from agents.rendering.formats import Format
from agents.stations import contradiction
from agents.stations.assignment import Received
from agents.stations.deliverable import document
from agents.tools.toolbox import EFFECTS
from bot.messages import result
from bot.messages.figures import Spend
from bot.messages.rows import ResultRows
from bot.outbox.reading import View
from storage import clock
from storage.tables import Artifact, OutboxMessage, Task
from storage.words import CheckpointKind, MessageKind, RunState, TaskState, VoteAnswer
from tests.agents.stations.test_handoffs import given
from tests.workshop import (
    ALICE,
    BOB,
    REQUEST,
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

KEYS = ("price model", "audience", "launch/date", "Tonfall", "価格", "liability cap")
VALUES = ("per seat", "flat rate", "3 May 2027", "EUR 40", "formal", "none", "von oben", "月額")


def handed(*chosen: tuple[str, str]) -> tuple[Received, ...]:
    return tuple(
        Received(f"read-{n}", f"Read {n}", f"notes-{n}", decisions=({"key": key, "value": value, "why": ""},))
        for n, (key, value) in enumerate(chosen, start=1)
    )


def varied(text: str, chance: random.Random) -> str:
    """Return the same words as another agent may write them."""
    return chance.choice((text, text.upper(), f" {text}. ", text.title()))


def test_a_hundred_contradictions_are_all_stopped_and_a_hundred_agreements_are_not():
    chance, missed, alarms = random.Random(11), [], []
    for _ in range(100):
        key, (one, other) = chance.choice(KEYS), chance.sample(VALUES, 2)
        beside = [(f"own {n}", chance.choice(VALUES)) for n in range(chance.randint(0, 3))]
        apart = [(varied(key, chance), varied(one, chance)), *beside, (varied(key, chance), varied(other, chance))]
        alike = [(varied(key, chance), varied(one, chance)), *beside, (varied(key, chance), varied(one, chance))]
        work = given("a", "b")
        missed += [] if contradiction.asked(replace(work, received=handed(*apart))) else [apart]
        alarms += [alike] if contradiction.asked(replace(work, received=handed(*alike))) else []

    assert (missed, alarms) == ([], [])


def choosing(line: dict[str, Any], value: str) -> dict[str, Any]:
    line["reply"]["json"]["decisions"] = [{"key": "Price model", "value": value, "why": "It says so."}]
    return line


async def test_a_person_says_which_choice_holds_before_anybody_builds_on_either(tmp_path: Path):
    one, two, three = researches()
    script = [triage(), choosing(one, "per seat"), choosing(two, "flat"), three, comparison(), written(), verdict()]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        await shop.decide(await shop.to_plan(run_id), ALICE, VoteAnswer.APPROVE)
        asked = await shop.open(run_id, CheckpointKind.QUESTION)
        before = [call.schema for call in shop.model.calls() if call.schema == "Draft"]
        [field] = asked.payload["fields"]
        await shop.decide(asked, ALICE, VoteAnswer.ANSWER, answers={field["name"]: "flat"})
        await shop.open(run_id, CheckpointKind.DRAFT)
        shown = [str(call.body["messages"][0]) for call in shop.model.calls(schema="Draft")]
        shop.model.check()

    assert before == [], "nobody had built on it"
    assert field["options"] == ["per seat", "flat"]
    assert "Research: Haulwren: “per seat”. Research: Ternway: “flat”." in field["question"]
    assert len(shown) == 2 and all(f"{field['name']}: flat" in one for one in shown)


async def test_four_of_five_readers_deliver_and_the_fifth_is_a_hole_with_its_name(tmp_path: Path):
    names = ("Haulwren", "Ternway", "Oxbell", "Bernak", "Lissom")
    inputs = [{"name": "audience", "value": "the sales team"}, {"name": "competitors", "value": ", ".join(names)}]
    readers = [research(f"research-{n}", word, times="*") for n, word in enumerate(names[:3], start=1)]
    nothing = {"findings": [], "summary": "Nothing.", "open_questions": []}
    empty = {"when": {"task": "research-5"}, "reply": {"json": nothing}}
    dying = {"when": {"task": "research-4"}, "fault": {"status": 400, "times": "*"}, "times": "*"}
    script = [triage(inputs=inputs), dying, *readers, empty, comparison(), written(brief_text()), verdict()]
    async with workshop(tmp_path, script, catalog=in_every_format(tmp_path / "pages")) as shop:
        run_id = await shop.ask(f"{REQUEST}; they are {', '.join(names)}")
        await shop.decide(await shop.open(run_id, CheckpointKind.PLAN), ALICE, VoteAnswer.APPROVE)
        await shop.decide(await shop.open(run_id, CheckpointKind.DRAFT), BOB, VoteAnswer.APPROVE)
        run, tasks = await shop.ended(run_id), await shop.tasks(run_id)
        [told] = [row for row in await shop.rows(OutboxMessage, run_id) if row.kind is MessageKind.RESULT]
        [made] = [row for row in await shop.rows(Artifact, run_id) if row.id == told.artifact_id]
        files = {kind: await file(shop, run_id, kind) for kind in Format}
        shown = [str(call.body) for call in shop.model.calls(schema="Draft")]
    rows = ResultRows(run=run, now=clock.now(), artifact=made, tasks=tuple(tasks.values()), spend=Spend())
    card = str(result.build(rows).blocks)

    assert run.state is RunState.DONE
    assert [task.state for key, task in tasks.items() if key.startswith("research")].count(TaskState.FAILED) == 1
    assert all("Nothing came of this task" in one for one in shown)
    assert "“Research: Bernak” could not be done" in card
    assert [kind for kind, text in files.items() if "“Research: Bernak” could not be done" in text] == list(Format)


def in_every_format(home: Path) -> Catalog:
    """Return the shipped pages, with a line that delivers each kind of file."""
    page = (SHIPPED / "lines" / "competitive-intelligence.md").read_text(encoding="utf-8")
    (home / "lines").mkdir(parents=True)
    wanted = page.replace("delivers: markdown, pdf", "delivers: markdown, word, pdf")
    (home / "lines" / "competitive-intelligence.md").write_text(wanted, encoding="utf-8")
    return read([SHIPPED, home], EFFECTS)


async def file(shop: Workshop, run_id: str, kind: Format) -> str:
    """Return the words of the file of this kind that a run delivered."""
    rows = [row for row in await shop.rows(OutboxMessage, run_id) if row.kind is MessageKind.FILE]
    [row] = [row for row in rows if row.text == kind]
    async with shop.database.read() as session:
        content = (await View(session).written(row.seq)).content()
    match kind:
        case Format.MARKDOWN:
            return content.decode()
        case Format.WORD:
            return "\n".join(one.text for one in Document(io.BytesIO(content)).paragraphs)
        case Format.PDF:
            return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_documents_with_a_thousand_citations_hold_their_text_byte_for_byte_above_what_code_adds():
    chance = random.Random(16)
    letters = "abc ÄÖü é 東 \t\n\n#*_>|“”&\u00a0\u200b-1,5 %"  # no links: what leads elsewhere is settled on the way
    findings = [{"id": f"F{n}", "quote": "It costs EUR 5.", "label": "a.pdf"} for n in range(1, 9)]
    for _ in range(170):  # six citations each
        parts = ["".join(chance.choices(letters, k=chance.randint(0, 60))) for _ in range(6)]
        text = "".join(f"{part} [F{chance.randint(1, 12)}]" for part in parts) + "."
        made = document(text, findings, label="offline mode: no language model", left_open=["Who?"])

        assert made.encode().startswith(text.encode())
        assert made.removeprefix(text).startswith("\n\n---\n\n## Left open\n\n- Who?\n"), "nothing stands between"


async def test_what_an_agent_hands_over_is_kept_and_sealed_byte_for_byte(tmp_path: Path):
    odd = brief_text("Three  makers,\tthree ideas [F101] … “ok” \u00a0 é e\u0301.") + "\n \n"
    script = [triage(), *researches(), comparison(), written(odd), verdict()]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        asked = await shop.to_draft(run_id)
        await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        await shop.ended(run_id)
        [made] = [row for row in await shop.rows(Artifact, run_id) if row.id == asked.artifact_id]
        tasks: list[Task] = await shop.rows(Task, run_id)

    assert made.text.encode() == odd.encode()
    assert made.sha256 == asked.payload["sha256"] and len(tasks) == 7
