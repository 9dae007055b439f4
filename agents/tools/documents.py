"""Reading files people send: text with a map from page or row to its place, parsed in a process of its own.

A hostile file can at worst end that process: it has an empty environment, no network, no writing, and bounds
on memory, processor time and wall time; where bubblewrap works, none of this machine's files and processes either.
What it answers is checked before it is believed.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import pairwise
from typing import Any, Final, TypeVar

from agents.errors import UnreadableError
from agents.tools import running
from agents.tools.parsing.folder import Folder
from agents.tools.parsing.spans import Limits, Parsed, Picture, Span
from agents.tools.running import Started

__all__ = ["Folder", "Limits", "Parsed", "Picture", "Span", "at", "parse", "ranges", "unpack"]

_Found = TypeVar("_Found")
_COMMAND: Final = (sys.executable, "-B", "-s", "-m", "agents.tools.parsing")
_DEFAULT: Final = Limits()
_JPEG: Final = b"\xff\xd8\xff"  # how a picture made small begins
_LONGEST_SENTENCE: Final = 600  # characters of a refusal; ours are far shorter
_NUMBERED: Final = re.compile(
    r"(?P<head>.*?)(?P<noun>page|row|line|paragraph|footnote|slide|search result) (?P<number>\d+)", re.DOTALL
)


async def parse(name: str, content: bytes, *, limits: Limits = _DEFAULT, address: str = "") -> Parsed:
    """Return a document's text and the map of its parts.

    PDF by page, Word by paragraph and table row, Excel by sheet and row, PowerPoint by slide, CSV by row, HTML by
    paragraph of its readable text, Markdown and plain text by line. What only eyes can read, a picture or a scanned
    page, comes as a small picture beside the text. Where links of the web lead stands behind the text of HTML, Word and
    PDF, as in ``price list (https://acme.test/prices)``. The kind is what the bytes say. A row under a header reads
    ``Plan: Pro | Price: 20 USD``; a quote of it stands word for word in ``text``, as everything quoted must.

    Args:
        name: As the person named it, such as ``prices.xlsx``; an ending that the bytes contradict is refused.
        content: The whole file.
        limits: The most it may take; above one of them it is refused.
        address: Of a page of the web; its links begin there.

    Raises:
        UnreadableError: The file is refused or cannot be read; the sentence says why and what to do.
    """
    return _checked(name, await _asked(name, content, limits, {"unpacked": False, "address": address}), _parsed)


async def unpack(name: str, content: bytes, *, limits: Limits = _DEFAULT) -> Folder:
    """Return the text files of an archive, as they stand and with their paths; of any other file, the file alone.

    Args:
        name: As the person named it, such as ``shop.zip`` or ``shop.tar.gz``.
        content: The whole file.
        limits: As for ``parse``.

    Raises:
        UnreadableError: It is refused or cannot be read; the sentence says why and what to do.
    """
    return _checked(name, await _asked(name, content, limits, {"unpacked": True, "address": ""}), _folder)


async def _asked(name: str, content: bytes, limits: Limits, how: dict[str, Any]) -> bytes:
    """Return what a process of its own says of a file."""
    if len(content) > limits.input_bytes:
        raise UnreadableError(
            f"{name!r} is larger than {limits.input_bytes // 1_000_000} MB. Send the part that matters."
        )
    walled = not await asyncio.to_thread(running.unavailable)
    started = await _start(walled)
    try:
        async with asyncio.timeout(limits.wall_s):
            asked = {"name": name, "limits": asdict(limits), "walled": walled, **how}
            return await _exchange(started.process, asked, content, limits)
    except TimeoutError as late:
        raise UnreadableError(
            f"{name!r} took longer than {limits.wall_s:g} s to read, so it was put away."
        ) from late
    finally:
        await started.end()


def at(spans: Sequence[Span], start: int, end: int) -> str:
    """Return where a character range lies: "page 2", "rows 3–4", "sheet A, row 9; sheet B, rows 1–2".

    Empty when the range touches no part.
    """
    first = max(bisect_right(spans, start, key=lambda span: span.start) - 1, 0)
    last = max(end, start + 1)
    return ranges([span.label for span in _until(spans, first, last) if span.end > start])


def ranges(labels: Sequence[str]) -> str:
    """Return the labels of parts in few words: "page 2; pages 4–7"."""
    return "; ".join(_told(group) for group in _neighbours(list(labels)))


def _until(spans: Sequence[Span], first: int, end: int) -> list[Span]:
    beyond = bisect_right(spans, end - 1, key=lambda span: span.start)
    return list(spans[first:beyond])


def _neighbours(labels: list[str]) -> list[list[str]]:
    """Return the labels in groups that share everything but their number."""
    groups = [labels[:1]] if labels else []
    for before, label in pairwise(labels):
        if _family(before) is not None and _family(before) == _family(label):
            groups[-1].append(label)
        else:
            groups.append([label])
    return groups


def _family(label: str) -> tuple[str, str] | None:
    match = _NUMBERED.fullmatch(label)
    return (match["head"], match["noun"]) if match else None


def _told(group: list[str]) -> str:
    first, last = _NUMBERED.fullmatch(group[0]), _NUMBERED.fullmatch(group[-1])
    if len(group) == 1 or first is None or last is None:
        return group[0]
    return f"{first['head']}{first['noun']}s {first['number']}–{last['number']}"


async def _start(walled: bool) -> Started:
    if walled:
        return await running.start(_COMMAND, shown=running.CODE, place=str(running.CHECKOUT), stderr=DEVNULL)
    return Started(
        await asyncio.create_subprocess_exec(
            *_COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd=running.CHECKOUT
        )
    )


async def _exchange(process: Process, asked: dict[str, Any], content: bytes, limits: Limits) -> bytes:
    sending = asyncio.create_task(_send(process, json.dumps(asked).encode("ascii") + b"\n", content))
    try:
        # A character is at most 4 bytes of JSON, a part's place fewer than 300.
        return await _receive(
            process, 4 * limits.characters + 300 * limits.parts + limits.picture_bytes + 10_000
        )
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending


async def _send(process: Process, asked: bytes, content: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 - we asked for the pipe
    with suppress(ConnectionError):  # the child may refuse before it has read everything
        process.stdin.write(asked)
        process.stdin.write(content)
        await process.stdin.drain()
    process.stdin.close()


async def _receive(process: Process, most: int) -> bytes:
    assert process.stdout is not None  # noqa: S101 - we asked for the pipe
    answer = bytearray()
    while len(answer) <= most and (chunk := await process.stdout.read(1 << 16)):
        answer += chunk
    return bytes(answer[: most + 1])


def _checked(name: str, answer: bytes, take: Callable[[str, dict[str, Any]], _Found]) -> _Found:
    try:
        said: dict[str, Any] = json.loads(answer)
        refused = said.get("refused")
        found = None if refused else take(name, said)
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise UnreadableError(
            f"{name!r} cannot be read: it is damaged or needs too much memory or time."
        ) from broken
    if found is None:
        raise UnreadableError(str(refused)[:_LONGEST_SENTENCE])
    return found


def _folder(name: str, said: dict[str, Any]) -> Folder:
    if "folder" not in said:
        return Folder((_parsed(name, said),))
    held = said["folder"]
    files = tuple(_parsed(str(one["name"]), one) for one in held["files"])
    return Folder(files, tuple(map(str, held["left"])), str(held["top"]))


def _parsed(name: str, said: dict[str, Any]) -> Parsed:
    text, spans = str(said["text"]), tuple(Span(**span) for span in said["spans"])
    bounds = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    if any(before > after for before, after in pairwise(bounds)):
        raise ValueError("The parts overlap or lie outside the text.")
    pictures = tuple(Picture(str(one["label"]), _checked_picture(str(one["data"]))) for one in said["pictures"])
    unread = tuple(map(str, said["unread"]))
    return Parsed(name, str(said["media_type"]), text, spans, str(said["title"]), pictures, unread)


def _checked_picture(data: str) -> str:
    if not base64.b64decode(data, validate=True).startswith(_JPEG):
        raise ValueError("A picture is no JPEG.")
    return data
