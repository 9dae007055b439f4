"""Turning around what tests expect: an honest program fails each of them then. Runs inside the sandbox.

A program can let the checks of its tests do nothing, or hand out values that equal everything. It passes also when it is
held to the opposite, and shows itself so.
"""

import ast
import types
from collections.abc import Iterator
from typing import Any

HERE = "_turned_"  # what a test file knows this module by
RAISES = ("assertRaises", "assertRaisesRegex")
APART = {  # two values that are equal, of which one takes another's place
    f"assert{of}Equal" for of in ("", "List", "Tuple", "Dict", "Set", "Sequence", "Count", "MultiLine")
} | {"assertCountEqual"}
ONE = object()
FAILING: dict[str, tuple[Any, ...]] = {  # values that each of these checks must refuse
    "assertNotEqual": (1, 1),
    "assertTrue": (False,),
    "assertFalse": (True,),
    "assertIs": (ONE, object()),
    "assertIsNot": (ONE, ONE),
    "assertIsNone": (ONE,),
    "assertIsNotNone": (None,),
    "assertNotIn": (1, [1]),
    "assertIsInstance": (ONE, str),
    "assertNotIsInstance": (ONE, object),
    "assertAlmostEqual": (0.0, float("inf")),
    "assertNotAlmostEqual": (1.0, 1.0),
    "assertGreater": (0, 1),
    "assertGreaterEqual": (0, 1),
    "assertLess": (1, 0),
    "assertLessEqual": (1, 0),
    "assertRegex": ("", "x"),
    "assertNotRegex": ("x", "x"),
}
KEPT = {"msg", "places", "delta"}  # further arguments, left as they are


class Never(Exception):  # noqa: N818  what no program raises
    """Takes the place of the error that a test expects."""


class Nothing:
    """Takes the place of an expected value: nothing equals it but itself."""


def values(name: str, *given: Any) -> tuple[Any, ...]:  # noqa: ANN401  whatever a test compares
    """Return what a check is given instead, so that it must fail."""
    if name in APART:
        return apart(*given)
    if name == "assertIn":
        return given[0] if own(given[0]) else Nothing(), [Nothing()]
    return FAILING[name]


def equal(first: Any, second: Any) -> bool:  # noqa: ANN401
    """Return whether a value also equals another one than it should; of an honest one this is False."""
    one, other_one = apart(first, second)
    return bool(one == other_one)


def apart(first: Any, second: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Return the value that may equal too much, and one that the other is not."""
    return (second, other(first)) if own(second) and not own(first) else (first, other(second))


def own(value: Any) -> bool:  # noqa: ANN401
    """Return whether a program says itself what this value equals; ``unittest.mock.ANY`` is meant to equal everything."""
    if type(value) in {list, tuple}:
        return any(map(own, value))
    if type(value) is dict:
        return any(map(own, value.values()))
    how = type(value).__eq__
    code = getattr(how, "__code__", None)
    is_any = code is not None and code.co_filename.endswith("/unittest/mock.py")
    return not isinstance(how, types.WrapperDescriptorType) and not is_any


def other(value: Any) -> Any:  # noqa: ANN401
    """Return a value of the same kind that this one is not, far from it."""
    match value:
        case bool():
            return not value
        case int():
            return -int(value) - 1_000_003
        case float():
            return -value * 2 - 1_000_003.0
        case str():
            return f"?{value}?"
        case list() | tuple() if value:
            return type(value)(map(other, value)) if type(value) in {list, tuple} else Nothing()  # a named tuple takes more
        case dict() if value:
            return {key: other(one) for key, one in value.items()}
        case _:
            return Nothing()


def turn(tree: ast.Module) -> set[str]:
    """Turn around the checks that each test of a file is sure to come to; return the tests with one, as ``Class.test``."""
    found = set()
    for prefix, test in tests(tree):
        me = test.args.args[0].arg if prefix and test.args.args else ""
        if [one for one in reached(test.body, me) if turned(one, me)]:
            found.add(f"{prefix}{test.name}")
    ast.fix_missing_locations(tree)
    return found


def tests(tree: ast.Module) -> Iterator[tuple[str, "ast.FunctionDef | ast.AsyncFunctionDef"]]:
    """Yield the test functions of a file and of its classes, each with its class and a dot."""
    for node in tree.body:
        inner = [(f"{node.name}.", one) for one in node.body] if isinstance(node, ast.ClassDef) else [("", node)]
        for prefix, one in inner:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name.startswith("test"):
                yield prefix, one


def reached(body: list[ast.stmt], me: str) -> Iterator[ast.stmt]:
    """Yield the statements that run whatever happens, as long as none before has failed."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.With) and all(_check(item.context_expr, me) == "subTest" for item in node.items):
            yield from reached(node.body, me)
        else:
            yield node
        if any(isinstance(inner, ast.Return) for inner in ast.walk(node)):
            return


def turned(node: ast.stmt, me: str) -> bool:
    """Turn one check around; return whether it was one."""
    if isinstance(node, ast.Assert):
        node.test = _opposite(node.test)
        return True
    if isinstance(node, ast.With):
        return any([_call(item.context_expr, me, RAISES) for item in node.items])  # noqa: C419  all of them
    return isinstance(node, ast.Expr) and _call(node.value, me, (*RAISES, *APART, *FAILING, "assertIn"))


def _opposite(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        return ast.Call(_ours("equal"), [test.left, test.comparators[0]], [])
    return ast.UnaryOp(ast.Not(), test)


def _call(node: ast.expr, me: str, known: tuple[str, ...]) -> bool:
    name = _check(node, me)
    if name not in known or not isinstance(node, ast.Call):
        return False
    if any(isinstance(one, ast.Starred) for one in node.args) or not node.args:
        return False
    if name in RAISES:
        node.args[0] = _ours("Never")
        return True
    needed = 2 if name in APART or name == "assertIn" else len(FAILING[name])
    if len(node.args) < needed or any(one.arg not in KEPT for one in node.keywords):
        return False
    given = ast.Call(_ours("values"), [ast.Constant(name), *node.args[:needed]], [])
    node.args = [ast.Starred(given, ast.Load()), *node.args[needed:]]
    return True


def _check(node: ast.expr, me: str) -> str:
    """Return which method of the test case is called; empty when it is none."""
    func = node.func if isinstance(node, ast.Call) else None
    mine = isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == me != ""
    return func.attr if mine and isinstance(func, ast.Attribute) else ""


def _ours(name: str) -> ast.expr:
    return ast.Attribute(ast.Name(HERE, ast.Load()), name, ast.Load())
