"""Web pages: the readable text, without menus, scripts and forms."""

from __future__ import annotations

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
    return title
