"""Says why a press did nothing, where the person is: a whisper in the channel; over their Home tab, a small window."""

import re
from typing import Final

from bot.listeners.front import Front
from bot.listeners.pressed import Pressed
from bot.messages import home
from bot.slack import SlackCallError, done
from storage import outbox
from storage.words import MessageKind

_MENTION: Final = re.compile(r"<@\w+>")


async def tell(front: Front, pressed: Pressed, said: str) -> None:
    """Show a sentence to whoever pressed; on Home no message can be whispered, so it is a window or a direct message."""
    if not said:
        return
    if pressed.channel:
        await front.whisper(pressed.channel, pressed.user, said, pressed.thread_ts)
        return
    try:
        await done(front.client.views_open(trigger_id=pressed.trigger, view=home.refused(said)))
    except SlackCallError:  # the press is longer ago than Slack lets a window be opened
        await _write(front, pressed.user, said)


async def _write(front: Front, user: str, said: str) -> None:
    """Queue a direct message; a notice shows no mention, so none is left in it."""
    async with front.database.write() as session:
        outbox.say(session, MessageKind.NOTICE, user=user, text=_MENTION.sub("somebody else", said))
    for listener in front.engine.changed:
        listener()
