"""What runs a project's tests inside the sandbox and says in one last line what came of it.

Its text is handed to ``python -c``, so it needs nothing but the standard library and no file of ours. All it uses is
imported before a file of the project can be found: none of them stands in for the module that judges it.
"""

import ast
import importlib
import inspect
import io
import json
import re
import sys
import traceback
import types
import unittest
from collections.abc import Callable, Iterator
from pathlib import Path

MARK = "tests of this project: "  # begins the last line; JSON follows
TEST_FILES = re.compile(r"(?:test_\w+|\w+_test|tests?)\.py")
CHECKING = re.compile(r"assert|check|expect|fail|raises|verify", re.IGNORECASE)
MOST_NAMED = 40


def main() -> None:
    """Run every test below the working folder."""
    root = Path.cwd()
    sys.path[:0] = [str(path) for path in (root, root / "src") if path.is_dir()]
    found = sorted(path for path in root.rglob("*.py") if TEST_FILES.fullmatch(path.name))
    told = io.StringIO()
    result = unittest.TextTestRunner(told, verbosity=2, buffer=True).run(suite(root, found))
    sys.stdout.write(re.sub(r"(?m)^(Ran \d+ tests?) in [\d.]+s$", r"\1", told.getvalue()))
    wrong = [*result.failures, *result.errors, *((test, "") for test in result.unexpectedSuccesses)]
    names = list(dict.fromkeys(str(test) for test, _ in wrong))
    said = {
        "ran": result.testsRun - len(result.skipped),
        "failed": len(names),
        "names": names[:MOST_NAMED],
        "skipped": len(result.skipped),
        "empty": [name for path in found for name in empty(root, path)][:MOST_NAMED],
    }
    sys.stdout.write(f"\n{MARK}{json.dumps(said)}\n")


def suite(root: Path, found: list[Path]) -> unittest.TestSuite:
    """Return the tests of these files: of classes, and plain functions whose names begin with ``test``."""
    whole = unittest.TestSuite()
    for path in found:
        name = ".".join(path.relative_to(place(root, path)).with_suffix("").parts)
        whole.addTests(loaded(name))
    return whole


def loaded(name: str) -> list[unittest.TestSuite | unittest.TestCase]:
    """Return the tests of a module; one that cannot be imported is a test that fails."""
    try:
        module = importlib.import_module(name)
    except BaseException:  # noqa: BLE001  whatever the program raises is the result
        return [unittest.FunctionTestCase(failing(f"import of {name}", traceback.format_exc()))]
    plain = map(unittest.FunctionTestCase, functions(module))
    return [unittest.defaultTestLoader.loadTestsFromModule(module), *plain]


def failing(name: str, why: str) -> Callable[[], None]:
    """Return a test of this name that fails for this reason."""

    def test() -> None:
        raise AssertionError(why)

    test.__name__ = name
    return test


def place(root: Path, path: Path) -> Path:
    """Return the folder a file is imported from."""
    source = root / "src"
    return source if source in path.parents else root


def functions(module: types.ModuleType) -> Iterator[types.FunctionType]:
    """Yield the module's own test functions, in the order of its text."""
    for name, value in vars(module).items():
        if name.startswith("test") and inspect.isfunction(value) and value.__module__ == module.__name__:
            yield value


def empty(root: Path, path: Path) -> Iterator[str]:
    """Yield the tests of a file that check nothing."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return  # running it has said so
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    for test in (one for one in found if one.name.startswith("test")):
        if not any(map(checks, ast.walk(test))):
            yield f"{path.relative_to(root)}: {test.name}"


def checks(node: ast.AST) -> bool:
    """Return whether this part of a test can make it fail: an assertion that is not about a constant."""
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant)
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.Raise)
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    plain = bool(node.args or node.keywords) and all(isinstance(one, ast.Constant) for one in node.args)
    return bool(CHECKING.search(called)) and not (plain and called.startswith("assert"))


if __name__ == "__main__":
    main()
