"""What a file is, by its first bytes; and whether its name claims something else."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

from agents.errors import UnreadableError


class Media(StrEnum):
    """The kinds of file that are read; the value is the media type."""

    PDF = "application/pdf"
    WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    GIF = "image/gif"
    HTML = "text/html"
    CSV = "text/csv"
    MARKDOWN = "text/markdown"
    TEXT = "text/plain"


OFFICE: Final = "an Office file"  # a ZIP archive: what is in it decides, see `agents.tools.parsing.archive`

_SPOKEN: Final = {
    Media.PDF: "a PDF",
    Media.WORD: "a Word document",
    Media.EXCEL: "an Excel workbook",
    Media.SLIDES: "a PowerPoint presentation",
    Media.PNG: "a picture (PNG)",
    Media.JPEG: "a picture (JPEG)",
    Media.WEBP: "a picture (WebP)",
    Media.GIF: "a picture (GIF)",
    Media.HTML: "a web page",
    Media.CSV: "a table of plain text",
    Media.MARKDOWN: "plain text",
    Media.TEXT: "plain text",
}
_ENDINGS: Final = {
    ".pdf": Media.PDF,
    ".docx": Media.WORD,
    ".xlsx": Media.EXCEL,
    ".pptx": Media.SLIDES,
    ".png": Media.PNG,
    ".jpg": Media.JPEG,
    ".jpeg": Media.JPEG,
    ".webp": Media.WEBP,
    ".gif": Media.GIF,
    ".html": Media.HTML,
    ".htm": Media.HTML,
    ".xhtml": Media.HTML,
    ".csv": Media.CSV,
    ".tsv": Media.CSV,
    ".md": Media.MARKDOWN,
    ".markdown": Media.MARKDOWN,
    ".txt": Media.TEXT,
}
WRITTEN: Final = frozenset({Media.HTML, Media.CSV, Media.MARKDOWN, Media.TEXT})
PICTURES: Final = frozenset({Media.PNG, Media.JPEG, Media.WEBP, Media.GIF})
_MACROS: Final = (".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".pptm", ".potm", ".ppsm", ".ppam", ".sldm")
_REFUSED: Final = (  # first bytes, and what to say
    (b"\x1f\x8b", "a gzip archive. Unpack it and send the files"),
    (b"BZh", "a bzip2 archive. Unpack it and send the files"),
    (b"\xfd7zXZ\x00", "an xz archive. Unpack it and send the files"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive. Unpack it and send the files"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive. Unpack it and send the files"),
    (b"Rar!", "a RAR archive. Unpack it and send the files"),
    (b"II*\x00", "a picture (TIFF). Save it as PNG or PDF and send that"),
    (b"MM\x00*", "a picture (TIFF). Save it as PNG or PDF and send that"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3", "a database. Send the rows as CSV"),
    (b"{\\rtf", "a Rich Text file. Save it as .docx and send that"),
    (b"%!PS", "a PostScript file. Save it as PDF and send that"),
)
_SEEN: Final = (  # first bytes of pictures
    (b"\x89PNG\r\n\x1a\n", Media.PNG),
    (b"\xff\xd8\xff", Media.JPEG),
    (b"GIF87a", Media.GIF),
    (b"GIF89a", Media.GIF),
)
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE: Final = re.compile(
    rb"<(?:!doctype html|html|head|body|title|meta|script|div|table|p)[\s>/]", re.IGNORECASE
)
_PROLOGUE: Final = re.compile(rb"(?:\s|<\?xml[^>]*\?>|<!--.*?-->)*", re.DOTALL)
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def recognise(name: str, content: bytes) -> Media | str:
    """Return what the file is; `OFFICE` where an archive's contents must decide.

    Raises:
        UnreadableError: It is nothing that is read here, or its name claims another kind.
    """
    if not content.strip():
        raise UnreadableError(f"{name!r} is empty.")
    if content.startswith(b"PK\x03\x04"):
        return OFFICE
    found = Media.PDF if content.lstrip()[:5] == b"%PDF-" else _picture(content) or _textual(name, content)
    agree(name, found)
    return found


def _picture(content: bytes) -> Media | None:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Media.WEBP
    return next((media for magic, media in _SEEN if content.startswith(magic)), None)


def agree(name: str, found: Media) -> None:
    """Refuse a file whose name claims another kind than its bytes show.

    Raises:
        UnreadableError: Says what it is and what to do.
    """
    claimed = _claim(name)
    if claimed is None or claimed == found:
        return
    advice = (
        "It may be a login or error page: download the file again."
        if found is Media.HTML
        else "Rename it or send the right file."
    )
    raise UnreadableError(f"{name!r} is {_SPOKEN[found]}, not {_SPOKEN[claimed]}. {advice}")


def refuse_macros(name: str) -> None:
    """Refuse a name that says the file carries macros.

    Raises:
        UnreadableError: Says how to save it without them.
    """
    if name.lower().endswith(_MACROS):
        raise UnreadableError(
            f"{name!r} carries macros. Save it without macros (.docx, .xlsx or .pptx) and send that."
        )


def decoded(content: bytes, fallback: str = "cp1252") -> str:
    """Return text bytes as text: by byte order mark, else UTF-8, else ``fallback``."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(fallback, errors="replace")


def _claim(name: str) -> Media | None:
    return _ENDINGS.get(PurePosixPath(name.lower()).suffix)


def _textual(name: str, content: bytes) -> Media:
    _refuse_known(name, content)
    text = decoded(content[:4096])
    if "\x00" in text or sum(c < " " and c not in "\t\n\r\f\x1b" for c in text) > 2 + len(text) // 50:
        raise UnreadableError(f"{name!r} {_damaged(_claim(name))}")
    claimed = _claim(name)
    if _is_page(content):
        return claimed if claimed in (Media.TEXT, Media.MARKDOWN) else Media.HTML
    return claimed if claimed in (Media.CSV, Media.MARKDOWN, Media.HTML) else Media.TEXT


def _damaged(claimed: Media | None) -> str:
    """Return what to say of bytes that are nothing known, by what their name promises."""
    if claimed is None or claimed in (Media.HTML, Media.CSV, Media.MARKDOWN, Media.TEXT):
        return "is neither text nor a kind of file that can be read here. Send it as PDF."
    return f"is called {_SPOKEN[claimed]}, but holds none: it may be damaged. Save it anew and send that."


def _is_page(content: bytes) -> bool:
    head = content[:4096].removeprefix(b"\xef\xbb\xbf")
    begin = _PROLOGUE.match(head)
    return _PAGE.match(head, begin.end() if begin else 0) is not None


def _refuse_known(name: str, content: bytes) -> None:
    for magic, what in _REFUSED:
        if content.startswith(magic):
            raise UnreadableError(f"{name!r} is {what}.")
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        raise UnreadableError(f"{name!r} is a picture (HEIC or AVIF). Save it as JPEG and send that.")
    if content.startswith(_OLD_OFFICE):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        what = (
            "locked with a password. Remove it" if locked else "an old Office file. Save it as .docx, .xlsx or .pptx"
        )
        raise UnreadableError(f"{name!r} is {what} and send it again.")
