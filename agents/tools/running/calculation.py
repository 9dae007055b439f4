"""Calculations: Python without an operating system, interpreted by Monty in a process of its own.

It can compute, and nothing else: there are no files, no network, no environment and no processes to reach. One process a
calculation, so nothing is left of one when the next begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

from agents.errors import ToolError
from agents.tools.running.printed import readable
from storage import clock

LONGEST_CODE: Final = 20_000  # characters
_SHOWN: Final = "shown if isinstance(shown, str) else repr(shown)"  # inside: a value may be far larger written out than held
_KNOWN: Final = {
    "RecursionError": "It called itself too deeply.",
    "NotImplementedError": "This interpreter knows a part of Python only; write it more plainly.",
}


@dataclass(frozen=True)
class CalculationLimits:
    """The most a calculation may take.

    Args:
        wall_s: Seconds it may run.
        memory_bytes: What its values may hold.
        depth: Calls inside calls.
        characters: What it may print, and what its value may be written in.
    """

    wall_s: float = 5.0
    memory_bytes: int = 32 << 20
    depth: int = 200
    characters: int = 40_000


_DEFAULT: Final = CalculationLimits()


@cache
def calculating_unavailable() -> str:
    """Return one sentence why nothing can be calculated here, "" when it can."""
    try:
        import_module("pydantic_monty._binary").find_monty_binary()
    except (ImportError, FileNotFoundError):
        return "Calculations are off: the interpreter is not installed. Install it with: pip install pydantic-monty"
    return ""


async def calculate(code: str, *, limits: CalculationLimits = _DEFAULT) -> str:
    """Return what a program printed, then the value of its last expression.

    The clock stands still and chance is drawn from one seed, so the same program says the same twice.

    Raises:
        ToolError: It failed, was stopped or could not start; the sentence says where and why, after what it printed.
    """
    if off := calculating_unavailable():
        raise ToolError(off)
    monty = import_module("pydantic_monty")  # started with: half a megabyte nobody needs who never calculates
    printed = monty.CollectString(limits.characters)
    try:
        said = await _run(monty, code, printed, limits)
    except monty.MontyError as wrong:
        raise ToolError(_join(printed.output, _told(monty, wrong, limits))) from wrong
    except OSError as wrong:
        raise ToolError(f"Calculations are off: the interpreter cannot start ({wrong.strerror}).") from wrong
    return _join(printed.output, said) or "It printed nothing, and its last line has no value."


async def _run(monty: Any, code: str, printed: Any, limits: CalculationLimits) -> str:  # noqa: ANN401  loaded late
    bounds = {
        "max_feed_duration_secs": limits.wall_s,
        "max_memory": limits.memory_bytes,
        "max_recursion_depth": limits.depth,
        "max_suspensions": 100,
    }
    policy = {"datetime": clock.now(), "sleep": "zero", "random_start": {"seed": 0}}
    async with (
        monty.AsyncMonty(max_processes=1, request_timeout=limits.wall_s + 1) as pool,
        pool.checkout(script_name="code.py", limits=bounds, os_policy=policy) as session,
    ):
        value = await session.feed_run(code, print_callback=printed)
        if value is None:
            return ""
        try:
            written: str = await session.feed_run(_SHOWN, inputs={"shown": value})
        except monty.MontyRuntimeError as wrong:
            raise ToolError(
                _join(
                    printed.output,
                    f"The value of the last line cannot be shown ({wrong}). Print what matters.",
                )
            ) from wrong
    return _cut(written, limits.characters)


def _cut(written: str, most: int) -> str:
    if len(written) <= most:
        return written
    return f"{written[:most]}\n(cut after {most:,} characters: print what matters)"


def _told(monty: Any, wrong: Any, limits: CalculationLimits) -> str:  # noqa: ANN401  loaded late
    if isinstance(wrong, monty.MontyCrashedError):
        return "The calculation was stopped: it took too long, or it ended its interpreter."
    said = str(wrong)
    if said.startswith("TimeoutError: feed time"):
        return f"The calculation was stopped: it took longer than {limits.wall_s:g} s."
    if said.startswith("MemoryError"):
        return (
            f"The calculation was stopped: it held more than {limits.memory_bytes >> 20} MB, "
            f"or printed more than {limits.characters:,} characters."
        )
    kind = said.partition(":")[0]
    hint = f" {_KNOWN[kind]}" if kind in _KNOWN else ""
    return f"The calculation failed{_line(wrong)}: {said}.{hint}"


def _line(wrong: Any) -> str:  # noqa: ANN401  loaded late
    frames = wrong.traceback() if hasattr(wrong, "traceback") else []
    return f" in line {frames[-1].line}" if frames else ""


def _join(printed: str, said: str) -> str:
    return readable("\n".join(part for part in (printed.rstrip("\n"), said) if part))
