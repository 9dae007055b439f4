from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from agents.tools import running
from storage import ids

IN_A_CONTAINER = """
import asyncio, pathlib
from agents.tools import documents, running

async def main():
    assert (await running.run_project({}, ("python", "-c", "print(1)"))).passed
    assert not (await running.run_project({}, ("sleep", "9"), limits=running.RunLimits(wall_s=0.3))).passed
    assert (await documents.parse("a.txt", b"Read.")).text == "Read."
    states = [path.read_text().rpartition(")")[2].split()[0] for path in pathlib.Path("/proc").glob("[0-9]*/stat")]
    print(len(states), "Z" in states)

asyncio.run(main())
"""


@pytest.mark.usefixtures("walls")
async def test_a_bot_that_is_the_first_process_of_a_container_keeps_no_dead_ones():
    alone = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"]
    if os.geteuid() != 0:
        alone += ["--user", "--map-current-user"]
    process = await asyncio.create_subprocess_exec(
        *alone, sys.executable, "-c", IN_A_CONTAINER, cwd=running.CHECKOUT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()

    assert said.decode() == "1 False\n"


@pytest.mark.parametrize("after_s", [0, 0.001, 0.002, 0.004, 0.008, 0.016])
async def test_a_program_given_up_in_its_first_moments_is_over(after_s: float):
    token = ids.new("given-up")
    for _ in range(2):
        task = asyncio.create_task(_run(token))
        await asyncio.sleep(after_s)
        task.cancel()
        async with asyncio.timeout(20):
            with pytest.raises(asyncio.CancelledError):
                await task

    assert await _left(token) == []


async def _run(token: str) -> None:
    started = await running.start(["sh", "-c", "sleep 600", token])
    try:
        await started.process.communicate()
    finally:
        await started.end()


async def _left(token: str) -> list[str]:
    """Return the processes that carry the token and do not go."""
    for _ in range(200):
        if not (
            found := [str(path) for path in Path("/proc").glob("[0-9]*/cmdline") if _carries(path, token)]
        ):
            return []
        await asyncio.sleep(0.01)
    return found


def _carries(path: Path, token: str) -> bool:
    with suppress(OSError):
        return token.encode() in path.read_bytes()
    return False
