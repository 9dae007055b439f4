"""A shop a test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.shop import Shop, shop


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Shop]:
    async with shop(tmp_path) as opened:
        yield opened
