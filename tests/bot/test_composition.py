"""Everything put together: the way to models."""

import pytest

from agents.models.prices import NOTHING, estimate_usd
from bot.composition import open_door
from bot.settings import Settings


@pytest.mark.parametrize(("key", "is_free"), [("", True), ("k", False)])
async def test_nothing_is_set_aside_for_calls_of_the_offline_engine(key: str, is_free: bool):
    settings = Settings(_env_file=None, anthropic_api_key=key, anthropic_base_url="")  # type: ignore[call-arg,arg-type]
    door = open_door(settings)

    costs = [estimate_usd(door.model_id(tier), 90_000, 9_000) for tier in ("fast", "strong", "opus")]
    await door.close()
    assert [cost == NOTHING for cost in costs] == [is_free] * 3
