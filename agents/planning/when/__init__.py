"""Time in people's words: what a request says about when it is to be done, and when a repeat comes next. Pure."""

from agents.planning.when.cron import RepeatError
from agents.planning.when.reading import Timing, read
from agents.planning.when.repeat import Repeat

__all__ = ["Repeat", "RepeatError", "Timing", "read"]
