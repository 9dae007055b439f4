"""Reads how the people stand to a checkpoint: who approved, whose vote fell away, who is reminded, in whose name."""

from typing import Any

from bot.messages.rows import Votes
from storage import standing, voting
from storage.tables import Checkpoint


async def votes(session: Any, asked: Checkpoint) -> Votes:  # noqa: ANN401  bot does not know SQLAlchemy
    """Return the votes on a checkpoint's present version."""
    approved = tuple(await voting.approved_by(session, asked))
    return Votes(
        approved=approved,
        fallen=tuple(one for one in await standing.fallen(session, asked) if one not in approved),
        remind_at=await standing.reminder(session, asked.id),
        in_name_of=await standing.in_name_of(session, asked) if asked.decided_by else "",
        broken_glass=await standing.broken_glass(session, asked) if asked.decided_by else "",
    )
