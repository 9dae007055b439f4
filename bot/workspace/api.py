"""The Web API's door: reads a call, runs its method in one transaction, answers as Slack does."""

import re
from typing import Final

from aiohttp import web

from bot.workspace import wire
from bot.workspace.errors import SlackError
from bot.workspace.faults import Faults, too_many
from bot.workspace.identities import SCOPES
from bot.workspace.methods import FOR_ANYONE, FOR_THE_APP, FOR_THE_BOT, METHODS
from bot.workspace.state import Json, Workspace
from bot.workspace.wire import Arguments, Call, Caller

_NAME: Final = re.compile(r"[A-Za-z.]{1,64}\Z")
_MOST_GAPS: Final = 100  # names kept


class Api:
    """Answers `/api/<method>`."""

    def __init__(self, workspace: Workspace, faults: Faults | None) -> None:
        """Answer from this workspace; `faults` is there in tests only."""
        self._workspace = workspace
        self._faults = faults

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call; business errors are HTTP 200, as in Slack."""
        method = request.match_info["method"]
        try:
            given = await wire.arguments(request)
        except SlackError as error:
            return web.json_response(error.answer())
        fault = self._faults.take(method, given) if self._faults else None
        if fault is not None and fault.kind == "429":
            return too_many(fault)
        answer = self._answer(method, wire.token(request, given), given)
        if self._faults is not None and fault is not None:
            return await self._faults.break_(fault, request)
        return web.json_response(answer, headers={"X-OAuth-Scopes": SCOPES})

    def _answer(self, method: str, token: str, given: Arguments) -> Json:
        try:
            caller = self._admit(method, token)
            with self._workspace.transaction():
                return {"ok": True, **METHODS[method](Call(self._workspace, method, caller, given))}
        except SlackError as error:
            return error.answer()

    def _admit(self, method: str, token: str) -> Caller:
        """Return who calls, if they may call this method.

        Raises:
            SlackError: ``unknown_method``, ``not_authed``, ``invalid_auth`` or ``not_allowed_token_type``.
        """
        if method not in METHODS:
            self._note_gap(method)
            raise SlackError("unknown_method", req_method=method)
        if method in FOR_ANYONE and not token:
            return Caller("nobody")
        caller = wire.caller(self._workspace.site, token)
        if (caller.kind == "app") != (method in FOR_THE_APP) and method not in FOR_ANYONE:
            raise SlackError("not_allowed_token_type")
        if caller.kind == "user" and method in FOR_THE_BOT:
            raise SlackError("not_allowed_token_type")
        return caller

    def _note_gap(self, method: str) -> None:
        """Keep the name of a method that is not built, so that the page can list it."""
        if not _NAME.match(method):
            return
        self._workspace.store.run(
            "INSERT INTO gap (method, calls) SELECT ?, 1 WHERE (SELECT count(*) FROM gap) < ?"
            " ON CONFLICT (method) DO UPDATE SET calls = calls + 1",
            *(method, _MOST_GAPS),
        )


def gaps(workspace: Workspace) -> list[str]:
    """Return the names of methods that were called but are not built."""
    return [row["method"] for row in workspace.store.all("SELECT method FROM gap ORDER BY method")]
