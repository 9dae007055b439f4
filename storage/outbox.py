"""What Jidoka says in Slack. One row a message; a row waits while what is delivered is behind what is wanted.

Rows say *what* to say (a kind and ids); the words are made when they are delivered, from the rows as they are then.
So several changes in a row become one edit, and a message never shows an older state than it did before.
"""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import ids
from storage.database import changed, execute, table_of
from storage.tables import Checkpoint, OutboxMessage
from storage.words import MessageKind, MessageState

_MESSAGES: Final = table_of(OutboxMessage)
_AGAIN: Final = (
    sa.update(_MESSAGES)
    .where(_MESSAGES.c.kind == sa.bindparam("of_kind"))
    .values(wanted=_MESSAGES.c.wanted + 1)
)
_OF_RUN: Final = _AGAIN.where(_MESSAGES.c.run_id == sa.bindparam("about"))
_OF_CHECKPOINT: Final = _AGAIN.where(_MESSAGES.c.checkpoint_id == sa.bindparam("about"))
_EARLIER: Final = _MESSAGES.alias()
_CHECKPOINTS: Final = table_of(Checkpoint)
_BEGAN: Final = (  # what was said before a checkpoint's run began cannot be about it: few rows are looked through
    sa.select(sa.func.coalesce(sa.func.min(_EARLIER.c.seq), 0))
    .join(_CHECKPOINTS, _CHECKPOINTS.c.run_id == _EARLIER.c.run_id)
    .where(_CHECKPOINTS.c.id == sa.bindparam("about"))
)
_COVERS: Final = sa.and_(
    _MESSAGES.c.kind == MessageKind.BRIEF,
    _MESSAGES.c.seq >= _BEGAN.scalar_subquery(),
    _MESSAGES.c.text.contains(sa.bindparam("about")),
)
_BRIEFS: Final = sa.update(_MESSAGES).where(_COVERS).values(wanted=_MESSAGES.c.wanted + 1)
_LATE: Final = (
    sa.select(OutboxMessage)
    .where(col(OutboxMessage.state) == MessageState.LIVE, col(OutboxMessage.delivered) < col(OutboxMessage.wanted))
    .order_by(col(OutboxMessage.seq))
)
_LATE_OF: Final = _LATE.where(col(OutboxMessage.kind).in_(sa.bindparam("kinds", expanding=True)))
_BRIEFED: Final = sa.select(_MESSAGES.c.user).where(_COVERS)


def say(session: AsyncSession, kind: MessageKind, **about: Any) -> str:  # noqa: ANN401  the row's own fields
    """Queue a new message and return its id; ``about`` holds the row's fields, such as run_id, channel, thread_ts."""
    message = OutboxMessage(id=ids.new("msg"), kind=kind, **about)
    session.add(message)
    return message.id


async def refresh(
    session: AsyncSession, kind: MessageKind, *, run_id: str = "", checkpoint_id: str = ""
) -> None:
    """Let every message of this kind about this run or checkpoint show the present state.

    A morning brief that asks about a checkpoint is one of its messages.
    """
    await session.flush()  # a message queued a moment ago counts too
    again = _OF_RUN if run_id else _OF_CHECKPOINT
    await execute(session, again, {"of_kind": kind, "about": run_id or checkpoint_id})
    if checkpoint_id and kind is MessageKind.CHECKPOINT:
        await execute(session, _BRIEFS, {"about": checkpoint_id})


async def late(session: AsyncSession, *kinds: MessageKind) -> list[OutboxMessage]:
    """Return every message that is behind what is wanted, oldest first; of these kinds, where any are named.

    Postponed ones are among them: what follows in their thread must not overtake them.
    """
    behind = await session.execute(_LATE_OF, {"kinds": kinds}) if kinds else await session.execute(_LATE)
    return list(behind.scalars())


async def change(session: AsyncSession, message_id: str, **values: Any) -> None:  # noqa: ANN401  the row's own fields
    """Set fields of one message."""
    await session.execute(
        sa.update(OutboxMessage).where(col(OutboxMessage.id) == message_id).values(**values)
    )


async def dead(session: AsyncSession) -> list[OutboxMessage]:
    """Return the messages Slack refused for good, oldest first."""
    refused = sa.select(OutboxMessage).where(col(OutboxMessage.state) == MessageState.DEAD)
    return list((await session.execute(refused.order_by(col(OutboxMessage.seq)))).scalars())


async def copies(session: AsyncSession, checkpoint_id: str) -> list[OutboxMessage]:
    """Return every message a checkpoint is shown in, oldest first."""
    shown = sa.select(OutboxMessage).where(
        col(OutboxMessage.checkpoint_id) == checkpoint_id, col(OutboxMessage.kind) == MessageKind.CHECKPOINT
    )
    return list((await session.execute(shown.order_by(col(OutboxMessage.seq)))).scalars())


async def told(session: AsyncSession, checkpoint_id: str) -> set[str]:
    """Return the people who were or will be written to about a checkpoint, by a card or in a brief."""
    await session.flush()
    briefed = (await execute(session, _BRIEFED, {"about": checkpoint_id})).scalars()
    return {
        user for user in (*(copy.user for copy in await copies(session, checkpoint_id)), *briefed) if user
    }


async def take_back(session: AsyncSession, message_id: str) -> bool:
    """Drop a message that was never tried to be sent; False when it may be in Slack already."""
    gone = sa.delete(OutboxMessage).where(
        col(OutboxMessage.id) == message_id,
        col(OutboxMessage.delivered) == 0,
        col(OutboxMessage.attempts) == 0,
    )
    return bool(await changed(session, gone))
