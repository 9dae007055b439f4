"""The log: a line an event, no secret in it, whatever the way in."""

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs

TOKEN = "xoxb-1234567890-abcdefgh"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def written(style: str, *secrets: str) -> io.StringIO:
    stream = io.StringIO()
    logs.set_up(style, secrets, stream)  # type: ignore[arg-type]
    return stream


@pytest.mark.parametrize("style", ["text", "json"])
def test_no_token_is_written_whether_said_argued_or_raised(style: str):
    stream = written(style, "plain secret")
    try:
        raise ValueError(f"refused {TOKEN} and plain secret")
    except ValueError:
        logging.getLogger("x").exception("Failed with %s", TOKEN, extra={"run": TOKEN})
    logging.getLogger("x").info("%s sk-ant-api03-zzzzzzzz xapp-1-A0-99999 plain secret", TOKEN)

    said = stream.getvalue()
    assert "[secret]" in said
    assert [part for part in (TOKEN, "plain secret", "sk-ant-api03", "xapp-1-A0") if part in said] == []


def test_a_json_line_holds_when_who_what_and_about_which_run():
    stream = written("json")

    logging.getLogger("bot.inbox").info("Handled %s", "Ev1", extra={"run": "run-1"})

    line = json.loads(stream.getvalue())
    assert {**line, "at": ""} == {"at": "", "level": "info", "by": "bot.inbox", "said": "Handled Ev1", "run": "run-1"}


def test_a_text_line_can_be_read():
    stream = written("text")

    logging.getLogger("bot.inbox").warning("Event %s failed", "Ev1", extra={"fault": "err-1"})

    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ warning bot\.inbox: Event Ev1 failed fault=err-1\n", stream.getvalue()
    )


async def test_what_bolt_says_of_a_bad_signature_is_not_written():
    stream = written("text")
    app = AsyncApp(signing_secret="s", client=AsyncWebClient(token="xoxb-1"))
    headers = {"x-slack-signature": ["v0=bad"], "x-slack-request-timestamp": ["1"]}

    refused = await app.async_dispatch(AsyncBoltRequest(body='{"text": "the words"}', headers=headers))

    assert refused.status == 401
    assert stream.getvalue() == ""
