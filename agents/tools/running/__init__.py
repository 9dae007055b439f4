"""Running what agents write: calculations without an operating system, and real Python behind walls."""

from agents.tools.running.bubblewrap import unavailable
from agents.tools.running.calculation import CalculationLimits, calculate, calculating_unavailable
from agents.tools.running.project import Ran, RunLimits, run_project

__all__ = [
    "CalculationLimits",
    "Ran",
    "RunLimits",
    "calculate",
    "calculating_unavailable",
    "run_project",
    "unavailable",
]
