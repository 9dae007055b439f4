"""Where the threads of runs are, asked of Slack once each: an address never changes."""

from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.deciders import is_direct
from bot.slack import DeclinedError, done
from storage.tables import Run

MOST_KEPT: Final = 2_000


class Threads:
    """The addresses of threads."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._kept: dict[tuple[str, str], str] = {}

    async def link(self, run: Run) -> str:
        """Return the address of a run's thread; empty where its channel or its message is gone.

        Raises:
            SlackCallError: Slack does not say it just now.
        """
        if (known := self._kept.get(thread := (run.channel, run.thread_ts))) is not None:
            return known
        try:
            asked = self._client.chat_getPermalink(channel=run.channel, message_ts=run.thread_ts)
            found = str((await done(asked))["permalink"])
        except DeclinedError:
            found = ""
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[thread] = found
        return found


def can_open(run: Run, user: str) -> bool:
    """Return whether a thread is somewhere a person can look: others' direct messages are not."""
    return not is_direct(run.channel) or run.requester == user
