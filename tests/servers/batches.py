"""Message batches of the scripted server: made, looked at, listed, read and cancelled, each step with its faults.

A line of the script says with ``batch`` how a call fares that comes in one::

    {"when": {...}, "reply": {...}, "batch": {"polls": 2, "result": "expired"}}

* ``polls``: how many looks find it in progress (1; ``"*"``: all of them).
* ``result``: ``succeeded`` (the line's reply), ``errored``, ``expired``, ``canceled`` or ``missing``.
* ``cancelled``: what a cancel leads to: ``canceled``, ``succeeded`` (it ended meanwhile) or ``stuck``.
* ``create``, ``list``, ``look``, ``read``, ``cancel``: a fault of that step, ``{"status": 404, "times": "*"}``, or
  ``{"type": "lost"}`` (done, and not answered), ``"drop"``, ``"html"`` or ``"broken"`` (cut in the middle).

The line's latency is that of making the batch. ``results_url`` names a host of somebody else's: nobody may go there.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from tests.servers import asked, faults, strict
from tests.servers.asked import Asked
from tests.servers.calls import Call
from tests.servers.desk import Desk
from tests.servers.filling import ScriptError
from tests.servers.script import Line
from tests.servers.strict import RefusedError

if TYPE_CHECKING:
    from tests.servers.app import Server

PATH: Final = "/v1/messages/batches"
FOREIGN: Final = "http://elsewhere.invalid/results"
_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_MOST_LOOKS: Final = 10**9


@dataclass(frozen=True)
class Entry:
    """One call of a batch."""

    name: str
    asked: Asked
    digest: str
    call: int
    line: Line


@dataclass
class Batch:
    """A batch, as it is now."""

    id: str
    entries: list[Entry]
    looks_left: int
    created_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    status: str = "in_progress"
    results: list[dict[str, Any]] = field(default_factory=list)

    @property
    def script(self) -> dict[str, Any]:
        """What the script says about it: its first call's line does."""
        return self.entries[0].line.batch

    def shown(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        kinds = Counter(line["result"]["type"] for line in self.results)
        named = ("succeeded", "errored", "canceled", "expired")
        counts = {"processing": len(self.entries) - kinds.total(), **{kind: kinds[kind] for kind in named}}
        return {
            "id": self.id,
            "type": "message_batch",
            "processing_status": self.status,
            "request_counts": counts,
            "created_at": self.created_at,
            "expires_at": self.created_at,
            "ended_at": self.created_at if self.status == "ended" else None,
            "archived_at": None,
            "cancel_initiated_at": self.created_at if self.status == "canceling" else None,
            "results_url": FOREIGN if self.status == "ended" else None,
        }


class Shelf:
    """All batches of one server."""

    def __init__(self, server: Server, desk: Desk) -> None:
        self._server, self._desk = server, desk
        self._batches: dict[str, Batch] = {}
        self._faulted: Counter[tuple[str, str]] = Counter()

    def routes(self) -> list[web.RouteDef]:
        """Return where batches are served."""
        return [
            web.post(PATH, self.create),
            web.get(PATH, self.all),
            web.get(PATH + "/{id}", self.one),
            web.get(PATH + "/{id}/results", self.results),
            web.post(PATH + "/{id}/cancel", self.cancel),
        ]

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Make a batch."""
        raw = await request.read()
        call = self._server.begin(request, raw)
        try:
            strict.check_headers(request.headers)
            entries = [self._entry(one) for one in _requests(raw)]
        except RefusedError as refused:
            return self._server.refuse(call, str(refused), refused.status)
        except ScriptError as missing:
            return self._server.refuse(replace(call, unscripted=str(missing)), str(missing), 400, rule=False)
        call = _described(call, entries[0], repeat=self._desk.was_answered(entries[0].digest))
        fault = self._due("create", entries[0].digest, entries[0].line.batch)
        if fault is not None and fault.get("type") != "lost":
            return self._faulty(request, call, fault)
        batch = self._made(entries)
        await asyncio.sleep(entries[0].line.latency_ms / 1000)
        return self._faulty(request, call, fault) if fault else self._server.plain(call, batch.shown())

    async def all(self, request: web.Request) -> web.StreamResponse:
        """List the newest batches."""
        call, limit = self._server.begin(request, b""), int(request.query.get("limit", 20))
        newest = list(self._batches.values())[::-1]
        fault = next((f for b in newest if (f := self._due("list", "", b.script))), None)
        if fault:
            return self._faulty(request, call, fault)
        shown = [batch.shown() for batch in newest[:limit]]
        return self._server.plain(call, {"data": shown, "has_more": len(newest) > limit})

    async def one(self, request: web.Request) -> web.StreamResponse:
        """Show a batch, which may go on with that."""
        call, batch = self._found(request)
        if batch is None:
            return self._server.refuse(call, "there is no such batch", 404, rule=False)
        if fault := self._due("look", batch.id, batch.script):
            return self._faulty(request, call, fault)
        self._go_on(batch)
        return self._server.plain(call, batch.shown())

    async def results(self, request: web.Request) -> web.StreamResponse:
        """Give the results, one a line, in another order than they were asked for."""
        call, batch = self._found(request)
        if batch is None or batch.status != "ended":
            return self._server.refuse(call, "there are no results", 404, rule=False)
        text = "".join(json.dumps(line) + "\n" for line in batch.results[::-1])
        if fault := self._due("read", batch.id, batch.script):
            return self._faulty(request, call, fault, text)
        self._server.plain(call, {"lines": batch.results})
        return web.Response(text=text, content_type="application/binary")

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        """Begin to cancel a batch."""
        call, batch = self._found(request)
        if batch is None or batch.status == "ended":
            return self._server.refuse(call, "it has ended", 400, rule=False)
        if fault := self._due("cancel", batch.id, batch.script):
            return self._faulty(request, call, fault)
        batch.status, batch.looks_left = "canceling", 0
        return self._server.plain(call, batch.shown())

    def _found(self, request: web.Request) -> tuple[Call, Batch | None]:
        return self._server.begin(request, b""), self._batches.get(request.match_info["id"])

    def _entry(self, one: dict[str, Any]) -> Entry:
        wanted = asked.read(strict.check_body(one["params"]))
        digest = asked.known_by(one["params"])
        number = self._desk.number(wanted, digest).call
        return Entry(one["custom_id"], wanted, digest, number, self._desk.line(wanted, digest, number))

    def _made(self, entries: list[Entry]) -> Batch:
        polls = entries[0].line.batch.get("polls", 1)
        left = _MOST_LOOKS if polls == "*" else int(polls)
        batch = Batch(f"msgbatch_{len(self._batches) + 1:04}", entries, left)
        self._batches[batch.id] = batch
        return batch

    def _go_on(self, batch: Batch) -> None:
        cancelled = batch.script.get("cancelled", "canceled") if batch.status == "canceling" else ""
        if batch.status == "ended" or cancelled == "stuck":
            return
        if batch.looks_left:
            batch.looks_left -= 1
            return
        batch.status = "ended"
        results = ((entry.name, self._result(entry, cancelled)) for entry in batch.entries)
        batch.results = [{"custom_id": name, "result": result} for name, result in results if result]

    def _result(self, entry: Entry, cancelled: str) -> dict[str, Any]:
        kind = cancelled or entry.line.batch.get("result", "succeeded")
        if kind == "missing":
            return {}
        if kind == "errored":
            return {"type": kind, "error": faults.error_body(entry.line.batch.get("error", "api_error"), "scripted")}
        if kind != "succeeded":
            return {"type": kind}
        body = self._desk.serve(entry.asked, entry.digest, entry.call).body
        return {"type": kind, "message": {**body, "usage": {**body["usage"], "service_tier": "batch"}}}

    def _due(self, step: str, name: str, script: dict[str, Any]) -> dict[str, Any] | None:
        fault: dict[str, Any] | None = script.get(step)
        times = (fault or {}).get("times", 1)
        if fault is None or (times != "*" and self._faulted[step, name] >= times):
            return None
        self._faulted[step, name] += 1
        return fault

    def _faulty(
        self, request: web.Request, call: Call, fault: dict[str, Any], text: str = '{"id": "msgbatch_'
    ) -> web.Response:
        if "status" in fault:
            status, headers, body = faults.error_of(fault)
            self._server.plain(replace(call, fault=str(status)), body, status)
            return web.json_response(body, status=status, headers=headers)
        self._server.plain(replace(call, fault=fault["type"]), {}, 0)
        if fault["type"] in {"lost", "drop"}:
            return self._server.hang_up(request)
        cut = "<html><body>Please sign in.</body></html>" if fault["type"] == "html" else text[: len(text) // 2]
        return web.Response(text=cut, content_type="application/json")


def _requests(raw: bytes) -> list[dict[str, Any]]:
    try:
        requests = json.loads(raw)["requests"]
        names = [one["custom_id"] for one in requests]
    except (ValueError, KeyError, TypeError) as wrong:
        raise RefusedError(f"requests: a list of custom_id and params is required ({wrong})") from wrong
    if not names or len(set(names)) != len(names) or not all(map(_NAME.fullmatch, names)):
        raise RefusedError(f"requests: every custom_id must be unique and follow {_NAME.pattern}")
    return list(requests)


def _described(call: Call, entry: Entry, *, repeat: bool) -> Call:
    wanted = entry.asked
    names = {name: getattr(wanted, name) for name in ("run", "task", "station", "attempt", "role", "schema")}
    about = {"call": entry.call, "line": entry.line.number, "model": wanted.body["model"], "body": wanted.body}
    return replace(call, **names, **about, repeat=repeat)
