"""The paragraph that begins "Done when"."""

import pytest

from agents.catalog.done_when import criteria, split


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Done when every claim names a finding.", ("every claim names a finding",)),
        ("Done when it rhymes; it scans; and it ends.", ("it rhymes", "it scans", "it ends")),
        ("Done when it rhymes. It has 1.5 pages.", ("it rhymes", "It has 1.5 pages")),
        ("Done when:\n- it rhymes;\n- it\n  scans, and\n- it ends.", ("it rhymes", "it scans", "it ends")),
        ("Done when all of this holds:\n1. it rhymes\n2) it scans", ("it rhymes", "it scans")),
        ("Done when it is short.\n- it rhymes", ("it is short", "it rhymes")),
        ("it rhymes", ("it rhymes",)),
        ("Done when", ()),
        ("", ()),
    ],
)
def test_criteria_are_the_items_of_a_list_else_its_sentences_and_clauses(text, expected):
    assert criteria(text) == expected


def test_the_paragraph_is_taken_out_of_the_instructions():
    prose = "Write.\n\n\nDone when it rhymes.\n\nUse no cliché."

    assert split(prose) == ("Write.\n\nUse no cliché.", ("it rhymes",))


def test_a_list_after_an_empty_line_still_belongs_to_done_when():
    assert split("Write.\n\nDone when:\n\n- it rhymes\n- it scans") == ("Write.", ("it rhymes", "it scans"))


def test_a_code_fence_is_never_cut():
    prose = "Write like this:\n\n```\nroses\n\nDone when violets\n```"

    assert split(prose) == (prose, ())
