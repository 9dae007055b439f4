"""The log: one line an event, as text or JSON, with every secret blacked out."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from typing import Final, Literal, TextIO

from storage import clock

_TOKEN: Final = re.compile(r"\b(?:xox[a-z]|xapp|xwfp|sk-ant)-[A-Za-z0-9_\-.%]{4,}")
_BLACK: Final = "[secret]"
# Only their warnings: at INFO, Bolt logs the whole body of a request whose signature is wrong. Bolt sets the levels of
# its own loggers, so this is asked of every record.
_QUIET: Final = ("slack_bolt", "slack_sdk", "apscheduler", "aiohttp", "dbos", "alembic", "httpx2")
_SHOWN: Final = ("run", "who", "station", "event", "fault")  # what an `extra` may add to a line


def set_up(style: Literal["text", "json"], secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send every log line to ``stream`` (standard error) and nowhere else."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(_is_worth_a_line)
    handler.setFormatter(_Blackened(_Json() if style == "json" else _Text(), secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)


def blacken(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text without the given secrets and without anything that looks like a token."""
    for secret in secrets:
        text = text.replace(secret, _BLACK)
    return _TOKEN.sub(_BLACK, text)


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.split(".")[0] not in _QUIET


class _Blackened(logging.Formatter):
    """What another formatter says, without secrets. A formatter, not a filter: tracebacks are covered too."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner, self._secrets = inner, tuple(sorted(secrets, key=len, reverse=True))

    def format(self, record: logging.LogRecord) -> str:
        return blacken(self._inner.format(record), self._secrets)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        about = "".join(f" {name}={value}" for name, value in _extra(record).items())
        level = record.levelname.lower()
        said = f"{clock.now():%Y-%m-%d %H:%M:%SZ} {level:7} {record.name}: {record.getMessage()}{about}"
        return f"{said}\n{self.formatException(record.exc_info)}" if record.exc_info else said


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"at": clock.now().isoformat(), "level": record.levelname.lower(), "by": record.name}
        line |= {"said": record.getMessage(), **_extra(record)}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _extra(record: logging.LogRecord) -> dict[str, str]:
    return {name: str(record.__dict__[name]) for name in _SHOWN if name in record.__dict__}
