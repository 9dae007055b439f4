"""Outcomes, not activity: what the audit log alone says about how the work came out.

PURE but for ``log``, which reads the file: lines in (``lines``), state while they pass (``states``, ``tally``), figures out
(``figures``, ``signals``). What a line does not say stays unknown; it is never counted as zero.
"""

from storage.outcomes.figures import (
    Amount,
    Figures,
    Period,
    RubberStamp,
    Signal,
    Slower,
    Steadiness,
    Waiting,
    Working,
)
from storage.outcomes.lines import KINDS, Line
from storage.outcomes.log import Log, of
from storage.outcomes.tally import Tally

__all__ = [
    "KINDS",
    "Amount",
    "Figures",
    "Line",
    "Log",
    "Period",
    "RubberStamp",
    "Signal",
    "Slower",
    "Steadiness",
    "Tally",
    "Waiting",
    "Working",
    "of",
]
