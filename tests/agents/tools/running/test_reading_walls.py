"""The walls around the process that reads people's files: what even a file that takes it over would find."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from agents.tools import documents, running
from tests.agents.tools import files

LOOKS = """
import json, os, socket, sys
def tried(what):
    try:
        return str(what())
    except OSError as refused:
        return type(refused).__name__
print(json.dumps({
    "root": os.getuid() == 0,
    "environment": sorted(set(os.environ) - {"LC_CTYPE", "PWD"}),
    "checkout": sorted(os.listdir()),
    "outside": tried(lambda: open(CANARY).read()),
    "other processes": tried(lambda: os.listdir("/proc")),
    "network": tried(lambda: socket.create_connection(("127.0.0.1", PORT), 1)),
    "written": [place for place in ("/", "/tmp", "/dev", "/dev/shm", "/project", os.getcwd(), sys.prefix)
                if os.access(place, os.W_OK)],
}))
"""


async def test_whoever_takes_over_the_reading_process_finds_our_code_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("JIDOKA_CANARY", "canary")
    (tmp_path / "canary").write_text("canary")
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    looks = LOOKS.replace("CANARY", repr(str(tmp_path / "canary")))
    looks = looks.replace("PORT", str(server.sockets[0].getsockname()[1]))
    monkeypatch.setattr(documents, "_COMMAND", (sys.executable, "-B", "-s", "-c", looks))

    started = await documents._start(walled=True)
    found, _ = await started.process.communicate()
    assert await started.end()
    server.close()
    await server.wait_closed()

    assert json.loads(found) == {
        "root": False,
        "environment": [],
        "checkout": sorted({"agents", *_installed()}),
        "outside": "FileNotFoundError",
        "other processes": "FileNotFoundError",
        "network": "ConnectionRefusedError",
        "written": [],
    }


def _installed() -> set[str]:
    """Return where in the checkout this Python is, when it is there."""
    here = Path(sys.prefix)
    return {here.relative_to(running.CHECKOUT).parts[0]} if here.is_relative_to(running.CHECKOUT) else set()


@pytest.mark.usefixtures("walls")
async def test_a_file_is_read_behind_walls_where_there_are_some():
    reading = asyncio.create_task(
        documents.parse("a.xlsx", files.excel({"S": [[n] * 20 for n in range(2_000)]}))
    )
    seen = await _first_child()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    assert seen == "bwrap"


async def _first_child() -> str:
    """Return the name of the first program this process starts."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    async with asyncio.timeout(20):
        while True:
            for child in children.read_text(encoding="ascii").split():
                name = Path(f"/proc/{child}/comm").read_text(encoding="ascii").strip()
                if name != Path(sys.executable).resolve().name and not name.startswith(("python", "pytest")):
                    return name
            await asyncio.sleep(0.002)
