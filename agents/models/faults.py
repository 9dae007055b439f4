"""What went wrong in a model call, in our own classes: try again, wait, or call a person."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Final

import anthropic
import httpx2

from agents.errors import LaterError, ModelError, MoneyError, RequestError, RetryError, SetupError
from storage import clock

PATIENCE_S: Final = 5.0  # seconds to wait when a server asks for patience without saying how much
LONGEST_PATIENCE_S: Final = 86_400.0  # whoever asks for more than a day is asked again after one
LONGEST_DETAIL: Final = 300  # characters of the service's own words that a message repeats

_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
_STATUS_OF: Final = {  # an error inside an answer of status 200 is decided by its type
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "conflict_error": 409,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
_PASSING: Final = frozenset({"overloaded_error", "api_error", "timeout_error"})
_SPENT: Final = ("usage limits", "credit balance")  # a spend limit may come as a plain 400 without a code
_ACCOUNT: Final = (
    "org_",
    "organization_",
    "parent_organization_",
    "linked_organization_",
    "workspace_",
    "cmek_",
)


class OverloadedError(RetryError):
    """The service is overloaded; when patience does not help, the call is worth trying much later."""


class LostError(RetryError):
    """Nobody knows whether the service did the work; it may have to be paid."""


def classify(fault: Exception, *, vendor: bool = False) -> ModelError:
    """Return the fault as one of our errors, its request id kept in the message.

    Args:
        fault: What the SDK or its transport raised.
        vendor: Anthropic itself was called: there a 429 without ``retry-after`` is a monthly cap, elsewhere a
            short pause.
    """
    if isinstance(fault, anthropic.APIStatusError):
        return _of_status(fault, vendor)
    if isinstance(fault, TimeoutError | anthropic.APITimeoutError | httpx2.TimeoutException):
        return LostError("The model service did not answer in time.")
    if isinstance(fault, anthropic.APIConnectionError | httpx2.HTTPError):
        kind = RetryError if isinstance(fault.__cause__ or fault, httpx2.ConnectError) else LostError
        return kind(f"The connection to the model service failed ({_reason(fault)}).")
    if isinstance(fault, json.JSONDecodeError | UnicodeDecodeError | AssertionError | anthropic.APIError):
        return LostError("The model service's answer was broken and could not be read.")
    return RequestError(f"The request to the model could not be sent: {_shorten(str(fault))}")


def _of_status(fault: anthropic.APIStatusError, vendor: bool) -> ModelError:
    status = _status(fault)
    if _is_money(fault, status):
        return MoneyError(_told(fault, "A spend or account limit stops model calls"))
    if status in {401, 403, 404} or (fault.error_code or "").startswith(_ACCOUNT):
        told = _told(fault, "The model service refuses this key, account or model id")
        return SetupError(f"{told} Whoever runs Jidoka must correct its key or model ids and start it again.")
    if status == 429:
        return _rate_limited(fault, vendor)
    if _is_passing(fault, status):
        kind = OverloadedError if status == 529 or fault.type == "overloaded_error" else RetryError
        return kind(_told(fault, "The model service is in passing trouble"))
    return RequestError(_told(fault, "The model service refuses the request itself"))


def _status(fault: anthropic.APIStatusError) -> int:
    if fault.status_code >= 400:
        return fault.status_code
    return _STATUS_OF.get(fault.type or "", 500)


def _is_money(fault: anthropic.APIStatusError, status: int) -> bool:
    code, said = fault.error_code or "", (fault.api_message or "").lower()
    named = "spend_limit" in code or "billing" in code or fault.type == "billing_error"
    return named or status == 402 or (status == 400 and any(words in said for words in _SPENT))


def _is_passing(fault: anthropic.APIStatusError, status: int) -> bool:
    if fault.response.headers.get("x-should-retry") == "false":
        return False
    return status in {408, 409} or status >= 500 or fault.type in _PASSING


def _rate_limited(fault: anthropic.APIStatusError, vendor: bool) -> ModelError:
    after_s = wait_s(fault.response.headers.get)
    if after_s is None and vendor:
        return MoneyError(_told(fault, "The monthly limit of this account is reached"))
    after_s = PATIENCE_S if after_s is None else after_s
    return LaterError(_told(fault, f"The model service asks for {after_s:.0f} s of patience"), after_s)


def wait_s(header: Callable[[str], str | None]) -> float | None:
    """Return the seconds that ``retry-after`` asks for; None when it is not there.

    Args:
        header: Gives a response header by its name.
    """
    said = header("retry-after")
    if said is None:
        return None
    seconds = _seconds(said)
    return PATIENCE_S if seconds is None else min(max(0.0, seconds), LONGEST_PATIENCE_S)


def _seconds(said: str) -> float | None:
    if _NUMBER.fullmatch(said):
        return float(said)
    try:
        return (parsedate_to_datetime(said) - clock.now()).total_seconds()
    except (TypeError, ValueError):  # neither a number nor a date with its zone
        return None


def _told(fault: anthropic.APIStatusError, sentence: str) -> str:
    named = [str(fault.status_code), fault.type, fault.error_code]
    said = f" It says: {_shorten(fault.api_message)}" if fault.api_message else ""
    request = f" Request id {fault.request_id!r}." if fault.request_id else ""
    return f"{sentence} ({', '.join(name for name in named if name)}).{said}{request}"


def _reason(fault: Exception) -> str:
    return type(fault.__cause__ or fault).__name__


def _shorten(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= LONGEST_DETAIL else plain[: LONGEST_DETAIL - 1] + "…"
