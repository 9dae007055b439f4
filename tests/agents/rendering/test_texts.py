"""A Markdown text becomes blocks, and nothing in them is live."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rendering import (
    Code,
    Heading,
    Item,
    Listed,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Span,
    Table,
    blocks,
    legible,
    said,
)
from agents.rendering.columns import plain

WORD = st.text(alphabet=string.ascii_letters + string.digits + "äéłŽ€", min_size=1, max_size=12)


def paragraph(*spans: Span) -> Paragraph:
    return Paragraph(spans)


def test_the_highest_heading_is_of_the_first_level():
    assert blocks("### Deep\n\n#### Deeper\n") == (Heading(1, (Span("Deep"),)), Heading(2, (Span("Deeper"),)))


def test_words_keep_their_looks():
    [found] = blocks("a **b *c*** ~~d~~ `e*` f\\\ng")

    assert found == paragraph(
        Span("a "), Span("b ", bold=True), Span("c", bold=True, italic=True), Span(" "), Span("d", struck=True),
        Span(" "), Span("e*", code=True), Span(" f\ng"),
    )  # fmt: skip


def test_a_link_is_its_words_and_its_address():
    assert blocks("[the page](https://a.test/x) <https://b.test> [c](mailto:c@c.test)") == (
        paragraph(Span("the page (https://a.test/x) https://b.test c (mailto:c@c.test)")),
    )


def test_html_is_text():
    assert blocks("<script>x</script>\n\na <b>c</b>") == (
        paragraph(Span("<script>x</script>")),
        paragraph(Span("a <b>c</b>")),
    )


def test_lists_hold_what_stands_under_their_items():
    found = blocks("4. one\n   - two\n\n     more\n5. three\n\n> - four\n")

    inner = Listed((Item((paragraph(Span("two")), paragraph(Span("more")))),))
    assert found == (
        Listed((Item((paragraph(Span("one")), inner)), Item((paragraph(Span("three")),))), start=4),
        Quote((Listed((Item((paragraph(Span("four")),)),)),)),
    )


def test_rows_of_a_table_are_as_long_as_its_header():
    [table] = blocks("| a | b | c |\n|:--|:-:|--:|\n| 1 |\n| 1 | 2 | 3 | 4 |\n")

    assert isinstance(table, Table)
    assert table.sides == ("left", "center", "right")
    assert [[plain(cell) for cell in row] for row in table.rows] == [["1", "", ""], ["1", "2", "3"]]


def test_code_and_rules_stand_as_they_are():
    assert blocks("```py\n  x  = 1\n```\n\n***\n") == (Code("  x  = 1"), Rule())


def test_a_picture_follows_the_words_around_it():
    found = blocks("before ![Price](chart-1.png) after\n\n![Alone](chart-2.png)\n\n- ![In](chart-3.png)\n")

    assert found[:3] == (
        paragraph(Span("before Price after")),
        Picture("chart-1.png", "Price"),
        Picture("chart-2.png", "Alone"),
    )
    assert found[3:] == (Listed((Item((Picture("chart-3.png", "In"),)),)),)


def test_what_hides_or_turns_text_round_is_seen():
    assert legible("a\u202eb\u200bc\x07d\ud800e\tf\r\ng") == "a⟨U+202E⟩bc⟨U+0007⟩d⟨U+D800⟩e    f\ng"


def test_words_that_are_no_markdown_stay_as_they_are():
    assert said(Span("[F1] ", bold=True), "a *b* | c") == (Span("[F1] ", bold=True), Span("a *b* | c"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(WORD, min_size=1, max_size=6), min_size=1, max_size=6))
def test_every_word_of_a_list_is_there_in_order(items):
    [found] = blocks("\n".join(f"- {' '.join(words)}" for words in items))

    assert isinstance(found, Listed)
    assert [plain(one.blocks[0].spans).split() for one in found.items] == items
