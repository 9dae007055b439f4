"""What python-docx has no word for: fields, shades, numbering and the like, as Word writes them."""

from __future__ import annotations

from typing import Final

from docx.document import Document as Made
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shape import InlineShape
from docx.shared import Length, Pt, RGBColor
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.table import _Cell as Cell
from docx.table import _Row as Row
from docx.text.paragraph import Paragraph as Written

AUTHOR: Final = "Jidoka"
_SHADE: Final = "EDEFF2"
_THEMES: Final = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")  # they would win over a font's name


def element(tag: str, **values: str) -> BaseOxmlElement:
    """Return such as ``<w:shd w:fill="…"/>``."""
    made = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        made.set(qn(f"w:{name}"), value)
    return made


def page_numbers(written: Written) -> None:
    """Let a paragraph say ``2 / 5``: the page and how many there are."""
    written.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for field in ("PAGE", "NUMPAGES"):
        if field == "NUMPAGES":
            written.add_run(" / ")
        counted = element("fldSimple", instr=field)
        shown = element("r")
        number = element("t")
        number.text = "1"  # until a program counts
        shown.append(number)
        counted.append(shown)
        written._p.append(counted)


def undated(made: Made, title: str) -> None:
    """Name the document; when it was made is nobody's business but the record's."""
    facts = made.core_properties
    facts.title, facts.author, facts.last_modified_by, facts.comments, facts.keywords = (
        title,
        AUTHOR,
        AUTHOR,
        "",
        "",
    )
    for child in list(facts._element):
        if child.tag.endswith(("}created", "}modified")):
            facts._element.remove(child)


def look(style: BaseStyle, font: str, size: Length, ink: RGBColor) -> None:
    """Give one of Word's own styles a plain look."""
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{style.name!r} is no style of paragraphs.")
    style.font.name, style.font.size, style.font.color.rgb = font, size, ink
    fonts = style.element.rPr.rFonts
    for theme in _THEMES:
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def own_style(made: Made, name: str, font: str, size: Length) -> None:
    """Add a style for paragraphs without space around them."""
    style = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if isinstance(style, ParagraphStyle):
        style.base_style = made.styles["Normal"]
        style.font.name, style.font.size = font, size
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)


def numbering(made: Made, style: str, start: int) -> int:
    """Return the id of a new count for a numbered list in this style."""
    defined = made.part.numbering_part.element
    of_style = made.styles[style].element.pPr.numPr.numId.val
    abstract = defined.num_having_numId(of_style).abstractNumId.val
    counted = defined.add_num(abstract)
    counted.add_lvlOverride(0).add_startOverride(start)
    return int(counted.numId)


def numbered(written: Written, number: int) -> None:
    """Let a paragraph count in this numbering."""
    wanted = written._p.get_or_add_pPr().get_or_add_numPr()
    wanted.get_or_add_ilvl().val = 0
    wanted.get_or_add_numId().val = number


def kept_whole(row: Row, *, is_header: bool) -> None:
    """Break no page within a row; say the header again on every page."""
    about = row._tr.get_or_add_trPr()
    about.append(element("cantSplit"))
    if is_header:
        about.append(element("tblHeader"))


def shaded(cell: Cell) -> None:
    """Set a cell off from the others."""
    cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=_SHADE))


def ruled(written: Written) -> None:
    """Draw a line under an empty paragraph."""
    borders = element("pBdr")
    borders.append(element("bottom", val="single", sz="4", space="1", color="A0A0A0"))
    written._p.get_or_add_pPr().append(borders)


def spaced(written: Written) -> None:
    """Make an empty paragraph a small gap: two tables that touch would be one."""
    written.paragraph_format.space_before = written.paragraph_format.space_after = Pt(0)
    written.paragraph_format.line_spacing = Pt(8)


def described(shown: InlineShape, name: str, alt: str) -> None:
    """Say in words what a picture shows, for who cannot see it."""
    shown._inline.docPr.set("name", name)
    shown._inline.docPr.set("descr", alt)
