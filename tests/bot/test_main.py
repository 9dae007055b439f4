"""The process: one at a time, one sentence when it cannot start, a clean end, and no secret anywhere it writes."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.workspace import server
from tests.bot.waiting import until

ROOT = Path(__file__).parents[2]
START_S = 90  # for a machine that does other things too
NOWHERE = "http://127.0.0.1:9"  # a model that never answers
SECRET = "canary-9f3b7c"


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "JIDOKA_HOME": str(home), "PORT": "0", "ANTHROPIC_BASE_URL": NOWHERE, **more}


async def start(home: Path, *arguments: str, **more: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=ROOT, env=environment(home, **more), stdout=pipe, stderr=pipe
    )


async def run(home: Path, *arguments: str, **more: str) -> tuple[int, str, str]:
    """Run a command to its end; return exit code, output and errors."""
    process = await start(home, *arguments, **more)
    out, err = await asyncio.wait_for(process.communicate(), START_S)
    return process.returncode or 0, out.decode(), err.decode()


@asynccontextmanager
async def serving(home: Path, **more: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Run everything; yield the process and the line it printed."""
    process = await start(home, **more)
    assert process.stdout is not None
    try:
        yield process, (await asyncio.wait_for(process.stdout.readline(), START_S)).decode()
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 20)


async def test_it_prints_one_address_answers_there_and_ends_cleanly_in_time(tmp_path: Path):
    async with serving(tmp_path) as (process, line), aiohttp.ClientSession() as browser:
        url = line.removeprefix("Jidoka runs. Open ").strip()
        async with browser.get(url, allow_redirects=False) as page:
            assert page.status == 303
        async with browser.get(url.split("?")[0] + "healthz") as health:
            said = await health.json()
        began = asyncio.get_running_loop().time()
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.wait(), 12)

    assert (code, said["ok"], said["slack"]) == (0, True, True)
    assert asyncio.get_running_loop().time() - began < 10


async def test_a_second_process_in_the_same_home_or_on_the_same_database_refuses_with_a_sentence(tmp_path: Path):
    home, shared = tmp_path / "one", tmp_path / "shared"
    url = f"sqlite:///{shared}/jidoka.db"
    async with serving(home, DATABASE_URL=url) as (_, line):
        same_home = await run(home)
        same_database = await run(tmp_path / "two", DATABASE_URL=url)

    assert line
    assert same_home == (1, "", _refusal(home))
    assert same_database == (1, "", _refusal(shared))


def _refusal(folder: Path) -> str:
    return (
        f"Another Jidoka works on {str(folder)!r}. On SQLite there is one process: stop it, or give this one "
        "another JIDOKA_HOME.\n"
    )


async def test_a_busy_port_is_one_sentence(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = await run(tmp_path, PORT=str(port))

    assert (code, out) == (1, "")
    assert err == f"Port {port} on '127.0.0.1' cannot be used. Set PORT to a free one, or end what uses it.\n"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "Set both SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or neither.\n"),
        ({"PORT": "many"}, "PORT is 'many': give a number from 1 to 65535, or 0 for any free one.\n"),
    ],
)
async def test_a_wrong_setting_is_one_sentence(tmp_path: Path, given: dict[str, str], said: str):
    assert await run(tmp_path, **given) == (1, "", said)


async def test_a_home_that_is_a_file_is_one_sentence(tmp_path: Path):
    home = tmp_path / "home"
    home.write_text("")

    code, _, err = await run(home)

    assert (code, "Traceback" in err) == (1, False)
    assert err.endswith("Set JIDOKA_HOME to a folder of yours.\n")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            {"SLACK_BOT_TOKEN": "xoxb-wrong"},
            "Slack refuses SLACK_BOT_TOKEN (invalid_auth). Copy it again from the app's page.\n",
        ),
        pytest.param(
            {"SLACK_APP_TOKEN": "xapp-wrong"},
            "Slack refuses SLACK_APP_TOKEN (invalid_auth). It needs the scope 'connections:write'.\n",
            marks=pytest.mark.long,
        ),
        pytest.param(
            {"SLACK_API_URL": f"{NOWHERE}/api/"},
            f"Slack cannot be reached at '{NOWHERE}/api/' just now. Try again in a moment.\n",
            marks=pytest.mark.long,
        ),
    ],
)
async def test_what_slack_refuses_is_one_sentence(tmp_path: Path, wrong: dict[str, str], said: str):
    async with slack(tmp_path) as given:
        code, out, err = await run(tmp_path / "bot", **{**given, **wrong})

    assert (code, out, err) == (1, "", said)


@asynccontextmanager
async def slack(home: Path) -> AsyncIterator[dict[str, str]]:
    """Serve a workspace of its own; yield the settings that lead there."""
    served = await server.serve(home / "workspace", "127.0.0.1", 0)
    facts = served.facts()
    yield {
        "SLACK_BOT_TOKEN": facts["bot_token"], "SLACK_APP_TOKEN": facts["app_token"], "SLACK_API_URL": facts["api_url"],
    }
    await served.close()


async def test_no_secret_is_written_to_any_file_or_log(tmp_path: Path):
    home = tmp_path / "bot"
    model = {"ANTHROPIC_API_KEY": SECRET, "JIDOKA_LOG": "json"}
    async with slack(tmp_path) as given, serving(home, **model, **given) as (process, line):
        async with aiohttp.ClientSession(headers={"Authorization": "Bearer xoxp-alice"}) as alice:
            asked = {"channel": "D0ALICE", "text": "compare them"}
            async with alice.post(given["SLACK_API_URL"] + "chat.postMessage", json=asked) as said:
                assert (await said.json())["ok"]
        await until(lambda: _has_a_run(home), 20)
        process.send_signal(signal.SIGTERM)
        out, err = await asyncio.wait_for(process.communicate(), 20)
        secrets = [SECRET, given["SLACK_BOT_TOKEN"], given["SLACK_APP_TOKEN"]]
        written = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file()) + line.encode() + out + err

    assert [secret for secret in secrets if secret.encode() in written] == []
    assert stat.S_IMODE((home / "jidoka.db").stat().st_mode) == 0o600
    assert b"compare them" in written


def _has_a_run(home: Path) -> bool:
    connection = sqlite3.connect(home / "jidoka.db")
    try:
        return bool(connection.execute("SELECT 1 FROM run").fetchall())
    finally:
        connection.close()


async def test_check_says_in_sentences_what_is_set_up(tmp_path: Path):
    code, out, err = await run(tmp_path, "check")

    assert (code, err) == (0, "")
    assert out.startswith(f"Requests come from the built-in workspace. The work is done by {NOWHERE}.")
    assert "Line 'competitive-intelligence'" in out


async def test_check_names_what_is_wrong_and_exits_with_one(tmp_path: Path):
    (tmp_path / "roles").mkdir(parents=True)
    (tmp_path / "roles" / "poet.md").write_text("---\nname: poet\ndescripton: Writes verse.\n---\nWrite verse.\n")

    code, out, _ = await run(tmp_path, "check")

    assert code == 1
    assert "descripton" in out


async def test_migrate_makes_the_newest_schema(tmp_path: Path):
    code, out, err = await run(tmp_path, "migrate")

    assert (code, out, err) == (0, f"{str(tmp_path / 'jidoka.db')!r} has the newest schema.\n", "")
    assert (tmp_path / "jidoka.db").exists()


async def test_manifest_prints_the_file_in_the_repository(tmp_path: Path):
    code, out, _ = await run(tmp_path, "manifest")

    assert code == 0
    assert json.loads(out) == json.loads((ROOT / "manifest.json").read_text())


async def test_the_workspace_alone_prints_its_address(tmp_path: Path):
    process = await start(tmp_path, "workspace")
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), START_S)).decode()
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.communicate(), 20)

    assert line.startswith("The workspace runs. Open http://127.0.0.1:")
    assert process.returncode == 0


async def test_verify_says_that_the_log_is_whole_and_makes_nothing(tmp_path: Path):
    nothing = await run(tmp_path / "home", "verify")
    made = (tmp_path / "home").exists()
    await run(tmp_path, "migrate")
    empty = await run(tmp_path, "verify")

    said = f"There is no database at {str(tmp_path / 'home' / 'jidoka.db')!r}: nothing has run there yet.\n"
    assert (nothing, made) == ((1, "", said), False)
    assert empty == (0, "The audit log is empty.\n", "")


async def test_verify_names_what_is_wrong_while_the_bot_runs_and_exits_with_one(tmp_path: Path):
    async with serving(tmp_path) as (_, line):
        cut = await run(tmp_path, "verify", "--anchor", "412:9f3c2a7be1d0", "--anchor", "audit 7 · 9f3c2a7be1d04468")
        mistyped = await run(tmp_path, "verify", "--anchor", "412")

    assert line
    assert cut == (1, "Lines after 0 of the audit log are missing: there was a line 412.\n", "")
    assert (mistyped[0], mistyped[1]) == (1, "")
    assert mistyped[2].startswith("'412' is no anchor. Write a line's number and at least 12 digits")
