"""The web application of the scripted model server."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web

from tests.servers import asked, strict
from tests.servers.batches import Shelf
from tests.servers.calls import Call, Log, shown
from tests.servers.desk import Desk, Served
from tests.servers.faults import error_body
from tests.servers.filling import ScriptError
from tests.servers.strict import RefusedError

LARGEST_REQUEST: Final = 32 * 1024 * 1024  # bytes, the API's limit
_REFUSED: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    413: "request_too_large",
}


class Server:
    """Answers requests, and writes every one down before its answer leaves."""

    def __init__(self, desk: Desk, log: Log) -> None:
        self._desk, self._log = desk, log
        self._shelf = Shelf(self, desk)
        self._order = 0
        self._started = time.monotonic()

    def app(self) -> web.Application:
        """Return the application."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_post("/v1/messages", self.create)
        app.router.add_post("/v1/messages/count_tokens", self.count)
        app.router.add_get("/v1/models/{id}", self.model)
        app.router.add_routes(self._shelf.routes())
        app.router.add_route("*", "/{path:.*}", self.elsewhere)
        return app

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Answer a Messages request."""
        raw = await request.read()
        call = self.begin(request, raw)
        try:
            body = _checked(request, raw)
        except RefusedError as refused:
            return self.refuse(call, str(refused), refused.status)
        wanted = asked.read(body)
        return await self._serve(request, _described(call, wanted), wanted)

    async def count(self, request: web.Request) -> web.StreamResponse:
        """Answer how many tokens a request has, by the server's estimate."""
        raw = await request.read()
        call = self.begin(request, raw)
        try:
            strict.check_headers(request.headers)
            body = json.loads(raw)
            counted = asked.tokens({name: body.get(name) for name in ("system", "tools", "messages")})
        except (RefusedError, ValueError, AttributeError) as refused:
            return self.refuse(call, str(refused), getattr(refused, "status", 400))
        return self.plain(replace(call, body=body), {"input_tokens": counted})

    async def model(self, request: web.Request) -> web.StreamResponse:
        """Answer what is known of a model."""
        call, id_ = self.begin(request, b""), request.match_info["id"]
        if id_ not in strict.MODELS:
            return self.refuse(call, f"model: {id_}", 404)
        known = {
            "id": id_,
            "type": "model",
            "display_name": id_,
            "lifecycle": "active",
            "created_at": "2026-08-01T00:00:00Z",
        }
        return self.plain(
            call,
            {**known, "max_input_tokens": 1_000_000, "max_tokens": strict.MOST_TOKENS, "retires_at": None},
        )

    async def elsewhere(self, request: web.Request) -> web.StreamResponse:
        """Answer that there is nothing at this address."""
        return self.refuse(self.begin(request, b""), f"nothing is served at {request.path}", 404)

    def begin(self, request: web.Request, raw: bytes) -> Call:
        """Return what is written down of a request that came."""
        self._order += 1
        return Call(
            order=self._order,
            at=datetime.now(UTC).isoformat(),
            since_start_s=round(time.monotonic() - self._started, 6),
            path=request.path,
            digest=hashlib.sha256(raw).hexdigest(),
            headers=shown(request.headers),
        )

    async def _serve(self, request: web.Request, call: Call, wanted: asked.Asked) -> web.StreamResponse:
        known = asked.known_by(wanted.body)
        numbered = self._desk.number(wanted, known)
        call = replace(call, call=numbered.call, sent=numbered.sent, repeat=numbered.repeat)
        try:
            served = self._desk.serve(wanted, known, numbered.call)
        except RefusedError as refused:
            return self.refuse(call, str(refused), refused.status)
        except ScriptError as missing:
            return self.refuse(replace(call, unscripted=str(missing)), str(missing), 400, rule=False)
        served = replace(served, fault="") if numbered.repeat else served
        self._log.write(_answered(call, served))
        await asyncio.sleep(served.latency_ms / 1000)
        return await _send(request, served, f"req_{call.order}")

    def refuse(self, call: Call, message: str, status: int, *, rule: bool = True) -> web.Response:
        """Write a call down that is refused, and return the refusal; ``rule``: it breaks one of the API's."""
        body = error_body(_REFUSED.get(status, "invalid_request_error"), message)
        self._log.write(replace(call, status=status, answer=body, refused=message if rule else ""))
        return web.json_response(body, status=status, headers={"request-id": f"req_{call.order}"})

    def plain(self, call: Call, body: dict[str, Any], status: int = 200) -> web.Response:
        """Write a call down with its answer, and return that."""
        self._log.write(replace(call, status=status, answer=body))
        return web.json_response(body, headers={"request-id": f"req_{call.order}"})

    @staticmethod
    def hang_up(request: web.Request) -> web.Response:
        """Close the connection without an answer."""
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def _checked(request: web.Request, raw: bytes) -> dict[str, Any]:
    strict.check_headers(request.headers)
    try:
        return strict.check_body(json.loads(raw))
    except (ValueError, AttributeError, TypeError, KeyError) as wrong:
        raise RefusedError(f"the body is malformed: {wrong}") from wrong


def _described(call: Call, wanted: asked.Asked) -> Call:
    names = {name: getattr(wanted, name) for name in ("run", "task", "station", "attempt", "role", "schema")}
    return replace(call, **names, model=wanted.body["model"], body=wanted.body)


def _answered(call: Call, served: Served) -> Call:
    usage = (served.body or {}).get("usage", {})
    return replace(
        call,
        status=0 if served.fault in {"drop", "hang", "lost"} else served.status,
        answer=served.body,
        fault=served.fault,
        line=served.line,
        latency_ms=served.latency_ms,
        input_tokens=sum(
            usage.get(f"{kind}input_tokens", 0) for kind in ("", "cache_creation_", "cache_read_")
        ),
        output_tokens=usage.get("output_tokens", 0),
    )


async def _send(request: web.Request, served: Served, request_id: str) -> web.StreamResponse:
    headers = {**served.headers, "request-id": request_id}
    if served.fault in {"drop", "lost"}:
        return Server.hang_up(request)
    if served.fault == "hang":
        await asyncio.Event().wait()  # until the client leaves: its handler is cancelled then
    if served.fault == "html":
        return web.Response(
            text="<html><body>Please sign in to the network.</body></html>", content_type="text/html"
        )
    if served.fault == "not_a_message":
        return web.json_response({"ok": True}, headers=headers)
    written = json.dumps(served.body, ensure_ascii=False).encode()
    if served.fault == "broken":
        return web.Response(
            body=written[: len(written) // 2], content_type="application/json", headers=headers
        )
    if served.fault == "stall":
        return await _stall(request, written, headers)
    return web.Response(body=written, status=served.status, content_type="application/json", headers=headers)


async def _stall(request: web.Request, written: bytes, headers: dict[str, str]) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={**headers, "content-type": "application/json", "content-length": str(len(written))}
    )
    await response.prepare(request)
    await response.write(written[: len(written) // 2])
    await asyncio.Event().wait()
    return response
