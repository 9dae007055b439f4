"""Anchors: one line for every decision and every night, in a file that only grows."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from storage import anchors, checkpoints, clock, events
from storage.anchors import Anchor
from storage.database import Database
from storage.errors import StorageError
from storage.tables import Checkpoint
from storage.words import CheckpointKind, CheckpointState
from tests.storage.voting import opened_database

NOON: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HASH: Final = "9f3c2a7be1d04468"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with opened_database(tmp_path / "jidoka.db") as database:
        yield database


async def said(database: Database, number: int = 1) -> tuple[int, str]:
    """Write some lines that close nothing; return the newest one's number and hash."""
    async with database.write() as session:
        for _ in range(number):
            await events.add(session, "note", run_id="run-1", by="U0ALICE")
        return await events.head(session)


async def asked(session: AsyncSession, name: str) -> Checkpoint:
    """Open a checkpoint."""
    about = {"run_id": "run-1", "task_key": name, "attempt": 1, "kind": CheckpointKind.DRAFT, "requester": "U0ALICE"}
    checkpoint = Checkpoint(id=f"chk-{name}", nonce="n", digest="d", question="Is this right?", **about)
    session.add(checkpoint)
    await events.add(session, "checkpoint opened", run_id="run-1", checkpoint=checkpoint.id)
    return checkpoint


async def decided(database: Database, name: str = "brief") -> tuple[Checkpoint, tuple[int, str]]:
    """Open a checkpoint and approve it; return it, and number and hash of the line that closed it."""
    async with database.write() as session:
        checkpoint = await asked(session, name)
        await checkpoints.close(session, checkpoint, CheckpointState.APPROVED, by="U0BOB")
        return checkpoint, await events.head(session)


def lines(home: Path) -> list[str]:
    return (home / anchors.FILE).read_text(encoding="utf-8").splitlines()


async def test_an_anchor_is_number_hash_and_moment_of_the_newest_line(database: Database, tmp_path: Path):
    clock.follow(lambda: NOON)
    try:
        seq, hashed = await said(database, 3)
        kept = await anchors.keep(database, tmp_path)
    finally:
        clock.follow(None)

    assert kept == Anchor(seq, hashed, NOON)
    assert lines(tmp_path) == [f"3:{hashed} 2026-11-22T12:00:00+00:00"]
    assert list(anchors.read(tmp_path)) == [kept]
    assert stat.S_IMODE((tmp_path / anchors.FILE).stat().st_mode) == 0o600


async def test_an_unchanged_head_is_kept_once(database: Database, tmp_path: Path):
    await said(database)
    first = await anchors.keep(database, tmp_path)
    again = [await anchors.keep(database, tmp_path) for _ in range(3)]
    at_once = await asyncio.gather(*(anchors.keep(database, tmp_path) for _ in range(5)))

    assert first is not None
    assert [*again, *at_once] == [None] * 8
    assert len(lines(tmp_path)) == 1


async def test_many_at_once_keep_a_new_head_once(database: Database, tmp_path: Path):
    await said(database)
    kept = await asyncio.gather(*(anchors.keep(database, tmp_path) for _ in range(10)))

    assert [anchor is not None for anchor in kept].count(True) == 1
    assert len(lines(tmp_path)) == 1


async def test_an_empty_log_has_no_anchor_and_makes_no_file(database: Database, tmp_path: Path):
    assert await anchors.keep(database, tmp_path) is None
    assert await anchors.keep_decided(database, tmp_path) is None
    assert list(anchors.read(tmp_path)) == []
    assert not (tmp_path / anchors.FILE).exists()


async def test_what_stands_in_the_file_is_never_written_over(database: Database, tmp_path: Path):
    before = b""
    for _ in range(5):
        await said(database)
        await anchors.keep(database, tmp_path)
        now = (tmp_path / anchors.FILE).read_bytes()

        assert now.startswith(before) and len(now) > len(before)
        before = now


async def test_only_a_decision_calls_for_an_anchor_and_one_covers_several(database: Database, tmp_path: Path):
    await said(database, 4)
    none = await anchors.keep_decided(database, tmp_path)
    await decided(database, "one")
    await decided(database, "two")
    newest = await said(database)
    both = await anchors.keep_decided(database, tmp_path)
    await said(database)
    nothing_new = await anchors.keep_decided(database, tmp_path)

    assert (none, nothing_new) == (None, None)
    assert both is not None and (both.seq, both.hash) == newest


async def test_an_older_copy_of_the_database_gets_anchors_too(database: Database, tmp_path: Path):
    (tmp_path / anchors.FILE).write_text(f"9000:{'a' * 64} 2026-11-22T12:00:00+00:00\n")
    _, newest = await decided(database)

    kept = await anchors.keep_decided(database, tmp_path)

    assert kept is not None and (kept.seq, kept.hash) == newest


async def test_a_line_the_power_failed_in_stays_by_itself(database: Database, tmp_path: Path):
    path = tmp_path / anchors.FILE
    path.write_text("17:9f3c")
    seq, hashed = await said(database)
    kept = await anchors.keep(database, tmp_path)
    torn, whole = anchors.read(tmp_path)

    assert lines(tmp_path)[0] == "17:9f3c"
    assert whole == kept == Anchor(seq, hashed, kept.at if kept else None)
    assert torn == (
        f"Line 1 of {str(path)!r} is no anchor. If the machine lost its power while it was written, take that line out; "
        "otherwise somebody has changed the file."
    )


async def test_a_full_disk_is_one_sentence_and_the_next_anchor_is_whole(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write = os.write
    await said(database)
    with monkeypatch.context() as full:
        full.setattr(anchors.os, "write", lambda file, text: write(file, text[:9]))
        with pytest.raises(StorageError, match=r"anchor was not kept in .*anchors': No space left on device\.$"):
            await anchors.keep(database, tmp_path)
    kept = await anchors.keep(database, tmp_path)

    assert list(anchors.read(tmp_path))[1:] == [kept]


async def test_a_file_that_cannot_be_opened_is_one_sentence(database: Database, tmp_path: Path):
    (tmp_path / anchors.FILE).mkdir()
    await said(database)

    with pytest.raises(StorageError, match=r"anchor was not kept in .*: Is a directory\.$"):
        await anchors.keep(database, tmp_path)
    with pytest.raises(StorageError, match=r"anchors' cannot be read: Is a directory\.$"):
        list(anchors.read(tmp_path))


async def test_the_line_that_closed_a_checkpoint_is_the_same_whenever_it_is_asked_for(database: Database):
    (first, closed_first), (second, closed_second) = await decided(database, "one"), await decided(database, "two")
    await said(database, 3)
    async with database.write() as session:
        still_open = await asked(session, "three")
        withdrawn = await asked(session, "four")
        await checkpoints.close(session, withdrawn, CheckpointState.WITHDRAWN)
        closed_last = await events.head(session)
    async with database.read() as session:
        told = [await anchors.of_decision(session, one) for one in (first, second, still_open, withdrawn)]

    found = [(anchor.seq, anchor.hash) if anchor else None for anchor in told]
    assert found == [closed_first, closed_second, None, closed_last]


@pytest.mark.parametrize(
    "text", [f"412:{HASH}", f" 412:{HASH.upper()} ", f"412 · {HASH}", f"audit 412 · {HASH}", f"412:{HASH[:12]}"]
)
def test_an_anchor_is_read_as_messages_and_the_file_show_it(text: str):
    found = anchors.parse(text)

    assert (found.seq, found.at) == (412, None)
    assert HASH.startswith(found.hash)


@pytest.mark.parametrize("seq", ["0", "-1", "", "9" * 19])
@pytest.mark.parametrize("hashed", [HASH[:12], HASH[:11], f"{HASH}g", "a" * 65, ""])
def test_what_is_no_anchor_is_told_how_one_looks(seq: str, hashed: str):
    for text in (f"{seq}:{hashed}", f"{seq}:{HASH}", f"412:{hashed}" if hashed != HASH[:12] else seq):
        with pytest.raises(StorageError, match=r"is no anchor\. Write a line's number and at least 12 digits"):
            anchors.parse(text)


def test_what_a_message_shows_can_be_read_back():
    shown = Anchor(412, HASH * 4, NOON - timedelta(days=1)).printed()

    assert shown == f"audit 412 · {HASH}"
    assert anchors.parse(shown) == Anchor(412, HASH)
