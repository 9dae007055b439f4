"""Hostile programs in both sandboxes, watched from outside."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agents.errors import ToolError
from agents.tools.running import CalculationLimits, RunLimits, calculate, run_project
from storage import ids
from tests.agents.tools.running.hostile import PROGRAMS, SHORT

pytestmark = pytest.mark.usefixtures("walls")

LIMIT_S = 1.0
SHORT_S = 0.6
CONTENT = "canary-of-a-file"
VARIABLE, VALUE = "JIDOKA_CANARY", "canary-of-the-environment"


@dataclass
class Outside:
    """What a program might reach, and what was seen of it."""

    canary: Path
    mark: Path
    port: int
    abstract: str
    victim: subprocess.Popen[bytes]
    calls: list[str] = field(default_factory=list)

    def written(self, program: str) -> str:
        places = {
            "CANARY": self.canary, "MARK": self.mark, "PORT": self.port, "ABSTRACT": self.abstract,
            "VICTIM": self.victim.pid, "SECRET": VARIABLE,
            "'ESCAPED'": "''.join(('ESC', 'APED'))",  # so that a traceback that quotes the line does not count
        }  # fmt: skip
        for name, value in places.items():
            program = program.replace(name, str(value))
        return program

    def harm(self, said: str) -> list[str]:
        """Return everything a program did that it must not be able to do."""
        with suppress(ChildProcessError):
            _, status = os.waitpid(self.victim.pid, os.WNOHANG | os.WUNTRACED)
            self.calls += ["harmed the victim"] * bool(status)
        found = [word for word in (CONTENT, VALUE, "ESCAPED") if word in said]
        return [*found, *self.calls, *(["made a file"] if self.mark.exists() else [])]


@pytest.fixture
async def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Outside]:
    monkeypatch.setenv(VARIABLE, VALUE)
    canary = tmp_path / "canary.txt"
    canary.write_text(CONTENT)
    victim = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"])
    with (
        socket.socket(socket.AF_UNIX) as local,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
    ):
        abstract = ids.new("abstract")
        watched = Outside(canary, tmp_path / "mark.txt", 0, abstract, victim)

        async def called(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            watched.calls += ["called by TCP"] * (abstract.encode() in await reader.read(1_000))
            writer.close()

        def sent() -> None:
            watched.calls += ["sent a datagram"] * (abstract.encode() in datagrams.recv(1_000))

        server = await asyncio.start_server(called, "127.0.0.1", 0)
        watched.port = server.sockets[0].getsockname()[1]
        datagrams.bind(("127.0.0.1", watched.port))
        local.bind(f"\0{abstract}")
        local.listen()
        asyncio.get_running_loop().add_reader(local, watched.calls.append, "called by name")
        asyncio.get_running_loop().add_reader(datagrams, sent)
        yield watched
        for one in (local, datagrams):
            asyncio.get_running_loop().remove_reader(one)
        server.close()
        await server.wait_closed()
    victim.kill()
    victim.wait()


async def behind_walls(program: str, token: str, limit_s: float) -> str:
    ran = await run_project(
        {"main.py": program}, ("python", "main.py", token), limits=RunLimits(wall_s=limit_s, cpu_s=5)
    )
    return f"{ran.exit_code} {ran.stopped} {ran.output}"


async def interpreted(program: str, _: str, limit_s: float) -> str:
    try:
        return await calculate(program, limits=CalculationLimits(wall_s=limit_s))
    except ToolError as stopped:
        return str(stopped)


SANDBOXES = {"walls": behind_walls, "interpreter": interpreted}


async def _hold(
    outside: Outside, run: Callable[[str, str, float], Awaitable[str]], names: list[str], limit_s: float
) -> dict[str, object]:
    """Return, by program, what it did or how long it took; empty when every one was held.

    Other tests share the machine, so a program is late only when it is late twice; harm counts at once.
    """
    wrong: dict[str, object] = {}
    for name in names:
        tries = [await _watched(outside, run, name, limit_s)]
        if not tries[0][0] and tries[0][1] > limit_s + 1:
            tries.append(await _watched(outside, run, name, limit_s))
        if any(harm for harm, _, _ in tries) or tries[-1][1] > limit_s + 1:
            wrong[name] = tries
    return wrong


async def _watched(
    outside: Outside, run: Callable[[str, str, float], Awaitable[str]], name: str, limit_s: float
) -> tuple[list[str], float, str]:
    """Return the harm a program did, the seconds until all of it was over, and what it said."""
    token, began = ids.new("hostile"), time.monotonic()
    said = await run(outside.written(PROGRAMS[name]), token, limit_s)
    harm = outside.harm(said)
    outside.calls.clear()
    left = await _left(token, 5)
    return [*harm, *left], time.monotonic() - began, said[:300]


async def _left(token: str, within_s: float) -> list[str]:
    """Return the processes that still carry a program's token when the time is over."""
    until = time.monotonic() + within_s
    while (found := _carrying(token)) and time.monotonic() < until:
        await asyncio.sleep(0.01)
    return found


def _carrying(token: str) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if token.encode() in entry.read_bytes():
                found.append(str(entry))
    return found


@pytest.mark.parametrize("sandbox", SANDBOXES)
async def test_programs_that_want_out_or_want_everything_are_held(outside: Outside, sandbox: str):
    assert await _hold(outside, SANDBOXES[sandbox], list(SHORT), SHORT_S) == {}


@pytest.mark.long
@pytest.mark.parametrize("sandbox", SANDBOXES)
async def test_every_hostile_program_is_held(outside: Outside, sandbox: str):
    assert len(PROGRAMS) >= 40
    assert await _hold(outside, SANDBOXES[sandbox], [*PROGRAMS], LIMIT_S) == {}


REACHING = {
    "reads a file": CONTENT,
    "reads the environment": VALUE,
    "makes a file": "made a file",
    "calls the host": "called by TCP",
    "sends to the host": "sent a datagram",
    "calls by an abstract name": "called by name",
    "stops others": "harmed the victim",
}


@pytest.mark.parametrize("name", REACHING)
async def test_without_a_sandbox_the_same_programs_reach_all_of_it(outside: Outside, name: str):
    done = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        outside.written(PROGRAMS[name]),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    said, _ = await done.communicate()
    async with asyncio.timeout(5):
        while REACHING[name] not in outside.harm(said.decode()):
            await asyncio.sleep(0.01)
