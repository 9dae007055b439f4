"""Does approved effects: cleared by the engine before each attempt, looked for before a second one."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from agents.engine.executing import Cleared, NotNowError
from agents.errors import ToolError, UnsureError
from agents.tools.effects import USE_TOOL
from bot.messages import deeds
from bot.outbox import looking
from bot.outbox.pace import Pace
from bot.slack import DeclinedError, NotYetError, SlackCallError, done
from storage import clock, outbox
from storage.database import Database
from storage.tables import OutboxMessage

QUIET: Final = {  # nothing in it is live: no mention, no link, no picture of a page
    "unfurl_links": False, "unfurl_media": False, "parse": "none", "link_names": False, "mrkdwn": False,
}  # fmt: skip
LOOK_AGAIN_S: Final = 5.0  # while everything is stopped, or a run is paused
NEVER: Final = {  # Slack's words for what no patience mends, as people read them
    "not_in_channel": "I am not a member of that channel; invite me there, then run the task again",
    "channel_not_found": "there is no such channel, or I may not see it",
    "is_archived": "that channel is archived",
    "restricted_action": "only some people may post there",
    "restricted_action_read_only_channel": "only some people may post there",
    "restricted_action_thread_only_channel": "there people only answer in threads",
    "msg_too_long": "the text is too long for Slack",
}
MAYBE_DONE: Final = "it may have been done: its answer was lost, and nobody can look there for me. Please look yourself"
MAYBE: Final = "it may have been posted: Slack's answer was lost, and I may not look there. Please look yourself"


class Executor(Protocol):
    """The engine's side: whether an effect may be done now, and what became of it."""

    async def begin(self, row_id: str) -> Cleared | None:
        """Clear one attempt and note it; None when it is settled that it is not done."""
        ...

    def check_still(self, cleared: Cleared) -> None:
        """Raises NotNowError when everything was stopped since."""
        ...

    async def act(self, cleared: Cleared) -> str:
        """Do it with a tool of another program. Raises ToolError, UnsureError."""
        ...

    async def done(self, row_id: str, ts: str, permalink: str, answer: str = "") -> None:
        """Note that it was done."""
        ...

    async def give_up(self, row_id: str, why: str) -> None:
        """Note that it cannot be done."""
        ...


class Doer:
    """Takes approved effects to Slack.

    Args:
        database: Ours.
        client: The one client; it never repeats a call by itself.
        posts: How fast new messages may follow each other in a channel.
        executor: The engine's side.
    """

    def __init__(self, database: Database, client: AsyncWebClient, posts: Pace, executor: Executor) -> None:
        self._database, self._client, self._posts, self._executor = database, client, posts, executor

    async def do(self, row: OutboxMessage) -> None:
        """Do what a row says, once, if it is still exactly what was approved.

        Raises:
            SlackCallError: It was not done, or nobody knows; it is looked for before the next attempt.
        """
        try:
            if row.attempts and await self._was_done(row):
                return
            await self._attempt(row)
        except NotNowError:
            await self._note(row, not_before=clock.now() + timedelta(seconds=LOOK_AGAIN_S))

    async def give_up(self, row: OutboxMessage, why: str) -> None:
        """Tell people that it is not done, as far as anybody knows."""
        await self._executor.give_up(row.id, f"{why}; look there, it may have been posted" if row.attempts else why)

    async def _attempt(self, row: OutboxMessage) -> None:
        await self._posts.turn(row.channel)
        if (cleared := await self._executor.begin(row.id)) is None:
            return
        try:
            self._executor.check_still(cleared)
        except NotNowError:
            await self._note(row, attempts=row.attempts)  # it was not made
            raise
        if cleared.payload["effect"] == USE_TOOL.name:
            await self._act(row, cleared)
            return
        try:
            answer = await self._post(row, cleared.payload)
        except NotYetError:
            await self._note(row, attempts=row.attempts)  # it was not made
            raise
        except DeclinedError as declined:
            await self._executor.give_up(row.id, _why(declined.code))
            return
        await self._tell_done(row, str(answer.get("ts", "")))

    async def _act(self, row: OutboxMessage, cleared: Cleared) -> None:
        """Do it with a tool of another program: once, for nobody can look there whether it was done."""
        try:
            answer = await self._executor.act(cleared)
        except UnsureError:
            await self._executor.give_up(row.id, MAYBE_DONE)
        except ToolError as refused:
            await self._executor.give_up(row.id, str(refused).rstrip("."))
        else:
            await self._executor.done(row.id, "", "", answer)

    async def _post(self, row: OutboxMessage, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Post exactly what was approved: nothing here is taken from anywhere else."""
        said = deeds.post(str(payload["text"]))
        return await done(
            self._client.chat_postMessage(
                channel=str(payload["target"]["channel"]), text=said.text, blocks=list(said.blocks),
                metadata=looking.metadata(row), **QUIET,  # type: ignore[arg-type]
            )
        )  # fmt: skip

    async def _was_done(self, row: OutboxMessage) -> bool:
        """Look for an attempt whose answer was lost; where nobody can look, tell people instead of trying again."""
        if not row.channel:
            await self._executor.give_up(row.id, MAYBE_DONE)
            return True
        try:
            ts = await looking.for_message(self._client, row)
        except DeclinedError:
            await self._executor.give_up(row.id, MAYBE)
            return True
        if ts:
            await self._tell_done(row, ts)
        return bool(ts)

    async def _tell_done(self, row: OutboxMessage, ts: str) -> None:
        await self._executor.done(row.id, ts, await self._permalink(row, ts))

    async def _permalink(self, row: OutboxMessage, ts: str) -> str:
        """Return the post's address; empty where Slack does not say: the post itself is what counts."""
        try:
            answer = await done(self._client.chat_getPermalink(channel=row.channel, message_ts=ts))
        except SlackCallError:
            return ""
        return str(answer.get("permalink", ""))

    async def _note(self, row: OutboxMessage, **values: Any) -> None:  # noqa: ANN401  the row's own fields
        async with self._database.write() as session:
            await outbox.change(session, row.id, **values)


def _why(code: str) -> str:
    return NEVER.get(code, f"Slack refused it ({code})")
