"""Sends one message: notes the attempt, looks before a second one, says it, and notes where it is."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.said import Said
from bot.outbox import ladder, looking
from bot.outbox.beforehand import Beforehand
from bot.outbox.doing import Doer, Executor
from bot.outbox.ladder import Sent
from bot.outbox.pace import Pace
from bot.outbox.queue import posted
from bot.outbox.reading import View, Written
from bot.slack import DeclinedError, NotYetError, UnclearError, done, upload
from storage import checkpoints, events, outbox
from storage.database import Database
from storage.tables import OutboxMessage
from storage.words import CheckpointState, MessageKind, MessageState

_QUIET: Final = {"unfurl_links": False, "unfurl_media": False, "parse": "none", "link_names": False}  # on every post
Answer = TypeVar("Answer")
_DONE_ALREADY: Final = "already_reacted"


class Sender:
    """Takes rows to Slack, one call at a time.

    Args:
        database: Ours.
        client: The one client; it never repeats a call by itself.
        posts: How fast new messages may follow each other in a channel.
        mode: What is said of every run's work, or nothing.
        executor: The engine's side of effects; none: effects wait.
    """

    def __init__(
        self, database: Database, client: AsyncWebClient, posts: Pace, mode: str = "", executor: Executor | None = None
    ) -> None:
        self._database, self._client, self._posts, self._mode = database, client, posts, mode
        self._beforehand = Beforehand(database, client)
        self._doer = Doer(database, client, posts, executor) if executor else None

    async def send(self, row: OutboxMessage) -> None:
        """Deliver what a row wants now, and note it.

        Raises:
            SlackCallError: It was not delivered, or nobody knows.
            StorageError: Something the row names is gone.
        """
        if row.kind is MessageKind.EFFECT:
            await self._do(row)
            return
        written = await self._written(row)
        now = written.row
        if now.state is not MessageState.LIVE or now.delivered >= now.wanted:
            return
        if await self._is_moot(now):
            return
        if now.kind is MessageKind.REACTION:
            await self._react(now)
        elif posted(now):
            await self._edit(written)
        elif now.kind in {MessageKind.FILE, MessageKind.FIGURES}:
            await self._share(written)
        else:
            await self._post(written)

    async def _do(self, row: OutboxMessage) -> None:
        """Do an approved effect, as its row is now."""
        async with self._database.read() as session:
            now = (await View(session).written(row.seq or 0)).row
        if self._doer and now.state is MessageState.LIVE and not posted(now):
            await self._doer.do(now)

    async def give_up(self, row: OutboxMessage, why: str) -> None:
        """Let the run of an effect that cannot be done go on without it; of other messages nothing hangs."""
        if self._doer and row.kind is MessageKind.EFFECT:
            await self._doer.give_up(row, why)

    async def _written(self, row: OutboxMessage) -> Written:
        seen = await self._beforehand.seen(row)
        async with self._database.read() as session:
            return await View(session, self._mode, seen).written(row.seq or 0)

    async def _is_moot(self, row: OutboxMessage) -> bool:
        """Take back what asks somebody for a decision that was made before it was sent; return whether it was that."""
        asks = row.checkpoint_id and (row.user or row.kind is MessageKind.NOTICE)
        if not asks or posted(row) or row.attempts:
            return False
        async with self._database.write() as session:
            state = (await checkpoints.get(session, row.checkpoint_id)).state
            return state is not CheckpointState.OPEN and await outbox.take_back(session, row.id)

    async def _react(self, row: OutboxMessage) -> None:
        try:
            await done(self._client.reactions_add(channel=row.channel, timestamp=row.thread_ts, name=row.text))
        except DeclinedError as declined:
            if declined.code != _DONE_ALREADY:
                raise
        await self._note(row, delivered=row.wanted)

    async def _edit(self, written: Written) -> None:
        row = written.row

        async def change(said: Said) -> Mapping[str, Any]:
            return await done(
                self._client.chat_update(channel=row.channel, ts=row.ts, **_shape(said), **_QUIET)  # type: ignore[arg-type]
            )

        sent = await ladder.climb_down(written.said, change)
        await self._record(written, sent, delivered=row.wanted)

    async def _post(self, written: Written) -> None:
        row = await self._addressed(written.row)
        too_long = await asyncio.to_thread(written.beyond_windows)  # the whole text is rendered: off the loop
        if row.attempts and (ts := await looking.for_message(self._client, row)):
            await self._found(written, row, ts, with_file=too_long)
            return

        async def post(said: Said) -> Mapping[str, Any]:
            return await done(
                self._client.chat_postMessage(
                    channel=row.channel, thread_ts=row.thread_ts or None, metadata=looking.metadata(row),
                    **_shape(said), **_QUIET,  # type: ignore[arg-type]
                )
            )  # fmt: skip

        sent = await self._once(row, lambda: ladder.climb_down(written.said, post))
        with_file = too_long or (sent.bare and written.asks())
        ts = str(sent.answer.get("ts", ""))
        await self._record(written, sent, with_file=with_file, delivered=row.wanted, ts=ts)

    async def _share(self, written: Written) -> None:
        """Announce, upload, complete: only the last shows the file, so its id is kept before that."""
        row = await self._addressed(written.row)
        if row.attempts and row.file_id and (ts := await looking.for_file(self._client, row)):
            await self._note(row, ts=ts, delivered=row.wanted, error="", not_before=None)
            return
        if not row.file_id:
            file_id = await self._put(written)
            await self._note(row, file_id=file_id)
            row = row.model_copy(update={"file_id": file_id})
        await self._once(row, lambda: self._complete(row, written))
        await self._note(row, delivered=row.wanted, error="", not_before=None)

    async def _put(self, written: Written) -> str:
        """Send the bytes and return the file's id; nobody sees it yet."""
        content = await asyncio.to_thread(written.content) or b"\n"
        described = {"alt_txt": written.alt} if written.alt else {}
        asked = self._client.files_getUploadURLExternal(filename=written.file_name, length=len(content), **described)
        place = await done(asked)
        await upload(str(place["upload_url"]), content)
        return str(place["file_id"])

    async def _complete(self, row: OutboxMessage, written: Written) -> Mapping[str, Any]:
        files: list[dict[str, str | None]] = [{"id": row.file_id, "title": written.said.text}]
        try:
            return await done(
                self._client.files_completeUploadExternal(
                    files=files, channel_id=row.channel, thread_ts=row.thread_ts or None,
                    initial_comment=written.comment or None,
                )
            )
        except DeclinedError as declined:
            if declined.code != "file_not_found":
                raise
            await self._note(row, file_id="")
            raise UnclearError("Slack has forgotten the uploaded file; it is sent anew.") from declined

    async def _once(self, row: OutboxMessage, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Make a call that must not be made twice: from the commit before it on, a lost answer is looked for."""
        await self._posts.turn(row.channel)
        await self._note(row, attempts=row.attempts + 1)
        try:
            return await call()
        except NotYetError:
            await self._note(row, attempts=row.attempts)  # it was not made
            raise

    async def _addressed(self, row: OutboxMessage) -> OutboxMessage:
        """Return the row with the channel of a person's direct messages, opened and kept."""
        if row.channel or not row.user:
            return row
        opened = await done(self._client.conversations_open(users=[row.user]))
        channel = str((opened.get("channel") or {}).get("id", ""))
        await self._note(row, channel=channel)
        return row.model_copy(update={"channel": channel})

    async def _found(self, written: Written, row: OutboxMessage, ts: str, *, with_file: bool) -> None:
        """Note a message that was sent although the answer was lost; it may show an older state, so it is edited."""
        async with self._database.write() as session:
            seen = {"ts": ts, "delivered": max(1, row.wanted - 1), "error": "", "not_before": None}
            await outbox.change(session, row.id, **seen)
            if with_file:
                _say_file(session, row, written)

    async def _record(
        self, written: Written, sent: Sent, *, with_file: bool = False, **values: Any  # noqa: ANN401  the row's fields
    ) -> None:
        row = written.row
        async with self._database.write() as session:
            await outbox.change(session, row.id, **values, error="", not_before=None)
            if sent.rung > 1:
                about: dict[str, Any] = {"message": row.id, "what": row.kind, "rung": sent.rung, "error": sent.refused}
                await events.add(session, "message simplified", run_id=row.run_id, **about)
            if with_file:
                _say_file(session, row, written)

    async def _note(self, row: OutboxMessage, **values: Any) -> None:  # noqa: ANN401  the row's own fields
        async with self._database.write() as session:
            await outbox.change(session, row.id, **values)


def _say_file(session: Any, row: OutboxMessage, written: Written) -> None:  # noqa: ANN401  storage's session
    """Queue the whole text as a file: the card could not hold it and no window can."""
    about = {"run_id": row.run_id or (written.artifact.run_id if written.artifact else ""), "channel": row.channel}
    outbox.say(
        session, MessageKind.FILE, **about, thread_ts=row.thread_ts,
        artifact_id=written.artifact.id if written.artifact else "",
    )  # fmt: skip


def _shape(said: Said) -> dict[str, Any]:
    """Return the words of a call; blocks are left out where only text is left."""
    return {"text": said.text, **({"blocks": list(said.blocks)} if said.blocks else {})}
