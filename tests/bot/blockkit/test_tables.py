"""What each block and element may hold, where it may stand, and where the finger points."""

from typing import Any

import pytest

from bot.blockkit import validate
from bot.blockkit.blocks import BLOCKS, SURFACES
from bot.blockkit.elements import ELEMENTS
from tests.bot.blockkit.examples import (
    GOOD,
    Json,
    actions,
    bars,
    button,
    cells,
    data_table,
    input_,
    mrkdwn,
    option,
    plain,
    rich,
    section,
    task,
)


@pytest.mark.parametrize("kind", sorted(BLOCKS))
def test_every_block_has_an_example_slack_takes(kind: str):
    surface = "modal" if kind == "alert" else "message"

    assert validate([GOOD[kind]], surface, "emit") == []


@pytest.mark.parametrize("kind", sorted(BLOCKS))
@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_a_block_stands_only_where_its_surface_allows_it(kind: str, surface: Any):
    problems = validate([GOOD[kind]], surface, "accept")

    assert [one.pointer for one in problems] == ([] if kind in SURFACES[surface] else ["/0/type"])


ELEMENT: dict[str, Json] = {
    "button": button(confirm={"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain()}),
    "workflow_button": {"text": plain(), "workflow": {"trigger": {"url": "https://x.y"}}},
    "overflow": {"options": [option()]},
    "static_select": {"options": [option()], "placeholder": plain()},
    "multi_static_select": {
        "option_groups": [{"label": plain(), "options": [option()]}],
        "max_selected_items": 1,
    },
    "external_select": {"min_query_length": 0},
    "conversations_select": {"filter": {"include": ["im"]}, "response_url_enabled": True},
    "radio_buttons": {"options": [option()] * 10},
    "checkboxes": {"options": [option()], "initial_options": [option()]},
    "datepicker": {"initial_date": "2026-11-22"},
    "timepicker": {"initial_time": "08:30", "timezone": "Europe/Dublin"},
    "datetimepicker": {"initial_date_time": 1_800_000_000},
    "rich_text_input": {"initial_value": rich(), "max_lines": 100},
    "number_input": {"is_decimal_allowed": False, "min_value": "1"},
    "image": {"alt_text": "x", "image_url": "https://x.y"},
}


@pytest.mark.parametrize("kind", sorted(ELEMENTS))
def test_every_element_stands_only_in_its_places(kind: str):
    element = {**ELEMENT.get(kind, {}), "type": kind}
    around = {"S": section(accessory=element), "A": actions(element), "I": input_(element)}
    fits = {place for place, block in around.items() if validate([block], "message", "emit") == []}

    assert fits == set(ELEMENTS[kind][0])


SELECT = {"type": "static_select"}
WRONG: list[tuple[Any, str, str]] = [
    (section(""), "/0/text/text", "must be more than 0 characters"),
    (section("x" * 3001), "/0/text/text", "must be less than 3001 characters"),
    ({"type": "section"}, "/0", "must have at least one of: text, fields"),
    (section(fields=[plain("x" * 2001)]), "/0/fields/0/text", "must be less than 2001 characters"),
    (section(fields=[plain()] * 11), "/0/fields", "no more than 10 items allowed"),
    (section(colour="red"), "/0", "invalid additional property: colour"),
    (section(accessory=input_(SELECT)), "/0/accessory/type", "unsupported type: input"),
    ({"type": "header", "text": mrkdwn()}, "/0/text/type", "unsupported type: mrkdwn"),
    ({"type": "header", "text": plain("x" * 151)}, "/0/text/text", "must be less than 151 characters"),
    ({"type": "context", "elements": []}, "/0/elements", "no fewer than 1 items allowed"),
    (actions(*[button()] * 26), "/0/elements", "no more than 25 items allowed"),
    (actions(button("x" * 76)), "/0/elements/0/text/text", "must be less than 76 characters"),
    (actions(button(value="x" * 2001)), "/0/elements/0/value", "must be less than 2001 characters"),
    (actions(button(style="loud")), "/0/elements/0/style", "must be one of: primary, danger"),
    (
        actions({**SELECT, "options": [option()] * 101}),
        "/0/elements/0/options",
        "no more than 100 items allowed",
    ),
    (
        actions({**SELECT, "options": [{"text": mrkdwn(), "value": "x"}]}),
        "/0/elements/0/options/0/text/type",
        "unsupported type: mrkdwn",
    ),
    (actions(SELECT), "/0/elements/0", "must have at least one of: options, option_groups"),
    (
        actions({**SELECT, "options": [option("x" * 76)]}),
        "/0/elements/0/options/0/text/text",
        "must be less than 76 characters",
    ),
    (
        actions({"type": "datepicker", "initial_date": "soon"}),
        "/0/elements/0/initial_date",
        r"must match \d{4}-\d{2}-\d{2}",
    ),
    (input_({"type": "number_input"}), "/0/element", "missing required field: is_decimal_allowed"),
    (
        input_({"type": "plain_text_input", "max_length": 3001}),
        "/0/element/max_length",
        "must be at most 3000",
    ),
    ({"type": "image", "alt_text": "x"}, "/0", "must have at least one of: image_url, slack_file"),
    ({"type": "markdown", "text": "x" * 12_001}, "/0/text", "must be less than 12001 characters"),
    ({"type": "table", "rows": cells(1, 1, "")}, "/0/rows/0/0/text", "must be more than 0 characters"),
    ({"type": "table", "rows": cells(1, 21)}, "/0/rows/0", "no more than 20 items allowed"),
    (data_table(1), "/0/rows", "no fewer than 2 items allowed"),
    (
        data_table(3) | {"rows": [*cells(2, 2), *cells(1, 1)]},
        "/0/rows/2",
        "must have 2 cells like the first row",
    ),
    (
        data_table(2) | {"rows": [[rich()], *cells(1)]},
        "/0/rows/0/0/type",
        "the first row must not hold rich_text",
    ),
    (bars(["q1", "q2"], ["q2", "q1"]), "/0/chart/series/0/data", "labels must match axis_config.categories"),
    (bars(["q1"], ["q1"], ("a", "a")), "/0/chart/series/1/name", "name 'a' is used more than once"),
    (task("pending"), "/0/status", "a task_card outside a plan must not be pending"),
    (task("late"), "/0/status", "must be one of: pending, in_progress, complete, error"),
    ({"type": "plan", "title": "x", "tasks": [task()] * 51}, "/0/tasks", "no more than 50 items allowed"),
    (
        {"type": "card", "subtitle": plain()},
        "/0",
        "must have at least one of: hero_image, title, body, actions",
    ),
    (
        {**GOOD["container"], "child_blocks": [data_table(2)]},
        "/0/child_blocks/0/type",
        "unsupported type: data_table",
    ),
    (
        {**GOOD["container"], "has_header_divider": True},
        "/0/has_header_divider",
        "must not stand with is_collapsible",
    ),
    (
        rich({"type": "broadcast", "range": "world"}),
        "/0/elements/0/elements/0/range",
        "must be one of: here, channel, everyone",
    ),
    (
        {"type": "table", "rows": [[{"type": "raw_number", "value": 1}]]},
        "/0/rows/0/0",
        "missing required field: text",
    ),
    ({"type": "poem"}, "/0/type", "unsupported type: poem"),
    ({"text": "x"}, "/0", "missing required field: type"),
    ({"type": ["section"]}, "/0/type", "unsupported type: ['section']"),
    ("section", "/0", "must be an object"),
    (
        actions(button(action_id="a"), button(action_id="a")),
        "/0/elements/1/action_id",
        "action_id 'a' is used more than once",
    ),
]


@pytest.mark.parametrize(("block", "pointer", "message"), WRONG, ids=[message for _, _, message in WRONG])
def test_a_broken_rule_is_pointed_at(block: Any, pointer: str, message: str):
    found = [(one.pointer, one.message) for one in validate([block], "message", "accept")]

    assert found == [(pointer, message)]
