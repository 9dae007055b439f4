"""What runs here of what agents write, at the command line."""

from pathlib import Path

from tests.bot.test_main import run


async def test_check_says_that_real_python_is_off_where_bubblewrap_is_missing(tmp_path: Path):
    code, out, err = await run(tmp_path / "home", "check", PATH=str(tmp_path))

    assert (code, err) == (0, "")
    assert "Real Python is off: bubblewrap is not installed." in out
    assert "Files people send are read in a process with limits, without walls around it." in out
