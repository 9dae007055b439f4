"""The document people receive."""

from agents.stations.deliverable import document

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


def test_how_it_was_made_is_said_last():
    made = document("Nothing is cited.", FINDINGS, label="offline mode: no language model")

    assert made == "Nothing is cited.\n\n*offline mode: no language model*\n"
