"""A chart is drawn once, recorded with the call, kept with the text that shows it, and sent once."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from agents.tools.chart import DrawChart
from storage.tables import Artifact, Call, Handoff, OutboxMessage, Review
from storage.words import CallKind, CheckpointKind, MessageKind, VoteAnswer
from tests.workshop import (
    ALICE,
    BOB,
    Workshop,
    brief_text,
    comparison,
    research,
    triage,
    verdict,
    workshop,
    written,
)

PRICES: Final = {"Haulwren": "5,290", "Ternway": "4,890", "Oxbell": "6,150"}
ASKED: Final[dict[str, Any]] = {
    "title": "List price by maker", "kind": "bar", "unit": "EUR", "labels": list(PRICES),
    "series": [{"name": "List price", "values": [5290, 4890, 6150]}], "findings": ["F101", "F201", "F301"],
}  # fmt: skip
WRONG: Final = {**ASKED, "series": [{"name": "List price", "values": [5290, 4890, 6510]}]}
CHART: Final = DrawChart.model_validate(ASKED).chart()
COMPARISON: Final = f"""## Comparison

{CHART.reference}

| Maker | List price |
|---|---|
| Haulwren | EUR 5,290 [F101] |
| Ternway | EUR 4,890 [F201] |
| Oxbell | EUR 6,150 [F301] |

## Contradictions

None found.

## Timeline

Nothing dated.

## What is missing

Owners.
"""


def uses(tool: str, call: int, **given: Any) -> dict[str, Any]:
    """Return the analyst's use of a tool as its so-and-so-manieth answer."""
    block = {"type": "tool_use", "id": f"toolu_{call}", "name": tool, "input": given}
    return {
        "when": {"role": "analyst", "call": call},
        "reply": {"blocks": [block], "stop_reason": "tool_use"},
    }


def brief(opening: str = "Three makers, three prices [F101].") -> str:
    sections = ("Comparison", "What sets each apart", "Contradictions", "What is missing")
    rest = "\n\n".join(f"## {name}\n\nThey say so themselves [F201]." for name in sections)
    return f"## Summary\n\n{opening}\n\n{CHART.reference}\n\n{rest}\n"


def script(*drawing: dict[str, Any], text: str = COMPARISON, final: str = "") -> list[dict[str, Any]]:
    readers = [research(f"research-{number}", price) for number, price in enumerate(PRICES.values(), start=1)]
    compared = comparison()
    compared["reply"]["json"]["text"] = text
    return [triage(), *readers, *drawing, compared, written(final or brief()), verdict()]


async def sent(shop: Workshop, run_id: str) -> list[str]:
    """Return what was queued about texts: drafts, results, and each file by what it is."""
    shown = {MessageKind.CHECKPOINT, MessageKind.RESULT, MessageKind.FILE}
    return [row.text or str(row.kind) for row in await shop.rows(OutboxMessage, run_id) if row.kind in shown]


async def kept(shop: Workshop, run_id: str) -> list[Artifact]:
    return [row for row in await shop.rows(Artifact, run_id) if row.name.endswith(".png")]


async def test_a_chart_goes_from_its_findings_through_both_texts_to_people(tmp_path: Path):
    async with workshop(tmp_path, script(uses("chart", 1, **WRONG), uses("chart", 2, **ASKED))) as shop:
        run_id = await shop.ask()
        draft = await shop.to_draft(run_id)
        before = await sent(shop, run_id)
        await shop.decide(draft, BOB, VoteAnswer.APPROVE)
        await shop.ended(run_id)
        [chart] = await kept(shop, run_id)
        after = await sent(shop, run_id)
        calls = [call for call in await shop.rows(Call, run_id) if call.kind is CallKind.TOOL]
        handed = {row.task_key: row for row in await shop.rows(Handoff, run_id)}
        [writer] = shop.model.calls(role="writer")
        [reviewer] = shop.model.calls(role="reviewer")
        shop.model.check()

    assert "6,510 EUR (Oxbell): this stands in none of the findings" in calls[0].result["content"]
    assert (calls[1].result["chart"], chart.name) == (CHART.model_dump(mode="json"), CHART.name)
    assert {finding["id"] for finding in handed["brief"].findings} == {"F101", "F201", "F301"}
    assert ["| Oxbell | 6,150 |" in str(call.body) for call in (writer, reviewer)] == [True, True]
    assert before == ["checkpoint", "checkpoint", "chart", "checkpoint"]
    assert after == [*before, "result", "markdown", "pdf"]


async def test_a_chart_outlives_the_attempt_that_drew_it(tmp_path: Path):
    asks = uses("ask_person", 2, question="Which price?")
    async with workshop(tmp_path, script(uses("chart", 1, **ASKED), asks)) as shop:
        run_id = await shop.ask()
        await shop.decide(await shop.to_plan(run_id), ALICE, VoteAnswer.APPROVE)
        question = await shop.open(run_id, CheckpointKind.QUESTION)
        nothing_yet = await kept(shop, run_id)
        await shop.decide(question, ALICE, VoteAnswer.ANSWER, answers={"answer": "The list price."})
        await shop.open(run_id, CheckpointKind.DRAFT)
        problems = [row.problems for row in await shop.rows(Artifact, run_id) if row.name == "comparison"]
        charts = await kept(shop, run_id)

    assert nothing_yet == []
    assert [chart.name for chart in charts] == [CHART.name]
    assert [one["rule"] for one in problems[0]] == []


async def test_a_version_that_was_sent_back_may_show_its_chart_again(tmp_path: Path):
    again = {
        **written(brief("Three makers and three prices [F101].")),
        "when": {"role": "writer", "attempt": "2"},
    }
    async with workshop(tmp_path, [again, *script(uses("chart", 1, **ASKED)), verdict()]) as shop:
        run_id = await shop.ask()
        draft = await shop.to_draft(run_id)
        await shop.decide(draft, BOB, VoteAnswer.SEND_BACK, note="Say that there are three.")
        await shop.decide(await shop.open(run_id, CheckpointKind.DRAFT), BOB, VoteAnswer.APPROVE)
        await shop.ended(run_id)
        queued = await sent(shop, run_id)
        charts = await kept(shop, run_id)

    assert (queued.count("chart"), len(charts)) == (1, 1)


async def test_a_picture_that_no_tool_drew_is_sent_back_to_its_maker(tmp_path: Path):
    stranger = comparison(times=1)
    stranger["reply"]["json"]["text"] = COMPARISON.replace(CHART.name, "https://elsewhere.example/prices.png")
    without = COMPARISON.replace(CHART.reference, "See the table.")
    async with workshop(tmp_path, [stranger, *script(text=without, final=brief_text())]) as shop:
        run_id = await shop.ask()
        await shop.to_draft(run_id)
        rounds = [row.problems for row in await shop.rows(Review, run_id) if row.task_key == "comparison"]
        [made] = [row for row in await shop.rows(Artifact, run_id) if row.name == "comparison"]

    assert [one["message"] for one in rounds[0] if one["rule"] == "picture-unknown"] == [
        "The picture 'https://elsewhere.example/prices.png' is no chart of this run."
    ]
    assert (made.text, made.problems) == (without, [])
