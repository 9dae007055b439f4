"""The scripted model server: a real HTTP server in its own process, so that it outlives whoever calls it.

In a test::

    async with scripted_model([{"when": {"role": "writer"}, "reply": {"text": "Done."}}], tmp_path) as model:
        ...  # ANTHROPIC_BASE_URL is model.url
        assert [call.role for call in model.calls()] == ["writer"]

By hand: ``python -m tests.servers.model --script file.json --log file.jsonl --port 0`` prints a line of JSON
with its url.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from tests.servers import calls as log_of
from tests.servers import script as scripts
from tests.servers.app import Server
from tests.servers.batches import PATH as BATCHES
from tests.servers.calls import Call, Log
from tests.servers.desk import Desk
from tests.servers.script import Script

ROOT: Final = Path(__file__).parents[2]
START_S: Final = 60

End = Callable[[], Awaitable[None]]


class ModelServer:
    """A running scripted model server, as a test sees it."""

    def __init__(self, url: str, log: Path, script: list[dict[str, Any]], end: End) -> None:
        self.url = url
        self.log = log
        self._lines = scripts.read(script)
        self._end = end

    def calls(self, **named: Any) -> list[Call]:
        """Return the Messages requests so far, oldest first; with ``role="critic"`` only the critic's."""
        found = [call for call in self.requests() if call.path == "/v1/messages"]
        return [call for call in found if all(getattr(call, name) == value for name, value in named.items())]

    def batches(self, **named: Any) -> list[Call]:
        """Return the calls that came by message batches, oldest first; each batch counts by its first."""
        found = [call for call in self.requests() if call.path == BATCHES and (call.role or call.refused)]
        return [call for call in found if all(getattr(call, name) == value for name, value in named.items())]

    def requests(self) -> list[Call]:
        """Return every request so far, to any address."""
        return log_of.read(self.log)

    def repeats(self) -> list[Call]:
        """Return the calls that were answered before, byte for byte: what was paid twice."""
        return [call for call in self._all() if call.repeat]

    def unscripted(self) -> list[str]:
        """Return a sentence for every request that the script had no answer for."""
        return [call.unscripted for call in self._all() if call.unscripted]

    def refused(self) -> list[str]:
        """Return the rules of the API that requests broke."""
        return [call.refused for call in self._all() if call.refused]

    def unused(self) -> list[int]:
        """Return the numbers (from 1) of lines that served nobody, those with ``times: "*"`` left out."""
        used = {call.line for call in self._all()}
        return [line.number for line in self._lines if line.times is not None and line.number not in used]

    def _all(self) -> list[Call]:
        paths = {"/v1/messages", BATCHES}
        return [call for call in self.requests() if call.path in paths]

    def check(self) -> None:
        """Raise AssertionError unless script and requests fitted each other."""
        wrong = [*self.unscripted(), *(f"The API refuses: {rule}" for rule in self.refused())]
        wrong += [f"Line {number} of the script served nobody." for number in self.unused()]
        if wrong:
            raise AssertionError("The model server's script was not followed.\n" + "\n".join(wrong))

    async def close(self) -> None:
        """End the server; its log stays."""
        await self._end()


@asynccontextmanager
async def scripted_model(
    script: list[dict[str, Any]], folder: Path, *, check: bool = True, outlives: bool = True
) -> AsyncIterator[ModelServer]:
    """Give a running server; its script and its log are files in ``folder``.

    Args:
        script: Lines as ``tests.servers.script`` describes them.
        folder: An existing folder; one server a folder.
        check: At the end, fail for unused lines, unscripted requests and broken rules.
        outlives: Whether it has a process of its own; where nobody is killed, this loop serves sooner.
    """
    server = await (start if outlives else serve_here)(script, folder)
    try:
        yield server
        if check:
            server.check()
    finally:
        await server.close()


async def start(script: list[dict[str, Any]], folder: Path) -> ModelServer:
    """Return a server that runs until it is closed, or until this process ends."""
    scripts.read(script)  # a badly written script fails here, in the test
    written, log = folder / "model-script.json", folder / "model-calls.jsonl"
    written.write_text(json.dumps(script, ensure_ascii=False), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "tests.servers.model",
            "--script",
            written,
            "--log",
            log,
            "--until-input-ends",
        ),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(START_S):
        said = await process.stdout.readline()
    if not said:
        raise RuntimeError(f"The model server did not start (exit code {await process.wait()}).")

    async def end() -> None:
        if process.returncode is None:
            process.terminate()
        await process.communicate()

    return ModelServer(json.loads(said)["url"], log, script, end)


async def serve_here(script: list[dict[str, Any]], folder: Path) -> ModelServer:
    """Return a server on this very loop."""
    log = folder / "model-calls.jsonl"
    url, end = await _serving(script, log, 0)
    return ModelServer(url, log, script, end)


async def serve(script: Path, log: Path, port: int, *, until_input_ends: bool) -> None:
    """Serve until the process is told to end, or until its input ends where that is asked for."""
    url, end = await _serving(json.loads(script.read_text(encoding="utf-8")), log, port)
    print(json.dumps({"url": url}), flush=True)
    await _told_to_end(until_input_ends)
    await end()


async def _serving(script: list[dict[str, Any]], log: Path, port: int) -> tuple[str, End]:
    """Begin to serve; return the address and how to end."""
    book = Log(log)
    runner = web.AppRunner(
        Server(Desk(Script(scripts.read(script))), book).app(),
        access_log=None,
        handler_cancellation=True,
        shutdown_timeout=0.1,
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()

    async def end() -> None:
        await runner.cleanup()
        book.close()

    return f"http://127.0.0.1:{runner.addresses[0][1]}", end


async def _told_to_end(until_input_ends: bool) -> None:
    end, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    if until_input_ends:
        loop.add_reader(sys.stdin.fileno(), lambda: None if os.read(sys.stdin.fileno(), 1) else end.set())
    await end.wait()
    if until_input_ends:
        loop.remove_reader(sys.stdin.fileno())


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="A scripted model server.")
    parser.add_argument("--script", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--until-input-ends", action="store_true", help="end when standard input is closed")
    told = parser.parse_args()
    asyncio.run(serve(told.script, told.log, told.port, until_input_ends=told.until_input_ends))


if __name__ == "__main__":
    main()
