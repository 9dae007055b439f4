"""The one client, and what its errors mean."""

import re
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import slack
from bot.slack import DeclinedError, NotYetError, SlackCallError, UnclearError

ROOT = Path(__file__).parents[3]


def _refused(status: int, body: object, headers: dict[str, str] | None = None) -> SlackApiError:
    answer = AsyncSlackResponse(
        client=AsyncWebClient(), http_verb="POST", api_url="", req_args={}, data=body, headers=headers or {},
        status_code=status,
    )  # fmt: skip
    return SlackApiError("no", answer)


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (_refused(429, {}, {"Retry-After": "7"}), NotYetError("ratelimited", 7.0)),
        (_refused(429, {"ok": False, "error": "rate_limited"}), NotYetError("rate_limited", 5.0)),
        (_refused(200, {"ok": False, "error": "ratelimited"}, {"Retry-After": "x"}), NotYetError("ratelimited", 5.0)),
        (_refused(200, {"ok": False, "error": "token_revoked"}), NotYetError("token_revoked", 60.0)),
        (_refused(200, {"ok": False, "error": "fatal_error"}), UnclearError("Slack answered fatal_error.")),
        (_refused(503, {"ok": False, "error": "channel_not_found"}), UnclearError("Slack answered channel_not_found.")),
        (_refused(502, "Bad Gateway"), UnclearError("Slack answered HTTP 502.")),
        (_refused(200, "<html>"), UnclearError("Slack answered HTTP 200.")),
        (ValueError("no text"), UnclearError("Slack's answer was lost: ValueError('no text')")),
        (_refused(200, {"ok": False, "error": "not_in_channel"}), DeclinedError("not_in_channel")),
        (TimeoutError(), UnclearError("Slack's answer was lost: TimeoutError()")),
        (ConnectionResetError("gone"), UnclearError("Slack's answer was lost: ConnectionResetError('gone')")),
    ],
)
async def test_an_error_says_whether_the_call_was_made(error: Exception, meant: SlackCallError):
    async def call() -> AsyncSlackResponse:
        raise error

    with pytest.raises(SlackCallError) as told:
        await slack.done(call())

    assert (type(told.value), str(told.value)) == (type(meant), str(meant))
    assert getattr(told.value, "after_s", None) == getattr(meant, "after_s", None)


async def test_bytes_that_cannot_be_sent_are_unclear():
    with pytest.raises(UnclearError, match="did not arrive"):
        await slack.upload("http://127.0.0.1:1/upload/x", b"x")


def test_no_client_anywhere_repeats_a_call_by_itself():
    making = re.compile(r"^.*\bAsync(?:WebClient|WebhookClient)\(.*$", re.MULTILINE)
    lines = [
        line
        for folder in ("bot", "agents", "storage")
        for path in (ROOT / folder).rglob("*.py")
        for line in making.findall(path.read_text(encoding="utf-8"))
    ]

    assert lines
    assert [line for line in lines if "retry_handlers=[]" not in line] == []
    assert slack.client("xoxb-1").retry_handlers == []
