"""A document as Word and as PDF: everything is in it, it is the same every time, and nothing of it breaks."""

import hashlib
import io
import subprocess
import sys
import zipfile
from functools import cache

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from agents.rendering import Paper, blocks
from agents.rendering.pdf import pdf
from agents.rendering.word import word

TEXT = """## Summary

It *costs* **EUR 5** [F101]. See [the page](https://a.test/x). Größe, Łódź, naïve, 5 € – “quoted”.

- one
  - two
    - three
      - four
- five

1. first
2. second

Between.

7. seventh

> A quote

| Maker | Price |
|:--|--:|
| Haulwren | 5,200 EUR |
| Ternway | 4,990 EUR |

```
def f(x):
    return  x
```

---

### Deeper

![Price by maker](chart-1.png)

![Elsewhere](https://evil.test/a.png)
"""


@cache
def dot() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (12, 6), "#0072B2").save(file, "PNG")
    return file.getvalue()


def paper(text: str = TEXT, title: str = "Three makers compared") -> Paper:
    return Paper(title, blocks(text), {"chart-1.png": dot()})


def read(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def styles(content: bytes) -> list[tuple[str, str]]:
    return [(one.style.name, one.text) for one in Document(io.BytesIO(content)).paragraphs if one.text]


def test_word_gets_its_own_headings_lists_and_quotes():
    assert styles(word(paper())) == [
        ("Title", "Three makers compared"),
        ("Heading 1", "Summary"),
        (
            "Normal",
            "It costs EUR 5 [F101]. See the page (https://a.test/x). Größe, Łódź, naïve, 5 € – “quoted”.",
        ),
        ("List Bullet", "one"),
        ("List Bullet 2", "two"),
        ("List Bullet 3", "three"),
        ("List Bullet 3", "four"),
        ("List Bullet", "five"),
        ("List Number", "first"),
        ("List Number", "second"),
        ("Normal", "Between."),
        ("List Number", "seventh"),
        ("Quote", "A quote"),
        ("Code", "def f(x):\n    return  x"),
        ("Heading 2", "Deeper"),
        ("Caption", "Price by maker"),
        ("Normal", "[Picture: Elsewhere (https://evil.test/a.png)]"),
    ]


def test_a_numbered_list_of_word_counts_from_its_own_number():
    made = Document(io.BytesIO(word(paper())))
    numbering = made.part.numbering_part.element
    counted = [one._p.pPr.numPr for one in made.paragraphs if one.style.name == "List Number"]
    used = [one.numId.val for one in counted if one is not None]
    starts = [numbering.num_having_numId(id).lvlOverride_lst[0].startOverride.val for id in used]

    assert starts == [1, 1, 7]


def test_tables_of_word_keep_rows_whole_and_repeat_their_header():
    [table] = Document(io.BytesIO(word(paper()))).tables
    marks = [{child.tag for child in row._tr.trPr} for row in table.rows]

    assert [[cell.text for cell in row.cells] for row in table.rows][1] == ["Haulwren", "5,200 EUR"]
    assert [qn("w:cantSplit") in mark for mark in marks] == [True, True, True]
    assert [qn("w:tblHeader") in mark for mark in marks] == [True, False, False]


def test_word_names_the_document_numbers_its_pages_and_describes_its_picture():
    content = word(paper())
    made = Document(io.BytesIO(content))
    parts = zipfile.ZipFile(io.BytesIO(content))
    whole = made.element.xml

    assert (made.core_properties.title, made.core_properties.author) == ("Three makers compared", "Jidoka")
    assert "NUMPAGES" in made.sections[0].footer._element.xml
    assert 'name="chart-1.png" descr="Price by maker"' in whole
    assert b"created" not in parts.read("docProps/core.xml")


@pytest.mark.parametrize("write", [word, pdf])
def test_nothing_in_a_file_leads_elsewhere(write):
    content = write(paper())
    parts = zipfile.ZipFile(io.BytesIO(content)) if write is word else None
    whole = (
        b"".join(parts.read(name) for name in parts.namelist() if name.endswith(".rels"))
        if parts
        else content
    )

    assert b"evil.test" not in whole
    assert b"hyperlink" not in whole
    assert b"/URI" not in whole


def test_a_pdf_says_everything_the_text_says():
    content = pdf(paper())
    said, facts = read(content), PdfReader(io.BytesIO(content))

    for words in (
        "Three makers compared", "Summary", "It costs EUR 5 [F101].", "the page (https://a.test/x)", "four", "7.", "seventh",
        "A quote", "5,200 EUR", "return", "Price by maker", "[Picture: Elsewhere (https://evil.test/a.png)]",
    ):  # fmt: skip
        assert words in said, words
    assert (facts.metadata.title, facts.metadata.author) == ("Three makers compared", "Jidoka")
    assert [entry.title for entry in facts.outline if not isinstance(entry, list)] == ["Summary"]
    assert len(facts.pages[0].images) + len(facts.pages[-1].images) >= 1


def test_letters_without_a_shape_are_codes_and_the_end_says_so():
    said = read(pdf(paper("Ελ and 中, then → and ✓.", "中")))

    assert "‹U+0395›‹U+03BB› and ‹U+4E2D›, then -> and yes." in said
    assert "has no shape for 3 characters of the text (U+0395, U+03BB, U+4E2D)" in " ".join(said.split())


def test_a_long_table_goes_on_over_pages_with_its_header():
    rows = "\n".join(f"| row {number} | {'words ' * 30}|" for number in range(60))
    facts = PdfReader(io.BytesIO(pdf(paper(f"| Name | What |\n|--|--|\n{rows}\n"))))
    told = [page.extract_text() for page in facts.pages]

    assert len(told) > 2
    assert ["Name" in page for page in told[:-1]] == [True] * (len(told) - 1)
    assert "row 59" in "".join(told)


def test_a_cell_longer_than_a_page_is_told_row_by_row():
    said = read(pdf(paper(f"| Name | What |\n|--|--|\n| Acme | {'word ' * 2_000}end |\n")))

    assert " ".join(said.split()).count("word word") > 900
    assert "What: word" in said
    assert "end" in said


def test_a_table_of_many_columns_is_told_row_by_row():
    head, row = " | ".join(f"c{n}" for n in range(14)), " | ".join(f"v{n}" for n in range(14))
    said = read(pdf(paper(f"| {head} |\n|{'--|' * 14}\n| {row} |\n")))

    assert ["c1: v1" in said, "c13: v13" in said] == [True, True]


def test_equal_documents_are_equal_bytes_in_every_process():
    mine = [write(paper()) for write in (word, pdf)]
    script = (
        "import hashlib; from tests.agents.rendering.test_files import paper, pdf, word;"
        "print([hashlib.sha256(write(paper())).hexdigest() for write in (word, pdf)])"
    )
    other = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7"},
    )

    assert other.stdout.strip() == str([hashlib.sha256(one).hexdigest() for one in mine])


PIECES = st.sampled_from([
    "# ", "## ", "- ", "1. ", "> ", "    ", "```\n", "| a | b |\n|--|--|\n", "| x ", "|", "**", "*", "_", "~~", "`", "[",
    "](", ")", "![", "<b>", "&amp;", "&lt;", "\n", "\n\n", "---\n", "word ", "W" * 200, "\x00", "\x0b", "\ud83d", "😀",
    "\u202e", "中", "‹", "<font", "chart-1.png", "$", "\\", "\t", " " * 40,
])  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_any_text_can_be_written(pieces):
    made = paper("".join(pieces), "".join(pieces[:4]))

    assert Document(io.BytesIO(word(made))).paragraphs
    assert len(PdfReader(io.BytesIO(pdf(made))).pages) > 0


@pytest.mark.long
@settings(max_examples=2_000, deadline=None)
@given(st.lists(PIECES, max_size=80))
def test_any_text_can_be_written_however_often_it_is_tried(pieces):
    made = paper("".join(pieces), "".join(pieces[:4]))

    assert Document(io.BytesIO(word(made))).paragraphs
    assert len(PdfReader(io.BytesIO(pdf(made))).pages) > 0
