"""Where the links of a document lead is part of its text: it can be cited, and opened."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.pdfgen.canvas import Canvas

from agents.contracts import Part, PartKind
from agents.models.offline.passages import passages
from agents.stations import provenance
from agents.tools.documents import Limits, Parsed, at, parse
from tests.agents.stations.test_provenance import document, given

PRICES = "https://acme.test/prices"
SENTENCE = "Every rack has its price, which stands in our price list for dealers and in the catalogue of last year."
PAGE = f"""<html><head><title>Racks</title></head><body>
<nav><a href="/start">Start page</a> <a href="/jobs">Work for us</a></nav>
<article><h1>Racks</h1><p>{SENTENCE.replace("price list", '<a href="/prices#top">price <b>list</b></a>')}</p>
<p>{SENTENCE.replace("catalogue", f'<a href="{PRICES}">catalogue</a>')} <a href="javascript:alert(1)">last year</a></p>
<p>More <a href="mailto:a@acme.test">last year</a> and <a href="http://[half/">our price list</a> of racks.</p></article>
</body></html>"""


def word() -> bytes:
    """Return a Word document with a link, a field that links, and a link inside of the document."""
    made = Document()
    external = made.part.relate_to(PRICES, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    runs = "<w:r><w:t>price </w:t></w:r><w:r><w:t>list</w:t></w:r>"
    made.add_paragraph("See our ")._p.append(parse_xml(
        f'<w:hyperlink {nsdecls("w", "r")} r:id="{external}">{runs}</w:hyperlink>'
    ))  # fmt: skip
    made.add_paragraph("Or go on")._p.append(parse_xml(
        f'<w:r {nsdecls("w")}><w:instrText> HYPERLINK "https://acme.test/more" </w:instrText></w:r>'
    ))  # fmt: skip
    made.add_paragraph("Or up")._p.append(parse_xml(f'<w:hyperlink {nsdecls("w")} w:anchor="top"/>'))
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def pdf() -> bytes:
    """Return a PDF whose second page has a link with words and one without."""
    held = io.BytesIO()
    canvas = Canvas(held)
    canvas.drawString(72, 700, "First.")
    canvas.showPage()
    canvas.drawString(72, 700, "See our")
    canvas.drawString(140, 700, "price list")
    canvas.linkURL(PRICES, (139, 697, 200, 712))
    canvas.linkURL("https://acme.test/more", (300, 300, 320, 320))
    canvas.linkURL("file:///etc/passwd", (300, 300, 320, 320))
    canvas.save()
    return held.getvalue()


async def test_a_link_of_a_page_is_told_once_with_its_words_from_the_pages_address():
    alone, fetched = await parse("a.html", PAGE.encode()), await parse("a", PAGE.encode(), address="https://acme.test/racks")

    assert alone.text.split("\n\n")[-1] == f"catalogue ({PRICES})"
    assert fetched.text.split("\n\n")[-1] == f"price list ({PRICES})"
    assert fetched.spans[-1].label == "link 1" and fetched.title == "Racks"


async def test_a_link_of_a_word_document_and_of_a_pdf_names_the_place_it_stands_in():
    written, printed = await parse("a.docx", word()), await parse("a.pdf", pdf())

    assert _links(written) == {
        "paragraph 1, link 1": f"price list ({PRICES})", "paragraph 2, link 2": "(https://acme.test/more)",
    }  # fmt: skip
    assert _links(printed) == {
        "page 2, link 1": f"price list ({PRICES})", "page 2, link 2": "(https://acme.test/more)",
    }  # fmt: skip
    assert at(printed.spans, printed.text.index(PRICES), printed.text.index(PRICES) + 5) == "page 2, link 1"


async def test_of_very_many_links_the_first_are_told_and_how_many_more_there_are():
    many = "".join(f'<p>{SENTENCE} <a href="https://acme.test/{n}">price list</a></p>' for n in range(30))
    read = await parse("a.html", f"<html><body><article>{many}</article></body></html>".encode(), limits=Limits(links=20))

    assert len(_links(read)) == 20
    assert read.text.endswith("(10 more links are not told.)")


@pytest.mark.parametrize("made", ["a.docx", "a.pdf"])
async def test_an_address_that_a_document_links_to_may_be_opened(made: str):
    read = await parse(made, word() if made == "a.docx" else pdf())

    assert provenance.stood(PRICES, given(), (document(read.text),)) == PRICES


def test_offline_a_link_is_no_statement_of_its_document():
    links = f"price list ({PRICES})\nOur catalogue of 2025 ({PRICES}/2025)"
    text = f"A rack costs 5,000 EUR since May 2026.\n\n{links}"
    part = Part("d1.1", PartKind.DOCUMENT, text, "a.html, paragraph 1 to link 2")

    assert [one.text for one in passages([part])] == ["A rack costs 5,000 EUR since May 2026."]


def _links(read: Parsed) -> dict[str, str]:
    return {one.label: read.text[one.start : one.end] for one in read.spans if "link " in one.label}
