"""Where quoted words stand: the page or row itself, not the stretch of the document that was shown."""

from __future__ import annotations

from agents.stations import evidence
from agents.stations.assignment import Source

TEXT = "A book is lent for\n21 days.\n\nDogs wait outside.\ntool: saw | price: EUR 10\ntool: axe | price: EUR 30\n"
STARTS = {"page 1": 0, "page 2": TEXT.index("Dogs"), "row 2": TEXT.index("tool: saw"), "row 3": TEXT.index("tool: axe")}
SPANS = tuple(zip(STARTS, STARTS.values(), [*list(STARTS.values())[1:], len(TEXT)], strict=True))
BOOK = Source(id="d1", name="book.pdf", text=TEXT, sha256="a" * 64, origin="F1", spans=SPANS)
SHOWN = "(book.pdf, page 1 to row 3)"


def test_a_sentence_names_its_own_page() -> None:
    told = evidence.placed(f"- A book is lent for 21 days. {SHOWN}\n- Dogs wait outside. {SHOWN}", [BOOK])

    assert told == "- A book is lent for 21 days. (book.pdf, page 1)\n- Dogs wait outside. (book.pdf, page 2)"


def test_a_row_names_its_own_row_as_a_bullet_and_in_a_table() -> None:
    told = evidence.placed(f"- tool: axe · price: EUR 30 {SHOWN}\n| saw | EUR 10 | {SHOWN} |", [BOOK])

    assert told == "- tool: axe · price: EUR 30 (book.pdf, row 3)\n| saw | EUR 10 | (book.pdf, row 2) |"


def test_words_that_do_not_stand_there_keep_what_stands_behind_them() -> None:
    said = f"- A book is lent for 30 days. {SHOWN}"

    assert evidence.placed(said, [BOOK]) == said
