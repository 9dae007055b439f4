"""What nobody else answers: a button, form or command of yesterday is acknowledged, and its person told."""

import re
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.listeners.front import Front
from bot.listeners.pressed import Pressed
from bot.listeners.telling import tell

ANYTHING: Final = re.compile(".*", re.DOTALL)
DEAD_BUTTON: Final = "This button is no longer valid, so it did nothing. Look for a newer message in the thread."
DEAD_FORM: Final = "This form is no longer valid, so nothing was recorded. Close it and press the button again."
LONGEST_ERROR: Final = 2_000  # characters
UNKNOWN_COMMAND: Final = "I do not know this command. Try `/jidoka help`."


async def refuse(ack: AsyncAck, body: dict[str, Any], said: str) -> None:
    """Show why at a form's first input; the form stays open with what was typed."""
    inputs = [block["block_id"] for block in body["view"].get("blocks") or () if block["type"] == "input"]
    if not inputs:
        await ack()
        return
    await ack(response_action="errors", errors={inputs[0]: said[:LONGEST_ERROR]})


def register(app: AsyncApp, front: Front) -> None:
    """Answer whatever no other listener answers; register this last."""

    async def press(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        pressed = Pressed.read(body)
        if not pressed.is_link:
            await tell(front, pressed, DEAD_BUTTON)

    async def submit(ack: AsyncAck, body: dict[str, Any]) -> None:
        await refuse(ack, body, DEAD_FORM)

    async def command(ack: AsyncAck) -> None:
        await ack(UNKNOWN_COMMAND)

    async def closed(ack: AsyncAck) -> None:
        await ack()

    app.action(ANYTHING)(press)
    app.view_submission(ANYTHING)(submit)
    app.view_closed(ANYTHING)(closed)
    app.command(ANYTHING)(command)
    app.shortcut(ANYTHING)(closed)
