"""The fixture most tests of the workspace begin with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.workspace.scene import Scene, opened


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened(tmp_path) as served:
        yield served
