"""Watching a sandbox from outside: limits a process has on its own do not add up over many processes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_EVERY_S: Final = 0.05
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def below(pid: int) -> Iterator[int]:
    """Yield the ids of the processes below one, the outermost first; none once it has ended."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:  # it has just ended
        return
    for child in map(int, children):
        yield child
        yield from below(child)


async def watch(root: int, most_bytes: int, most_files: int, place: str) -> str:
    """Return, once it is so, that all processes below one use too much; as a sentence. Never returns otherwise.

    Args:
        root: The process id of the sandbox.
        most_bytes: Resident memory of all its processes together.
        most_files: Files and folders it may have at once in one place.
        place: A folder inside it, such as ``/project``.
    """
    while True:
        await asyncio.sleep(_EVERY_S)
        inside = list(below(root))
        if sum(map(_resident, inside)) > most_bytes:
            return f"Its processes together used more than {most_bytes // 1_000_000:,} MB of memory."
        if inside and _files(inside[0], place) > most_files:
            return f"It made more than {most_files:,} files."


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _files(pid: int, place: str) -> int:
    """Return how many files are kept in memory at a place inside, of all that are mounted for writing there."""
    try:
        held = [os.statvfs(f"/proc/{pid}/root{path}") for path in (place, "/tmp", "/dev/shm")]  # noqa: S108
    except OSError:
        return 0
    return sum(each.f_files - each.f_ffree for each in held)
