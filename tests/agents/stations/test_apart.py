"""Nobody is shown the same lines twice, and nothing that differs is left out."""

from __future__ import annotations

from agents.stations.apart import LEFT_OUT, MOST_LINES, apart, beyond

CLAUSES = [f"- Clause {n} says what both sides owe each other in month {n}. [F{n}]" for n in range(1, 41)]


def test_of_a_text_only_the_lines_that_the_other_does_not_hold_are_shown_where_they_stood():
    changed = [*CLAUSES[:10], "- Clause 11 is new.", *CLAUSES[11:]]

    assert apart("\n".join(CLAUSES), "\n".join(changed)).split("\n") == [
        *(LEFT_OUT, "", "(… 10 lines as in the artifact …)"),
        *(CLAUSES[10], "(… 29 lines as in the artifact …)"),
    ]


def test_lines_that_moved_are_shown():
    turned = [*CLAUSES[20:], *CLAUSES[:20]]
    shown = apart("\n".join(CLAUSES), "\n".join(turned))

    assert sum(clause in shown.split("\n") for clause in CLAUSES) == 20


def test_a_text_that_has_little_in_common_or_is_very_long_stands_whole():
    long = "\n".join(["word"] * (MOST_LINES + 1))

    assert apart("one\n\ntwo", "two\n\none") == "one\n\ntwo"
    assert apart(long, long) == long
    assert apart("", "\n".join(CLAUSES)) == ""


def test_a_summary_loses_the_lines_that_are_findings_and_keeps_what_says_more():
    summary = "- The price is\n- The price is EUR 45 a month. (a.pdf, page 1)\nThree files were read, none with a 5."

    assert beyond(summary, ["The price is\nEUR 45 a month.", "5", ""]) == (
        "- The price is\nThree files were read, none with a 5."
    )
