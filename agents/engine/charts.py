"""Charts of a run: kept as artifacts of their own under their names, and sent once, with the first text that shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from agents.rendering.chart import Chart
from agents.stations import charting
from agents.stations.assignment import Made
from storage import artifacts
from storage.tables import Artifact, OutboxMessage
from storage.words import MessageKind

if TYPE_CHECKING:
    from agents.engine.transitions import Transition

PICTURE: Final = "chart"  # what the row of its file says where others name a format


async def keep(moving: Transition, made: Made) -> None:
    """Keep the charts a text shows; its name holds its numbers' digest, so one that is there is the same."""
    for chart in made.charts:
        if await rows(moving.session, moving.run.id, [chart.reference]):
            continue
        await artifacts.add(
            moving.session, moving.run.id, chart.name, name=chart.name, text=chart.model_dump_json(),
            made_by=made.made_by, label=made.label, problems=[],
        )  # fmt: skip


async def show(moving: Transition, text: str) -> None:
    """Queue the pictures of a text that people have not been sent yet."""
    for row in await rows(moving.session, moving.run.id, [text]):
        sent = sa.select(col(OutboxMessage.id)).where(
            col(OutboxMessage.run_id) == moving.run.id, col(OutboxMessage.artifact_id) == row.id
        )
        if (await moving.session.execute(sent.limit(1))).first() is None:
            moving.say(MessageKind.FILE, artifact_id=row.id, text=PICTURE)


async def rows(session: AsyncSession, run_id: str, texts: Iterable[str]) -> list[Artifact]:
    """Return the artifacts of the charts that texts of a run show, each once, in their order."""
    names = dict.fromkeys(name for text in texts for name in charting.named(text))
    found = [await artifacts.versions(session, run_id, name) for name in names]
    return [versions[-1] for versions in found if versions]


async def of(session: AsyncSession, run_id: str, texts: Iterable[str]) -> tuple[Chart, ...]:
    """Return the charts that texts of a run show."""
    return tuple(Chart.model_validate_json(row.text) for row in await rows(session, run_id, texts))
