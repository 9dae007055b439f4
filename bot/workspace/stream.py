"""The page's live updates: one WebSocket an open page, as one person."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from aiohttp import WSCloseCode, web

from bot.workspace.state import Json
from bot.workspace.store import dump

_MOST_WAITING: Final = 1000  # frames; a page this far behind is cut off and loads anew


@dataclass(eq=False)
class _Page:
    user: str
    waiting: deque[str] = field(default_factory=deque)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    cut: bool = False

    def offer(self, frame: str) -> None:
        self.waiting.append(frame)
        self.cut |= len(self.waiting) > _MOST_WAITING
        self.news.set()

    def end(self) -> None:
        self.cut = True
        self.news.set()


class Stream:
    """Everybody who has the page open."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._pages: list[_Page] = []

    def tell(self, user: str, frame: Json) -> None:
        """Show one frame to every open page of this person."""
        self._offer([page for page in self._pages if page.user == user], frame)

    def tell_all(self, frame: Json) -> None:
        """Show one frame to every open page."""
        self._offer(self._pages, frame)

    async def accept(self, request: web.Request, user: str, first: Json) -> web.StreamResponse:
        """Serve one page's socket until it ends."""
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        page = _Page(user)
        self._pages.append(page)
        self._offer([page], first)
        sending = asyncio.create_task(self._send(socket, page))
        try:
            async for _ in socket:  # a page says nothing here; reading notices when it goes
                continue
        finally:
            self._pages.remove(page)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        return socket

    async def close(self) -> None:
        """End every page's socket."""
        for page in self._pages:
            page.end()

    def _offer(self, pages: list[_Page], frame: Json) -> None:
        text = dump(frame)
        for page in pages:
            page.offer(text)

    async def _send(self, socket: web.WebSocketResponse, page: _Page) -> None:
        try:
            while not page.cut:
                await page.news.wait()
                page.news.clear()
                while page.waiting and not page.cut:
                    await socket.send_str(page.waiting.popleft())
        except ConnectionError:
            return
        await socket.close(code=WSCloseCode.GOING_AWAY)
