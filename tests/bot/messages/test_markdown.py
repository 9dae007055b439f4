"""Markdown as people read it in Slack."""

import time
from itertools import pairwise

import pytest

from bot import blockkit
from bot.messages import blocks, markdown


def _text(words: str, **style: bool) -> dict[str, object]:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def test_headings_lists_and_styles_become_slacks_own():
    written = "# Brief\n\nA **bold _it_** `x<y>` ~~no~~\n\n- one\n  more\n  1. sub\n- [x] done\n> said\n\n### Small"

    made = markdown.blocks(written)

    assert made == [
        {"type": "header", "text": {"type": "plain_text", "text": "Brief", "emoji": False}},
        {"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [
                _text("A "), _text("bold ", bold=True), _text("it", bold=True, italic=True), _text(" "),
                _text("x<y>", code=True), _text(" "), _text("no", strike=True),
            ]},
            {"type": "rich_text_list", "style": "bullet", "indent": 0,
             "elements": [{"type": "rich_text_section", "elements": [_text("one more")]}]},
            {"type": "rich_text_list", "style": "ordered", "indent": 1,
             "elements": [{"type": "rich_text_section", "elements": [_text("sub")]}]},
            {"type": "rich_text_list", "style": "bullet", "indent": 0,
             "elements": [{"type": "rich_text_section", "elements": [_text("☑ done")]}]},
            {"type": "rich_text_quote", "elements": [_text("said")]},
            {"type": "rich_text_section", "elements": [_text("Small", bold=True)]},
        ]},
    ]  # fmt: skip


def test_the_first_table_is_a_table_and_the_next_is_lined_up():
    written = "| a | b |\n|---|--:|\n| 1 | 2 \\| 3 |\n\ntext\n\n| long | b |\n|---|---|\n| 1 |  |"

    table, prose = markdown.blocks(written)

    assert table["rows"] == [
        [{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}],
        [{"type": "raw_text", "text": "1"}, {"type": "raw_text", "text": "2 | 3"}],
    ]
    assert prose["elements"][-1]["elements"] == [_text("long | b\n-----+--\n1    |")]


def test_no_table_block_stands_where_slack_has_none():
    [block] = markdown.blocks("| a | b |\n|---|---|\n| 1 | 2 |", most_tables=0)

    assert block["elements"][0]["type"] == "rich_text_preformatted"


def test_a_table_too_wide_for_a_form_is_told_row_by_row():
    cells = ("five years on the frame, two on motor and battery [F104]", "three years, battery included [F204]")
    written = f"| | Haulwren | Ternway |\n|---|---|---|\n| Warranty | {cells[0]} | {cells[1]} |\n| Delivery | | 3 weeks |"

    [block] = markdown.blocks(written, most_tables=0)

    assert [
        (element["indent"], ["".join(part["text"] for part in item["elements"]) for item in element["elements"]])
        for element in block["elements"]
    ] == [
        (0, ["Warranty"]), (1, [f"Haulwren: {cells[0]}", f"Ternway: {cells[1]}"]),
        (0, ["Delivery"]), (1, ["Ternway: 3 weeks"]),
    ]  # fmt: skip


def test_lines_an_editor_wrapped_flow_and_lines_a_person_ended_stay():
    wrapped = "A sentence that goes on to the right edge of the window of whoever wrote it and"

    [block] = markdown.blocks(f"{wrapped}\nends here.\n\nDear Bob\nhello")

    assert [element["elements"][0]["text"] for element in block["elements"]] == [
        f"{wrapped} ends here.", "\n", "Dear Bob\nhello",
    ]  # fmt: skip


def test_code_is_shown_as_it_is():
    [block] = markdown.blocks("```py\n# no heading\n**no bold**\n```")

    assert block["elements"] == [{"type": "rich_text_preformatted", "elements": [_text("# no heading\n**no bold**")]}]


@pytest.mark.parametrize(
    "mark", ["**", "[", "`", "_a ", "> ", "*a *", "[a](", "<https://", "| ", "- ", "![", "https://", "~~"]
)
def test_text_made_to_take_long_does_not(mark: str):
    began = time.perf_counter()

    made = markdown.blocks(mark * (200_000 // len(mark)))

    assert time.perf_counter() - began < 6.0
    assert made


def test_a_text_of_any_length_falls_into_messages_slack_takes():
    written = "".join(f"## Part {n}\n\n{'A sentence with **marks** & <brackets>. ' * 40}\n\n- item\n" for n in range(120))

    groups = blocks.split(markdown.blocks(written))

    assert len(groups) > 3
    assert [blockkit.validate(group, "message", "emit") for group in groups] == [[]] * len(groups)


@pytest.mark.parametrize("words", ["*a*b " * 900, "`a`" * 900, "[a](https://a.example) " * 200, "x" * 9_000])
def test_every_block_alone_fits_a_message(words: str):
    for block in markdown.blocks(words):
        assert blockkit.validate([block], "message", "emit") == []


def test_groups_are_as_full_as_a_message_takes_and_no_fuller():
    made = [blocks.section("x" * (n % 90)) for n in range(200)]

    groups = blocks.split(made, room=2_000)

    assert [block for group in groups for block in group] == made
    assert all(blocks.size(group) <= 2_000 for group in groups)
    assert all(blocks.size([*group, after[0]]) > 2_000 or len(group) == 40 for group, after in pairwise(groups))
