"""Real Python, walled in: the files of a small project and one command, run by bubblewrap within limits."""

from __future__ import annotations

import asyncio
import json
import resource
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from agents.errors import ToolError
from agents.tools.running import bubblewrap
from agents.tools.running.printed import readable
from agents.tools.running.starting import Started, start
from agents.tools.running.watching import watch

_LAUNCH: Final = (Path(__file__).parent / "launch.py").read_text(encoding="utf-8")
_COMMAND: Final = (sys.executable, "-I", "-S", "-c", _LAUNCH)
_ENDED: Final = 128 + signal.SIGKILL
_OUT_OF_TIME: Final = 128 + signal.SIGXCPU


@dataclass(frozen=True)
class RunLimits:
    """The most a program may take; above one of them it is stopped, or told so by the system.

    Args:
        wall_s: Seconds from start to end.
        cpu_s: Seconds of processor time a process.
        memory_bytes: Address space a process.
        total_bytes: Resident memory of all its processes together.
        room_bytes: What it may write under ``/project`` and under ``/tmp``, each; all of it is memory.
        file_bytes: One file.
        files: How many files and folders it may have.
        processes: Processes and threads at once.
        characters: What it may print.
    """

    wall_s: float = 30.0
    cpu_s: int = 20
    memory_bytes: int = 768_000_000
    total_bytes: int = 1_000_000_000
    room_bytes: int = 64_000_000
    file_bytes: int = 32_000_000
    files: int = 20_000
    processes: int = 32
    characters: int = 100_000


_DEFAULT: Final = RunLimits()


@dataclass(frozen=True)
class Ran:
    """What became of a program.

    Args:
        exit_code: What it ended with; 137 when it was stopped, 128 and the signal's number when a signal ended it.
        output: What it printed, both streams as they came; cut at the limit.
        stopped: Why it was stopped, as a sentence; empty when it ended by itself.
    """

    exit_code: int
    output: str
    stopped: str = ""

    @property
    def passed(self) -> bool:
        """Whether it ended by itself and said that all is well."""
        return self.exit_code == 0 and not self.stopped


async def run_project(
    files: Mapping[str, str], command: Sequence[str], *, limits: RunLimits = _DEFAULT
) -> Ran:
    """Run a command among some files, in a place of its own that is gone afterwards.

    ``python`` is this installation's, with its packages; the network, the host's files and its environment are not there.

    Args:
        files: Text by its path, such as ``app/main.py``; written before the command starts.
        command: Program and arguments, such as ``("python", "-m", "unittest")``; no shell reads it.
        limits: The most it may take.

    Returns:
        What it ended with and printed; a failing or stopped program is a result, not an error.

    Raises:
        ToolError: Nothing was run: no sandbox works here, or a path leads out of the project; the sentence says which.
    """
    asked = _asked(files, command, limits)
    if off := await asyncio.to_thread(bubblewrap.unavailable):
        raise ToolError(off)
    return await _finish(await start(_COMMAND, room=limits.room_bytes, place=bubblewrap.PLACE), asked, limits)


def _asked(files: Mapping[str, str], command: Sequence[str], limits: RunLimits) -> bytes:
    if not command:
        raise ToolError("Say what to run, such as: python -m unittest.")
    _check(files, limits)
    bounds = [
        (resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1),
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes),
        (resource.RLIMIT_NPROC, limits.processes, limits.processes),
        (resource.RLIMIT_NOFILE, 256, 256),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_MEMLOCK, 0, 0),
    ]
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": bubblewrap.PLACE,
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",  # the same program prints the same twice
        "PYTHONUNBUFFERED": "1",  # what it printed before it was stopped is not lost
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # this installation has plugins a small project does not ask for
    }
    asked = {
        "files": dict(files),
        "command": list(command),
        "environment": environment,
        "limits": bounds,
    }
    return json.dumps(asked).encode("ascii")


def _check(files: Mapping[str, str], limits: RunLimits) -> None:
    for name in files:
        path = PurePosixPath(name)
        if not path.parts or path.is_absolute() or ".." in path.parts or "\0" in name or len(name) > 200:
            raise ToolError(f"The path {name!r} leads out of the project: name files like 'app/main.py'.")
        if any(str(above) in files for above in path.parents):
            raise ToolError(
                f"The path {name!r} lies inside another file: a folder and a file share its name."
            )
    if len(files) > limits.files // 2 or _size(files) > limits.room_bytes // 2:
        raise ToolError("The project is too large to run: send fewer or smaller files.")


def _size(files: Mapping[str, str]) -> int:
    try:
        return sum(len(text.encode()) for text in files.values())
    except UnicodeEncodeError as wrong:
        raise ToolError("A file of the project holds characters that cannot be written as UTF-8.") from wrong


async def _finish(started: Started, asked: bytes, limits: RunLimits) -> Ran:
    """Return what it printed and how it ended; its processes are over then, or the kernel is ending them."""
    printed, process = bytearray(), started.process
    sending = asyncio.create_task(_send(process, asked))
    works = (
        _print_into(process, printed, limits.characters),
        watch(process.pid, limits.total_bytes, limits.files, bubblewrap.PLACE),
    )
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, timeout=limits.wall_s, return_when=asyncio.FIRST_COMPLETED)
        stopped = next(iter(done)).result() if done else f"It took longer than {limits.wall_s:g} s."
    finally:
        for task in (*tasks, sending):
            task.cancel()
        await asyncio.gather(*tasks, sending, return_exceptions=True)
        began = await started.end()
    return _told(process, bytes(printed), stopped, began, limits)


async def _send(process: Process, asked: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 - we asked for the pipe
    with suppress(ConnectionError):  # it may have ended before it has read everything
        process.stdin.write(asked)
        await process.stdin.drain()
    process.stdin.close()


async def _print_into(process: Process, printed: bytearray, most: int) -> str:
    assert process.stdout is not None  # noqa: S101 - we asked for the pipe
    while chunk := await process.stdout.read(1 << 14):
        printed += chunk
        if len(printed) > most:
            return f"It printed more than {most:,} characters."
    await process.wait()  # it may have closed its streams and work on
    return ""


def _told(process: Process, printed: bytes, stopped: str, began: bool, limits: RunLimits) -> Ran:
    output = readable(printed[: limits.characters].decode("utf-8", errors="replace"))
    if stopped:
        return Ran(_ENDED, output, stopped)
    if not began:
        raise ToolError(f"The sandbox failed: {output.strip()[:300] or 'it ended without a word'}.")
    if (ended := process.returncode or 0) == _OUT_OF_TIME:
        return Ran(ended, output, f"It used more than {limits.cpu_s} s of processor time.")
    return Ran(ended, output)
