"""What of the service's answers is whole enough to be used, and what a call to it may raise."""

from __future__ import annotations

from typing import Any, Final

import anthropic
import httpx2

from agents.models.faults import LostError

FAULTS: Final = (anthropic.APIError, httpx2.HTTPError, ValueError, AssertionError, TimeoutError)


def whole(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message of the service that has all that we count on.

    Raises:
        LostError: It was cut off, or lacks its content or its usage.
    """
    if not isinstance(message.get("stop_reason"), str):
        raise LostError("The model's answer was cut off.")
    if not (isinstance(message.get("content"), list) and _is_counted(message.get("usage"))):
        raise LostError("The model service answered with a message that lacks its content or its usage.")
    return message


def _is_counted(usage: object) -> bool:
    counts = (
        [usage.get(f"{side}_tokens") for side in ("input", "output")] if isinstance(usage, dict) else [None]
    )
    return all(isinstance(count, int) and count >= 0 for count in counts)
