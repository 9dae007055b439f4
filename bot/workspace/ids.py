"""Ids and times in Slack's shapes."""

import re
import secrets
import string
from typing import Final

_ALPHABET: Final = string.ascii_uppercase + string.digits
_STAMP: Final = re.compile(r"\d{1,12}\.\d{6}\Z")


def new(prefix: str, length: int = 9) -> str:
    """Return a fresh id, such as ``Ev0A1B2C3D4E``."""
    return prefix + "0" + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def stamp(microseconds: int) -> str:
    """Return a time as Slack writes it: ``1503435956.000247``."""
    return f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06d}"


def is_stamp(text: str) -> bool:
    """Tell whether text is a message's time as Slack writes it."""
    return _STAMP.match(text) is not None


def is_bound(text: str) -> bool:
    """Tell whether text may bound a history: a time, or seconds with or without a fraction."""
    return re.fullmatch(r"\d+(\.\d*)?", text) is not None


def bound(text: str) -> str:
    """Return a bound in the shape of a message's time, so that text order is time order."""
    seconds, _, fraction = text.partition(".")
    return f"{int(seconds):010d}.{fraction[:6].ljust(6, '0')}"
