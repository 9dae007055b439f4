"""A Markdown text becomes blocks. Nothing in them is live: a link is its words and its address, HTML is text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node

from agents.rendering.shapes import (
    Block,
    Code,
    Heading,
    Item,
    Listed,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Side,
    Span,
    Spans,
    Table,
)

_DEEPEST: Final = 100  # lists and quotes within each other; deeper ones are left out by the reader
_SIDES: Final[dict[str, Side]] = {"text-align:center": "center", "text-align:right": "right"}
_HIDDEN: Final = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")  # soft hyphens, spaces without width
_SUSPECT: Final = re.compile(r"[^\w \n!-~]")
_ODD: Final = frozenset(
    {"Cc", "Cf", "Co", "Cs", "Cn"}
)  # controls, bidi and other formats, private, broken, unassigned


def blocks(markdown: str) -> tuple[Block, ...]:
    """Return the blocks of a Markdown text; its highest heading is of level 1.

    Args:
        markdown: CommonMark with tables. Characters that cannot be seen are left out or shown by their code.
    """
    root = Node(_reader().parse(legible(markdown)))
    found = tuple(block for node in root.children for block in _blocks(node))
    highest = min((block.level for block in found if isinstance(block, Heading)), default=1)
    return tuple(_raised(block, highest - 1) for block in found)


def said(*parts: str | Span) -> Spans:
    """Return words that are no Markdown, such as a quote of a source, in one line; a ``Span`` keeps its look."""
    spans = (part if isinstance(part, Span) else Span(part) for part in parts)
    return tuple(replace(span, text=legible(span.text)) for span in spans if span.text)


def absent(picture: Picture) -> Spans:
    """Return what is said where a picture is not one of this run's."""
    return (Span(f"[Picture: {picture.alt} ({picture.name})]", italic=True),)


def legible(text: str) -> str:
    """Return the text with what hides or turns other text round shown by its code, such as ``⟨U+202E⟩``."""
    lined = re.sub("\r\n?|[\u0085\u2028\u2029\v\f]", "\n", text).replace("\t", "    ")
    return _SUSPECT.sub(_seen, lined)


def _seen(found: re.Match[str]) -> str:
    character = found[0]
    if character in _HIDDEN:
        return ""
    return f"⟨U+{ord(character):04X}⟩" if unicodedata.category(character) in _ODD else character


@cache
def _reader() -> MarkdownIt:
    options = {"html": False, "maxNesting": _DEEPEST}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])


def _raised(block: Block, by: int) -> Block:
    return replace(block, level=block.level - by) if isinstance(block, Heading) else block


def _blocks(node: Node) -> Iterator[Block]:
    """Yield what one node says; a picture in a paragraph follows it."""
    match node.type:
        case "heading":
            yield Heading(int(node.tag[1:]), _inline(node))
        case "paragraph":
            yield from _paragraph(node)
        case "bullet_list" | "ordered_list":
            start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
            yield Listed(tuple(Item(_inside(item)) for item in node.children), start)
        case "blockquote":
            yield Quote(_inside(node))
        case "fence" | "code_block":
            yield Code(node.content.rstrip("\n"))
        case "table":
            yield _table(node)
        case "hr":
            yield Rule()
        case _:  # a kind this reader was not asked for: its text stands
            yield Paragraph((Span(node.content),))


def _inside(node: Node) -> tuple[Block, ...]:
    return tuple(block for child in node.children for block in _blocks(child))


def _paragraph(node: Node) -> Iterator[Block]:
    shown = [_picture(image) for image in node.walk() if image.type == "image"]
    spans = _inline(node)
    if (
        not shown
        or "".join(span.text for span in spans).strip() != " ".join(one.alt for one in shown).strip()
    ):
        yield Paragraph(spans)
    yield from shown


def _picture(node: Node) -> Picture:
    return Picture(str(node.attrs.get("src", "")), node.content)


def _table(node: Node) -> Table:
    head, *rest = [row for part in node.children for row in part.children]
    header = tuple(_inline(cell) for cell in head.children)
    sides = tuple(_SIDES.get(str(cell.attrs.get("style", "")), "left") for cell in head.children)
    rows = tuple(_filled([_inline(cell) for cell in row.children], len(header)) for row in rest)
    return Table(header, rows, sides)


def _filled(cells: Sequence[Spans], count: int) -> tuple[Spans, ...]:
    return (*cells[:count], *([()] * (count - len(cells))))


def _inline(node: Node) -> Spans:
    spans = (span for part in node.children for child in part.children for span in _spans(child, Span("")))
    return _joined(spans)


def _spans(node: Node, look: Span) -> Iterator[Span]:
    match node.type:
        case "strong" | "em" | "s":
            kept = _looking(look, node.type)
            yield from (span for child in node.children for span in _spans(child, kept))
        case "link":
            yield from _link(node, look)
        case "image":
            yield replace(look, text=node.content)
        case "softbreak":
            yield replace(look, text=" ")
        case "hardbreak":
            yield replace(look, text="\n")
        case "code_inline":
            yield replace(look, text=node.content, code=True)
        case _:
            yield replace(look, text=node.content)


def _looking(look: Span, kind: str) -> Span:
    bold, italic, struck = (
        look.bold or kind == "strong",
        look.italic or kind == "em",
        look.struck or kind == "s",
    )
    return replace(look, bold=bold, italic=italic, struck=struck)


def _link(node: Node, look: Span) -> Iterator[Span]:
    """Yield a link's words and then its address: on paper nothing can be pressed, and nobody is led elsewhere."""
    label = [span for child in node.children for span in _spans(child, look)]
    address = str(node.attrs.get("href", ""))
    yield from label
    if address.removeprefix("mailto:") != "".join(span.text for span in label):
        yield replace(look, text=f" ({address})")


def _joined(spans: Iterable[Span]) -> Spans:
    """Return the spans with neighbours of one look as one."""
    found: list[Span] = []
    for span in spans:
        if found and replace(found[-1], text="") == replace(span, text=""):
            found[-1] = replace(span, text=found[-1].text + span.text)
        elif span.text:
            found.append(span)
    return tuple(found)
