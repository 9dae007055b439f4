"""What happens when something fails that nobody foresaw: an id, one sentence to the person, details to the log."""

import logging
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.whisper import whisper
from storage import ids

log = logging.getLogger(__name__)


class Faults:
    """The one error handler, for interactions and saved events alike."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def tell(self, error: Exception, body: dict[str, Any], said: str) -> str:
        """Log an error under a fresh id, tell the person, and return the id."""
        fault = ids.new("err", 6)
        log.error("Something failed: %s", error, exc_info=error, extra={"fault": fault})
        channel, user, thread = _where(body)
        await whisper(self._client, channel, user, f"{said} (Say {fault} to whoever runs me.)", thread)
        return fault


def _where(body: dict[str, Any]) -> tuple[str, str, str]:
    """Return channel, person and thread of an event, a press, a form or a command; empty where there is none."""
    if event := body.get("event"):
        return str(event.get("channel") or ""), str(event.get("user") or ""), str(event.get("thread_ts") or "")
    container = body.get("container") or {}
    channel = container.get("channel_id") or body.get("channel_id") or ""
    user = (body.get("user") or {}).get("id") or body.get("user_id") or ""
    return str(channel), str(user), str(container.get("thread_ts") or "")
