"""Charts offline: numbers of one unit as one table or one sentence gives them, and nothing that would mislead."""

from __future__ import annotations

from typing import Any

from agents.contracts import Draft, Part
from tests.agents.offline.asking import contract, finding, given, goal, said, task


async def _charts(*found: Part, sections: str = "Summary, Findings") -> list[dict[str, Any]]:
    parts = [contract(sections), goal("Write a report from the files"), *found, task(station="Report")]
    message = await said("writer", parts, Draft, tools=["chart"])
    return [dict(block.input) for block in message.content if block.type == "tool_use"]


def _rows(source: str, *rows: str, first: int = 1) -> list[Part]:
    return [finding(f"F{n}", row, f"{source}, row {n + 1}") for n, row in enumerate(rows, start=first)]


async def test_a_column_of_one_unit_is_drawn_with_a_bar_for_each_named_row() -> None:
    found = _rows(
        "fees.csv", "school: Elm | fee: EUR 410 a term", "school: Ash | fee: EUR 385 a term",
        "school: Oak | fee: EUR 440 a term", "school: Total | fee: EUR 1235 a term",
    )  # fmt: skip
    [drawn] = await _charts(*found)

    assert drawn == {
        "title": "fees.csv: fee, a term",
        "kind": "bar",
        "unit": "EUR",
        "labels": ["Elm", "Ash", "Oak"],
        "series": [{"name": "fee", "values": [410.0, 385.0, 440.0]}],
        "findings": ["F1", "F2", "F3"],
    }


async def test_a_value_in_another_form_is_no_bar_among_the_others() -> None:
    found = _rows(
        "fees.csv", "school: Elm | fee: EUR 410 a term", "school: Ash | fee: EUR 385 a term",
        "school: Oak | fee: EUR 440 a term", "school: Yew | fee: EUR 95 a month",
    )  # fmt: skip
    [drawn] = await _charts(*found)

    assert drawn["labels"] == ["Elm", "Ash", "Oak"]


async def test_prices_of_unlike_things_are_not_drawn() -> None:
    found = _rows(
        "media.csv", "channel: Radio | unit: 40 spots | price: 6800", "channel: Post | unit: 2,000 pieces | price: 3100",
        "channel: Fair | unit: one stand | price: 4350",
    )  # fmt: skip

    assert await _charts(*found) == []


async def test_periods_in_columns_are_drawn_for_revenue_and_profit_with_what_their_labels_say() -> None:
    found = _rows(
        "accounts.csv", "line: Turnover | 2024 (GBP): 3870000 | 2025 (GBP, unaudited): 3959000",
        "line: Flour | 2024 (GBP): 1240000 | 2025 (GBP, unaudited): 1310000",
        "line: Profit before tax | 2024 (GBP): 161000 | 2025 (GBP, unaudited): 94000",
    )  # fmt: skip
    [drawn] = await _charts(*found)

    assert drawn["title"] == "accounts.csv: Turnover and Profit before tax, GBP"
    assert drawn["labels"] == ["2024", "2025, unaudited"]
    assert [one["name"] for one in drawn["series"]] == ["Turnover", "Profit before tax"]


async def test_a_year_a_row_is_a_course_in_time() -> None:
    found = _rows(
        "rain.csv", "year: 2023 | litres sold: 1,200 | price: EUR 5",
        "year: 2024 | litres sold: 1,430 | price: EUR 6", "year: 2025 | litres sold: 1,510 | price: EUR 7",
    )  # fmt: skip
    drawn = await _charts(*found)

    assert [(one["kind"], one["unit"], one["labels"]) for one in drawn] == [
        ("line", "", ["2023", "2024", "2025"]),
        ("line", "EUR", ["2023", "2024", "2025"]),
    ]


async def test_a_sentence_that_shares_a_whole_out_is_drawn_whole_or_not_at_all() -> None:
    whole = finding("F1", "Tickets sold in 2025: students 31 %,\nfamilies 24 % and all others 45 %.", "a.md, line 3")
    part = finding("F2", "Of the guests, 38 % came by train, 27 % by bus, and the rest, 21 %, on foot.", "b.md, line 4")
    drawn = await _charts(whole, part)

    assert [(one["labels"], one["unit"], one["findings"]) for one in drawn] == [
        (["students", "families", "all others"], "%", ["F1"])
    ]


async def test_clauses_are_not_drawn_and_nothing_is_without_the_tool() -> None:
    found = _rows("fees.csv", "item: A | price: EUR 4", "item: B | price: EUR 5", "item: C | price: EUR 6")
    asked = [contract("Summary"), goal("Write a report"), given("reader", "us"), *found, task(station="Report")]
    without = await said("writer", asked, Draft)

    assert await _charts(*found, sections="Price, Open points") == []
    assert without.stop_reason == "end_turn"
