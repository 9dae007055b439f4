"""A server inside the test: an httpx2 transport that answers what it is given, in order."""

from __future__ import annotations

import json
from typing import Any

import httpx2

from agents.models.client import Door


class Answering(httpx2.AsyncBaseTransport):
    """Gives each request the next answer, raises it where it is an error, and keeps the requests."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self._answers = list(answers)
        self.requests: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.content) for request in self.requests]


def message(**changed: Any) -> dict[str, Any]:
    """Return a whole answer of the service."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-haiku-5-5",
        "content": [{"type": "text", "text": "Fine."}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 12, "output_tokens": 3},
        **changed,
    }


def whole(**changed: Any) -> httpx2.Response:
    """Return the response that carries a whole answer."""
    return httpx2.Response(200, json=message(**changed))


def door(*answers: httpx2.Response | Exception) -> tuple[Door, Answering]:
    """Return a door on such a transport, and the transport."""
    transport = Answering(*answers)
    return at("http://model.test", transport), transport


def at(url: str, transport: httpx2.AsyncBaseTransport | None = None) -> Door:
    """Return a door with the usual ids."""
    return Door.open(
        api_key="sk-test",
        base_url=url,
        transport=transport,
        fast="claude-haiku-5-5",
        strong="claude-sonnet-5-5",
        best="claude-opus-5-5",
    )


ASK: dict[str, Any] = {
    "model": "claude-haiku-5-5",
    "max_tokens": 100,
    "system": "role: writer",
    "messages": [{"role": "user", "content": "Say something."}],
}
