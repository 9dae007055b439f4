import asyncio
import json
from contextlib import aclosing

import httpx2
import pytest

from agents.errors import RetryError, SetupError
from agents.models.client import OFFLINE_LABEL, Door, label_of
from tests.agents.models.answering import ASK, Answering, at, door, message, whole


async def test_an_answer_comes_back_just_as_it_was_sent():
    sent = message(
        content=[
            {"type": "thinking", "thinking": "Hm.", "signature": "abc"},
            {"type": "hologram", "depth": 3, "inner": {"a": None}},
            {"type": "text", "text": "Fine."},
        ],
        usage={"input_tokens": 1, "output_tokens": 2, "moon_tokens": 4},
        brand_new={"field": [1, 2]},
    )
    model, _ = door(httpx2.Response(200, json=sent))

    answer = await model.call(ASK, 5)
    await model.close()

    assert answer == sent


async def test_a_call_is_one_request_with_version_and_bearer_key():
    model, wire = door(whole())

    await model.call(ASK, 5)
    await model.close()

    assert [request.url for request in wire.requests] == ["http://model.test/v1/messages"]
    assert wire.requests[0].headers["authorization"] == "Bearer sk-test"
    assert wire.requests[0].headers["anthropic-version"] == "2026-10-21"
    assert wire.bodies == [ASK]


async def test_the_client_never_retries_by_itself():
    model, wire = door(httpx2.Response(500, json={}), whole())

    with pytest.raises(RetryError):
        await model.call(ASK, 5)
    await model.close()

    assert len(wire.requests) == 1


async def test_the_environment_changes_neither_key_nor_address(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-environment")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "token-environment")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://elsewhere.test")
    wire = Answering(whole())
    model = Door.open(
        api_key=" ", base_url="http://model.test/", transport=wire, fast="f", strong="s", best="b"
    )

    await model.call(ASK, 5)
    await model.close()

    assert str(wire.requests[0].url) == "http://model.test/v1/messages"
    assert wire.requests[0].headers["authorization"] == "Bearer no-key"


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("fast", "claude-haiku-5-5"),
        ("Haiku", "claude-haiku-5-5"),
        ("strong", "claude-sonnet-5-5"),
        ("sonnet", "claude-sonnet-5-5"),
        ("best", "claude-opus-5-5"),
        ("opus", "claude-opus-5-5"),
        ("claude-fable-5-1", "claude-fable-5-1"),
    ],
)
async def test_a_tier_stands_for_its_model_and_an_id_for_itself(name, id_):
    async with aclosing(Closing(door()[0])) as model:
        assert model.door.model_id(name) == id_


async def test_a_door_on_an_engine_of_our_own_says_that_no_model_is_behind_it():
    offline, online = door()[0], at("http://127.0.0.1:9")

    labels = (offline.label, online.label, label_of("jidoka-offline"), label_of("claude-haiku-5-5"))
    await offline.close()
    await online.close()

    assert labels == (OFFLINE_LABEL, "", "offline mode: no language model", "")


async def test_a_door_does_not_show_its_key():
    model, _ = door()
    await model.close()

    assert "sk-test" not in repr(model)


@pytest.mark.parametrize("address", ["model.test", "ftp://model.test", "http://", "http://a b:x/"])
def test_an_address_that_is_none_is_refused_before_the_first_call(address):
    with pytest.raises(SetupError, match="ANTHROPIC_BASE_URL"):
        at(address)


async def test_no_address_means_anthropics_own():
    wire = Answering(whole())
    model = Door.open(api_key="k", base_url="", transport=wire, fast="f", strong="s", best="b")

    await model.call(ASK, 5)
    await model.close()

    assert str(wire.requests[0].url) == "https://api.anthropic.com/v1/messages"


async def test_a_trickling_answer_ends_when_the_whole_time_is_up():
    model, _ = door(httpx2.Response(200, stream=Trickle(), headers={"content-type": "application/json"}))
    before = asyncio.get_running_loop().time()

    with pytest.raises(RetryError, match="in time"):
        await model.call(ASK, 0.3)
    await model.close()

    assert asyncio.get_running_loop().time() - before < 3


@pytest.mark.parametrize(
    "broken",
    [
        {**message(), "stop_reason": None},
        {**message(), "usage": None},
        {**message(), "usage": {"input_tokens": "many", "output_tokens": 1}},
        {**message(), "content": None},
        {"ok": True},
        ["not", "an", "object"],
        "words",
        None,
    ],
    ids=lambda value: json.dumps(value)[:40],
)
async def test_an_answer_that_is_no_whole_message_may_be_asked_for_again(broken):
    model, _ = door(httpx2.Response(200, json=broken))

    with pytest.raises(RetryError):
        await model.call(ASK, 5)
    await model.close()


class Trickle(httpx2.AsyncByteStream):
    """A body that never ends, each piece in time."""

    async def __aiter__(self):
        while True:
            yield b" "
            await asyncio.sleep(0.02)


class Closing:
    """Lets ``aclosing`` close a door."""

    def __init__(self, door: Door) -> None:
        self.door = door

    async def aclose(self) -> None:
        await self.door.close()

    def __getattr__(self, name: str):
        return getattr(self.door, name)
