"""What programs print, made fit to be shown and stored."""

from __future__ import annotations

from typing import Final

_SHOWN_AS_SPACE: Final = {code: " " for code in range(32) if chr(code) not in "\t\n\r"}


def readable(text: str) -> str:
    """Return the text with a blank for every control character but tab and line ends; a database refuses NUL."""
    return text.translate(_SHOWN_AS_SPACE)
