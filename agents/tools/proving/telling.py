"""Running the tests of one file, and telling what became of each. Runs inside the sandbox, in a process of its own.

What is told is believed only as far as it fits what the process outside has counted: see ``inside``.
"""
# ruff: noqa: N802  the names are unittest's

import ast
import builtins
import importlib
import importlib.util
import inspect
import io
import sys
import traceback
import types
import unittest
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

OK, FAILED, SKIPPED = "ok", "failed", "skipped"
LONGEST = 8_000  # characters that are told of one failure; the end says what failed
WATCHED = (
    unittest.TestCase, unittest.FunctionTestCase, unittest.TestResult, unittest.TestSuite, unittest.BaseTestSuite,
    unittest.TestLoader, unittest.case, unittest.result, unittest.suite, unittest.loader, builtins,
)  # fmt: skip
Say = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Order:
    """One file to run the tests of.

    Args:
        root: The project's folder.
        path: The file's, below it.
        source: What stands in it.
        turn: Takes its syntax tree before it is compiled; None to run it as it stands.
        known: What the file finds under which name, where its tree was changed.
    """

    root: Path
    path: Path
    source: bytes
    turn: Callable[[ast.Module], object] | None = None
    known: tuple[tuple[str, object], ...] = ()

    @property
    def name(self) -> str:
        """The module's name, as an import would say it."""
        source = self.root / "src"
        place = source if source in (self.root / self.path).parents else self.root
        return ".".join((self.root / self.path).relative_to(place).with_suffix("").parts)


def tell(order: Order, say: Say) -> None:
    """Run the tests of a file; say what became of each, and at last how many there were and what is no more as it was."""
    before = fingerprints()
    sys.path[:0] = [str(path) for path in (order.root, order.root / "src") if path.is_dir()]
    result = Telling(order.name, say)
    unittest.TestSuite(loaded(order)).run(result)
    after = fingerprints()
    changed = sorted(name for name, was in before.items() if after.get(name) != was)
    say({"done": result.told, "changed": changed})


def fingerprints() -> dict[str, tuple[int, ...]]:
    """Return what each part of ``unittest``, and each built-in, is at this moment."""
    return {
        f"{where.__name__}.{name}": (id(one), id(getattr(getattr(one, "__func__", one), "__code__", None)))
        for where in WATCHED
        for name, one in list(vars(where).items())
        if name not in {"_", "__unittest"} and not name.startswith("_module")
    }


class Telling(unittest.TestResult):
    """Says what became of each test when it is over."""

    def __init__(self, module: str, say: Say) -> None:
        """Begin with nothing told of a module."""
        super().__init__()
        self.buffer, self.told = True, 0
        self._module, self._say, self._verdict, self._detail = module, say, "", ""

    def startTest(self, test: unittest.TestCase) -> None:
        """Begin one."""
        self._verdict, self._detail = "", ""
        super().startTest(test)

    def stopTest(self, test: unittest.TestCase) -> None:
        """Say how it ended; one of which nothing was heard has failed."""
        super().stopTest(test)
        self.told += 1
        self._say({**self._named(test), "verdict": self._verdict or FAILED, "detail": self._detail})

    def _named(self, test: unittest.TestCase) -> dict[str, str]:
        if isinstance(test, unittest.FunctionTestCase):
            name = _body(test).__name__
            return {"id": f"{name} ({self._module})", "name": name}
        return {"id": str(test), "name": getattr(_body(test), "__qualname__", test._testMethodName)}

    def addSuccess(self, test: unittest.TestCase) -> None:
        """Note that nothing went wrong, unless something did."""
        self._note(test, self._verdict or OK)

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: ANN401  as unittest has it
        """Note what failed."""
        self._note(test, FAILED, self._told(err, test))

    def addError(self, test: unittest.TestCase, err: Any) -> None:  # noqa: ANN401
        """Note what went wrong otherwise."""
        self.addFailure(test, err)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        """Note that it did not run."""
        self._note(test, self._verdict or SKIPPED, reason)

    def addExpectedFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: ANN401
        """Note one that is said to fail: it shows nothing, like one that does not run."""
        self._note(test, SKIPPED, "It is expected to fail.")

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        """Note one that should have failed."""
        self._note(test, FAILED, "It was expected to fail and did not.")

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:  # noqa: ANN401
        """Note a part that failed."""
        if err is not None:
            self._note(test, FAILED, f"{self._detail}{subtest}\n{self._told(err, subtest)}")

    def _told(self, err: Any, test: unittest.TestCase) -> str:  # noqa: ANN401
        return str(getattr(self, "_exc_info_to_string")(err, test))  # noqa: B009  unittest's own, in no stub

    def _note(self, test: object, verdict: str, detail: str = "") -> None:
        detail = detail[-LONGEST:]
        if isinstance(test, unittest.TestCase):
            self._verdict, self._detail = verdict, detail
        else:  # a whole class or file, before or after its tests
            self._say({"whole": str(test), "verdict": verdict, "detail": detail})


def loaded(order: Order) -> list[unittest.TestSuite | unittest.TestCase]:
    """Return the tests of a file; one that cannot be imported is a test that fails."""
    try:
        module = imported(order)
    except BaseException:  # noqa: BLE001  whatever the program raises is the result
        return [unittest.FunctionTestCase(failing(f"import of {order.name}", traceback.format_exc()))]
    plain = map(unittest.FunctionTestCase, functions(module))
    found = unittest.TestSuite([unittest.defaultTestLoader.loadTestsFromModule(module), *plain])
    return [waited_for(test) for test in flat(found)]


def imported(order: Order) -> types.ModuleType:
    """Import a test file from what stood in it at the beginning, whatever stands there now."""
    parent, _, last = order.name.rpartition(".")
    above = importlib.import_module(parent) if parent else None
    path = str(order.root / order.path)
    spec = importlib.util.spec_from_file_location(order.name, path, loader=_Loader(order, path))
    assert spec is not None and spec.loader is not None  # noqa: S101  it has the loader it was given
    module = sys.modules[order.name] = importlib.util.module_from_spec(spec)
    if above is not None:
        setattr(above, last, module)
    vars(module).update(order.known)
    spec.loader.exec_module(module)
    return module


class _Loader(SourceFileLoader):
    def __init__(self, order: Order, path: str) -> None:
        super().__init__(order.name, path)
        self._order = order

    def get_code(self, fullname: str) -> types.CodeType:
        tree = ast.parse(self._order.source, self.path)
        if self._order.turn:
            self._order.turn(tree)
        code: types.CodeType = compile(tree, self.path, "exec", dont_inherit=True)
        return code


def flat(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    """Yield the tests of a suite, in its order."""
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from flat(one)
        else:
            yield one


def waited_for(test: unittest.TestCase) -> unittest.TestCase:
    """Return a test, or in its place one that fails where calling it would run nothing of it."""
    body = _body(test)
    lazy = inspect.isgeneratorfunction(body) or inspect.isasyncgenfunction(body)
    if not lazy and not (inspect.iscoroutinefunction(body) and not _waits(test)):
        return test
    why = "Nobody waits for it, so nothing of it runs. Make it a method of unittest.IsolatedAsyncioTestCase, without yield."
    return unittest.FunctionTestCase(failing(body.__qualname__, why))


def _waits(test: unittest.TestCase) -> bool:
    asynchronous = sys.modules.get("unittest.async_case")  # there is none yet where no test asked for it
    return bool(asynchronous and isinstance(test, asynchronous.IsolatedAsyncioTestCase))


def _body(test: unittest.TestCase) -> Any:  # noqa: ANN401  a function or a method
    return getattr(test, "_testFunc", None) or getattr(test, test._testMethodName, None)


def failing(name: str, why: str) -> Callable[[], None]:
    """Return a test of this name that fails for this reason."""

    def test() -> None:
        raise AssertionError(why)

    test.__name__ = test.__qualname__ = name
    return test


def functions(module: types.ModuleType) -> Iterator[types.FunctionType]:
    """Yield the module's own test functions, in the order of its text."""
    for name, value in vars(module).items():
        if name.startswith("test") and inspect.isfunction(value) and value.__module__ == module.__name__:
            yield value


def silently(work: Callable[[], None]) -> str:
    """Do something; return what it raised, empty when it came to its end."""
    try:
        work()
    except BaseException:  # noqa: BLE001  whatever the program raises is the result
        told = io.StringIO()
        traceback.print_exc(file=told)
        return told.getvalue()
    return ""
