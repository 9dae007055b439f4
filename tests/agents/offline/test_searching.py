"""Searching by rules: in the request's own words, for what nobody gave, and then the pages themselves."""

from __future__ import annotations

from typing import Any

from agents.contracts import Findings
from tests.agents.offline.asking import TAG, document, goal, params, said, task, text_of

TOOLS = ("web_search", "fetch", "read_document")
ASKED = goal("Find out what Acme and Globex charge for storage, see also\nhttp notes")
RESULT = "Acme prices\nhttps://acme.example.com/prices\nStorage from EUR 12.\n\nOther\nhttps://other.example.com/a\nAcme"


def uses(message: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(block.name, block.input) for block in message.content if block.type == "tool_use"]


async def test_what_nobody_gave_is_searched_for_once_and_the_pages_of_the_results_are_read():
    parts = [ASKED, task(item="Acme")]
    first = await said("researcher", parts, Findings, TOOLS)
    results = document("d1.1", "search results for “Acme”, search result 1", RESULT).written(TAG)
    asked = [block.id for block in first.content if block.type == "tool_use"]
    told = {"type": "tool_result", "tool_use_id": asked[0], "content": f"Part 1 of 1.\n{results}"}
    content = first.model_dump(mode="json")["content"]
    history = [*params("researcher", parts, Findings, TOOLS)["messages"], {"role": "assistant", "content": content}]
    second = await said(
        "researcher", parts, Findings, TOOLS, messages=[*history, {"role": "user", "content": [told]}]
    )

    assert uses(first) == [("web_search", {"query": "Acme price capacity"})]
    assert uses(second) == [
        ("fetch", {"url": "https://acme.example.com/prices"}),
        ("fetch", {"url": "https://other.example.com/a"}),
    ]


async def test_nothing_is_searched_for_where_a_document_was_given_or_searching_is_off():
    acme = document("d1.1", "acme.pdf, page 1", "Acme charges EUR 12.")
    given = await said("researcher", [ASKED, acme, task(item="Acme")], Findings, TOOLS)
    off = await said("researcher", [ASKED, task(item="Acme")], Findings, ("fetch", "read_document"))

    assert (given.stop_reason, off.stop_reason) == ("end_turn", "end_turn")
    assert "Acme charges EUR 12." in text_of(given)
