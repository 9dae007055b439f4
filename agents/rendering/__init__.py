"""What people receive, as files: a Markdown text taken apart once, then written as Word or PDF; and pictures. PURE.

Equal input gives equal bytes: no clock, no chance. All of it is work for the processor: call it off the event loop.
"""

from agents.rendering.shapes import (
    Block,
    Code,
    Heading,
    Item,
    Listed,
    Paper,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Span,
    Table,
)
from agents.rendering.texts import blocks, legible, said

__all__ = [
    "Block",
    "Code",
    "Heading",
    "Item",
    "Listed",
    "Paper",
    "Paragraph",
    "Picture",
    "Quote",
    "Rule",
    "Span",
    "Table",
    "blocks",
    "legible",
    "said",
]
