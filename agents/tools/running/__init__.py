"""Running what agents write: calculations without an operating system, and real Python behind walls."""

from agents.tools.running.bubblewrap import CHECKOUT, CODE, unavailable
from agents.tools.running.calculation import (
    LONGEST_CODE,
    CalculationLimits,
    calculate,
    calculating_unavailable,
)
from agents.tools.running.explanation import explain
from agents.tools.running.project import Ran, RunLimits, run_project
from agents.tools.running.starting import Started, start

__all__ = [
    "CHECKOUT",
    "CODE",
    "LONGEST_CODE",
    "CalculationLimits",
    "Ran",
    "RunLimits",
    "Started",
    "calculate",
    "calculating_unavailable",
    "explain",
    "run_project",
    "start",
    "unavailable",
]
