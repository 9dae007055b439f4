"""Web pages: the readable text, without menus, scripts and forms."""

from __future__ import annotations

from typing import Any
from urllib.parse import urldefrag, urljoin

import trafilatura

from agents.errors import UnreadableError
from agents.tools.parsing.media import decoded
from agents.tools.parsing.spans import Sheet


def read(sheet: Sheet, content: bytes) -> str:
    """Add each paragraph of the page, and return its title. Nothing is fetched.

    Raises:
        UnreadableError: The page holds no readable text.
    """
    tree = trafilatura.load_html(decoded(content))
    if tree is None:
        raise UnreadableError(f"{sheet.name!r} is a web page that cannot be read.")
    title = " ".join((tree.findtext(".//head/title") or "").split())
    text = trafilatura.extract(tree, include_comments=False, favor_recall=True) or trafilatura.html2txt(tree)
    if not text:
        raise UnreadableError(
            f"{sheet.name!r} is a web page without readable text; it may need a browser to show any."
        )
    for number, paragraph in enumerate(filter(str.strip, text.splitlines()), start=1):
        sheet.add(f"paragraph {number}", paragraph)
    _add_links(sheet, tree, " ".join(text.split()))
    return title


def _add_links(sheet: Sheet, tree: Any, text: str) -> None:  # noqa: ANN401  lxml says nothing of its types
    """Keep the links whose words stand in the readable text: menus are none of it."""
    for link in tree.iter("a"):
        words = " ".join(link.text_content().split())
        if words and words in text:
            sheet.link("", words, _whole(sheet.address, link.get("href") or ""))


def _whole(page: str, address: str) -> str:
    """Return an address as it is opened from a page; of a file without an address of its own, as it stands."""
    try:
        return urldefrag(urljoin(page, address)).url
    except ValueError:
        return ""
