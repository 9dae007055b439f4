"""Looking into an Office file, which is a ZIP archive, before anything in it is believed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

from agents.errors import UnreadableError
from agents.tools.parsing.media import Media
from agents.tools.parsing.spans import Limits

_CHUNK: Final = 1 << 16
MAIN: Final = {
    "word/document.xml": Media.WORD,
    "xl/workbook.xml": Media.EXCEL,
    "ppt/presentation.xml": Media.SLIDES,
}
_ARCHIVES: Final = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")
_MACROS: Final = re.compile(r"vbaproject\.bin$|vbadata\.xml$|/macrosheets/", re.IGNORECASE)
_OWN_EMBEDDING: Final = re.compile(
    r"^(?:word|xl|ppt)/embeddings/[^/]+\.(?:xlsx|docx|pptx)$"
)  # behind a chart; never opened


def examine(name: str, content: bytes, limits: Limits) -> Media:
    """Return which kind of Office file this is, after unpacking all of it once into nothing.

    Raises:
        UnreadableError: Not an Office file, too large, damaged, with macros, or with archives inside.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_directory(name, entries, limits)
            media = _kind(name, archive.namelist())
            _unpack(name, archive, entries, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as damaged:
        raise UnreadableError(
            f"{name!r} is damaged: its archive cannot be unpacked. Send it again."
        ) from damaged
    return media


def _check_directory(name: str, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.entries or sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise _too_large(name, limits)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableError(f"{name!r} is locked with a password. Remove it and send it again.")
    if any(_MACROS.search(entry.filename) for entry in entries):
        raise UnreadableError(
            f"{name!r} carries macros. Save it without macros (.docx, .xlsx or .pptx) and send that."
        )


def _kind(name: str, names: list[str]) -> Media:
    found = [media for main, media in MAIN.items() if main in names]
    if len(found) == 1:
        return found[0]
    if "mimetype" in names:
        raise UnreadableError(
            f"{name!r} is an OpenDocument or book file. Save it as .docx, .xlsx, .pptx or PDF and send that."
        )
    raise UnreadableError(f"{name!r} is an archive. Unpack it and send the files.")


def _unpack(name: str, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    left = limits.unpacked_bytes
    for entry in entries:
        with archive.open(entry) as stream:
            head = stream.read(_CHUNK)
            if head.startswith(_ARCHIVES) and not _OWN_EMBEDDING.match(entry.filename):
                raise UnreadableError(
                    f"{name!r} has an archive inside ({entry.filename!r}). Send the files one by one."
                )
            left -= len(head)
            while left >= 0 and (chunk := stream.read(_CHUNK)):
                left -= len(chunk)
        if left < 0:
            raise _too_large(name, limits)


def _too_large(name: str, limits: Limits) -> UnreadableError:
    most = f"{limits.unpacked_bytes // 1_000_000} MB or {limits.entries:,} parts"
    return UnreadableError(f"{name!r} unpacks to more than {most}, so it was not opened.")
