from __future__ import annotations

from pathlib import Path

import pytest

from agents.errors import ToolError
from agents.tools import documents, running
from agents.tools.running import run_project
from tests.agents.tools import files


@pytest.fixture
def no_bubblewrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def forbidden_bubblewrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A bubblewrap that fails as the real one does where user namespaces are forbidden."""
    refusing = tmp_path / "bwrap"
    refusing.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace, likely because of policy' >&2\nexit 1\n"
    )
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


async def _is_off(sentence: str) -> None:
    assert sentence in running.unavailable()
    assert running.unavailable() in running.explain()
    with pytest.raises(ToolError, match="Real Python is off"):
        await run_project({"main.py": "print(1)"}, ("python", "main.py"))
    assert (await documents.parse("a.pdf", files.pdf("Read all the same."))).text == "Read all the same."


@pytest.mark.usefixtures("no_bubblewrap")
async def test_without_bubblewrap_real_python_is_off_and_files_are_still_read():
    await _is_off("bubblewrap is not installed. Install it with: sudo apt-get install -y bubblewrap")


@pytest.mark.usefixtures("forbidden_bubblewrap")
async def test_where_namespaces_are_forbidden_real_python_is_off_and_says_why():
    await _is_off("(bwrap: No permissions to create new namespace, likely because of policy)")


@pytest.mark.usefixtures("walls")
def test_where_everything_works_it_is_said_too():
    assert running.explain() == (
        "Agents may calculate, in an interpreter without files or network.",
        "Real Python of agents and files people send are walled in by bubblewrap.",
    )
