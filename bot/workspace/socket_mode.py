"""Socket Mode: hands envelopes to the bot and keeps Slack events until it acknowledges them."""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from aiohttp import WSCloseCode, WSMsgType, web

from bot.workspace import ids, tickets
from bot.workspace.errors import WorkspaceError
from bot.workspace.identities import APP_ID
from bot.workspace.state import Json, Workspace
from bot.workspace.store import Row, dump, load

log = logging.getLogger(__name__)

ACK_S: Final = 3.0  # Slack's own figure
RETRY_GAPS_S: Final = (ACK_S, 60.0, 300.0, ACK_S)  # after each delivery; after the last, Slack gives up
MOST_CONNECTIONS: Final = 10  # Slack's own figure
_SEND_S: Final = 5.0  # a bot that takes nothing for so long counts as gone
_TICK_S: Final = 0.25  # how soon a moved clock is noticed


class UnansweredError(WorkspaceError):
    """The bot did not acknowledge in time, or is not connected."""


@dataclass(eq=False)
class _Connection:
    socket: web.WebSocketResponse
    transport: asyncio.BaseTransport | None
    in_flight: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Question:
    answer: asyncio.Future[Json]
    deadline: float


class SocketMode:
    """The bot's connections, the envelopes in flight, and the questions people wait for."""

    def __init__(self, workspace: Workspace, on_presence: Callable[[bool], None]) -> None:
        """Prepare; `run` does the work. `on_presence` hears when the bot comes and goes."""
        self._workspace = workspace
        self._on_presence = on_presence
        self._connections: list[_Connection] = []
        self._questions: dict[str, _Question] = {}
        self._bell = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether the bot's socket is there."""
        return bool(self._connections)

    def ring(self) -> None:
        """Look for new envelopes soon."""
        self._bell.set()

    async def ask(self, kind: str, payload: Json) -> Json:
        """Hand the bot an interaction, once, and return its acknowledgement's payload.

        Raises:
            UnansweredError: No acknowledgement came within 3 seconds.
        """
        if not self._connections:
            raise UnansweredError("The bot is not connected.")
        envelope_id, answer = ids.new("env", 24), asyncio.get_running_loop().create_future()
        self._questions[envelope_id] = _Question(answer, self._workspace.now() + ACK_S)
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": True,
        }
        try:
            await self._send(self._next_connection(), envelope)
            self.ring()
            acknowledged: Json = await answer
        finally:
            self._questions.pop(envelope_id, None)
        return acknowledged

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one Socket Mode connection until it ends."""
        if not tickets.use_socket(self._workspace, request.query.get("ticket", "")):
            raise web.HTTPForbidden(
                text="This ticket is unknown, used or too old. Call apps.connections.open again."
            )
        connection = _Connection(web.WebSocketResponse(heartbeat=20), request.transport)
        await connection.socket.prepare(request)
        if len(self._connections) >= MOST_CONNECTIONS:
            await self._dismiss(connection, "too_many_websockets")
            return connection.socket
        self._enter(connection)
        try:
            await self._greet(connection, request.host)
            await self._listen(connection)
        finally:
            self._leave(connection)
        return connection.socket

    async def disconnect(self, reason: str) -> None:
        """Ask the bot to connect anew, as Slack does from time to time."""
        for connection in list(self._connections):
            await self._dismiss(connection, reason)

    async def run(self) -> None:
        """Deliver what is due and give up what took too long, until cancelled."""
        self._workspace.store.run(
            "UPDATE envelope SET due = 0, reason = 'connection_failed' WHERE deliveries > 0"
        )
        while True:
            self._bell.clear()
            self._expire_questions()
            await self._deliver_due()
            await self._wait()

    async def close(self) -> None:
        """End every connection; what was not acknowledged stays in the file."""
        for connection in list(self._connections):
            await connection.socket.close(code=WSCloseCode.GOING_AWAY)

    def _enter(self, connection: _Connection) -> None:
        self._connections.append(connection)
        if len(self._connections) == 1:
            self._on_presence(True)

    def _leave(self, connection: _Connection) -> None:
        if connection not in self._connections:
            return
        self._connections.remove(connection)
        for envelope_id in connection.in_flight:
            self._workspace.store.run(
                "UPDATE envelope SET due = 0, reason = 'connection_failed' WHERE id = ?", envelope_id
            )
        if not self._connections:
            self._on_presence(False)
        self.ring()

    async def _greet(self, connection: _Connection, host: str) -> None:
        debug = {"host": host, "build_number": 1, "approximate_connection_time": 3600}
        hello = {"type": "hello", "num_connections": len(self._connections), "debug_info": debug}
        await self._send(connection, {**hello, "connection_info": {"app_id": APP_ID}})
        self.ring()

    async def _listen(self, connection: _Connection) -> None:
        async for frame in connection.socket:
            if frame.type is WSMsgType.TEXT:
                self._acknowledge(connection, frame.data)

    def _acknowledge(self, connection: _Connection, text: str) -> None:
        try:
            ack = json.loads(text)
        except ValueError:
            log.warning("The bot sent a frame that is not JSON.")
            return
        envelope_id = str(ack.get("envelope_id")) if isinstance(ack, dict) else ""
        connection.in_flight.discard(envelope_id)
        self._workspace.store.run("DELETE FROM envelope WHERE id = ?", envelope_id)
        question = self._questions.get(envelope_id)
        if question is not None and not question.answer.done():
            payload = ack.get("payload")
            question.answer.set_result(payload if isinstance(payload, dict) else {})

    def _expire_questions(self) -> None:
        now = self._workspace.now()
        for question in self._questions.values():
            if question.deadline <= now and not question.answer.done():
                question.answer.set_exception(UnansweredError("The bot did not answer within 3 seconds."))

    async def _deliver_due(self) -> None:
        while self._connections and (row := self._next_envelope()) is not None:
            await self._send(self._next_connection(), self._mark(row))

    def _next_envelope(self) -> Row | None:
        store, now = self._workspace.store, self._workspace.now()
        over = (len(RETRY_GAPS_S), now)
        given_up = store.run(
            "DELETE FROM envelope WHERE deliveries >= ? AND reason = 'timeout' AND due <= ?", *over
        )
        if given_up:
            log.warning("Gave up %d Slack event(s) the bot never acknowledged.", given_up)
        return store.one("SELECT * FROM envelope WHERE due <= ? ORDER BY seq LIMIT 1", now)

    def _mark(self, row: Row) -> Json:
        """Keep that this envelope is being delivered once more, then return it as it goes over the wire."""
        deliveries = row["deliveries"] + 1
        gap = RETRY_GAPS_S[min(deliveries, len(RETRY_GAPS_S)) - 1]
        self._workspace.store.run(
            "UPDATE envelope SET deliveries = ?, due = ?, reason = 'timeout' WHERE id = ?",
            *(deliveries, self._workspace.now() + gap, row["id"]),
        )
        envelope = {"envelope_id": row["id"], "type": "events_api", "payload": load(row["payload"])}
        envelope["accepts_response_payload"] = False
        if row["deliveries"]:
            envelope |= {"retry_attempt": row["deliveries"], "retry_reason": row["reason"]}
        return envelope

    def _next_connection(self) -> _Connection:
        self._connections.append(self._connections.pop(0))
        return self._connections[-1]

    async def _send(self, connection: _Connection, frame: Json) -> None:
        if frame["type"] == "events_api":
            connection.in_flight.add(frame["envelope_id"])
        try:
            async with asyncio.timeout(_SEND_S):
                await connection.socket.send_str(dump(frame))
        except (ConnectionError, TimeoutError):
            self._leave(connection)
            if connection.transport is not None:
                connection.transport.close()

    async def _dismiss(self, connection: _Connection, reason: str) -> None:
        await self._send(
            connection, {"type": "disconnect", "reason": reason, "debug_info": {"host": "workspace"}}
        )
        await connection.socket.close()

    async def _wait(self) -> None:
        """Sleep until something rings, or until something can be due."""
        try:
            async with asyncio.timeout(self._until_due()):
                await self._bell.wait()
        except TimeoutError:
            return

    def _until_due(self) -> float | None:
        """Return the seconds until something can be due, at most a tick; None when only a ring brings work."""
        due = [question.deadline for question in self._questions.values()]
        if self._connections:
            due += [
                row["due"]
                for row in self._workspace.store.all("SELECT due FROM envelope ORDER BY due LIMIT 1")
            ]
        return min(max(min(due) - self._workspace.now(), 0.01), _TICK_S) if due else None
