"""Keeps what runs delivered as files to look at: ``out/<engine>/<line>/`` below the repository's root, never committed."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from agents.engine.charts import PICTURE
from agents.rendering.formats import Format
from bot.outbox.reading import View
from storage import runs
from storage.database import Database
from storage.tables import OutboxMessage
from storage.words import MessageKind
from tests.bot.waiting import rows
from tests.readme import ROOT

OUT: Final = ROOT / "out"
PATCH: Final = "jidoka/changes.patch"  # in an archive: what a person reads first
SLOW: Final = {PICTURE, Format.WORD, Format.PDF}  # with charts to draw, half a second each


async def keep(path: Path, engine: Literal["offline", "scripted"], *, drawn: bool = False) -> list[Path]:
    """Write the files that the runs of a database sent to their threads, as people get them; return where they are.

    Args:
        path: The database; nothing works on it any more.
        drawn: Whether to draw charts too. Without, a document that shows some is kept in Markdown alone.
    """
    database, kept = Database(path), []
    sent = sorted(await rows(database, OutboxMessage, kind=MessageKind.FILE), key=lambda row: row.seq)
    pictured = {row.run_id for row in sent if row.text == PICTURE}
    async with database.read() as session:
        for row in sent:
            if drawn or row.run_id not in pictured or row.text not in SLOW:
                run, file = await runs.get(session, row.run_id), await View(session).written(row.seq)
                for name, content in _opened(file.file_name, file.content()):
                    kept.append(_put(OUT / engine / run.line / name, content))
    await database.close()
    return kept


def _opened(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file and, of an archive, its patch beside it."""
    yield name, content
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            yield Path(PATCH).name, packed.read(PATCH)


def _put(path: Path, content: bytes) -> Path:
    """Put a file in its place whole, and return it: a test beside this one may put the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_bytes(content)
    return half.replace(path)
