"""Looks in Slack for what may have been sent already: needed whenever an answer was lost."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import done
from storage.tables import OutboxMessage

EVENT_TYPE: Final = "jidoka_message"  # of the metadata that carries our id
BEFORE: Final = timedelta(hours=25)  # this machine's clock may have been a day ahead of Slack's
_PAGE: Final = 200


def metadata(message: OutboxMessage) -> dict[str, Any]:
    """Return what a post carries so that it is found again; only an id that says nothing to others."""
    return {"event_type": EVENT_TYPE, "event_payload": {"id": message.id}}


async def for_message(client: AsyncWebClient, message: OutboxMessage) -> str:
    """Return the ``ts`` under which this message is in Slack already; empty when it is not.

    Raises:
        SlackCallError: Slack could not be asked.
    """
    async for there in _around(client, message):
        carried = there.get("metadata") or {}
        mine = carried.get("event_type") == EVENT_TYPE
        if mine and (carried.get("event_payload") or {}).get("id") == message.id:
            return str(there["ts"])
    return ""


async def for_file(client: AsyncWebClient, message: OutboxMessage) -> str:
    """Return the ``ts`` of the message that shows this message's file; empty when none does.

    Raises:
        SlackCallError: Slack could not be asked.
    """
    async for there in _around(client, message):
        if any(file.get("id") == message.file_id for file in there.get("files") or ()):
            return str(there["ts"])
    return ""


async def _around(client: AsyncWebClient, message: OutboxMessage) -> AsyncIterator[Mapping[str, Any]]:
    """Yield what was said in the message's thread, or channel, since it was queued."""
    asked: dict[str, Any] = {
        "channel": message.channel, "oldest": f"{(message.created_at - BEFORE).timestamp():.6f}",
        "limit": _PAGE, "include_all_metadata": True,
    }  # fmt: skip
    cursor = ""
    while True:
        page = {**asked, **({"cursor": cursor} if cursor else {})}
        answer = await done(
            client.conversations_replies(**page, ts=message.thread_ts)
            if message.thread_ts
            else client.conversations_history(**page)
        )
        for there in answer.get("messages") or ():
            yield there
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return
