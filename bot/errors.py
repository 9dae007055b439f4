"""Errors of the start.

* BotError
  - StartError          it cannot start; the message says what to do
"""


class BotError(Exception):
    """Something between Jidoka and Slack is not as it should be; the message is for people."""


class StartError(BotError):
    """It cannot start; the message says what to do."""
