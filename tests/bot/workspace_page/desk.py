"""A small Bolt app for the page's tests: it answers mentions, asks with buttons, and opens a form."""

import re
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str) -> Json:
    return {"text": plain(text), "value": value}


def card(question: str) -> list[Json]:
    approve = {
        "type": "button",
        "action_id": "approve",
        "text": plain("Approve"),
        "style": "primary",
        "value": "c1",
    }
    stop: Json = {
        "type": "button",
        "action_id": "stop",
        "text": plain("Stop the line"),
        "style": "danger",
        "value": "c1",
    }
    stop["confirm"] = {
        "title": plain("Stop for good?"),
        "text": plain("Nothing more is done."),
        "confirm": plain("Stop it"),
        "deny": plain("Leave it"),
    }
    form = {"type": "button", "action_id": "form", "text": plain("Edit and approve"), "value": "c1"}
    dead = {"type": "button", "action_id": "dead", "text": plain("Dead button"), "value": "c1"}
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"*{question}*"}},
        {"type": "actions", "block_id": "card", "elements": [approve, form, stop, dead]},
    ]


def form() -> Json:
    title = {"type": "plain_text_input", "action_id": "value"}
    tone = {"type": "static_select", "action_id": "value", "placeholder": plain("Pick a tone")}
    tone["options"] = [option("Plain", "plain"), option("Warm", "warm")]
    reach = {
        "type": "radio_buttons",
        "action_id": "value",
        "options": [option("Inside", "in"), option("Outside", "out")],
    }
    checks = {
        "type": "checkboxes",
        "action_id": "value",
        "options": [option("Numbers", "n"), option("Names", "m")],
    }
    kinds = {
        "type": "multi_static_select",
        "action_id": "value",
        "options": [option("Mail", "mail"), option("Page", "page")],
    }
    day = {"type": "datepicker", "action_id": "value"}

    def asks(block_id: str, label: str, element: Json, *, optional: bool = True) -> Json:
        return {
            "type": "input",
            "block_id": block_id,
            "label": plain(label),
            "element": element,
            "optional": optional,
        }

    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Change the draft"),
        "submit": plain("Hand in"),
        "close": plain("Leave"),
        "notify_on_close": True,
        "blocks": [
            asks("title", "Title", title, optional=False),
            asks("tone", "Tone", tone),
            asks("reach", "Reach", reach),
            asks("checks", "Checked", checks),
            asks("kinds", "Kinds", kinds),
            asks("day", "Due", day),
        ],
    }


class Desk:
    """The app and what it was told."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.app = AsyncApp(client=client, request_verification_enabled=False)
        self.client = client
        self.submitted: list[Json] = []
        self.closed: list[str] = []
        self.chosen: list[Json] = []
        self.stopped: list[Json] = []
        self.pressed: list[Json] = []  # whole payloads of presses nobody else took
        self.handed_in: list[Json] = []  # whole payloads of forms nobody else took
        self._register()

    async def start(self, app_token: str) -> AsyncSocketModeHandler:
        handler = AsyncSocketModeHandler(self.app, app_token)
        await handler.connect_async()
        return handler

    def _register(self) -> None:
        app = self.app
        app.event("app_mention")(self._mentioned)
        app.event("app_home_opened")(self._home)
        app.event("agent_session_stopped")(self._stopped)
        app.action("approve")(self._approve)
        app.action("form")(self._open_form)
        app.action("dead")(self._never)
        app.view("form")(self._submit)
        app.view("confirm")(self._confirm)
        app.view(re.compile(".*"))(self._take)
        app.view_closed(re.compile(".*"))(self._close)
        app.command("/jidoka")(self._command)
        app.action(re.compile(".*"))(self._choose)
        app.event(re.compile(".*"))(self._ignore)

    async def _mentioned(self, event: Json, client: AsyncWebClient) -> None:
        await client.chat_postMessage(
            channel=event["channel"], thread_ts=event["ts"], text=f"Read: {event['text']}"
        )

    async def _home(self, event: Json, client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            blocks = [{"type": "header", "text": plain("Open decisions")}, *card("May the mail be sent?")]
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    async def _stopped(self, event: Json) -> None:
        self.stopped.append(event)

    async def _approve(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        self.chosen.append(body["actions"][0])
        if "message" not in body:
            return
        said = f"Approved by <@{body['user']['id']}>"
        section = {"type": "section", "text": {"type": "mrkdwn", "text": said}}
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text=said, blocks=[section]
        )

    async def _open_form(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    async def _submit(self, ack: Any, body: Json) -> None:
        values = body["view"]["state"]["values"]
        self.submitted.append(values)
        title = values["title"]["value"]["value"]
        if title == "bad":
            await ack(response_action="errors", errors={"title": "This title is taken."})
        elif title == "again":
            await ack(response_action="update", view={**form(), "title": plain("Changed once more")})
        elif title == "more":
            words = {"type": "section", "text": plain("Really?")}
            pushed = {
                "type": "modal",
                "callback_id": "confirm",
                "title": plain("Sure?"),
                "submit": plain("Yes"),
                "blocks": [words],
            }
            await ack(response_action="push", view=pushed)
        else:
            await ack()

    async def _confirm(self, ack: Any) -> None:
        await ack(response_action="clear")

    async def _close(self, ack: Any, body: Json) -> None:
        await ack()
        self.closed.append(body["view"]["callback_id"])

    async def _command(self, ack: Any, body: Json) -> None:
        await ack(text=f"Heard {body['command']} {body['text']}")

    async def _take(self, ack: Any, body: Json) -> None:
        self.handed_in.append(body)
        await ack()

    async def _choose(self, ack: Any, body: Json) -> None:
        await ack()
        self.pressed.append(body)
        self.chosen.append(body["actions"][0])

    async def _never(self) -> None:
        """Leave the press unanswered."""

    async def _ignore(self) -> None:
        """Take every other Slack event."""
