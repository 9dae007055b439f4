"""A web server for the tests, byte for byte as each test wants it, and a watch on every connection that is opened."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]

_watched: list[tuple[Any, ...]] | None = None
_hooked = False


class Pages:
    """What the server answers by path, and what it was asked: whole request heads, in order."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: dict[str, bytes | Answer] = {}
        self.heads: list[str] = []

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [head.split(" ")[1] for head in self.heads]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.heads.append(head.decode("latin-1"))
                answer = self.answers.get(self.paths()[-1], page(b"no such page", status="404 Not Found"))
                if isinstance(answer, bytes):
                    writer.write(answer)
                    await writer.drain()
                else:
                    await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has seen enough
        finally:
            writer.close()


def page(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/plain") -> bytes:
    """Return a whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    """Return an answer that sends on."""
    return page(b"", f"Location: {location}", status=status)


@asynccontextmanager
async def serving(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Pages]:
    """Run a server on a loopback address; port 0 takes a free one."""
    pages = Pages(port)
    server = await asyncio.start_server(pages.serve, host, port)
    pages.port = server.sockets[0].getsockname()[1]
    try:
        yield pages
    finally:
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            if task.get_coro().__qualname__ == "Pages.serve":  # type: ignore[union-attr]
                task.cancel()
        await server.wait_closed()


@contextmanager
def watching() -> Iterator[list[tuple[Any, ...]]]:
    """Collect the address of every connection this process opens, by whatever library."""
    global _watched, _hooked
    if not _hooked:
        sys.addaudithook(_note)
        _hooked = True
    _watched = []
    try:
        yield _watched
    finally:
        _watched = None


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _watched is not None:
        _watched.append(arguments[1])


def names(**known: Sequence[str]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """Return a resolver of made-up names, such as ``evil_test=["10.0.0.1"]`` for evil.test; others go to the system."""
    from agents.tools.guarded import resolve

    async def look_up(host: str, port: int) -> Sequence[str]:
        return known.get(host.rstrip(".").replace(".", "_")) or await resolve(host, port)

    return look_up
