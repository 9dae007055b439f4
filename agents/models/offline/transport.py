"""The offline engine behind the same client as any model: an in-process transport."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from typing import Any, Final

import httpx2

from agents.models.offline import engine, wire

LARGE: Final = 20_000  # bytes of a request; above it the work leaves the event loop
CONTEXT: Final = 1_000_000  # tokens said of the model; a brief never comes near it
_log = logging.getLogger(__name__)


def transport() -> httpx2.AsyncBaseTransport:
    """Return the offline engine as a transport for ``httpx2.AsyncClient``: rules, no language model, no network."""
    return OfflineTransport()


class OfflineTransport(httpx2.AsyncBaseTransport):
    """Answers Messages requests by rules. It keeps nothing: the same request gives the same bytes."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer; a fault of the engine's own is a 500 in Anthropic's shape, never an exception."""
        body = await request.aread()
        try:
            if len(body) > LARGE:
                status, said = await asyncio.to_thread(_answer, request.method, request.url.path, body)
            else:
                status, said = _answer(request.method, request.url.path, body)
        except Exception:  # noqa: BLE001  the client would call any exception of a transport a lost connection
            _log.error("The offline engine failed on %s", request.url.path, exc_info=True)
            fault = "The offline engine failed on this request; its log says where."
            status, said = 500, wire.error("api_error", fault, hashlib.sha256(body).hexdigest())
        return _response(status, said)


def _answer(method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    if method == "POST" and path.endswith("/v1/messages"):
        return _message(body)
    if method == "POST" and path.endswith("/v1/messages/count_tokens"):
        return 200, {"input_tokens": wire.tokens(body.decode())}
    if method == "GET" and "/v1/models/" in path:
        return 200, _model()
    return 404, wire.error("not_found_error", f"The offline engine has no {method} {path}.")


def _message(body: bytes) -> tuple[int, dict[str, Any]]:
    try:
        asked = wire.read(body)
        return 200, wire.message(asked, body, engine.answer(asked))
    except wire.BadRequestError as wrong:
        return 400, wire.error("invalid_request_error", str(wrong), hashlib.sha256(body).hexdigest())


def _model() -> dict[str, Any]:
    return {
        "id": wire.MODEL,
        "type": "model",
        "display_name": "Offline engine: rules, no language model",
        "created_at": "1970-01-01T00:00:00Z",
        "max_input_tokens": CONTEXT,
        "max_tokens": CONTEXT,
    }


def _response(status: int, said: dict[str, Any]) -> httpx2.Response:
    content = json.dumps(said, ensure_ascii=False).encode()
    headers = {"content-type": "application/json", "request-id": str(said.get("request_id", ""))}
    return httpx2.Response(status, headers=headers, content=content)
