import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import anthropic
import httpx2
import pytest

from agents.errors import LaterError, ModelError, MoneyError, RequestError, RetryError, SetupError
from agents.models.faults import PATIENCE_S, LostError, OverloadedError, classify
from storage import clock
from tests.agents.models.answering import ASK, door

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
REQUEST = httpx2.Request("POST", "http://model.test/v1/messages")


@pytest.fixture(autouse=True)
def noon():
    clock.follow(lambda: NOON)
    yield
    clock.follow(None)


def answered(status, kind="", code="", said="Trouble.", **headers):
    details = {"details": {"error_code": code}} if code else {}
    body = {"type": "error", "error": {"type": kind, "message": said, **details}}
    plain = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(status, json=body, headers={"request-id": "req_7", **plain})


async def raised(answer) -> ModelError:
    model, _ = door(answer)
    with pytest.raises(ModelError) as caught:
        await model.call(ASK, 5)
    await model.close()
    return caught.value


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (answered(408, "timeout_error"), RetryError),
        (answered(409, "conflict_error"), RetryError),
        (answered(500, "api_error"), RetryError),
        (answered(502), RetryError),
        (answered(503), RetryError),
        (answered(504, "timeout_error"), RetryError),
        (answered(529, "overloaded_error"), OverloadedError),
        (answered(503, "overloaded_error"), OverloadedError),
        (answered(418, "api_error"), RetryError),
        (answered(500, "api_error", x_should_retry="false"), RequestError),
        (answered(529, "overloaded_error", x_should_retry="false"), RequestError),
        (answered(429, "rate_limit_error", retry_after="2"), LaterError),
        (answered(429, "rate_limit_error"), LaterError),
        (answered(402), MoneyError),
        (answered(403, "billing_error"), MoneyError),
        (answered(429, "rate_limit_error", "enforced_spend_limit_reached", retry_after="9"), MoneyError),
        (answered(400, "invalid_request_error", "contract_spend_limit_reached"), MoneyError),
        (answered(400, said="You have reached your specified API usage limits."), MoneyError),
        (answered(400, said="Your credit balance is too low."), MoneyError),
        (answered(401, "authentication_error"), SetupError),
        (answered(403, "permission_error"), SetupError),
        (answered(404, "not_found_error"), SetupError),
        (answered(400, "invalid_request_error", "organization_on_hold"), SetupError),
        (answered(400, "invalid_request_error"), RequestError),
        (answered(413, "request_too_large"), RequestError),
        (answered(422, "invalid_request_error"), RequestError),
        (answered(431), RequestError),
        (httpx2.ConnectError("no"), RetryError),
        (httpx2.ReadTimeout("slow"), LostError),
        (httpx2.RemoteProtocolError("cut"), LostError),
        (ZeroDivisionError("a bug in a transport"), LostError),
        (httpx2.Response(200, text="<html>", headers={"content-type": "text/html"}), LostError),
        (httpx2.Response(200, text="{", headers={"content-type": "application/json"}), LostError),
        (httpx2.Response(200, content=b"\xff{", headers={"content-type": "application/json"}), LostError),
    ],
)
async def test_a_fault_is_told_as_what_to_do_about_it(answer, kind):
    error = await raised(answer)

    assert type(error) is kind


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (httpx2.RemoteProtocolError("inside a stream"), LostError),
        (httpx2.ReadTimeout("inside a stream"), LostError),
        (TimeoutError(), LostError),
        (AssertionError(), LostError),
        (json.JSONDecodeError("cut", "{", 1), LostError),
        (anthropic.APIResponseValidationError(httpx2.Response(200, request=REQUEST), None), LostError),
        (ValueError("max_tokens is too long without streaming"), RequestError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_what_the_client_raises_without_a_status_is_told_too(fault, kind):
    assert type(classify(fault)) is kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("overloaded_error", OverloadedError),
        ("api_error", RetryError),
        ("timeout_error", RetryError),
        ("rate_limit_error", LaterError),
        ("billing_error", MoneyError),
        ("authentication_error", SetupError),
        ("invalid_request_error", RequestError),
        ("never_heard_of", RetryError),
    ],
)
def test_an_error_inside_an_answer_of_status_200_is_told_by_its_type(name, kind):
    body = {"type": "error", "error": {"type": name, "message": "Mid-way."}}
    fault = anthropic.APIStatusError("mid-way", response=httpx2.Response(200, request=REQUEST), body=body)

    assert type(classify(fault)) is kind


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("2", 2),
        ("0.5", 0.5),
        ("3600", 3600),
        ("9" * 400, 86_400),
        (format_datetime(NOON + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOON - timedelta(seconds=90), usegmt=True), 0),
        ("soon", PATIENCE_S),
        ("-1", PATIENCE_S),
        ("nan", PATIENCE_S),
        ("1.2.3", PATIENCE_S),
        ("²", PATIENCE_S),
    ],
)
async def test_patience_is_as_long_as_the_service_asks(said, seconds):
    error = await raised(answered(429, "rate_limit_error", retry_after=said.encode()))

    assert isinstance(error, LaterError)
    assert error.after_s == seconds


def test_at_anthropic_a_limit_without_a_time_is_the_months():
    fault = anthropic.RateLimitError("no", response=httpx2.Response(429, request=REQUEST), body=None)

    assert type(classify(fault, vendor=True)) is MoneyError
    assert type(classify(fault, vendor=False)) is LaterError


async def test_the_message_keeps_request_id_type_code_and_reason():
    error = await raised(
        answered(400, "invalid_request_error", "tool_name_conflict", said="Two tools are 'a'.")
    )

    assert str(error) == (
        "The model service refuses the request itself (400, invalid_request_error, tool_name_conflict). "
        "It says: Two tools are 'a'. Request id 'req_7'."
    )


async def test_a_message_repeats_only_the_beginning_of_a_long_reason():
    error = await raised(answered(400, said="secret " * 1_000))

    assert len(str(error)) < 500
