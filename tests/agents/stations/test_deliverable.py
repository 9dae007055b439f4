"""The document people receive."""

import io

import pytest
from docx import Document
from pypdf import PdfReader

from agents.rendering.formats import Format
from agents.stations.deliverable import deliverable, document

FINDINGS = [
    {"id": "F101", "quote": "It costs\nEUR 5.", "label": "a.pdf, page 2", "as_of": "2026-05-28"},
    {"id": "F102", "quote": "Never cited.", "label": "b.csv, row 3"},
]


def test_the_text_stands_at_the_top_byte_for_byte():
    text = "## Summary\n\nIt costs EUR 5 [F101]."

    made = document(text, FINDINGS, left_open=["Who owns it?"])

    assert made.startswith(text + "\n\n---\n\n## Left open\n\n- Who owns it?\n")


def test_only_what_is_cited_is_a_source_with_its_page_date_and_quote():
    made = document("It costs EUR 5 [F101].", FINDINGS)

    assert made.endswith("## Sources\n\n- **[F101]** a.pdf, page 2 (as of 2026-05-28): “It costs EUR 5.”\n")


def test_what_a_person_decided_or_wrote_and_the_text_cites_is_a_source_too():
    said = {"P1": "Is it right? — approved\nTake 24 months.", "P2": "Never cited.", "N1": "Ask Dublin.", "C1": "no names"}
    made = document("It costs EUR 5 [F101]. 24 months [P1]. Dublin asks [N1, C1]. [P7]", FINDINGS, people=said)

    assert made.partition("## Sources\n\n")[2] == (
        "- **[F101]** a.pdf, page 2 (as of 2026-05-28): “It costs EUR 5.”\n"
        "- **[P1]** A person decided: “Is it right? — approved Take 24 months.”\n"
        "- **[N1]** A person wrote: “Ask Dublin.”\n- **[C1]** The request: “no names”\n"
    )


def test_how_it_was_made_is_said_last():
    made = document("Nothing is cited.", FINDINGS, label="offline mode: no language model")

    assert made == "Nothing is cited.\n\n*offline mode: no language model*\n"


@pytest.mark.parametrize(
    ("text", "title", "first"),
    [
        ("# Our price\n\n## Summary\n\nIt costs EUR 5 [F101].", "Our price", "Summary"),
        ("## Summary\n\nIt costs EUR 5 [F101].", "The run", "Summary"),
        ("# One\n\nIt costs EUR 5 [F101].\n\n# Two\n\nx", "The run", "One"),
    ],
)
def test_word_has_one_title_then_the_text_what_was_left_open_and_the_sources(text: str, title: str, first: str):
    whole = deliverable(text, FINDINGS, label="offline mode", left_open=["Who *owns* it?"])
    made = Document(io.BytesIO(whole.file(Format.WORD, "The run")))
    shown = [(one.style.name, one.text) for one in made.paragraphs]

    assert shown[:2] == [("Title", title), ("Heading 1", first)]
    assert shown[-5:] == [
        ("Heading 1", "Left open"),
        ("List Bullet", "Who *owns* it?"),
        ("Heading 1", "Sources"),
        ("List Bullet", "[F101] a.pdf, page 2 (as of 2026-05-28): “It costs EUR 5.”"),
        ("Caption", "offline mode"),
    ]


def test_each_format_holds_the_sources_and_how_it_was_made():
    whole = deliverable("It costs EUR 5 [F101].", FINDINGS, label="offline mode: no language model")
    read = PdfReader(io.BytesIO(whole.file(Format.PDF, "The run"))).pages[0].extract_text()

    assert whole.file(Format.MARKDOWN, "The run").decode() == whole.markdown()
    assert "[F101] a.pdf, page 2 (as of 2026-05-28): “It costs EUR 5.”" in read
    assert "offline mode: no language model" in read


def test_what_the_text_leaves_open_itself_is_not_said_again():
    text = "# A brief\n\n## What is missing\n\n- Who owns\n  Haulwren?\n"

    made = document(text, [], left_open=["Who owns Haulwren?", "Who owns Oxbell?"])

    assert made == f"{text}\n---\n\n## Left open\n\n- Who owns Oxbell?\n"
