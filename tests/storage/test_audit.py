"""The audit log against its anchors: what the chain alone cannot show is shown, and nothing is blamed that is right."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from storage import anchors, audit, events
from storage.anchors import Anchor
from storage.errors import StorageError
from storage.migrations import upgrade
from tests.storage.voting import seeded

SEED: Final = 0  # 0: another one each time; a failed test prints which, and it goes here
SEEN_AT: Final = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
LINES: Final = 40
TIMES: Final = 1_000
ADD: Final = (
    "INSERT INTO event (run_id, kind, by, at, payload, salt, payload_hash, previous, hash) "
    "VALUES (:run_id, :kind, :by, :at, :text, :salt, :payload_hash, :previous, :hash)"
)
Row = dict[str, Any]
Log = sqlite3.Connection


def chained(count: int, previous: str = events.FIRST) -> Iterator[Row]:
    """Yield the rows of well-formed lines, one after the other, as the file holds them."""
    for number in range(count):
        row = events.sealed(previous, "vote", {"n": number, "note": "“Gut”"}, run_id="run-1", by="U0BOB")
        previous = row["hash"]
        text = row["text"] if number % 2 else f'{{"note": "\\u201cGut\\u201d", "n": {number}}}'  # an older line's
        yield {**row, "text": text, "at": row["at"].strftime("%Y-%m-%d %H:%M:%S.%f")}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "jidoka.db"
    upgrade(path)
    with sqlite3.connect(path) as connection:
        connection.executemany(ADD, list(chained(LINES)))
    connection.close()
    return path


@pytest.fixture
def database(made: Path, tmp_path: Path) -> Path:
    """A database of its own for a test that writes."""
    path = tmp_path / "jidoka.db"
    with sqlite3.connect(made) as connection, sqlite3.connect(path) as copy:
        connection.backup(copy)
    connection.close()
    copy.close()
    return path


@pytest.fixture
def log(database: Path) -> Iterator[Log]:
    """The database in hands that first took its triggers out, and put them back unseen."""
    connection = sqlite3.connect(database, isolation_level=None)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    connection.execute("BEGIN")
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    connection.rollback()
    connection.close()


def hashes(log: Log) -> list[str]:
    return [hashed for (hashed,) in log.execute("SELECT hash FROM event ORDER BY seq")]


def wrong(log: Log, kept: Sequence[Anchor]) -> list[str]:
    """Return what is said of chain and anchors; the triggers are another matter."""
    return [said for said in audit.look(log, kept).wrong if "trigger" not in said]


def cut(log: Log, chance: random.Random) -> int:
    """Take lines off the end; return the first one that is gone."""
    begin = chance.randrange(1, LINES + 1)
    log.execute("DELETE FROM event WHERE seq >= ?", (begin,))
    return begin


def cut_and_grown(log: Log, chance: random.Random) -> int:
    """Take lines off the end, then let the log grow as if nothing were, perhaps beyond where it was."""
    begin = cut(log, chance)
    before = [events.FIRST, *hashes(log)][-1]
    log.executemany(ADD, list(chained(chance.randrange(1, 2 * LINES), before)))
    return begin


def written_anew(log: Log, chance: random.Random) -> int:
    """Change a line, and make its hashes and those of every later line anew; return which."""
    begin = chance.randrange(1, LINES + 1)
    previous = [events.FIRST, *hashes(log)][begin - 1]
    log.execute("DELETE FROM event WHERE seq >= ?", (begin,))
    log.executemany(ADD, list(chained(LINES - begin + 1, previous)))
    return begin


CHANGES: Final = (cut, cut_and_grown, written_anew)


def test_what_the_chain_cannot_show_is_seen_up_to_the_last_anchor(log: Log):
    chance, done, missed, blamed = seeded(SEED), Counter[str](), [], []
    whole = hashes(log)
    for number in range(TIMES):
        change, last = CHANGES[number % len(CHANGES)], chance.randrange(1, LINES + 1)
        some = {last, *(chance.randrange(1, last + 1) for _ in range(chance.randrange(4)))}
        kept = [Anchor(seq, whole[seq - 1][: chance.choice((12, 16, 64))]) for seq in some]
        log.execute("SAVEPOINT change")
        first = change(log, chance)
        said = wrong(log, kept)
        log.execute("ROLLBACK TO change")
        done[f"{change.__name__} {'anchored' if first <= last else 'after'}"] += 1
        missed += [(number, change.__name__, first, last)] * (first <= last and not said)
        blamed += [(number, said)] * (first > last and bool(said))

    assert (missed, blamed) == ([], [])
    assert len(done) == 2 * len(CHANGES) and min(done.values()) > TIMES // 20
    assert wrong(log, [Anchor(seq, hashed) for seq, hashed in enumerate(whole, start=1)]) == []


def test_lines_that_are_cut_off_are_told_with_the_last_one_that_is_there(log: Log):
    kept = [Anchor(seq, hashes(log)[seq - 1]) for seq in (10, 30, 35)]
    log.execute("DELETE FROM event WHERE seq > 20")
    some = wrong(log, kept)
    log.execute("DELETE FROM event")
    every = wrong(log, kept)

    assert some == ["Lines after 20 of the audit log are missing: there was a line 35."]
    assert every == ["Lines after 0 of the audit log are missing: there was a line 35."]


def test_a_log_written_anew_is_told_with_the_last_line_that_is_vouched_for(log: Log):
    kept = [Anchor(seq, hashes(log)[seq - 1], SEEN_AT) for seq in (10, 30, 35)]
    previous = hashes(log)[19]
    log.execute("DELETE FROM event WHERE seq > 20")
    log.executemany(ADD, list(chained(20, previous)))

    assert wrong(log, kept) == [
        "The audit log was written anew after line 10: line 30 is not the one there was on 22 Nov 2026, 10:15 UTC. "
        "1 more anchor does not fit."
    ]
    assert wrong(log, kept[1:2]) == [
        "The audit log was written anew at its beginning or later: line 30 is not the one there was on 22 Nov 2026, "
        "10:15 UTC."
    ]


def test_a_mistyped_anchor_is_not_blamed_on_a_log_a_newer_one_vouches_for(log: Log):
    kept = [Anchor(10, "0" * 12), Anchor(30, hashes(log)[29])]

    assert wrong(log, kept) == [
        "The anchor 10:000000000000 does not fit, but a newer one does: it was mistyped or changed, and not the log."
    ]


def test_of_many_wrong_lines_the_first_are_told_and_the_rest_counted(log: Log):
    log.execute("UPDATE event SET by = 'U0EVE'")

    said = wrong(log, [])

    assert said[:2] == ["Line 1 of the audit log (vote) was changed.", "Line 2 of the audit log (vote) was changed."]
    assert said[audit.MOST_TOLD :] == [f"… and {LINES - audit.MOST_TOLD} more findings like these."]


def test_a_line_that_cannot_even_be_read_is_told(log: Log):
    log.execute("UPDATE event SET by = CAST(x'ff' AS TEXT) WHERE seq = 5")

    [said] = wrong(log, [])

    assert said.startswith("What follows line 4 of the audit log cannot be read: ")


def test_a_whole_log_is_told_with_its_newest_anchor(database: Path, tmp_path: Path, log: Log):
    whole = hashes(log)
    log.rollback()
    none = audit.verify(database, tmp_path)
    lines = [f"{seq}:{whole[seq - 1]} 2026-11-22T10:15:00+00:00\n" for seq in (10, LINES - 2)]
    (tmp_path / anchors.FILE).write_text("".join(lines))
    kept = audit.verify(database, tmp_path)
    named = audit.verify(database, tmp_path, [f"audit {LINES} · {whole[-1][:16]}"])

    assert [none.wrong, kept.wrong, named.wrong] == [(), (), ()]
    assert none.whole == (
        "The audit log is whole: 40 lines, each follows the one before, and it refuses changes.",
        "It has no anchor yet, so nothing shows whether lines were cut off its end.",
    )
    assert kept.whole[1] == (
        "All its 2 anchors fit; the newest is of line 38 on 22 Nov 2026, 10:15 UTC; 2 after it have none yet."
    )
    assert named.whole[1] == "All its 3 anchors fit; the newest is of line 40."


def test_a_log_of_nothing_is_empty(tmp_path: Path):
    upgrade(tmp_path / "jidoka.db")

    assert audit.verify(tmp_path / "jidoka.db", tmp_path) == audit.Findings((), ("The audit log is empty.",))


def test_a_migrated_database_refuses_changes_with_the_triggers_that_are_looked_for(database: Path, tmp_path: Path):
    assert audit.verify(database, tmp_path).wrong == ()


@pytest.mark.parametrize("name", list(audit.TRIGGERS))
@pytest.mark.parametrize("instead", ["", "CREATE TRIGGER {0} BEFORE UPDATE ON event WHEN 0 BEGIN SELECT 1; END"])
def test_a_trigger_that_is_gone_or_does_nothing_is_told(database: Path, tmp_path: Path, name: str, instead: str):
    with sqlite3.connect(database) as connection:
        connection.execute(f"DROP TRIGGER {name}")
        connection.execute(instead.format(name))
    connection.close()

    said = f"The audit log can be changed: its trigger {name!r} is gone or is another one."
    assert audit.verify(database, tmp_path).wrong == (said,)


def test_a_line_of_the_file_that_is_no_anchor_is_told(database: Path, tmp_path: Path):
    (tmp_path / anchors.FILE).write_bytes(b"\x00\xff\n")

    [said] = audit.verify(database, tmp_path).wrong

    assert said.startswith(f"Line 1 of {str(tmp_path / anchors.FILE)!r} is no anchor.")


def test_it_looks_while_somebody_writes_and_writes_nothing_itself(database: Path, tmp_path: Path):
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.executemany(ADD, list(chained(1, "not what stands there")))
    meanwhile = audit.verify(database, tmp_path)
    writer.execute("ROLLBACK")
    writer.close()

    assert meanwhile.wrong == () and "40 lines" in meanwhile.whole[0]


def test_a_database_that_is_not_there_is_one_sentence_and_is_not_made(tmp_path: Path):
    path = tmp_path / "no such" / "jidoka.db"

    with pytest.raises(StorageError, match=r"^There is no database at .*: nothing has run there yet\.$"):
        audit.verify(path, tmp_path)
    assert not path.parent.exists()


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path):
    (tmp_path / "jidoka.db").write_text("Dear diary, " * 100)

    with pytest.raises(StorageError, match=r"cannot be used as the database: file is not a database\.$"):
        audit.verify(tmp_path / "jidoka.db", tmp_path)
