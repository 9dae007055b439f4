"""Running what agents write: calculations without an operating system, and real Python behind walls."""

from agents.tools.running.bubblewrap import CHECKOUT, CODE, system_calls, unavailable, walls
from agents.tools.running.calculation import (
    LONGEST_CODE,
    CalculationLimits,
    calculate,
    calculating_unavailable,
)
from agents.tools.running.explanation import explain
from agents.tools.running.project import Ran, RunLimits, run_project

__all__ = [
    "CHECKOUT",
    "CODE",
    "LONGEST_CODE",
    "CalculationLimits",
    "Ran",
    "RunLimits",
    "calculate",
    "calculating_unavailable",
    "explain",
    "run_project",
    "system_calls",
    "unavailable",
    "walls",
]
