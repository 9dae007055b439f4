"""What Jidoka says in Slack. One row a message; a row waits while what is delivered is behind what is wanted.

Rows say *what* to say (a kind and ids); the words are made when they are delivered, from the rows as they are then.
So several changes in a row become one edit, and a message never shows an older state than it did before.
"""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import ids
from storage.database import execute, table_of
from storage.tables import OutboxMessage
from storage.words import MessageKind, MessageState

_MESSAGES: Final = table_of(OutboxMessage)
_AGAIN: Final = (
    sa.update(_MESSAGES)
    .where(_MESSAGES.c.kind == sa.bindparam("of_kind"))
    .values(wanted=_MESSAGES.c.wanted + 1)
)
_OF_RUN: Final = _AGAIN.where(_MESSAGES.c.run_id == sa.bindparam("about"))
_OF_CHECKPOINT: Final = _AGAIN.where(_MESSAGES.c.checkpoint_id == sa.bindparam("about"))


def say(session: AsyncSession, kind: MessageKind, **about: Any) -> str:  # noqa: ANN401  the row's own fields
    """Queue a new message and return its id; ``about`` holds the row's fields, such as run_id, channel, thread_ts."""
    message = OutboxMessage(id=ids.new("msg"), kind=kind, **about)
    session.add(message)
    return message.id


async def refresh(
    session: AsyncSession, kind: MessageKind, *, run_id: str = "", checkpoint_id: str = ""
) -> None:
    """Let every message of this kind about this run or checkpoint show the present state."""
    await session.flush()  # a message queued a moment ago counts too
    again = _OF_RUN if run_id else _OF_CHECKPOINT
    await execute(session, again, {"of_kind": kind, "about": run_id or checkpoint_id})


async def late(session: AsyncSession) -> list[OutboxMessage]:
    """Return every message that is behind what is wanted, oldest first.

    Postponed ones are among them: what follows in their thread must not overtake them.
    """
    behind = sa.select(OutboxMessage).where(
        col(OutboxMessage.state) == MessageState.LIVE,
        col(OutboxMessage.delivered) < col(OutboxMessage.wanted),
    )
    return list((await session.execute(behind.order_by(col(OutboxMessage.seq)))).scalars())


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
