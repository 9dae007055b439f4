"""Starting a program behind walls, and ending it with everything it began."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agents.tools.running import bubblewrap

_ENDED_ITSELF: Final = b'"exit-code"'


@dataclass(frozen=True)
class Started:
    """A program under way.

    Args:
        process: Bubblewrap's, or the program's own where no walls are around it.
        status: A descriptor to read bubblewrap's account from; -1 without walls.
    """

    process: Process
    status: int = -1

    async def end(self) -> bool:
        """End it, if it is not over, with all it began; return whether the program itself came to run. To be called once."""
        first, said = await asyncio.to_thread(self._first)
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(first, signal.SIGKILL)  # not process.kill(): it reaps the child under asyncio's eyes
        assert self.process.stdout is not None  # noqa: S101 - we asked for the pipe
        while await self.process.stdout.read(1 << 16):  # a full pipe would keep wait() waiting
            pass
        await self.process.wait()
        return await asyncio.to_thread(self._account, said)

    def _first(self) -> tuple[int, bytes]:
        """Return whose end is the end of all, and what bubblewrap has said so far.

        That is the first process inside; bubblewrap ends after it, by itself. Ended before it, in its first moments,
        bubblewrap would leave a process that waits for it for ever. It names the first process as soon as there is one.
        """
        said = os.read(self.status, 1 << 12) if self.status >= 0 else b""
        return bubblewrap.first_inside(said) or self.process.pid, said

    def _account(self, said: bytes) -> bool:
        if self.status < 0:
            return True
        whole = said + os.read(self.status, 1 << 12)  # all of it: bubblewrap has ended
        os.close(self.status)
        bubblewrap.bury(whole)
        return _ENDED_ITSELF in whole


async def start(
    command: Sequence[str],
    *,
    room: int = 0,
    shown: Sequence[Path] = (),
    place: str = "/",
    stderr: int = STDOUT,
) -> Started:
    """Start a program behind walls; pipes lead to its standard input and from its output.

    Args:
        command: The program and its arguments.
        room: As ``walls`` takes it.
        shown: As ``walls`` takes it.
        place: As ``walls`` takes it.
        stderr: Where its complaints go, as ``asyncio.subprocess`` says it; among its output when not said.
    """
    beginning = asyncio.create_task(_begin(command, room, shown, place, stderr))
    try:
        return await asyncio.shield(beginning)  # asyncio itself would end bubblewrap in its first moments
    except asyncio.CancelledError:
        await (await beginning).end()
        raise


async def _begin(
    command: Sequence[str], room: int, shown: Sequence[Path], place: str, stderr: int
) -> Started:
    reading, writing = os.pipe()
    try:
        with bubblewrap.system_calls() as filtered:
            around = bubblewrap.walls(filtered, room=room, shown=shown, place=place, status=writing)
            kept = [fd for fd in (writing, filtered) if fd >= 0]
            process = await asyncio.create_subprocess_exec(
                *around, *command, stdin=PIPE, stdout=PIPE, stderr=stderr, env={}, pass_fds=kept
            )
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    return Started(process, reading)
