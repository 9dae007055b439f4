"""Running what agents write: calculations without an operating system, and real Python behind walls."""

from agents.tools.running.bubblewrap import unavailable
from agents.tools.running.project import Ran, RunLimits, run_project

__all__ = ["Ran", "RunLimits", "run_project", "unavailable"]
