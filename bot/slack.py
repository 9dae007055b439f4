"""The way to Slack's Web API: one client that never repeats a call by itself, and what became of a call.

* SlackCallError        a call that was not plainly done
  - NotYetError         not executed; says after how many seconds it may be made again
  - UnclearError        nobody knows whether it was executed: look before doing it again
  - DeclinedError       not executed, and the same call never will be; ``code`` is Slack's word for why
"""

from collections.abc import Awaitable, Mapping
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

API_URL: Final = "https://slack.com/api/"
TIMEOUT_S: Final = 15
_WITHOUT_HEADER_S: Final = 5.0  # patience where Slack names none
_LOCKED_OUT_S: Final = 60.0  # a person must give the app a working token; messages wait meanwhile

_TOO_MANY: Final = frozenset({"ratelimited", "rate_limited"})
_UNKNOWN: Final = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
_LOCKED_OUT: Final = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "org_login_required"}
)


class SlackCallError(Exception):
    """A call that was not plainly done."""


class NotYetError(SlackCallError):
    """The call was not executed; it may be made again later.

    Args:
        code: Slack's word for why.
        after_s: Seconds until then.
    """

    def __init__(self, code: str, after_s: float) -> None:
        super().__init__(f"Slack asks for {after_s:g} s of patience ({code}).")
        self.code, self.after_s = code, after_s


class UnclearError(SlackCallError):
    """Nobody knows whether the call was executed."""


class DeclinedError(SlackCallError):
    """The call was not executed, and the same call never will be."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack refused this with {code!r}.")
        self.code = code


def client(
    token: str, base_url: str = API_URL, *, timeout_s: int = TIMEOUT_S, session: aiohttp.ClientSession | None = None
) -> AsyncWebClient:
    """Return the one client. By default the SDK repeats a post whose answer was lost: it must not (two messages).

    ``session`` keeps connections between calls and brings its own patience; without one every call makes its own.
    """
    return AsyncWebClient(token=token, base_url=base_url, timeout=timeout_s, retry_handlers=[], session=session)


def connections() -> aiohttp.ClientSession:
    """Return the connections that calls share: to open one anew costs more than the call. Close it in the end."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))


async def done(asked: Awaitable[AsyncSlackResponse]) -> Mapping[str, Any]:
    """Wait for a call and return Slack's answer.

    Raises:
        NotYetError: Slack asks for patience; nothing was executed.
        UnclearError: The answer was lost or says nothing.
        DeclinedError: Slack refused it.
    """
    try:
        answer = await asked
    except SlackApiError as error:
        raise _meant(error) from error
    except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError, ValueError) as lost:  # ValueError: no JSON
        raise UnclearError(f"Slack's answer was lost: {lost!r}") from lost
    return answer.data if isinstance(answer.data, dict) else {}


async def upload(url: str, content: bytes) -> None:
    """Send a file's bytes to the address Slack gave; nobody sees them before the upload is completed.

    Raises:
        UnclearError: They did not arrive; a new address is needed.
    """
    limit = aiohttp.ClientTimeout(total=TIMEOUT_S * 4)
    try:
        async with aiohttp.ClientSession(timeout=limit) as session, session.post(url, data=content) as answer:
            if answer.status != 200:
                raise UnclearError(f"The file's bytes were not taken (HTTP {answer.status}).")
    except (aiohttp.ClientError, TimeoutError, OSError) as lost:
        raise UnclearError(f"The file's bytes did not arrive: {lost!r}") from lost


def _meant(error: SlackApiError) -> SlackCallError:
    answer = error.response
    status = int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0) or 0)
    body = getattr(answer, "data", None)
    code = str(body.get("error") or "") if isinstance(body, dict) else ""
    if status == 429 or code in _TOO_MANY:
        return NotYetError(code or "ratelimited", _patience(getattr(answer, "headers", None)))
    if code in _LOCKED_OUT:
        return NotYetError(code, _LOCKED_OUT_S)
    if status >= 500 or not code or code in _UNKNOWN:
        return UnclearError(f"Slack answered {code or f'HTTP {status}'}.")
    return DeclinedError(code)


def _patience(headers: Any) -> float:  # noqa: ANN401  aiohttp's multidict, or nothing
    named = (headers or {}).get("Retry-After", "")
    return float(named) if str(named).replace(".", "", 1).isdigit() else _WITHOUT_HEADER_S
