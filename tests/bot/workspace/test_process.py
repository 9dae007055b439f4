"""The workspace as a process of its own: started, killed, started again."""

import asyncio
import json
import stat
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import keys
from bot.workspace.errors import WorkspaceError

ROOT = Path(__file__).parents[3]


async def start(home: Path, port: str = "0") -> Process:
    arguments = ("-m", "bot.workspace", "--home", str(home), "--port", port)
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdout=PIPE, stderr=PIPE
    )


async def facts(process: Process) -> dict[str, Any]:
    assert process.stdout is not None
    return json.loads(await asyncio.wait_for(process.stdout.readline(), 30))


def client(found: dict[str, Any], token: str) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=found["api_url"], retry_handlers=[])


async def test_what_was_answered_outlives_a_kill(tmp_path: Path):
    first = await start(tmp_path)
    found = await facts(first)
    await client(found, found["bot_token"]).chat_postMessage(channel="C0GENERAL", text="kept")
    first.kill()
    await first.communicate()
    second = await start(tmp_path)
    again = await facts(second)
    history = await client(again, "xoxp-alice").conversations_history(channel="C0GENERAL")
    second.terminate()
    _, errors = await second.communicate()

    assert [one["text"] for one in history["messages"]] == ["kept"]
    assert again["bot_token"] == found["bot_token"]
    assert set(found) == {"url", "api_url", "bot_token", "app_token", "start_token"}
    assert (second.returncode, errors) == (0, b"")


async def test_a_port_in_use_is_one_clear_sentence(tmp_path: Path):
    first = await start(tmp_path / "a")
    port = (await facts(first))["url"].rpartition(":")[2]
    second = await start(tmp_path / "b", port)
    _, errors = await second.communicate()
    first.terminate()
    await first.communicate()

    assert second.returncode == 1
    assert (
        errors.decode()
        == f"Port {port} on '127.0.0.1' cannot be used. Set PORT to a free one, or end what uses it.\n"
    )


def test_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path):
    made = keys.kept(tmp_path)

    assert keys.kept(tmp_path) == made
    assert stat.S_IMODE((tmp_path / "workspace.json").stat().st_mode) == 0o600
    assert made.bot_token.startswith("xoxb-")
    assert made.app_token.startswith("xapp-")


def test_a_broken_key_file_is_said_in_a_sentence(tmp_path: Path):
    (tmp_path / "workspace.json").write_text("{}")
    with pytest.raises(WorkspaceError, match=r"Delete it; new ones are made\.$"):
        keys.kept(tmp_path)
