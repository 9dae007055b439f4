"""Taking from this process what a reader of files does not need, before a hostile file is opened."""

from __future__ import annotations

import os
import resource
import sys
from typing import Any, Final

from agents.tools.parsing.spans import Limits

_FORBIDDEN: Final = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.kill",
)
_FORBIDDEN_FILES: Final = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "shutil.",
)
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PROCESSES: Final = 8  # processes and threads; a reader needs one


def close(limits: Limits, *, walled: bool = False) -> None:
    """Bound memory, processor time and files; refuse network, programs and writing. There is no way back.

    Args:
        limits: The most it may take.
        walled: Whether bubblewrap is around it: then nobody else is this user, and its processes can be counted.
    """
    if walled:
        _bound(resource.RLIMIT_NPROC, _PROCESSES)
    _bound(resource.RLIMIT_AS, limits.memory_bytes)
    _bound(resource.RLIMIT_CPU, limits.cpu_s)
    _bound(resource.RLIMIT_FSIZE, 0)
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_NOFILE, 64)
    sys.addaudithook(_refuse)


def _bound(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (allowed, allowed))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith((*_FORBIDDEN, *_FORBIDDEN_FILES)):
        raise PermissionError(f"A reader of files does not need {event!r}.")
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        raise PermissionError("A reader of files does not write any.")
