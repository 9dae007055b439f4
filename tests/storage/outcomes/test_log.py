"""The log's file: read beside a bot at work, only what is new, in little memory and little time."""

from __future__ import annotations

import sqlite3
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from storage import outcomes
from storage.errors import StorageError
from storage.outcomes import Line, Log, Tally
from tests.storage.outcomes.scribe import END, START, Scribe, stored
from tests.storage.outcomes.test_three_logs import calm, crowded, second_thoughts

MANY: Final = 1_000_000
LONGEST_S: Final = 20


@pytest.mark.parametrize("log", [calm, second_thoughts, crowded])
def test_a_file_says_what_its_lines_say(tmp_path: Path, log):
    assert outcomes.of(stored(tmp_path / "jidoka.db", log().lines), END) == log().figures()


def test_a_second_look_reads_only_what_is_new(tmp_path: Path):
    lines = second_thoughts().lines
    path = stored(tmp_path / "jidoka.db", lines[:30])
    log = Log(path)
    first = log.figures(END)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM event")
    stored(path, lines[30:])

    assert first.whole.accepted < second_thoughts().figures().whole.accepted
    assert log.figures(END) == second_thoughts().figures()


def test_lines_of_other_kinds_are_passed_over(tmp_path: Path):
    lines = calm().lines
    others = [line._replace(seq=line.seq + len(lines), kind="message simplified") for line in lines]

    assert outcomes.of(stored(tmp_path / "jidoka.db", [*lines, *others]), END) == calm().figures()


def test_it_writes_nothing_and_waits_for_nobody(tmp_path: Path):
    path = stored(tmp_path / "jidoka.db", calm().lines)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        figures = outcomes.of(path, END)

    assert figures == calm().figures()


def test_no_log_is_a_sentence(tmp_path: Path):
    with pytest.raises(
        StorageError, match=r"There is no database at '.*jidoka\.db': nothing has run there yet\."
    ):
        outcomes.of(tmp_path / "jidoka.db", END)


def test_a_file_that_is_none_is_a_sentence(tmp_path: Path):
    (tmp_path / "jidoka.db").write_bytes(b"No database, only words. " * 100)

    with pytest.raises(StorageError, match=r"cannot be used as the database: file is not a database\."):
        outcomes.of(tmp_path / "jidoka.db", END)


def years(lines: int) -> Iterator[Line]:
    """Yield so many lines of runs, each of 11 lines, an hour after the other until the end of four weeks."""
    runs = lines // 11
    for number in range(runs):
        log = Scribe()
        log.now = END - timedelta(hours=runs - number)
        run, plan, draft = f"run-{number}", f"plan-{number}", f"draft-{number}"
        log.run(run).ask(run, plan, "plan", "plan").see(run, plan).decide(run, plan)
        log.ask(run, draft).see(run, draft).decide(run, draft, "send_back" if number % 5 == 0 else "approve")
        log.say("run done", run, usd=0.25, tokens=1200, priced=True, rework=0, why="")
        yield from (line._replace(seq=line.seq + 11 * number) for line in log.lines)


def test_memory_holds_some_weeks_however_long_the_log_is():
    assert _peak(60_000) < 1.2 * _peak(30_000)


def _peak(lines: int) -> int:
    """Return the most bytes held at once while so many lines are counted."""
    tally = Tally()
    tracemalloc.start()
    for line in years(lines):
        tally.add(line)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.long
def test_a_million_lines_are_read_in_seconds(tmp_path: Path):
    path = stored(tmp_path / "jidoka.db", years(MANY))
    began = time.process_time()
    figures = outcomes.of(path, END)
    lasted = time.process_time() - began
    print(f"{MANY:,} lines in {lasted:.1f} s of CPU")

    assert figures.whole.decisions == 2 * (4 * 7 * 24 - 1)  # the run at the first moment is not in it
    assert lasted < LONGEST_S


def test_the_moments_of_the_test_are_what_they_seem():
    assert (START.strftime("%A"), END - START) == ("Monday", timedelta(weeks=4))
