"""What tests say, as it is measured in the sandbox: whatever the code under test does about it."""

from __future__ import annotations

import asyncio

import pytest

from agents.stations import testrun
from agents.stations.assignment import Made
from agents.tools import proving
from agents.tools.proving import Proof, RunLimits, inside
from tests.agents.tools.proving import cheats

pytestmark = pytest.mark.usefixtures("walls")

PASSES = "import unittest\n\nclass A(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(len('ab'), 2)\n"
SHORT = RunLimits(wall_s=2)


@pytest.mark.parametrize("files, said", [
    ({"test_a.py": PASSES}, "1 test ran, it passed."),
    ({"test_a.py": PASSES.replace("2)", "3)")}, "1 test ran, 1 failed."),
    ({"tests/deep/test_a.py": PASSES, "src/m.py": "x = 1\n", "test_b.py": "import m\ndef test_m():\n    assert m.x\n"},
     "2 tests ran, all passed."),
    ({"a.py": "x = 1\n"}, "No test ran."),
    ({"test_a.py": "x = (\n"}, "1 test ran, 1 failed."),
    ({"test_a.py": "import unittest\n@unittest.skip('later')\ndef test_a():\n    assert 0\n"},
     "No test ran; 1 skipped themselves."),
    ({"test_a.py": PASSES, "unittest.py": "raise SystemExit(0)\n", "json.py": "raise SystemExit(0)\n"},
     "1 test ran, it passed."),
    ({"test_a.py": "import os\nos._exit(0)\n"}, "The tests came to no end: test_a.py ended early, with exit code 0."),
    ({"test_a.py": "import sys\nsys.exit(0)\n"}, "1 test ran, 1 failed."),
    ({"test_a.py": "while True:\n    pass\n"}, "The tests came to no end: It took longer than 2 s."),
    ({"test_a.py": "import os\nos.write(3, b'x')\n" + PASSES},
     "The tests came to no end: test_a.py was written over: the program tampers with the account of its own tests."),
    ({"test_a.py": "import socket\ndef test_a():\n    socket.create_connection(('1.1.1.1', 53), 1)\n    assert 1 == 1\n"},
     "1 test ran, 1 failed."),
])  # fmt: skip
async def test_the_verdict_is_measured(files, said):
    proof = await proving.prove(files, limits=SHORT)

    assert proof.said == said
    assert proof.passed is said.endswith(("passed.",))
    assert Proof.of({**proof.row(), "own": "more"}) == proof


@pytest.mark.parametrize("what", cheats.SOME)
async def test_code_that_makes_its_tests_look_passed_has_not_passed(what):
    assert not (await proving.prove(cheats.projects()[what])).passed


@pytest.mark.long
async def test_nothing_that_code_does_about_its_own_tests_lets_them_pass():
    told = {what: await proving.prove(files) for what, files in cheats.projects().items()}

    assert {what: proof.said for what, proof in told.items() if proof.passed} == {} and len(told) == 34


def test_the_judge_touches_no_folder_but_a_sandboxes(tmp_path, monkeypatch):
    (tmp_path / "test_a.py").write_text("kept")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit, match="in /project of a sandbox alone"):
        inside.main()

    assert (tmp_path / "test_a.py").read_text() == "kept"


async def test_what_a_test_leaves_running_is_no_end():
    stays = "import os\ndef test_a():\n    assert os.fork() or os.execlp('sleep', 'sleep', '60')\n"
    proof = await proving.prove({"test_a.py": stays})

    assert proof.stopped == "test_a.py left programs running. End in each test what it began."


async def test_honest_tests_of_every_kind_pass_as_they_are():
    proof = await proving.prove(cheats.RIGHT)

    assert (proof.said, proof.names) == ("25 tests ran, all passed.", ())
    assert proof.passed


async def test_a_test_sees_the_files_as_they_came_whatever_another_did_to_them():
    spoils = "import pathlib\ndef test_b():\n    assert not pathlib.Path('data.txt').write_text('spoilt') == 0\n"
    reads = PASSES + "        self.assertEqual(open('data.txt').read(), 'as it came')\n"
    proof = await proving.prove({"data.txt": "as it came", "test_a.py": spoils, "test_b.py": reads})

    assert proof.said == "2 tests ran, all passed."


async def test_tests_that_cannot_fail_are_named():
    test = "def test_none():\n    len('a')\ndef test_true():\n    assert True\ndef test_real():\n    assert len('a') == 1\n"
    proof = await proving.prove({"test_a.py": test + PASSES.replace("len('ab'), 2", "2, 2")}, limits=SHORT)

    assert proof.empty == ("test_a.py: test_none", "test_a.py: test_true", "test_a.py: test_a")


async def test_equal_projects_have_equal_accounts():
    files = {"test_a.py": PASSES + "    def test_set(self):\n        self.assertIn('x', {'a', 'b', 'c'})\n"}
    one, other = await asyncio.gather(proving.prove(files), proving.prove(files))

    assert one == other and one.failed == 1


@pytest.mark.parametrize("summary, kept", [
    ("All 40 tests pass. It adds codes.", "It adds codes."),
    ("It adds codes. The test suite is green.", "It adds codes."),
    ("I ran the tests twice! Both passed.", "Both passed."),
    ("Run the migration before you deploy.", "Run the migration before you deploy."),
])  # fmt: skip
def test_what_a_maker_says_of_test_runs_is_left_out_of_its_summary(summary, kept):
    assert testrun.plain(Made("x", summary, "engineer")).summary == kept


def test_a_makers_own_account_of_a_test_run_is_left_out_of_its_text():
    code = "```python path=a.py\n# ## Test run\nx = 1\n```"
    text = f"## How\n\nSo.\n\n{code}\n\n## test run\n\n40 tests ran, all passed.\n\n### More\n\nYes.\n\n## Files\n\nNone.\n"

    assert testrun.plain(Made(text, "", "engineer")).text == f"## How\n\nSo.\n\n{code}\n\n## Files\n\nNone.\n"


def test_a_claim_is_a_sentence_about_tests_that_passed_and_a_demand_is_none():
    assert testrun.claim("It works. All tests pass.\n\nMore.") == "All tests pass."
    assert testrun.claim("9 tests ran, all passed [F501]. Run the tests often.", but=["[F501]"]) == ""
    assert testrun.claim("The tests must pass.\n\n```python path=a.py\n# all tests pass\n```\n") == ""
