"""What people do that no public method does: press, submit, close, command, shortcut; and the bot's answers."""

import contextlib
from collections.abc import Callable
from typing import Any

from bot.workspace import (
    channels,
    content,
    elements,
    ephemerals,
    files,
    inputs,
    messages,
    pasts,
    payloads,
    text,
    views,
)
from bot.workspace.elements import REPORTS
from bot.workspace.errors import SlackError
from bot.workspace.identities import BOT_USER
from bot.workspace.messages import Draft
from bot.workspace.socket_mode import SocketMode, UnansweredError
from bot.workspace.state import Json, Workspace
from bot.workspace.store import Row, load
from bot.workspace.wire import Arguments

_SILENCE: Json = {"ok": False, "error": "operation_timeout"}


class Interactions:
    """Takes what a person did to the bot, and the bot's acknowledgement back to the person's page."""

    def __init__(self, workspace: Workspace, socket: SocketMode) -> None:
        """Work on this workspace, through this socket."""
        self._workspace = workspace
        self._socket = socket

    async def press(self, user: str, asked: Json) -> Json:
        """Deliver `block_actions` for something pressed or chosen in a message or a view."""
        container = _part(asked, "container")
        build = self._pressed_in_view if container.get("type") == "view" else self._pressed_in_message
        with self._workspace.transaction():
            payload = build(user, container, asked)
        return await self._deliver("interactive", payload, lambda _: {"ok": True})

    async def submit(self, user: str, asked: Json) -> Json:
        """Deliver `view_submission`, and do with the modal what the bot answers."""
        with self._workspace.transaction():
            row = self._modal(user, asked)
            body = load(row["body"])
            values = self._with_files(user, body["blocks"], inputs.state(body["blocks"], asked.get("state")))
            wrong = inputs.problems(body["blocks"], values)
            if wrong:
                return {"ok": True, "response_action": "errors", "errors": wrong}
            payload = payloads.interaction(self._workspace, "view_submission", user, row["id"])
            payload |= payloads.submitted(self._workspace, user, body, values)
        return await self._deliver(
            "interactive", payload, lambda answer: self._answer_to_submit(user, row, answer)
        )

    async def close(self, user: str, asked: Json) -> Json:
        """Close a modal, or with `all` those under it too; the bot hears of each that says so, the top one first."""
        with self._workspace.transaction():
            row = self._modal(user, asked)
            every = asked.get("all") or load(row["body"])["clear_on_close"]
            gone = views.clear(self._workspace, user) if every else [row]
            views.close(self._workspace, row)
            payload = payloads.interaction(self._workspace, "view_closed", user)
        for body in (load(one["body"]) for one in gone):
            if body["notify_on_close"]:
                told = payload | {"view": body, "is_cleared": len(gone) > 1}
                await self._deliver("interactive", told, lambda _: {"ok": True})
        return {"ok": True}

    async def command(self, user: str, asked: Json) -> Json:
        """Deliver a slash command; what the bot answers is shown to the person, or to all."""
        name = str(asked.get("command", ""))
        if name not in [one["command"] for one in commands(self._workspace)]:
            raise SlackError("unknown_command")
        with self._workspace.transaction():
            channel = channels.joined(self._workspace, str(asked.get("channel")), user)
            written = text.as_typed(text.escaped(str(asked.get("text", ""))))
            payload = payloads.command(self._workspace, channel, user, name, written)
        return await self._deliver(
            "slash_commands", payload, lambda answer: self._reply(user, channel, answer)
        )

    async def shortcut(self, user: str, asked: Json) -> Json:
        """Deliver a global shortcut, or a message shortcut when a message is named."""
        callback_id, ts = str(asked.get("callback_id", "")), asked.get("ts")
        kind = "message" if ts else "global"
        if callback_id not in [
            one["callback_id"] for one in shortcuts(self._workspace) if one["type"] == kind
        ]:
            raise SlackError("unknown_shortcut")
        with self._workspace.transaction():
            payload = payloads.interaction(self._workspace, "message_action" if ts else "shortcut", user)
            payload |= {"callback_id": callback_id, "action_ts": self._workspace.stamp()}
            if ts:
                channel = channels.joined(self._workspace, str(asked.get("channel")), user)
                body = messages.read(self._workspace, messages.find(self._workspace, channel["id"], str(ts)))
                payload |= payloads.message_action(self._workspace, channel, user, body)
        return await self._deliver("interactive", payload, lambda _: {"ok": True})

    async def _deliver(self, kind: str, payload: Json, then: Callable[[Json], Json]) -> Json:
        try:
            answer = await self._socket.ask(kind, payload)
        except UnansweredError:
            return _SILENCE
        with self._workspace.transaction():
            return then(answer)

    def _pressed_in_message(self, user: str, container: Json, asked: Json) -> Json:
        workspace, ts = self._workspace, str(container.get("ts"))
        channel = channels.joined(workspace, str(container.get("channel")), user)
        ephemeral = bool(container.get("is_ephemeral"))
        body = (
            ephemerals.find(workspace, user, ts)
            if ephemeral
            else messages.read(workspace, messages.find(workspace, channel["id"], ts))
        )
        payload = payloads.interaction(workspace, "block_actions", user)
        payload |= payloads.on_message(workspace, channel, user, body, ephemeral=ephemeral)
        past = [] if ephemeral else pasts.of(workspace, channel["id"], ts)
        return payload | self._pressed_now_or_before(user, [body.get("blocks", []), *past], asked)

    def _pressed_now_or_before(self, user: str, versions: list[list[Json]], asked: Json) -> Json:
        """Take a press on what somebody's page still shows: whether it counts is for the bot to say."""
        for blocks in versions[:-1]:
            with contextlib.suppress(SlackError):
                return self._pressed(user, blocks, asked)
        return self._pressed(user, versions[-1], asked)

    def _pressed_in_view(self, user: str, container: Json, asked: Json) -> Json:
        row = self._view(user, container)
        body = load(row["body"])
        payload = payloads.interaction(self._workspace, "block_actions", user, row["id"])
        past = pasts.of(self._workspace, row["id"], row["id"])
        pressed = self._pressed_now_or_before(user, [body["blocks"], *past], asked)
        view = payloads.view_with_state(body, pressed.pop("state")["values"])
        return payload | pressed | {"container": {"type": "view", "view_id": row["id"]}, "view": view}

    def _pressed(self, user: str, blocks: list[Json], asked: Json) -> Json:
        action = elements.action(
            blocks, str(asked.get("block_id")), _part(asked, "action"), self._workspace.stamp()
        )
        values = self._with_files(user, blocks, inputs.state(blocks, asked.get("state")))
        return {"state": {"values": values}, "actions": [action]}

    def _with_files(self, user: str, blocks: list[Json], values: Json) -> Json:
        """Return what was filled in, with the whole object of each file in it, which the bot may read now.

        Raises:
            SlackError: ``file_not_found`` when one is not the person's own.
        """
        for block, element in elements.each(blocks):
            if REPORTS.get(element["type"]) == "files":
                entry = values[block["block_id"]][element["action_id"]]
                chosen = [str(file.get("id")) for file in entry["files"]]
                entry["files"] = files.hand_over(self._workspace, user, chosen, BOT_USER)
        return values

    def _modal(self, user: str, asked: Json) -> Row:
        row = self._view(user, asked)
        if row["type"] != "modal":
            raise SlackError("not_found")
        return row

    def _view(self, user: str, asked: Json) -> Row:
        row = views.find(self._workspace, str(asked.get("view_id")))
        if row["user"] != user:
            raise SlackError("not_found")
        return row

    def _answer_to_submit(self, user: str, row: Row, answer: Json) -> Json:
        """Do what the bot's acknowledgement says with the modal; return it for the page."""
        action = answer.get("response_action")
        if action == "errors":
            return {"ok": True, "response_action": "errors", "errors": dict(answer.get("errors") or {})}
        if action == "update":
            described = views.checked(answer.get("view"), "modal")
            return {
                "ok": True,
                "response_action": action,
                "view": views.update(self._workspace, row, described),
            }
        if action == "push":
            described = views.checked(answer.get("view"), "modal")
            return {
                "ok": True,
                "response_action": action,
                "view": views.open_(self._workspace, user, described, row),
            }
        if action == "clear":
            views.clear(self._workspace, user)
            return {"ok": True, "response_action": action}
        views.close(self._workspace, row)
        return {"ok": True}

    def _reply(self, user: str, channel: Row, answer: Json) -> Json:
        if answer.get("text") or answer.get("blocks"):
            say(self._workspace, channel, user, answer)
        return {"ok": True}


def _part(asked: Json, name: str) -> Json:
    part = asked.get(name)
    return part if isinstance(part, dict) else {}


def say(workspace: Workspace, channel: Row, user: str, answer: Json, thread_ts: str = "") -> None:
    """Show what the bot answered to something a person did: to them alone, or in the channel."""
    body = content.given(Arguments(answer), by_person=False)
    if answer.get("response_type") == "in_channel":
        messages.post(workspace, channel, Draft(BOT_USER, body, thread_ts=thread_ts))
    else:
        ephemerals.show(workspace, channel["id"], user, body, thread_ts)


def commands(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the app's slash commands, as its manifest lists them."""
    return list(workspace.manifest.get("features", {}).get("slash_commands", []))


def shortcuts(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the app's shortcuts, as its manifest lists them; `type` is global or message."""
    return list(workspace.manifest.get("features", {}).get("shortcuts", []))
