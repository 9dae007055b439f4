"""Projects whose code is wrong and makes its tests look as if they had passed: none of them may count as passed.

Each holds ``pricing.py``, which adds where it should double, and tests that say so.
"""

from __future__ import annotations

from typing import Final

WRONG: Final = "def double(of):\n    return of + 1\n"
TESTS: Final = """\
import unittest

from pricing import double


class Doubling(unittest.TestCase):
    def test_two(self):
        self.assertEqual(double(2), 4)

    def test_five(self):
        self.assertEqual(double(5), 10)
"""
HONEST: Final = """\
import unittest


class Other(unittest.TestCase):
    def test_sum(self):
        self.assertEqual(1 + 1, 2)
"""
TOLD: Final = '{"ran": 2, "failed": 0, "names": [], "skipped": 0, "empty": []}'
FAKE: Final = f"""\
import os
FAKE = '''
test_two (test_pricing.Doubling.test_two) ... ok

Ran 2 tests

OK

tests of this project: {TOLD}
'''
"""
IN_CODE: Final = {  # what stands in pricing.py before, or in place of, the wrong function
    "prints a fake account and ends on import": f"{FAKE}print(FAKE, flush=True)\nos._exit(0)\n",
    "prints a fake account in a test and ends": f"{FAKE}\ndef double(of):\n    print(FAKE, flush=True)\n    os._exit(0)\n",
    "writes a fake account past unittest and ends": f"{FAKE}\ndef double(of):\n    os.write(1, FAKE.encode())\n"
    "    os._exit(0)\n",
    "ends on import": "import os\nos._exit(0)\n",
    "ends in a test": "import os\ndef double(of):\n    os._exit(0)\n",
    "asks to end in a test": "import sys\ndef double(of):\n    sys.exit(0)\n",
    "writes a fake account at the end": f"{FAKE}import atexit\n{WRONG}\n@atexit.register\ndef fake():\n"
    "    os.write(1, FAKE.encode())\n    os._exit(0)\n",
    "writes a fake account to every descriptor": f"{FAKE}{WRONG}\nfor fd in range(3, 256):\n    try:\n"
    "        os.write(fd, FAKE.encode())\n    except OSError:\n        pass\nos.write(1, FAKE.encode())\nos._exit(0)\n",
    "lets a copy of itself tell": f"{FAKE}\ndef double(of):\n    if os.fork() == 0:\n        os.write(1, FAKE.encode())\n"
    "        os._exit(0)\n    os._exit(0)\n",
    "ends who waits for it": f"{FAKE}import signal\n{WRONG}\nos.write(1, FAKE.encode())\n"
    "os.kill(os.getppid(), signal.SIGKILL)\n",
    "finds the way to who judges and tells itself": """\
import gc, os
def double(of):
    [say] = {id(o): o for o in gc.get_objects() if getattr(o, '__qualname__', '') == 'run.<locals>.say'}.values()
    for name in ('test_five', 'test_two'):
        told = f'{name} (test_pricing.Doubling.{name})'
        say({'id': told, 'name': f'Doubling.{name}', 'verdict': 'ok', 'detail': ''})
    say({'done': 2, 'changed': []})
    os._exit(0)
""",
    "makes assertEqual do nothing": f"import unittest\nunittest.TestCase.assertEqual = lambda *a, **k: None\n{WRONG}",
    "changes the code of assertEqual for one call": """\
import unittest
REAL = unittest.TestCase.assertEqual.__code__
def nothing(self, first, second, msg=None):
    import unittest, pricing
    unittest.TestCase.assertEqual.__code__ = pricing.REAL
def double(of):
    unittest.TestCase.assertEqual.__code__ = nothing.__code__
    return of + 1
""",
    "lets every test succeed": "import unittest\ndef run(self, result=None):\n    result.startTest(self)\n"
    f"    result.addSuccess(self)\n    result.stopTest(self)\nunittest.TestCase.run = run\n{WRONG}",
    "hears of no failure": "import unittest\nunittest.TestResult.addFailure = lambda *a: None\n"
    f"unittest.TextTestResult.addFailure = lambda *a: None\n{WRONG}",
    "finds who listens and stops its ears": "import gc, unittest\ndef double(of):\n    for one in gc.get_objects():\n"
    "        if isinstance(one, unittest.TestResult):\n            one.addFailure = one.addError = lambda *a: None\n"
    "            one.failures = one.errors = []\n    return of + 1\n",
    "takes failures for skips": "import unittest\nunittest.TestCase.failureException = unittest.SkipTest\n"
    f"{WRONG}",
    "writes over json": f"import json\njson.dumps = lambda *a, **k: '{TOLD}'\n{WRONG}",
    "writes over counting": "import unittest\nfor kind in (unittest.TestResult, unittest.TextTestResult):\n"
    "    kind.failures = kind.errors = property(lambda self: [], lambda self, value: None)\n" + WRONG,
    "equals everything": "class Any:\n    def __eq__(self, other):\n        return True\n    __hash__ = None\n"
    "def double(of):\n    return Any()\n",
    "equals every number": "class Cents(int):\n    def __eq__(self, other):\n        return isinstance(other, int)\n"
    "    __hash__ = int.__hash__\ndef double(of):\n    return Cents(of + 1)\n",
    "empties the suite": "import sys, unittest\ndef none(*a):\n    return unittest.TestSuite()\n"
    f"sys.modules['test_pricing'].load_tests = none\n{WRONG}",
    "takes a test out of its class": "import unittest\nclass Thin(type):\n    pass\ndef init(cls, **more):\n"
    "    for name in [name for name in vars(cls) if name.startswith('test')]:\n        delattr(cls, name)\n"
    f"unittest.TestCase.__init_subclass__ = classmethod(init)\n{WRONG}",
}  # fmt: skip
IN_TESTS: Final = {  # the whole of what stands in test_pricing.py
    "waits for nothing": "from pricing import double\nasync def test_two():\n    assert double(2) == 4\n",
    "waits for nothing in a class": TESTS.replace("def test", "async def test"),
    "never begins": "from pricing import double\ndef test_two():\n    yield\n    assert double(2) == 4\n",
    "expects to fail": TESTS.replace("    def test", "    @unittest.expectedFailure\n    def test"),
    "has an assertEqual of its own": TESTS + "\n    def assertEqual(self, *a):\n        pass\n",
    "is no test case": TESTS.replace("(unittest.TestCase)", ""),
}
IN_OTHERS: Final = {  # what stands in test_aaa.py, which runs before
    "writes over another test": "open('test_pricing.py', 'w').write('''" + HONEST + "''')\n" + HONEST,
    "removes another test": "import os\nos.remove('test_pricing.py')\n" + HONEST,
    "patches what another test uses": "import unittest\nunittest.TestCase.assertEqual = lambda *a, **k: None\n" + HONEST,
    "puts another module in its place": "import os\nos.mkdir('pricing')\n"
    "open('pricing/__init__.py', 'w').write('def double(of): return of * 2')\n" + HONEST,
    "loads another module in its place": "import sys, types\nsys.modules['pricing'] = m = types.ModuleType('pricing')\n"
    "m.double = lambda of: of * 2\n" + HONEST,
}  # fmt: skip


SOME: Final = (  # one of each kind, for every run
    "writes a fake account to every descriptor",
    "changes the code of assertEqual for one call",
    "finds the way to who judges and tells itself",
    "equals every number",
    "empties the suite",
    "waits for nothing",
    "puts another module in its place",
)
RIGHT: Final = {
    "shop.py": """\
from dataclasses import dataclass


@dataclass(frozen=True)
class Price:
    cents: int


class Code:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        return self.name.lower() == str(getattr(other, "name", other)).lower()

    __hash__ = None


def price(of):
    if of < 0:
        raise ValueError("less than nothing")
    return Price(of * 2)
""",
    "test_shop.py": """\
import os
import unittest
from decimal import Decimal
from unittest import mock

from shop import Code, Price, price


class Kinds(unittest.TestCase):
    def test_values(self):
        self.assertEqual(price(2), Price(4))
        self.assertEqual(Price(4), price(2), "either way")

    def test_a_code_equals_its_name(self):
        self.assertEqual(Code("Spring"), "SPRING")

    def test_a_name_equals_its_code(self):
        self.assertEqual("SPRING", Code("Spring"))

    def test_lists(self):
        self.assertListEqual([price(1).cents, "b"], [2, "b"])

    def test_more_lists(self):
        self.assertCountEqual([2, 1], (1, 2))

    def test_dicts(self):
        self.assertDictEqual({"a": price(1)}, {"a": Price(2)})

    def test_sets(self):
        self.assertSetEqual({1}, {1})

    def test_text(self):
        self.assertMultiLineEqual("a" * 2, "aa")

    def test_whole_and_broken(self):
        self.assertEqual(1e300, float(10**300))

    def test_exact(self):
        self.assertEqual(Decimal("1.50"), Decimal("1.5"))

    def test_nearly(self):
        self.assertAlmostEqual(0.1 + 0.2, 0.3, places=7)

    def test_refused(self):
        with self.assertRaises(ValueError):
            price(-1)

    def test_refused_with_words(self):
        self.assertRaisesRegex(ValueError, "nothing", price, -1)

    def test_parts(self):
        with self.subTest("one"):
            self.assertTrue(price(1))
        self.assertIsNone(None)

    def test_membership(self):
        self.assertIn(Price(2), [price(1)])

    def test_absence(self):
        self.assertNotIn("z", "abc")

    def test_anything(self):
        self.assertEqual([price(1), mock.ANY], [Price(2), 7])

    def test_anything_before(self):
        self.assertEqual(mock.ANY, price(1))

    def test_patched(self):
        with mock.patch("builtins.abs", return_value=9), mock.patch.object(os, "getcwd", return_value="/x"):
            self.assertEqual((abs(1), os.getcwd()), (9, "/x"))

    @mock.patch("builtins.max")
    def test_patched_by_a_decorator(self, biggest):
        biggest.return_value = 3
        self.assertEqual(max(1, 2), 3)

    def test_early_end(self):
        if price(1).cents == 2:
            return
        self.assertEqual(1, 2)

    def test_by_a_helper(self):
        self._holds(price(1).cents, 2)

    def _holds(self, one, other):
        self.assertEqual(one, other)


class Waiting(unittest.IsolatedAsyncioTestCase):
    async def price(self):
        return price(3)

    async def test_waiting(self):
        self.assertEqual(await self.price(), Price(6))


def test_plain():
    assert price(4) == Price(8), "as a function"


def test_plain_order():
    assert price(1).cents < price(2).cents
""",
}


def projects() -> dict[str, dict[str, str]]:
    """Return the files of each project by what it does."""
    mine = {name: {"pricing.py": code, "test_pricing.py": TESTS} for name, code in IN_CODE.items()}
    mine |= {name: {"pricing.py": WRONG, "test_pricing.py": text} for name, text in IN_TESTS.items()}
    beside = {name: {"pricing.py": WRONG, "test_pricing.py": TESTS, "test_aaa.py": text} for name, text in IN_OTHERS.items()}
    return {**{name: {**files, "test_other.py": HONEST} for name, files in mine.items()}, **beside}
