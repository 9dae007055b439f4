"""A word to one person, seen by nobody else. Best effort: it is not kept, and losing it loses no fact."""

import logging

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import SlackCallError, done

log = logging.getLogger(__name__)


async def whisper(client: AsyncWebClient, channel: str, user: str, text: str, thread_ts: str = "") -> None:
    """Show a person a sentence where they are. Never by ``respond()``: its client may post twice."""
    if not channel or not user:
        return
    try:
        await done(client.chat_postEphemeral(channel=channel, user=user, text=text, thread_ts=thread_ts or None))
    except SlackCallError as lost:
        log.warning("Could not tell %s in %s: %s", user, channel, lost)
