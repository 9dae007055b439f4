"""Word documents: paragraphs, tables and footnotes, in reading order."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from typing import Final

from docx import Document
from docx.opc.rel import _Relationship
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from agents.tools.parsing import pictures
from agents.tools.parsing.spans import Sheet
from agents.tools.parsing.tables import lines

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_UNREAD: Final = {
    f"{_W}del",  # deleted by a tracked change
    f"{_W}moveFrom",
    f"{_W}instrText",  # what a field computes from
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",  # a shape's second copy
}
_BREAKS: Final = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\u2011"}
_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_EMBED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_BLIP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_FIELD: Final = re.compile(r'\bHYPERLINK\s+"([^"]+)"')
_FOOTNOTES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


def read(sheet: Sheet, content: bytes) -> None:
    """Add paragraphs ("paragraph 3" counts those with text), table rows ("table 1, row 2"), footnotes, and pictures."""
    document = Document(io.BytesIO(content))
    paragraphs = tables = 0
    known: list[str] = []
    for block in _blocks(document.element.body):
        if block.tag == f"{_W}tbl":
            tables += 1
            _add_table(sheet, tables, block)
            _add_links(sheet, f"table {tables}", block, document.part.rels)
        elif text := _text(block).strip():
            paragraphs += 1
            sheet.add(f"paragraph {paragraphs}", text, gap="\n\n")
            _add_links(sheet, f"paragraph {paragraphs}", block, document.part.rels)
        where = f"table {tables}" if block.tag == f"{_W}tbl" else f"paragraph {paragraphs}" if paragraphs else ""
        _add_pictures(sheet, where, block, document.part.rels, known)
    for relation in document.part.rels.values():
        if relation.reltype == _FOOTNOTES and not relation.is_external:
            _add_footnotes(sheet, relation.target_part.blob)


def _add_links(sheet: Sheet, where: str, block: BaseOxmlElement, known: Mapping[str, _Relationship]) -> None:
    """Keep where words lead: as Word links them, and as a field computes it."""
    for link in block.iter(f"{_W}hyperlink"):
        relation = known.get(link.get(_ID) or "")
        if relation is not None and relation.is_external:
            sheet.link(where, _text(link), relation.target_ref)
    fields = " ".join(one.text or "" for one in block.iter(f"{_W}instrText"))
    for address in _FIELD.findall(fields):
        sheet.link(where, "", address)


def _add_pictures(
    sheet: Sheet, where: str, block: BaseOxmlElement, parts: Mapping[str, _Relationship], known: list[str]
) -> None:
    """Keep the pictures in a block, "paragraph 3, picture 1", numbered through the document; each once."""
    for shown in block.iter(_BLIP):
        relation = parts.get(shown.get(_EMBED) or "")
        if relation is None or relation.is_external:  # it only leads to a picture elsewhere
            continue
        content = relation.target_part.blob
        if (digest := hashlib.sha256(content).hexdigest()) not in known:
            known.append(digest)
            pictures.add(sheet, f"{where}{', ' if where else ''}picture {len(known)}", content)


def _blocks(parent: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Yield paragraphs and tables, also those inside content controls and tracked insertions."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag not in _UNREAD:
            yield from _blocks(child)


def _text(element: BaseOxmlElement) -> str:
    if element.tag == f"{_W}t":
        return element.text or ""
    if element.tag in _UNREAD:
        return ""
    return _BREAKS.get(element.tag, "") + "".join(_text(child) for child in element)


def _add_table(sheet: Sheet, number: int, table: BaseOxmlElement) -> None:
    rows = [
        [_cell(cell) for cell in row.iterchildren(f"{_W}tc", f"{_W}sdt")] for row in table.iter(f"{_W}tr")
    ]
    for row, line in lines(rows):
        sheet.add(f"table {number}, row {row}", line, gap="\n\n" if row == 1 else "\n")


def _cell(cell: BaseOxmlElement) -> str:
    return " ".join(_text(paragraph) for paragraph in cell.iter(f"{_W}p"))


def _add_footnotes(sheet: Sheet, content: bytes) -> None:
    notes = parse_xml(content)  # resolves no entities
    written = (text for note in notes.iter(f"{_W}footnote") if (text := _text(note).strip()))
    for number, text in enumerate(written, start=1):
        sheet.add(f"footnote {number}", text, gap="\n\n")
