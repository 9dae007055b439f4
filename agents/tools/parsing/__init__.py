"""Reading one file in a process of its own, ``python -m agents.tools.parsing``."""
