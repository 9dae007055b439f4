"""The offline engine as a server: shapes, counts, errors, sameness."""

from __future__ import annotations

import threading

import anthropic
import httpx2
import pytest
from pydantic import BaseModel

from agents.contracts import Findings, Triage
from agents.models.offline import engine, transport
from tests.agents.offline.asking import DOCUMENTS, REQUEST, client, document, params, said, task


class Unheard(BaseModel):
    word: str


async def test_every_answer_names_the_offline_model_and_counts_its_tokens() -> None:
    message = await said("orchestrator", [REQUEST, task()], Triage)

    assert (message.model, message.stop_reason) == ("jidoka-offline", "end_turn")
    assert message.usage.input_tokens > 100
    assert message.usage.output_tokens > 10


async def test_the_same_request_gives_the_same_bytes() -> None:
    asked = params("researcher", [REQUEST, *DOCUMENTS, task(item="Acme")], Findings)
    async with httpx2.AsyncClient(transport=transport()) as http:
        answers = [
            (await http.post("http://offline.invalid/v1/messages", json=asked)).content for _ in range(3)
        ]

    assert len(set(answers)) == 1


async def test_tokens_are_counted_and_the_model_is_known() -> None:
    async with client() as asking:
        counted = await asking.messages.count_tokens(
            model="any", messages=[{"role": "user", "content": "four words are here"}]
        )
        model = await asking.models.retrieve("claude-haiku-5-5")

    assert counted.input_tokens > 5
    assert model.id == "jidoka-offline"


async def test_anything_else_is_not_found_in_the_api_s_own_shape() -> None:
    async with client() as asking:
        with pytest.raises(anthropic.NotFoundError) as wrong:
            await asking.messages.batches.list()

    assert wrong.value.type == "not_found_error"


@pytest.mark.parametrize(
    ("change", "told"),
    [({"messages": []}, "at least one message"), ({"stream": True}, "answers at once")],
)
async def test_a_request_that_cannot_be_read_is_refused_in_a_sentence(
    change: dict[str, object], told: str
) -> None:
    async with httpx2.AsyncClient(transport=transport()) as http:
        answer = await http.post(
            "http://offline.invalid/v1/messages", json={**params("writer", [REQUEST], None), **change}
        )

    assert answer.status_code == 400
    assert told in answer.json()["error"]["message"]


async def test_a_shape_that_the_engine_does_not_know_is_refused_by_name() -> None:
    with pytest.raises(anthropic.BadRequestError, match="'Unheard'"):
        await said("writer", [REQUEST, task()], Unheard)


async def test_a_body_that_is_not_json_is_refused() -> None:
    async with httpx2.AsyncClient(transport=transport()) as http:
        answer = await http.post("http://offline.invalid/v1/messages", content=b"{")

    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")


async def test_a_fault_of_the_engine_itself_is_a_500_and_not_a_lost_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(engine, "answer", fail)
    with pytest.raises(anthropic.InternalServerError) as wrong:
        await said("writer", [REQUEST, task()], None)

    assert wrong.value.type == "api_error"


async def test_large_requests_leave_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[bool] = []
    answer = engine.answer

    def watched(asked: engine.Asked) -> object:
        threads.append(threading.current_thread() is threading.main_thread())
        return answer(asked)

    monkeypatch.setattr(engine, "answer", watched)
    await said(
        "researcher", [REQUEST, document("d9.1", "big.txt", "Acme sells bread. " * 2_000), task()], Findings
    )
    await said("researcher", [REQUEST, task()], Findings)

    assert threads == [False, True]
