"""What the service is asked about batches, over a real server, and what of its answers is believed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from agents.errors import LaterError, MoneyError, RetryError, SetupError
from agents.models.batches import MOST_WAITING, Batches, custom_id
from agents.models.overnight import Ticket
from storage import clock
from tests.agents.models.answering import at, door
from tests.servers.asking import ask
from tests.servers.model import ModelServer, scripted_model

HELLO: dict[str, Any] = {"reply": "Hello."}


@asynccontextmanager
async def served(folder: Path, **batch: Any) -> AsyncIterator[tuple[Batches, ModelServer]]:
    """Give the batches of a door on a server that knows one reply."""
    async with scripted_model([{**HELLO, "batch": batch, "times": "*"}], folder) as model:
        way = at(model.url)
        assert way.batches is not None
        try:
            yield way.batches, model
        finally:
            await way.close()


async def ended(batches: Batches, batch_id: str) -> None:
    while not (found := await batches.look(batch_id, 0.0)) or not found.ended:
        await asyncio.sleep(0)


def test_the_name_of_a_call_follows_from_what_it_is_and_fits_the_rule_of_the_service():
    name = custom_id("run-4k2m9xq0c7ta", "research-1", 2, 3)

    assert name == custom_id("run-4k2m9xq0c7ta", "research-1", 2, 3)
    assert len(name) == 40 and name.isalnum()
    assert name != custom_id("run-4k2m9xq0c7ta", "research-1", 23, 3)


def test_a_ticket_comes_back_from_the_record_as_it_went():
    ticket = Ticket("n", clock.now(), "msgbatch_1")

    assert Ticket.read(ticket.plain(), clock.now()) == ticket
    assert Ticket.read({}, ticket.at) == Ticket("", ticket.at)


async def test_a_batch_ends_and_gives_its_answer_from_our_own_address(tmp_path: Path):
    async with served(tmp_path, polls=2) as (batches, model):
        batch_id = await batches.begin("n1", ask())
        first = await batches.look(batch_id, 0.0)
        await ended(batches, batch_id)
        results = await batches.results(batch_id)
        [listed] = await batches.recent(clock.now() - timedelta(minutes=1))
        paths = [call.path for call in model.requests()]

    assert first is not None and not first.ended
    assert listed.id == batch_id and listed.requests == 1
    assert results["n1"]["type"] == "succeeded"
    assert results["n1"]["message"]["content"] == [{"type": "text", "text": "Hello."}]
    assert results["n1"]["message"]["usage"]["service_tier"] == "batch"
    assert f"/v1/messages/batches/{batch_id}/results" in paths  # results_url names another host


async def test_what_was_made_before_a_moment_is_not_recent(tmp_path: Path):
    async with served(tmp_path) as (batches, _):
        await batches.begin("n1", ask())
        found = await batches.recent(clock.now() + timedelta(minutes=1))

    assert found == []


@pytest.mark.parametrize(("fault", "raised"), [
    ({"status": 429, "retry_after": 7}, LaterError), ({"status": 500}, RetryError), ({"status": 401}, SetupError),
    ({"status": 402}, MoneyError), ({"type": "html"}, RetryError), ({"type": "drop"}, RetryError),
    ({"status": 400, "message": "Your credit balance is too low."}, MoneyError),
])  # fmt: skip
async def test_a_batch_that_cannot_be_made_says_why_and_batches_stay_on(tmp_path: Path, fault: Any, raised: Any):
    async with served(tmp_path, create=fault) as (batches, _):
        with pytest.raises(raised):
            await batches.begin("n1", ask())
        again = await batches.begin("n1", ask())

    assert batches.speaks and again


async def test_results_that_were_cut_are_not_believed_and_whole_the_next_time(tmp_path: Path):
    async with served(tmp_path, polls=0, read={"type": "broken"}) as (batches, _):
        batch_id = await batches.begin("n1", ask())
        await ended(batches, batch_id)
        with pytest.raises(RetryError, match="cut off"):
            await batches.results(batch_id)
        results = await batches.results(batch_id)

    assert set(results) == {"n1"}


async def test_a_cancel_is_asked_for_and_one_that_comes_too_late_troubles_nobody(tmp_path: Path):
    async with served(tmp_path, polls="*") as (batches, _):
        batch_id = await batches.begin("n1", ask())
        batches.cancel_soon(batch_id)
        await ended(batches, batch_id)
        results = await batches.results(batch_id)
        await batches.cancel(batch_id)

    assert results["n1"] == {"type": "canceled"}


async def test_a_batch_that_is_just_being_made_can_be_cancelled_too(tmp_path: Path):
    async with served(tmp_path, polls="*") as (batches, model):
        making = batches.begin("n1", ask())
        batches.cancel_soon(making)
        await ended(batches, await making)
        paths = [call.path for call in model.requests()]

    assert any(path.endswith("/cancel") for path in paths)


async def test_a_batch_the_service_does_not_know_is_gone(tmp_path: Path):
    async with served(tmp_path) as (batches, _):
        await batches.begin("n1", ask())
        gone = await batches.look("msgbatch_other/../..", 0.0)

    assert gone is None


async def test_there_is_room_for_so_many_and_no_more():
    way = at("http://127.0.0.1:9")
    assert way.batches is not None
    way.batches.awaited |= {f"b{number}" for number in range(MOST_WAITING - 1)}
    before = way.batches.has_room
    way.batches.awaited.add("last")
    after = way.batches.has_room
    await way.close()

    assert (before, after) == (True, False)


async def test_an_engine_inside_this_process_has_no_batches():
    way, _ = door(httpx2.Response(200, json={}))
    await way.close()

    assert way.batches is None
