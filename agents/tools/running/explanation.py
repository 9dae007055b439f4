"""What runs here and what does not, for whoever sets the bot up."""

from __future__ import annotations

from agents.tools.running.bubblewrap import unavailable
from agents.tools.running.calculation import calculating_unavailable


def explain() -> tuple[str, ...]:
    """Return a sentence each: on calculations, and on real Python and people's files."""
    calculations = (
        calculating_unavailable() or "Agents may calculate, in an interpreter without files or network."
    )
    if not (off := unavailable()):
        return calculations, "Real Python of agents and files people send are walled in by bubblewrap."
    return calculations, off, "Files people send are read in a process with limits, without walls around it."
