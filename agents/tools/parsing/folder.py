"""A project that comes as one archive: its text files with their paths, read in memory; nothing is written anywhere.

What an archive can do to whoever unpacks it is refused with all of it: a path that leads out, a link, a device, two files of
one path, more than the limits. What is no text, hidden or generated is left out and named.
"""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from agents.errors import UnreadableError
from agents.tools.parsing import media, plain
from agents.tools.parsing.archive import MAIN
from agents.tools.parsing.spans import Limits, Parsed, Sheet

MOST_FILES: Final = 200
MOST_BYTES: Final = 20_000_000  # unpacked
DEEPEST: Final = 12  # folders in folders
LONGEST_PATH: Final = 200  # characters
_GENERATED: Final = frozenset({"__pycache__", "node_modules", "__MACOSX", "venv", "dist", "build"})
_NO_WRAPPERS: Final = frozenset({"src", "tests", "test", "lib"})  # folders that mean something at the top
_NAMED: Final = 20  # of what is left out
_TAR: Final = b"\x1f\x8b"


@dataclass(frozen=True)
class Folder:
    """What an archive holds.

    Args:
        files: Each under its path, in the order of the paths; an empty file has an empty text.
        left: What was left out, each with a reason in a few words.
        top: A folder around everything, which the paths are told without; empty for none.
    """

    files: tuple[Parsed, ...]
    left: tuple[str, ...] = ()
    top: str = ""


def read(name: str, content: bytes, limits: Limits) -> Folder | None:
    """Return what an archive of text files holds; None where the file is no such archive.

    Raises:
        UnreadableError: It is refused; the sentence says why.
    """
    try:
        entries = _untarred(name, content) if content.startswith(_TAR) else _unzipped(name, content)
        if entries is None:
            return None
        held, left = _sorted(entries)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as bad:
        raise UnreadableError(f"{name!r} is damaged: its archive cannot be unpacked. Send it again.") from bad
    top = _wrapper(held)
    texts = [_text(path.removeprefix(top), one, limits) for path, one in sorted(held.items())]
    files = [one for one in texts if isinstance(one, Parsed)]
    left = [*left, *(one for one in texts if isinstance(one, str))]
    if not any(one.text for one in files):
        raise UnreadableError(f"{name!r} is an archive without text files in it. Unpack it and send the files.")
    return Folder(tuple(files), (*left[:_NAMED], *([f"and {len(left) - _NAMED} more"] if len(left) > _NAMED else [])), top)


def _unzipped(name: str, content: bytes) -> Iterator[tuple[str, bytes]] | None:
    """Return the files of a ZIP archive one by one; None for an Office file, and for what is no ZIP archive."""
    if not content.startswith(b"PK\x03\x04"):
        return None
    whole = zipfile.ZipFile(io.BytesIO(content))
    entries = whole.infolist()
    if any(main in whole.namelist() for main in MAIN):
        return None
    if any(one.flag_bits & 1 for one in entries):
        raise UnreadableError(f"{name!r} is locked with a password. Remove it and send it again.")
    if any(stat.S_IFMT(one.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR} for one in entries):
        raise _link(name)
    _check(name, [(one.filename, one.file_size) for one in entries])
    return ((one.filename, _unpacked(name, whole, one)) for one in entries if not one.is_dir())


def _untarred(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a packed TAR archive one by one, never reading beyond the limit."""
    try:
        raw = zlib.decompressobj(16 + zlib.MAX_WBITS)
        unpacked = raw.decompress(content, MOST_BYTES + (MOST_FILES << 11))
        if raw.unconsumed_tail:
            raise _too_large(name)
        if not raw.eof:
            raise EOFError
        whole = tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:")  # noqa: SIM115  in memory
    except tarfile.ReadError as other:
        raise UnreadableError(f"{name!r} is a gzip archive. Unpack it and send the files.") from other
    members = whole.getmembers()
    if any(one.issparse() or not (one.isreg() or one.isdir()) for one in members):
        raise _link(name)
    _check(name, [(f"{one.name}/" if one.isdir() else one.name, one.size) for one in members])
    for one in members:
        if one.isreg() and (stream := whole.extractfile(one)) is not None:
            yield one.name, stream.read(one.size)


def _unpacked(name: str, whole: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a file of an archive, never more of it than the directory says; nothing of what lies aside."""
    if _aside(entry.filename):
        return b""
    with whole.open(entry) as stream:
        read = stream.read(entry.file_size + 1)
    if len(read) > entry.file_size:
        raise UnreadableError(f"{name!r} is damaged: a file in it is larger than it says. Send it again.")
    return read


def _check(name: str, entries: list[tuple[str, int]]) -> None:
    """Refuse an archive whose directory alone says that it leads out, or is too much."""
    files = [(path, size) for path, size in entries if not path.endswith("/")]
    astray = next((path for path, _ in entries if _leads_out(path)), None)
    if astray is not None:
        raise UnreadableError(f"{name!r} was not unpacked: the path {astray[:80]!r} in it leads out of its folder.")
    if len({path for path, _ in files}) < len(files):
        raise UnreadableError(f"{name!r} was not unpacked: it holds two files of one path.")
    wanted = [(path, size) for path, size in files if not _aside(path)]
    if len(wanted) > MOST_FILES or sum(size for _, size in wanted) > MOST_BYTES:
        raise _too_large(name)
    deep = next((path for path, _ in wanted if path.count("/") > DEEPEST or len(path) > LONGEST_PATH), None)
    if deep is not None:
        raise UnreadableError(f"{name!r} was not unpacked: {deep[:80]!r} lies deeper than {DEEPEST} folders.")


def _leads_out(path: str) -> bool:
    parts = path.removesuffix("/").split("/")
    return any(part in {"", ".."} or any(sign in part for sign in "\\:\0") for part in parts)


def _sorted(entries: Iterable[tuple[str, bytes]]) -> tuple[dict[str, bytes], list[str]]:
    """Return what may be read by its path, and what lies aside."""
    held: dict[str, bytes] = {}
    aside: dict[str, int] = {}
    for path, content in entries:
        if folder := _aside(path):
            aside[folder] = aside.get(folder, 0) + 1
        else:
            held["/".join(part for part in path.split("/") if part != ".")] = content
    return held, [f"{folder} (hidden or generated)" for folder in sorted(aside)]


def _aside(path: str) -> str:
    """Return the hidden or generated part of a path that ends with it; empty when there is none."""
    parts = path.split("/")
    for at, part in enumerate(parts):
        if part in _GENERATED or (part.startswith(".") and part != "."):
            return "/".join(parts[: at + 1])
    return ""


def _wrapper(held: Iterable[str]) -> str:
    """Return the folder around everything with its slash, as archives of repositories have one; empty for none."""
    paths = list(held)
    tops = {path.partition("/")[0] for path in paths}
    [top, *others] = tops or {""}
    if others or top in _NO_WRAPPERS or top in paths or f"{top}/__init__.py" in paths:
        return ""
    return f"{top}/" if top else ""


def _text(path: str, content: bytes, limits: Limits) -> Parsed | str:
    """Return a file's text exactly as it stands, or that it is left out and why."""
    if not content.strip():
        return Parsed(path, media.Media.TEXT, "", ())
    sheet = Sheet(path, replace(limits, pictures=0))
    try:
        found = media.recognise(path, content)
        if found not in media.WRITTEN:
            return f"{path} (no text)"
        plain.read(sheet, content, as_it_stands=True)
        return sheet.parsed(media.Media.TEXT)
    except UnreadableError:
        return f"{path} (no text)"


def _link(name: str) -> UnreadableError:
    return UnreadableError(f"{name!r} was not unpacked: it holds a link or a device. Pack the files themselves.")


def _too_large(name: str) -> UnreadableError:
    most = f"{MOST_FILES} files or {MOST_BYTES // 1_000_000} MB"
    return UnreadableError(f"{name!r} unpacks to more than {most}, so it was not opened. Send the part that matters.")
