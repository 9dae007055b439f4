"""Rules between an element's own parts."""

from typing import Any

import pytest

from bot.blockkit import validate

Json = dict[str, Any]


def option(value: str, **more: Any) -> Json:
    return {"text": {"type": "plain_text", "text": value}, "value": value, **more}


A, B = option("a"), option("b")
GROUPS = [{"label": {"type": "plain_text", "text": "G"}, "options": [A, B]}]


def of(element: Json) -> list[tuple[str, str]]:
    """Return what is wrong with an element in an actions block."""
    blocks = [{"type": "actions", "elements": [{"action_id": "x", **element}]}]
    return [
        (problem.pointer.removeprefix("/0/elements/0"), problem.message)
        for problem in validate(blocks, "message", "accept")
    ]


@pytest.mark.parametrize(
    "element",
    [
        {"type": "static_select", "options": [A, B], "initial_option": B},
        {"type": "static_select", "option_groups": GROUPS, "initial_option": B},
        {"type": "multi_static_select", "option_groups": GROUPS, "initial_options": [B, A]},
        {"type": "external_select", "initial_option": A},
        {"type": "checkboxes", "options": [A], "initial_options": [A]},
        {"type": "radio_buttons", "options": [A]},
    ],
)
def test_what_an_element_begins_with_is_one_of_its_options(element: Json):
    assert of(element) == []


@pytest.mark.parametrize(
    ("element", "pointer"),
    [
        ({"type": "static_select", "options": [A], "initial_option": B}, "/initial_option"),
        (
            {"type": "static_select", "options": [A], "initial_option": option("a", description=A["text"])},
            "/initial_option",
        ),
        (
            {"type": "multi_static_select", "option_groups": GROUPS, "initial_options": [A, option("c")]},
            "/initial_options/1",
        ),
        ({"type": "radio_buttons", "options": [A], "initial_option": B}, "/initial_option"),
    ],
)
def test_what_is_not_offered_cannot_be_chosen_at_first(element: Json, pointer: str):
    assert of(element) == [(pointer, "must exactly match a provided option")]


def test_options_come_alone_or_in_groups():
    both = {"type": "static_select", "options": [A], "option_groups": GROUPS}

    assert of(both) == [("", "must have only one of: options, option_groups")]


@pytest.mark.parametrize(
    ("element", "pointer"),
    [
        ({"type": "plain_text_input", "min_length": 3, "max_length": 2}, "/min_length"),
        (
            {"type": "number_input", "is_decimal_allowed": True, "min_value": "2.5", "max_value": "-1"},
            "/min_value",
        ),
    ],
)
def test_the_least_is_not_above_the_most(element: Json, pointer: str):
    label = {"type": "plain_text", "text": "x"}
    blocks = [{"type": "input", "label": label, "element": {"action_id": "x", **element}}]
    found = [problem.pointer for problem in validate(blocks, "modal", "accept")]

    assert found == [f"/0/element{pointer}"]


@pytest.mark.parametrize(
    ("image", "pointer"),
    [
        ({"image_url": "https://x.example/p.png", "slack_file": {"id": "F1"}}, "/0"),
        ({"slack_file": {"id": "F1", "url": "https://x.example/p.png"}}, "/0/slack_file"),
    ],
)
def test_a_picture_has_one_source(image: Json, pointer: str):
    alone = [{"type": "image", "alt_text": "x", **image}]
    inside = [{"type": "context", "elements": alone}]

    assert [problem.pointer for problem in validate(alone, "home", "accept")] == [pointer]
    assert [problem.pointer for problem in validate(inside, "home", "accept")] == ["/0/elements" + pointer]
