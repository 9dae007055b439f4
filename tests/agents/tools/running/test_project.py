from __future__ import annotations

import pytest

from agents.errors import ToolError
from agents.tools.running import Ran, RunLimits, run_project

pytestmark = pytest.mark.usefixtures("walls")

TESTED = {
    "app/__init__.py": "",
    "app/sums.py": "def double(of):\n    return of * 2\n",
    "tests/__init__.py": "",
    "tests/test_sums.py": """
import unittest
from app.sums import double

class Doubling(unittest.TestCase):
    def test_it(self):
        self.assertEqual(double(2), 4)
""",
}


async def test_a_project_is_tested_by_unittest_and_by_pytest():
    by_unittest = await run_project(TESTED, ("python", "-m", "unittest"))
    by_pytest = await run_project(TESTED, ("python", "-m", "pytest", "-q"))

    assert by_unittest.passed and "Ran 1 test" in by_unittest.output
    assert by_pytest.passed and "1 passed" in by_pytest.output


async def test_a_failing_program_is_a_result_with_its_own_exit_code_and_both_streams():
    program = "import sys\nprint('out', flush=True)\nprint('err', file=sys.stderr)\nsys.exit(3)"

    ran = await run_project({"main.py": program}, ("python", "main.py"))

    assert ran == Ran(3, "out\nerr\n")


async def test_what_was_printed_before_the_limit_is_kept():
    ran = await run_project(
        {"main.py": "print('so far')\nwhile True: pass"}, ("python", "main.py"), limits=RunLimits(wall_s=0.5)
    )

    assert ran == Ran(137, "so far\n", "It took longer than 0.5 s.")


async def test_a_program_that_is_not_there_is_said_in_one_line():
    assert await run_project({}, ("cargo", "test")) == Ran(
        1, "'cargo' cannot be started: No such file or directory.\n"
    )


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "", "a\0b"])
async def test_a_path_out_of_the_project_is_refused_before_anything_runs(name: str):
    with pytest.raises(ToolError, match="leads out of the project"):
        await run_project({name: "x"}, ("python", "main.py"))


async def test_a_file_that_is_also_a_folder_is_refused():
    with pytest.raises(ToolError, match="lies inside another file"):
        await run_project({"a": "x", "a/b": "y"}, ("python", "a"))
