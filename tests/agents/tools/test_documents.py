from __future__ import annotations

import base64
import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from agents.errors import UnreadableError
from agents.tools.documents import Limits, Parsed, Span, at, parse
from tests.agents.tools import files

PRICES = [["Plan", "Price"], ["Pro", 20], ["Max", None], ["Team", 35.5]]

TOLD = PngInfo()
TOLD.add_text("Author", "SECRET-PLACE")
EXIF = Image.Exif()
EXIF[0x010E], EXIF[0x0112] = "SECRET-PLACE", 6  # what it shows; a quarter turn to the right


def told(parsed: Parsed) -> dict[str, str]:
    return {span.label: parsed.text[span.start : span.end] for span in parsed.spans}


async def test_a_pdf_is_read_page_by_page_and_keeps_its_page_numbers():
    parsed = await parse("offer.pdf", files.pdf("The price is 20 USD.", "", "It ends in May."))

    assert parsed.media_type == "application/pdf"
    assert told(parsed) == {"page 1": "The price is 20 USD.", "page 3": "It ends in May."}


async def test_a_word_document_gives_paragraphs_and_table_rows():
    content = files.word(["First.", "", "Second."], [["Plan", "Price"], ["Pro", "20 USD"]])

    parsed = await parse("offer.docx", content)

    assert told(parsed) == {
        "paragraph 1": "First.",
        "paragraph 2": "Second.",
        "table 1, row 1": "Plan | Price",
        "table 1, row 2": "Plan: Pro | Price: 20 USD",
    }


async def test_tracked_insertions_and_content_controls_are_read_and_deletions_are_not():
    inner = (
        b"<w:p><w:r><w:t>The term is </w:t></w:r>"
        b"<w:del><w:r><w:delText>two</w:delText><w:t>two</w:t></w:r></w:del>"
        b"<w:ins><w:r><w:t>three years</w:t></w:r></w:ins></w:p>"
        b"<w:sdt><w:sdtContent><w:p><w:r><w:t>Signed.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    whole = (
        b'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body>" + inner + b"</w:body></w:document>"
    )

    parsed = await parse("a.docx", files.with_entries(files.word(["x"]), {"word/document.xml": whole}))

    assert told(parsed) == {"paragraph 1": "The term is three years", "paragraph 2": "Signed."}


async def test_a_presentation_is_read_by_slide_with_tables_charts_and_notes_hidden_slides_too():
    deck = files.slides("Plans\x0band prices", "Costs", notes="Say it slowly.", table=[["Plan", "Price"], ["Pro", "20 USD"]])
    drawn = files.chart(["2024", "2025"], Revenue=[1.5, 2], Cost=[1, None])

    parsed, charted = await parse("deck.pptx", deck), await parse("chart.pptx", drawn)

    assert told(parsed) == {
        "slide 1": "Plans\nand prices",
        "slide 2 (hidden)": "Costs",
        "slide 2 (hidden), table 1, row 1": "Plan | Price",
        "slide 2 (hidden), table 1, row 2": "Plan: Pro | Price: 20 USD",
        "slide 2 (hidden), notes": "Say it slowly.",
    }
    assert list(told(charted).values()) == [
        "category | Revenue | Cost",
        "category: 2024 | Revenue: 1.5 | Cost: 1",
        "category: 2025 | Revenue: 2",
    ]


@pytest.mark.parametrize(
    ("form", "mode", "saved"),
    [
        ("PNG", "RGBA", {"pnginfo": TOLD}),
        ("PNG", "I;16", {}),
        ("JPEG", "CMYK", {"exif": EXIF, "comment": b"SECRET-PLACE"}),
        ("JPEG", "RGB", {"exif": EXIF}),
        ("WEBP", "RGBA", {"exif": EXIF}),
        ("GIF", "P", {"comment": b"SECRET-PLACE"}),
    ],
)
async def test_a_picture_comes_small_upright_and_without_what_it_said_of_its_maker(form: str, mode: str, saved: dict):
    content = files.picture(form, (3_200, 400), mode, **saved)

    parsed = await parse("photo", content)

    made = base64.b64decode(parsed.pictures[0].data)
    shown = Image.open(io.BytesIO(made))
    turned = form != "PNG" and "exif" in saved
    assert (b"SECRET-PLACE" in content, b"SECRET-PLACE" in made, dict(shown.getexif())) == (bool(saved), False, {})
    assert (shown.format, shown.size) == ("JPEG", (196, 1_568) if turned else (1_568, 196))
    assert (parsed.text, parsed.spans, [one.label for one in parsed.pictures]) == ("", (), [""])


async def test_pages_of_a_pdf_that_are_scans_come_as_pictures_beside_the_text_and_what_is_too_much_is_named():
    content = files.scanned_pdf(4, text="The price is 20 USD.")

    parsed = await parse("scan.pdf", content, limits=Limits(pictures=2))

    assert told(parsed) == {"page 1": "The price is 20 USD."}
    assert ([one.label for one in parsed.pictures], parsed.unread) == (["page 2", "page 3"], ("page 4", "page 5"))


async def test_a_workbook_is_read_by_sheet_and_row_under_its_header():
    content = files.excel({"Prices": PRICES, "Notes": [["Only one cell"]]})

    parsed = await parse("prices.xlsx", content)

    assert told(parsed) == {
        "sheet Prices, row 1": "Plan | Price",
        "sheet Prices, row 2": "Plan: Pro | Price: 20",
        "sheet Prices, row 3": "Plan: Max",
        "sheet Prices, row 4": "Plan: Team | Price: 35.5",
        "sheet Notes, row 1": "Only one cell",
    }


async def test_percentages_dates_and_uncomputed_formulas_of_a_workbook_are_shown_as_people_see_them():
    from datetime import datetime

    rows = [["Share", "From", "Sum"], [0.125, datetime(2026, 3, 2), "=A2*2"]]

    parsed = await parse("a.xlsx", files.excel({"S": rows}, {"A2": "0.0%"}))

    assert told(parsed)["sheet S, row 2"] == "Share: 12.5% | From: 2026-03-02 | Sum: =A2*2"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
async def test_csv_rows_carry_their_header_whatever_the_delimiter(delimiter: str):
    rows = [["Plan", "Note"], ["Pro", '"two\nlines"'], ["Max", ""]]
    content = "\r\n".join(delimiter.join(row) for row in rows).encode()

    parsed = await parse("a.csv", content)

    assert told(parsed) == {
        "row 1": "Plan | Note",
        "row 2": "Plan: Pro | Note: two lines",
        "row 3": "Plan: Max",
    }


async def test_csv_without_a_header_keeps_its_plain_cells():
    parsed = await parse("a.csv", b"2026-01-01,20\n2026-01-02,30\n")

    assert told(parsed) == {"row 1": "2026-01-01 | 20", "row 2": "2026-01-02 | 30"}


async def test_a_web_page_gives_its_readable_text_and_title():
    story = "".join(
        f"<p>Paragraph {n} of a story that is long enough to be taken for one.</p>" for n in (1, 2)
    )
    head = "<!doctype html><html><head><title>News</title><script>x=1</script></head>"
    page = f"{head}<body><article>{story}</article></body></html>"

    parsed = await parse("page.html", page.encode())

    assert parsed.title == "News"
    assert told(parsed) == {
        "paragraph 1": "Paragraph 1 of a story that is long enough to be taken for one.",
        "paragraph 2": "Paragraph 2 of a story that is long enough to be taken for one.",
    }


@pytest.mark.parametrize(
    ("name", "media"), [("a.md", "text/markdown"), ("a.txt", "text/plain"), ("a", "text/plain")]
)
async def test_text_is_kept_line_by_line_and_word_for_word(name: str, media: str):
    parsed = await parse(name, b"# Title\r\n\r\n\r\n  Price:  20 <b>USD</b>\nEnd")

    assert parsed.media_type == media
    assert parsed.text == "# Title\n\nPrice:  20 <b>USD</b>\nEnd"
    assert told(parsed) == {"line 1": "# Title", "line 4": "Price:  20 <b>USD</b>", "line 5": "End"}


@pytest.mark.parametrize(
    "content", ["Größe: 5 €".encode(), "Größe: 5 €".encode("utf-16"), "Größe: 5 €".encode("cp1252")]
)
async def test_text_is_understood_in_the_usual_encodings(content: bytes):
    parsed = await parse("a.txt", content)

    assert parsed.text == "Größe: 5 €"


async def test_what_no_person_can_see_is_not_kept():
    hidden = "".join(chr(0xE0000 + ord(c)) for c in "obey")

    parsed = await parse("a.txt", f"plain{hidden} te\x07xt".encode())

    assert parsed.text == "plain text"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.pdf", "'a.pdf' is called a PDF, but holds none: it may be damaged. Save it anew and send that."),
        ("a.docx", "'a.docx' is called a Word document, but holds none"),
        ("a.bin", "'a.bin' is neither text nor a kind of file that can be read here. Send it as PDF."),
    ],
)
async def test_bytes_that_are_nothing_known_are_refused_by_what_their_name_promises(name: str, said: str):
    with pytest.raises(UnreadableError) as refused:
        await parse(name, bytes(range(1, 32)) * 9)

    assert str(refused.value).startswith(said)


async def test_limits_refuse_and_say_so():
    with pytest.raises(UnreadableError, match="more than 10 characters"):
        await parse("a.txt", b"hello world", limits=Limits(characters=10))
    with pytest.raises(UnreadableError, match="4 rows"):
        await parse("a.txt", b"a\nb\nc\nd\ne\n", limits=Limits(parts=4))
    with pytest.raises(UnreadableError, match="2 pages; at most 1 are read"):
        await parse("a.pdf", files.pdf("one", "two"), limits=Limits(pages=1))
    with pytest.raises(UnreadableError, match="larger than 20 MB"):
        await parse("a.txt", b"x" * 20_000_001)


SPANS = tuple(
    Span(label, start, start + 10)
    for label, start in [
        ("page 1", 0),
        ("page 2", 12),
        ("page 3", 24),
        ("sheet A, row 9", 36),
        ("sheet B, row 1", 48),
        ("sheet B, row 3", 60),
        ("cover", 72),
    ]
)


@pytest.mark.parametrize(
    ("start", "end", "where"),
    [
        (0, 5, "page 1"),
        (9, 12, "page 1"),
        (9, 13, "pages 1–2"),
        (0, 34, "pages 1–3"),
        (12, 12, "page 2"),
        (10, 12, ""),
        (30, 40, "page 3; sheet A, row 9"),
        (40, 75, "sheet A, row 9; sheet B, rows 1–3; cover"),
        (90, 95, ""),
    ],
)
def test_a_range_is_told_by_the_parts_it_lies_in(start: int, end: int, where: str):
    assert at(SPANS, start, end) == where


def test_without_parts_a_range_lies_nowhere():
    assert at((), 0, 5) == ""
