"""The flat reader of pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import pages

KEYS = {"role", "makes", "reads"}


def read(text, keys=KEYS):
    return pages.read("lines/x.md", text, keys)


def front(*lines):
    page = read("\n".join(("---", *lines, "---", "Prose.")))
    return {entry.key: entry.value for entry in page.front}


@pytest.mark.parametrize(
    "value",
    [
        "22:00",
        "no",
        "on",
        "1.10",
        "007",
        "Use when: a, b",
        "a #1 choice",
        "@ana decides?",
        "*now*",
        "{x}",
        "- y",
    ],
)
def test_every_value_is_the_text_that_stands_there(value):
    assert front(f"key: {value}") == {"key": value}


def test_quotes_count_only_around_the_whole():
    found = front('a: "all of it"', "b: 'it'", 'c: "one" and "two"', 'd: say "it"', 'e: "')

    assert found == {"a": "all of it", "b": "it", "c": '"one" and "two"', "d": 'say "it"', "e": '"'}


def test_an_indented_line_continues_the_value():
    assert front("a: one", "  two", "\tthree", "b: >", "  four") == {"a": "one two three", "b": "four"}


def test_lists_split_at_commas_and_at_the_lines_of_a_yaml_list():
    page = read("---\na: x, 'y' ,, z\nb:\n  - u\n  - v w\nc: [p, q]\n---\nProse.")

    assert [entry.items for entry in page.front] == [("x", "y", "z"), ("u", "v w"), ("p", "q")]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing():
    text = "---\nname: x\ninputs:\n  a: What?\n---\nOpening.\n\n## One\n- role: r\n\nProse.\n"

    assert read("\ufeff" + text.replace("\n", "\r\n")) == read(text)
    assert read(text.replace("\n", "\r")) == read(text)


def test_a_page_is_front_matter_then_opening_prose_then_stations():
    page = read(
        "---\nname: x\n---\n\nOpening.\n\n## One\n\n- role: r\n- makes: m\n  n\n\nDo it.\n\n- a list\n\n## Two\n"
    )

    one, two = page.sections
    assert (page.prose, one.title, one.line, one.prose) == ("Opening.", "One", 7, "Do it.\n\n- a list")
    assert [(entry.key, entry.value, entry.line) for entry in one.entries] == [
        ("role", "r", 9),
        ("makes", "m n", 10),
    ]
    assert (two.title, two.entries, two.prose, page.problems) == ("Two", (), "", ())


def test_a_heading_inside_a_code_fence_is_prose():
    page = read(
        "---\nname: x\n---\n## One\n- role: r\n\n```md\n## not a station\n~~~\n```\n\n~~~~\n## nor this\n~~~~\n\n##Two\n"
    )

    assert [section.title for section in page.sections] == ["One", "Two"]
    assert "## not a station" in page.sections[0].prose


def test_a_known_bullet_after_an_empty_line_is_still_a_bullet_and_another_is_prose():
    page = read("---\nname: x\n---\n## One\n- role: r\n\n- makes: m\n\n- price: what it costs\n")

    assert [entry.key for entry in page.sections[0].entries] == ["role", "makes"]
    assert page.sections[0].prose == "- price: what it costs"


def test_without_keys_the_whole_page_is_prose():
    page = read("---\nname: x\n---\n## How I work\n- carefully\n\n```\n", keys=())

    assert (page.prose, page.sections, page.problems) == ("## How I work\n- carefully\n\n```", (), ())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Just prose.", "lines/x.md, line 1: a page begins with a line '---', then 'name: …'"),
        ("", "lines/x.md, line 1: a page begins with a line '---'"),
        ("---\nname: x\n", "lines/x.md, line 1: the front matter is never closed."),
        ("---\nname x\n---\n", "lines/x.md, line 2: 'name x' is not 'key: value'."),
        ("---\nname: x\nname: y\n---\n", "lines/x.md, line 3: 'name' is given twice."),
        ("---\nname: x\n---\n## One\n- role: r\n- role: s\n", "lines/x.md, line 6: 'role' is given twice."),
        ("---\nname: x\n---\n## One\n- role r\n", "lines/x.md, line 5: 'role r' is not 'key: value'."),
        ("---\nname: x\n---\n##\n- role: r\n", "lines/x.md, line 4: a station needs a name after '##'."),
        ("---\nname: x\n---\nA\n```\n## One\n", "lines/x.md, line 5: the code fence '```' is never closed"),
    ],
)
def test_what_is_wrong_with_the_form_is_a_sentence_with_page_and_line(text, sentence):
    problems = [str(problem) for problem in read(text).problems]

    assert len(problems) == 1
    assert problems[0].startswith(sentence)


@given(st.text(alphabet=st.sampled_from("ab#-:*`~'\"\n\r \t,|>[]é\ufeff"), max_size=200))
def test_any_text_is_read_and_no_line_of_prose_is_lost(text):
    page = read("---\nname: x\n---\n" + text)

    kept = page.prose + "".join(section.title + section.prose for section in page.sections)
    kept += "".join(row for section in page.sections for entry in section.entries for _, row in entry.rows)
    kept += "".join(entry.key for section in page.sections for entry in section.entries)
    kept += "".join(problem.message for problem in page.problems)
    assert {char for char in text if char in "abé"} <= set(kept)


@given(st.text(max_size=300))
def test_reading_never_fails(text):
    assert read(text).path == "lines/x.md"
