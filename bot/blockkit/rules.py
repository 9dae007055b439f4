"""The rules a Block Kit table is written in, and the one function that checks a value by them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Figure = int | tuple[int, int]  # one limit; or what we emit at most, and what is accepted at most


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where."""

    pointer: str  # JSON pointer from the list of blocks, or from the view, such as /0/text/text
    message: str
    constraint: Mapping[str, Any] = field(
        default_factory=dict
    )  # the broken rule, as blocks.validate tells it
    code: str = "invalid_blocks"  # Slack's error code when a message is refused for it


@dataclass(frozen=True)
class Str:
    """A string, counted in characters."""

    most: Figure | None = None
    least: int = 0
    among: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True)
class Num:
    """A number."""

    least: float | None = None
    most: Figure | None = None
    above: float | None = None
    whole: bool = True


@dataclass(frozen=True)
class Flag:
    """True or false."""


@dataclass(frozen=True)
class Many:
    """A list."""

    of: "Rule"
    most: Figure | None = None
    least: int = 1


@dataclass(frozen=True)
class Shape:
    """An object with known fields."""

    needs: Mapping[str, "Rule"] = field(default_factory=dict)
    may: Mapping[str, "Rule"] = field(default_factory=dict)
    any_of: tuple[str, ...] = ()  # at least one of these


@dataclass(frozen=True)
class Typed:
    """An object whose `type` names its shape."""

    shapes: Mapping[str, Shape]


@dataclass(frozen=True)
class Later:
    """A rule that is written further down, because rules may hold each other."""

    rule: Callable[[], "Rule"]


Rule = Str | Num | Flag | Many | Shape | Typed | Later


def check(value: object, rule: Rule, pointer: str, emit: bool) -> Iterator[Problem]:
    """Yield what is wrong with a value; `emit` takes the smaller of two figures."""
    match rule:
        case Str():
            yield from _string(value, rule, pointer, emit)
        case Num():
            yield from _number(value, rule, pointer, emit)
        case Flag():
            if not isinstance(value, bool):
                yield Problem(pointer, "must be true or false")
        case Many():
            yield from _list(value, rule, pointer, emit)
        case Shape():
            yield from _object(value, rule, pointer, emit)
        case Typed():
            yield from _typed(value, rule, pointer, emit)
        case Later():
            yield from check(value, rule.rule(), pointer, emit)


def limit(figure: Figure | None, emit: bool) -> int | None:
    """Return the figure that counts."""
    if isinstance(figure, tuple):
        return figure[0] if emit else figure[1]
    return figure


def _string(value: object, rule: Str, pointer: str, emit: bool) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(pointer, "must be a string", {"type": "type", "expected": "string"})
        return
    most = limit(rule.most, emit)
    if most is not None and len(value) > most:
        yield Problem(
            pointer, f"must be less than {most + 1} characters", {"type": "max_length", "expected": most}
        )
    if len(value) < rule.least:
        wanted = f"must be more than {rule.least - 1} characters"
        yield Problem(pointer, wanted, {"type": "min_length", "expected": rule.least})
    if rule.among and value not in rule.among:
        wanted = f"must be one of: {', '.join(rule.among)}"
        yield Problem(pointer, wanted, {"type": "enum", "expected": list(rule.among)})
    if rule.pattern and not re.fullmatch(rule.pattern, value):
        yield Problem(pointer, f"must match {rule.pattern}", {"type": "pattern", "expected": rule.pattern})


def _number(value: object, rule: Num, pointer: str, emit: bool) -> Iterator[Problem]:
    wanted = int if rule.whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, wanted):
        yield Problem(pointer, "must be a whole number" if rule.whole else "must be a number")
        return
    most = limit(rule.most, emit)
    if rule.least is not None and value < rule.least:
        yield Problem(pointer, f"must be at least {rule.least}", {"type": "min", "expected": rule.least})
    if rule.above is not None and value <= rule.above:
        yield Problem(pointer, f"must be more than {rule.above}", {"type": "min", "expected": rule.above})
    if most is not None and value > most:
        yield Problem(pointer, f"must be at most {most}", {"type": "max", "expected": most})


def _list(value: object, rule: Many, pointer: str, emit: bool) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem(pointer, "must be a list", {"type": "type", "expected": "array"})
        return
    most = limit(rule.most, emit)
    if most is not None and len(value) > most:
        yield Problem(pointer, f"no more than {most} items allowed", {"type": "max_items", "expected": most})
    if len(value) < rule.least:
        yield Problem(
            pointer,
            f"no fewer than {rule.least} items allowed",
            {"type": "min_items", "expected": rule.least},
        )
    for index, item in enumerate(value):
        yield from check(item, rule.of, f"{pointer}/{index}", emit)


def _typed(value: object, rule: Typed, pointer: str, emit: bool) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(pointer, "must be an object", {"type": "type", "expected": "object"})
        return
    kind = value.get("type")
    if kind is None:
        yield Problem(pointer, "missing required field: type")
    elif not isinstance(kind, str) or kind not in rule.shapes:
        expected = {"type": "enum", "expected": sorted(rule.shapes)}
        yield Problem(f"{pointer}/type", f"unsupported type: {kind}", expected)
    else:
        yield from _fields(value, rule.shapes[kind], pointer, emit)


def _object(value: object, rule: Shape, pointer: str, emit: bool) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(pointer, "must be an object", {"type": "type", "expected": "object"})
    elif "type" in value:
        yield Problem(pointer, "invalid additional property: type")
    else:
        yield from _fields(value, rule, pointer, emit)


def _fields(value: dict[str, Any], rule: Shape, pointer: str, emit: bool) -> Iterator[Problem]:
    """Check an object's fields; null is as good as missing, and `type` was checked before."""
    for name in rule.needs:
        if value.get(name) is None:
            yield Problem(pointer, f"missing required field: {name}", {"type": "required", "expected": name})
    if rule.any_of and all(value.get(name) is None for name in rule.any_of):
        yield Problem(pointer, f"must have at least one of: {', '.join(rule.any_of)}")
    for name, part in value.items():
        if part is None or name == "type":
            continue
        known = rule.needs.get(name) or rule.may.get(name)
        if known is None:
            yield Problem(pointer, f"invalid additional property: {name}")
        else:
            yield from check(part, known, f"{pointer}/{_token(name)}", emit)


def _token(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
