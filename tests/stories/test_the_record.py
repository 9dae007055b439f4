"""Whoever holds the file can write the audit log anew. What Slack shows, and the file of anchors, tell."""

import re
import sqlite3
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from pathlib import Path

from storage import anchors
from tests.bot.waiting import until
from tests.storage.test_audit import ADD, chained
from tests.stories.test_offline import sample
from tests.stories.town import ROOT, Town, plain, town

GENERAL = "C0GENERAL"


async def verify(home: Path, *arguments: str) -> tuple[int, str]:
    """Run the command on a bot's data; return exit code and output."""
    env = {"JIDOKA_HOME": str(home / "bot"), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "bot", "verify", *arguments]
    process = await create_subprocess_exec(*command, cwd=ROOT, env=env, stdout=PIPE)
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def stopped(here: Town) -> str:
    """Ask for something and stop it at its first question; return what the decided card says of the audit log."""
    request, files = sample("competitors")
    ts = await here.alice.say(GENERAL, request, files=files)
    await here.alice.press(GENERAL, ts, "Stop", "Shall the work go down the line")
    card = await here.alice.sees(GENERAL, ts, "audit ")
    [stamp] = re.findall(r"audit \d+ · [0-9a-f]{16}", plain(card))
    return stamp


def kept(home: Path) -> list[int]:
    return [one.seq for one in anchors.read(home / "bot") if isinstance(one, anchors.Anchor)]


def write_anew(path: Path) -> None:
    """Put another log of the same length in the place of this one, whole in itself, and the triggers back."""
    with sqlite3.connect(path) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        (count,) = connection.execute("SELECT count(*) FROM event").fetchone()
        connection.execute("DELETE FROM event")
        connection.executemany(ADD, list(chained(count)))
        for _, sql in triggers:
            connection.execute(sql)
    connection.close()


async def test_a_log_written_anew_is_told_by_what_left_the_database(tmp_path: Path):
    async with town(tmp_path, None) as here:
        stamp = await stopped(here)
        seq = anchors.parse(stamp).seq
        await until(lambda: max(kept(tmp_path), default=0) >= seq)
        while_it_runs = await verify(tmp_path, "--anchor", stamp)
        await here.kill_bot()
    write_anew(tmp_path / "bot" / "jidoka.db")
    by_the_file = await verify(tmp_path)
    (tmp_path / "bot" / anchors.FILE).unlink()
    by_nothing = await verify(tmp_path)
    by_the_message = await verify(tmp_path, "--anchor", stamp)

    assert while_it_runs[0] == 0 and "The audit log is whole" in while_it_runs[1]
    assert by_the_file[0] == 1 and by_the_file[1].startswith("The audit log was written anew")
    assert by_nothing[0] == 0 and "It has no anchor yet" in by_nothing[1]
    assert by_the_message == (
        1, f"The audit log was written anew at its beginning or later: line {seq} is not the one there was.\n"
    )
