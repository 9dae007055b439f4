"""Values that follow a JSON schema of the wire, or overstep the bounds its descriptions name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

_BOUND: Final = re.compile(r"[{ ](maxLength|maxItems): (\d+)")

Word = str | Callable[[str], str]


def instance(
    schema: dict[str, Any], word: Word, *, beyond: bool = False, items: int = 1, full: bool = False
) -> Any:
    """Return a value that the schema allows.

    Args:
        schema: As ``anthropic.transform_schema`` makes it: bounds stand in the descriptions only.
        word: What every free string says, or a function from the property's name to it.
        beyond: Overstep the first bound met: the wire allows it, our own validation does not.
        items: How many items a list gets.
        full: Fill optional properties too.
    """
    say = word if callable(word) else lambda name: str(word)
    return _Maker(schema.get("$defs", {}), say, beyond, items, full).make(schema, "")


class _Maker:
    def __init__(
        self, defs: dict[str, Any], say: Callable[[str], str], beyond: bool, items: int, full: bool
    ) -> None:
        self._defs, self._say, self._beyond, self._items, self._full = defs, say, beyond, items, full
        self._named = 0

    def make(self, schema: dict[str, Any], name: str) -> Any:
        if "$ref" in schema:
            return self.make(self._defs[schema["$ref"].rpartition("/")[2]], name)
        if "enum" in schema or "const" in schema:
            return schema["const"] if "const" in schema else schema["enum"][0]
        if "anyOf" in schema or "allOf" in schema:
            return self.make((schema.get("anyOf") or schema["allOf"])[0], name)
        return self._typed(schema, name)

    def _typed(self, schema: dict[str, Any], name: str) -> Any:
        kind = schema["type"]
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            return self._array(schema, name)
        if kind == "string":
            return self._string(schema, name)
        return {"integer": 1, "number": 1.5, "boolean": True, "null": None}[kind]

    def _object(self, schema: dict[str, Any]) -> dict[str, Any]:
        needed = schema.get("required", [])
        shown = {
            name: inner
            for name, inner in schema.get("properties", {}).items()
            if self._full or name in needed
        }
        return {name: self.make(inner, name) for name, inner in shown.items()}

    def _array(self, schema: dict[str, Any], name: str) -> list[Any]:
        most = _bound(schema, "maxItems")
        count = self._items if most is None else min(self._items, most)
        if self._beyond and most is not None:
            count = most + 1
        return [self.make(schema["items"], name) for _ in range(count)]

    def _string(self, schema: dict[str, Any], name: str) -> str:
        if "pattern:" in schema.get("description", ""):
            self._named += 1  # a pattern is an id's: each its own
            return f"{re.sub(r'[^a-z0-9-]', '-', name.lower()) or 'x'}-{self._named}"
        most = _bound(schema, "maxLength")
        if self._beyond and most is not None:
            return "x" * (most + 1)
        return self._say(name)[:most]


def _bound(schema: dict[str, Any], name: str) -> int | None:
    found = dict(_BOUND.findall(schema.get("description", "")))
    return int(found[name]) if name in found else None
