"""Every fault of one call ends in bounded recovery or in a failure with a name."""

import socket

import pytest
import pytest_asyncio

from agents.contracts import Verdict
from agents.engine.outcomes import MOST_FAILURES
from agents.errors import LaterError, ModelError, MoneyError, RequestError, RetryError, SetupError, TriedError
from agents.models import reading
from agents.models.reading import Ended, InvalidAnswerError
from agents.models.retry import MOST_TRIES, Tries, counted, patiently
from tests.agents.models.answering import at
from tests.servers.asking import ask
from tests.servers.model import scripted_model

pytestmark = pytest.mark.asyncio(loop_scope="module")

VERDICT = {"criteria": [{"id": "W1", "verdict": "pass"}]}
OVER = "Your credit balance is too low to access the API."

RECOVERED = {  # fault → tries until the answer came
    "busy": ({"status": 429, "retry_after": 0}, 2),
    "busy-until": ({"status": 429, "retry_after": "Sun, 22 Nov 2020 12:00:00 GMT"}, 2),
    "busy-thrice": ({"status": 429, "retry_after": 30, "times": 3}, 4),
    "busy-without-a-time": ({"status": 429}, 2),
    "overloaded-once": ({"status": 529}, 2),
    "overloaded-thrice": ({"status": 529, "times": 3}, 4),
    "500": ({"status": 500}, 2),
    "502": ({"status": 502}, 2),
    "503": ({"status": 503}, 2),
    "504": ({"status": 504}, 2),
    "408": ({"status": 408}, 2),
    "409": ({"status": 409}, 2),
    "html": ({"type": "html"}, 2),
    "broken": ({"type": "broken"}, 2),
    "not-a-message": ({"type": "not_a_message"}, 2),
    "drop": ({"type": "drop"}, 2),
    "hang": ({"type": "hang"}, 2),
    "stall": ({"type": "stall"}, 2),
    "lost": ({"type": "lost"}, 2),
}
NAMED = {  # fault → the failure's name, tries
    "busy-for-an-hour": ({"status": 429, "retry_after": 3600, "times": "*"}, LaterError, 3),
    "busy-for-ever": ({"status": 429, "retry_after": 1, "times": "*"}, TriedError, 4),
    "overloaded-for-ever": ({"status": 529, "times": "*"}, TriedError, 4),
    "500-for-ever": ({"status": 500, "times": "*"}, TriedError, 4),
    "drop-for-ever": ({"type": "drop", "times": "*"}, TriedError, 4),
    "html-for-ever": ({"type": "html", "times": "*"}, TriedError, 4),
    "500-do-not-retry": ({"status": 500, "should_retry": False}, RequestError, 1),
    "401": ({"status": 401}, SetupError, 1),
    "403": ({"status": 403}, SetupError, 1),
    "404": ({"status": 404}, SetupError, 1),
    "402": ({"status": 402}, MoneyError, 1),
    "spend-limit": ({"status": 400, "message": OVER}, MoneyError, 1),
    "spend-code": ({"status": 429, "error_code": "enforced_spend_limit_reached"}, MoneyError, 1),
    "400": ({"status": 400}, RequestError, 1),
    "413": ({"status": 413}, RequestError, 1),
    "422": ({"status": 422}, RequestError, 1),
}
CONTENT = {  # fault → how the answer ended, and whether its value is valid
    "bad_json": (Ended.ANSWER, False),
    "out_of_range": (Ended.ANSWER, False),
    "overlong": (Ended.ANSWER, False),
    "thinking_first": (Ended.ANSWER, True),
    "unknown_block": (Ended.ANSWER, True),
    "refusal": (Ended.REFUSED, False),
    "half_refusal": (Ended.REFUSED, False),
    "empty": (Ended.EMPTY, False),
    "blank": (Ended.EMPTY, False),
    "max_tokens": (Ended.CUT, False),
    "max_tokens_tool": (Ended.CUT, False),
    "pause_turn": (Ended.PAUSED, False),
    "window": (Ended.WINDOW, False),
    "unknown_stop": (Ended.UNKNOWN, True),
}


def line(name, fault):
    return {"when": {"role": name}, "fault": fault, "reply": {"json": VERDICT}}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def model(tmp_path_factory):
    lines = [line(name, fault) for name, (fault, *_) in {**RECOVERED, **NAMED}.items()]
    lines += [line(name, {"type": name}) for name in CONTENT]
    lines += [line("patient", {"status": 429, "retry_after": 60}), line("lost-again", {"type": "lost"})]
    async with scripted_model(lines, tmp_path_factory.mktemp("model"), check=False) as model:
        yield model  # tests may be shared among workers, so lines may serve nobody here
        assert [*model.unscripted(), *model.refused()] == []


class Caller:
    """One call made patiently by the attempts at a task; knows how long each was told to wait, and how many there were."""

    def __init__(self, url: str) -> None:
        self._url, self._tries = url, Tries()
        self.waits: list[float] = []
        self.attempts = 0

    async def call(self, role: str, total_s: float = 20):
        door, body = at(self._url), ask(role, schema=Verdict)
        try:
            with counted(self._tries):
                return await self._attempt(lambda: door.call(body, total_s))
        finally:
            await door.close()

    async def _attempt(self, once):
        self.attempts += 1
        try:
            return await patiently(once, sleep=self.sleep, jitter=lambda: 0.0)
        except (RetryError, LaterError):
            if self.attempts == MOST_FAILURES:
                raise
        return await self._attempt(once)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.mark.parametrize("name", RECOVERED)
async def test_passing_trouble_ends_in_the_answer(name, model):
    caller = Caller(model.url)

    answer = await caller.call(name, total_s=1 if name in {"hang", "stall"} else 20)

    calls = model.calls(role=name)
    assert reading.parse(reading.read(answer).text, Verdict).model_dump(exclude_unset=True) == VERDICT
    assert len(calls) == RECOVERED[name][1] == len(caller.waits) + caller.attempts
    assert len({call.digest for call in calls}) == 1


@pytest.mark.parametrize("name", NAMED)
async def test_trouble_that_stays_ends_in_a_failure_with_a_name(name, model):
    _, kind, tries = NAMED[name]
    caller = Caller(model.url)

    with pytest.raises(ModelError) as failure:
        await caller.call(name)

    assert type(failure.value) is kind
    assert len(model.calls(role=name)) == tries <= MOST_TRIES
    assert str(failure.value).endswith(".")


@pytest.mark.parametrize("name", CONTENT)
async def test_a_strange_answer_is_read_for_what_it_is(name, model):
    ended, valid = CONTENT[name]
    caller = Caller(model.url)

    reply = reading.read(await caller.call(name))

    assert (reply.ended, reply.tool_uses) == (ended, ())
    assert is_valid(reply.text) is valid
    assert len(model.calls(role=name)) == 1


async def test_patience_is_kept_as_asked_up_to_a_minute(model):
    caller = Caller(model.url)

    await caller.call("patient")

    assert caller.waits == [60]


async def test_an_answer_lost_on_the_way_is_paid_twice_and_shows_as_a_repeat(model):
    await Caller(model.url).call("lost-again")

    assert [call.role for call in model.repeats() if call.role == "lost-again"] == ["lost-again"]


async def test_a_service_that_is_not_there_is_a_failure_with_a_name():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        caller = Caller(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(TriedError, match="connection to the model service failed"):
            await caller.call("writer")

    assert (caller.waits, caller.attempts) == ([1], 3)


def is_valid(text: str) -> bool:
    try:
        reading.parse(text, Verdict)
    except InvalidAnswerError:
        return False
    return True
