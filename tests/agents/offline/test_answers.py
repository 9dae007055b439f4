"""Questions about given files: what speaks of them, where it stands, what differs, and what nobody says."""

from __future__ import annotations

from agents.contracts import Draft, Part
from tests.agents.offline.asking import ask, document, goal, task

HANDBOOK = document(
    "d1.1",
    "handbook.pdf, page 1 to page 3",
    "Members may borrow six books. The reading room opens at nine.\nA book is lent for 21 days and may be renewed once.\n"
    "It costs EUR 0.20 a day to bring it back late. The library was founded in 1904.",
)
NOTICE = document(
    "d2.1",
    "notice.txt",
    "The reading room opens at ten in winter. A book is lent for 14 days and may be renewed once. Dogs wait outside.",
)


async def _answered(question: str, *documents: Part) -> Draft:
    return await ask("researcher", [goal(question), *documents, task(station="Answer")], Draft)


async def test_an_answer_holds_what_speaks_of_the_question_and_nothing_else() -> None:
    told = await _answered("When does the reading room open?", HANDBOOK, NOTICE)

    assert told.text.startswith("# When does the reading room open?\n\n## Answer\n\n")
    assert "- The reading room opens at nine. (handbook.pdf, page 1 to page 3)" in told.text
    assert "- The reading room opens at ten in winter. (notice.txt)" in told.text
    assert "Dogs" not in told.text
    assert "founded" not in told.text


async def test_an_answer_shows_values_that_differ_side_by_side() -> None:
    told = await _answered("For how many days is a book lent?", HANDBOOK, NOTICE)

    assert "## Where the sources differ" in told.text
    assert "A book is lent for 21 days and may be renewed once." in told.text
    assert "A book is lent for 14 days and may be renewed once." in told.text


async def test_an_answer_names_the_words_that_nothing_speaks_of() -> None:
    told = await _answered("How long is a book lent to prisoners?", HANDBOOK)

    assert told.open_questions == ["Nothing in the given sources has the words: prisoners."]


async def test_a_sentence_about_it_is_found_by_the_sentence_before() -> None:
    told = await _answered("What does it cost to bring a book back late?", HANDBOOK)

    assert "- It costs EUR 0.20 a day to bring it back late." in told.text


async def test_no_answer_says_where_it_was_looked_for() -> None:
    told = await _answered("How many parking places are there?", HANDBOOK, NOTICE)

    assert "## Answer\n\nNothing in the given sources speaks of this.\n" in told.text
    assert "Looked in handbook.pdf, notice.txt." in told.text


async def test_small_work_without_a_line_shows_all_that_was_found_in_reading_order() -> None:
    rows = "\n".join(f"tool: saw {number} | price: EUR {number}0" for number in range(1, 4))
    told = await _answered("Summarise this", HANDBOOK, document("d3.1", "tools.csv, row 2 to row 4", rows))
    head, _, rest = told.text.partition("## Other findings")

    assert "| saw 2 | EUR 20 |" in rest
    assert all(f"{line}." in head + rest for line in ("Members may borrow six books", "The library was founded in 1904"))
    assert "Nothing is open" not in told.text
