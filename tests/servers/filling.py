"""The small language in which a script cites what a request really says.

A reply may hold, in any of its strings:

* ``{{quote:PART:WORD}}``    the first sentence with WORD in it, word for word
* ``{{id:PART:WORD}}``       the id of the part that holds that sentence
* ``{{text:PART}}``          the whole text of the part
* ``{{match:PART:REGEX}}``   the first match (of its first group, where it has one)
* ``{{part_ids:PART}}``      ids of all such parts; ``{{matches:PART:REGEX}}`` all matches, each once
* ``{{count:PART}}``         how many such parts there are
* ``{{run}} {{task}} {{station}} {{attempt}} {{role}} {{call}}``

PART is an id or a pattern of ids (``d1.*``), or a kind (``document``); it means the first such part where one
is needed. A string that is nothing but ``part_ids``, ``matches`` or ``count`` becomes a list or a number;
inside other text a list is joined by commas. A pattern must hold no braces.

A list in a reply may hold ``{"$each": "{{part_ids:document}}", "$make": …}``: one value an item, where
``{{item}}`` is the item and ``{{n}}`` its number from 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, Final

from agents.contracts import Part
from tests.servers.asked import Asked

_PLACEHOLDER: Final = re.compile(r"\{\{([^{}]+)\}\}")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")


class ScriptError(Exception):
    """A script asks for something that the request does not hold, or is not written as scripts are."""


def fill(value: Any, asked: Asked, call: int) -> Any:
    """Return the reply with every placeholder filled from the request."""
    if isinstance(value, str):
        return _fill_text(value, asked, call)
    if isinstance(value, list):
        return [filled for item in value for filled in _fill_item(item, asked, call)]
    if isinstance(value, dict):
        return {name: fill(inner, asked, call) for name, inner in value.items()}
    return value


def _fill_item(item: Any, asked: Asked, call: int) -> list[Any]:
    if not (isinstance(item, dict) and set(item) == {"$each", "$make"}):
        return [fill(item, asked, call)]
    items = fill(item["$each"], asked, call)
    if not isinstance(items, list):
        raise ScriptError(f"'$each' needs a list such as '{{{{part_ids:document}}}}', not {item['$each']!r}.")
    return [fill(_with_item(item["$make"], each, n), asked, call) for n, each in enumerate(items, start=1)]


def _with_item(value: Any, item: str, n: int) -> Any:
    written = json.dumps(value, ensure_ascii=False)
    escaped = json.dumps(str(item), ensure_ascii=False)[1:-1]
    return json.loads(written.replace("{{item}}", escaped).replace("{{n}}", str(n)))


def _fill_text(text: str, asked: Asked, call: int) -> Any:
    whole = _PLACEHOLDER.fullmatch(text)
    if whole:
        return _value(whole[1], asked, call)
    return _PLACEHOLDER.sub(lambda found: _joined(_value(found[1], asked, call)), text)


def _value(said: str, asked: Asked, call: int) -> Any:
    name, _, rest = said.partition(":")
    plain = {
        "run": asked.run,
        "task": asked.task,
        "station": asked.station,
        "attempt": asked.attempt,
        "role": asked.role,
    }
    if name == "call" or name in plain:
        return str(call) if name == "call" else plain[name]
    if name not in _VERBS:
        raise ScriptError(
            f"A reply says {{{{{said}}}}}, but {name!r} is no placeholder. Known: {', '.join(_VERBS)}."
        )
    selector, _, argument = rest.partition(":")
    return _VERBS[name](_select(asked, selector), argument, said)


def _select(asked: Asked, selector: str) -> list[Part]:
    return [part for part in asked.parts if part.kind.value == selector or fnmatchcase(part.id, selector)]


def _first(parts: list[Part], said: str) -> Part:
    if not parts:
        raise ScriptError(f"A reply says {{{{{said}}}}}, but the request holds no such part.")
    return parts[0]


def _sentence(parts: list[Part], word: str, said: str) -> tuple[Part, str]:
    for part in parts:
        for sentence in _SENTENCE_END.split(part.text):
            if word in sentence and sentence.strip():
                return part, sentence.strip()
    raise ScriptError(
        f"A reply says {{{{{said}}}}}, but no such part of the request has a sentence with {word!r}."
    )


def _matches(parts: list[Part], pattern: str, said: str) -> list[str]:
    found = [match for part in parts for match in re.finditer(pattern, part.text, re.MULTILINE)]
    if not found:
        raise ScriptError(f"A reply says {{{{{said}}}}}, but nothing in such a part matches.")
    return list(dict.fromkeys(match[1] if match.re.groups else match[0] for match in found))


_VERBS: Final[dict[str, Callable[[list[Part], str, str], Any]]] = {
    "quote": lambda parts, word, said: _sentence(parts, word, said)[1],
    "id": lambda parts, word, said: _sentence(parts, word, said)[0].id,
    "text": lambda parts, _, said: _first(parts, said).text,
    "match": lambda parts, pattern, said: _matches(parts, pattern, said)[0],
    "matches": _matches,
    "part_ids": lambda parts, _, __: [part.id for part in parts],
    "count": lambda parts, _, __: len(parts),
}


def _joined(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
