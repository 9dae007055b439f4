"""What messages and views may hold as a whole, and which figures count."""

from typing import Any

import pytest

from bot.blockkit import validate, validate_view
from tests.bot.blockkit.examples import GOOD, Json, cells, chart, data_table, input_, plain, section

FIGURES: list[tuple[list[Json], list[Json]]] = [
    ([section() for _ in range(40)], [section() for _ in range(50)]),
    ([data_table(101)], [data_table(201)]),
    ([chart(6)], [chart(12)]),
    ([section("x" * 2900) for _ in range(4)], [section("x" * 2640) for _ in range(5)]),
]


@pytest.mark.parametrize(("ours", "theirs"), FIGURES)
def test_we_send_less_than_slack_accepts(ours: list[Json], theirs: list[Json]):
    assert validate(ours, "message", "emit") == []
    assert validate(theirs, "message", "emit") != []
    assert validate(theirs, "message", "accept") == []


TOO_MUCH: list[tuple[list[Json], str, str]] = [
    ([section() for _ in range(51)], "", "no more than 50 items allowed"),
    ([{"type": "divider", "block_id": "b"}] * 2, "/1/block_id", "block_id 'b' is used more than once"),
    (
        [{"type": "markdown", "text": "x" * 6001}] * 2,
        "",
        "markdown blocks must have less than 12001 characters together",
    ),
    ([{"type": "table", "rows": cells(1)}] * 2, "/1", "only 1 table allowed in a message"),
    ([chart(2), chart(2), chart(2)], "/2", "only 2 data_visualization allowed in a message"),
    (
        [{"type": "table", "rows": cells(100, 1, "x" * 101)}],
        "",
        "table cells must have less than 10001 characters together",
    ),
    (
        [data_table(100) | {"rows": cells(100, 1, "x" * 201)}],
        "",
        "data_table cells must have less than 20001 characters together",
    ),
    ([section("x" * 2641) for _ in range(5)], "", "blocks must have less than 13201 characters together"),
    (
        [input_({"type": "plain_text_input", "focus_on_load": True})] * 2,
        "/1/element",
        "only one element may have focus_on_load",
    ),
]


@pytest.mark.parametrize(
    ("blocks", "pointer", "message"), TOO_MUCH, ids=[message for _, _, message in TOO_MUCH]
)
def test_a_message_as_a_whole_has_limits(blocks: list[Json], pointer: str, message: str):
    found = [(one.pointer, one.message) for one in validate(blocks, "message", "accept")]

    assert (pointer, message) in found


def test_a_table_in_a_message_of_its_own_is_not_counted_with_the_text():
    assert validate([data_table(100) | {"rows": cells(100, 1, "x" * 200)}], "message", "emit") == []


def modal(**changes: Any) -> Json:
    view = {"type": "modal", "title": plain("Why"), "submit": plain("Send"), "blocks": [GOOD["input"]]}
    return {name: value for name, value in (view | changes).items() if value is not None}


VIEWS: list[tuple[Any, str, str]] = [
    (modal(title=plain("x" * 25)), "/title/text", "must be less than 25 characters"),
    (modal(title=None), "", "missing required field: title"),
    (modal(submit=None), "/submit", "a modal with an input block needs submit"),
    (modal(blocks=[]), "/blocks", "no fewer than 1 items allowed"),
    (modal(blocks=[section()] * 101), "/blocks", "no more than 100 items allowed"),
    (modal(blocks=[GOOD["markdown"]]), "/blocks/0/type", "unsupported type: markdown"),
    (modal(private_metadata="x" * 3001), "/private_metadata", "must be less than 3001 characters"),
    (
        modal(blocks=[section(block_id="b")] * 2, submit=None),
        "/blocks/1/block_id",
        "block_id 'b' is used more than once",
    ),
    ({"type": "home", "blocks": [section()], "title": plain()}, "", "invalid additional property: title"),
    ({"type": "window"}, "/type", "unsupported type: window"),
    (7, "", "must be an object"),
]


@pytest.mark.parametrize(("view", "pointer", "message"), VIEWS, ids=[message for _, _, message in VIEWS])
def test_a_view_has_rules_of_its_own(view: Any, pointer: str, message: str):
    assert [(one.pointer, one.message) for one in validate_view(view, "accept")] == [(pointer, message)]


def test_good_views_pass():
    assert validate_view(modal(callback_id="x", notify_on_close=True), "emit") == []
    assert validate_view({"type": "home", "blocks": [section()] * 100}, "emit") == []


@pytest.mark.parametrize("blocks", [None, "x", {}, 7, [None], [[]]])
def test_what_is_no_list_of_blocks_is_a_problem_not_a_crash(blocks: Any):
    assert validate(blocks, "message", "accept")
