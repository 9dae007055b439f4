"""The child process: reads one request from standard input, answers on standard output, ends."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from importlib import import_module
from typing import Any, Final

from agents.errors import UnreadableError
from agents.tools.parsing import archive, cage, media
from agents.tools.parsing.media import OFFICE, Media
from agents.tools.parsing.spans import Limits, Parsed, Sheet

_READERS: Final = {
    Media.PDF: ("pdf", "read"),
    Media.WORD: ("word", "read"),
    Media.EXCEL: ("excel", "read"),
    Media.SLIDES: ("slides", "read"),
    **dict.fromkeys(media.PICTURES, ("pictures", "read")),
    Media.HTML: ("html", "read"),
    Media.CSV: ("tables", "read_csv"),
    Media.MARKDOWN: ("plain", "read"),
    Media.TEXT: ("plain", "read"),
}


def main() -> None:
    """Read name, limits and file; write the parsed document or the sentence that refuses it."""
    asked = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**asked["limits"])
    cage.close(limits, walled=asked["walled"])
    content = sys.stdin.buffer.read(limits.input_bytes + 1)
    try:
        said = _read(asked, content, limits)
    except UnreadableError as refused:
        said = {"refused": str(refused)}
    sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode("utf-8", errors="replace"))


def _read(asked: dict[str, Any], content: bytes, limits: Limits) -> dict[str, Any]:
    name = asked["name"]
    folder = import_module("agents.tools.parsing.folder").read(name, content, limits) if asked["unpacked"] else None
    return {"folder": asdict(folder)} if folder else asdict(parse(name, content, limits, asked["address"]))


def parse(name: str, content: bytes, limits: Limits, address: str = "") -> Parsed:
    """Return the document, read by the reader for what its bytes are.

    Raises:
        UnreadableError: It is refused; the sentence says why.
    """
    media.refuse_macros(name)
    found = media.recognise(name, content)
    if found == OFFICE:
        found = archive.examine(name, content, limits)
        media.agree(name, found)
    kind = Media(found)
    module, function = _READERS[kind]
    sheet = Sheet(name, limits, address)
    # Only the library for this kind is loaded: that keeps the process small and its start short.
    title = getattr(import_module(f"agents.tools.parsing.{module}"), function)(sheet, content)
    return sheet.parsed(kind.value, title or "")


if __name__ == "__main__":
    main()
