from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from agents.errors import ToolError
from agents.stations.uses import uses_of
from agents.tools import running
from agents.tools.running import CalculationLimits, calculate
from agents.tools.servers import ToolServers
from agents.tools.toolbox import Toolbox
from storage import clock
from tests.agents.stations.test_handoffs import given


def test_calculations_work_where_these_tests_run():
    assert running.calculating_unavailable() == ""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("(3199 - 2499) / 2499 * 100", "28.011204481792717"),
        ("print('sum', sum([1, 2]))\n[1, 2.5]", "sum 3\n[1, 2.5]"),
        ("'plain text'", "plain text"),
        ("from decimal import Decimal\nDecimal('0.1') + Decimal('0.2')", "Decimal('0.3')"),
        ("x = 3", "It printed nothing, and its last line has no value."),
        ("'a\\0b'", "a b"),
    ],
)
async def test_a_calculation_says_what_it_printed_and_the_value_of_its_last_line(code: str, said: str):
    assert await calculate(code) == said


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("a = 1\n1 / 0", r"failed in line 2: ZeroDivisionError: division by zero\."),
        ("print('so far')\nnone", r"(?s)so far\n.*failed in line 2: NameError"),
        ("if", "failed in line 1"),
        ("def f(): f()\nf()", "It called itself too deeply"),
        ("import numpy", "No module named 'numpy'"),
        ("yield 1", "knows a part of Python only"),
        ("while True: pass", r"longer than 0\.3 s"),
        ("x = 'a' * 10**9", "held more than 32 MB"),
        ("print('x' * 1000)", r"or printed more than 100 characters"),
        ("10 ** 9999", "cannot be shown .* Print what matters"),
        ("a = ['x'] * 10\nfor i in range(9):\n    a = [a] * 10\na", "cannot be shown .* Print what matters"),
    ],
)
async def test_a_calculation_that_fails_or_takes_too_much_is_answered_with_a_sentence(
    code: str, sentence: str
):
    with pytest.raises(ToolError, match=sentence):
        await calculate(code, limits=CalculationLimits(wall_s=0.3, characters=100))


async def test_a_long_value_is_cut_and_says_so():
    assert await calculate("'ab' * 100", limits=CalculationLimits(characters=4)) == (
        "abab\n(cut after 4 characters: print what matters)"
    )


async def test_the_same_calculation_says_the_same_twice():
    clock.follow(lambda: datetime(2026, 3, 1, 8, tzinfo=UTC))
    code = "import datetime, random\ndatetime.datetime.now(), random.random(), random.randint(1, 10**9)"
    try:
        first, second = await calculate(code), await calculate(code)
    finally:
        clock.follow(None)

    assert first == second
    assert "datetime.datetime(2026, 3, 1, 8, 0)" in first


async def test_an_agent_calculates_with_run_python():
    toolbox = Toolbox(("run_python",), uses_of(given(), None, None, ToolServers()))  # type: ignore[arg-type]  # it needs neither

    assert [tool["name"] for tool in toolbox.definitions] == ["run_python"]
    assert await toolbox.use("run_python", {"code": "19 * 12"}) == {"content": "228"}
    assert (await toolbox.use("run_python", {"code": "1 / 0"}))["is_error"]


async def test_without_the_interpreter_the_tool_is_off_and_says_so(monkeypatch: pytest.MonkeyPatch):
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("agents.tools.running.calculation.import_module", missing)
    running.calculating_unavailable.cache_clear()
    try:
        toolbox = Toolbox(("run_python",), uses_of(given(), None, None, ToolServers()))  # type: ignore[arg-type]  # it needs neither
        said = await toolbox.use("run_python", {"code": "1"})
        with pytest.raises(ToolError, match="Calculations are off: the interpreter is not installed"):
            await calculate("1")
    finally:
        monkeypatch.undo()
        running.calculating_unavailable.cache_clear()

    assert toolbox.definitions == []
    assert said == {"content": "The tool 'run_python' is switched off here.", "is_error": True}
