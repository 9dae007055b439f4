"""The policy's page, ``policy.toml``, read into rules; everything that is wrong with its form is said at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from agents.catalog.lines import key_of
from agents.errors import PolicyError
from agents.pages import Problem
from agents.policies import fields, places
from agents.policies.fields import Reader, Readers
from agents.policies.values import PAGE, Kind, Layer, Rules, Table
from storage.words import CheckpointKind, EffectClass

KINDS: Final = tuple(str(kind) for kind in CheckpointKind)
CLASSES: Final = tuple(str(effect) for effect in EffectClass)
_WHERE: Final = {  # what a key may be said of, and where it is written then
    fields.OF_LINES: "the whole workspace, a channel or a line: write it at the top, or there",
    fields.OF_CHANNELS: "the whole workspace or a channel: write it at the top, or there",
    tuple(fields.SETTINGS): "the whole workspace: write it at the top, before the first table",
}
_PLACE: Final = re.compile(r" \(at line (\d+), column \d+\)$| \(at end of document\)$")

Path = tuple[str, ...]


def read(text: str) -> tuple[Rules, list[Problem]]:
    """Return what the page says, and what is wrong with single keys and values, in page order.

    With problems the rules hold only what could be read: they are for finding more problems, not for use.
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        page = tomllib.loads(plain)
    except tomllib.TOMLDecodeError as error:
        return Rules(), [_unreadable(str(error), plain)]
    reader = _Reader(places.lines_of(plain))
    rules = reader.rules(page)
    return rules, sorted(reader.problems, key=lambda problem: problem.line)


def _unreadable(error: str, text: str) -> Problem:
    """Return what TOML itself cannot read, at its line."""
    found = _PLACE.search(error)
    line = int(found[1]) if found and found[1] else len(text.splitlines())
    said = _PLACE.sub("", error)
    hint = "Text stands in quotes, lists in square brackets, and nothing is written twice."
    return Problem(PAGE, line, f"this cannot be read ({said[:1].lower()}{said[1:]}). {hint}")


class _Reader:
    """Reads one page and keeps what it finds wrong on the way."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self.lines = lines
        self.problems: list[Problem] = []

    def wrong(self, path: Path, message: str) -> None:
        """Keep a sentence about a key, by its whole path."""
        place = places.written(path[:-1])
        near = next(
            (self.lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.lines), 0
        )
        self.problems.append(Problem(PAGE, near, f"{place}{': ' if place else ''}{message}"))

    def rules(self, page: Mapping[str, Any]) -> Rules:
        """Return the whole page."""
        tables = ("channels", "lines", "spend", "ask_first", *KINDS)
        top = self._layer((), page, tuple(fields.SETTINGS), tuple(fields.SPEND), tables)
        channels: dict[str, Layer] = {}
        for name, inside in self._named(("channels",), page):
            if not fields.CHANNEL.match(name):
                self.wrong(("channels", name), f"{name!r} is no channel's id. {fields.CHANNEL_HINT}.")
            tables = ("spend", "ask_first", *KINDS)
            path = ("channels", name)
            channels[name] = self._layer(path, inside, fields.OF_CHANNELS, fields.SPEND_OF_CHANNELS, tables)
        lines, stations = self._lines(page)
        return Rules(top, channels, lines, stations)

    def _lines(self, page: Mapping[str, Any]) -> tuple[dict[str, Layer], dict[tuple[str, str], Layer]]:
        lines: dict[str, Layer] = {}
        stations: dict[tuple[str, str], Layer] = {}
        for line, inside in self._named(("lines",), page):
            tables = ("stations", "spend", "ask_first", *KINDS)
            lines[line] = self._layer(("lines", line), inside, fields.OF_LINES, fields.SPEND_OF_LINES, tables)
            for title, said in self._named(("lines", line, "stations"), inside):
                path = ("lines", line, "stations", title)
                if not key_of(title):
                    self.wrong(path, f"{title!r} is no station's name.")
                elif (line, key_of(title)) in stations:
                    self.wrong(path, f"{title!r} is named twice. Write one table for it.")
                stations[line, key_of(title)] = self._layer(path, said, (), (), KINDS)
        return lines, stations

    def _named(self, path: Path, inside: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the tables inside a table of names, such as ``[channels]``."""
        found = self._table(path, inside)
        return [(name, self._table((*path, name), found)) for name in found]

    def _layer(self, path: Path, said: Mapping[str, Any], keys: Path, spend: Path, tables: Path) -> Layer:
        """Return a layer; ``keys``, ``spend`` and ``tables`` are what it may hold."""
        settings = self._values(path, said, {key: fields.SETTINGS[key] for key in keys}, tables)
        if "spend" in tables:
            caps = self._table((*path, "spend"), said)
            settings |= self._values((*path, "spend"), caps, {key: fields.SPEND[key] for key in spend})
            first = self._values(
                (*path, "ask_first"), self._table((*path, "ask_first"), said), fields.ASK_FIRST
            )
            settings |= {f"ask_{key}": value for key, value in first.items()}
        rules: dict[Kind, Table] = {}
        for kind in (CheckpointKind(name) for name in KINDS if name in said):
            rules |= self._rules((*path, str(kind)), kind, self._table((*path, str(kind)), said))
        return Layer(self._made(path, settings), rules)

    def _rules(self, path: Path, kind: CheckpointKind, said: Mapping[str, Any]) -> dict[Kind, Table]:
        """Return what a kind's table says; an effect's may hold a table for each class."""
        classes = CLASSES if kind is CheckpointKind.EFFECT else ()
        found: dict[Kind, Table] = {
            (kind, None): self._made(path, self._values(path, said, fields.RULE, classes))
        }
        for name in (name for name in classes if name in said):
            inside = (*path, name)
            values = self._values(inside, self._table(inside, said), fields.RULE)
            found[kind, EffectClass(name)] = self._made(inside, values)
        return {key: table for key, table in found.items() if table.said}

    def _made(self, path: Path, said: Mapping[str, Any]) -> Table:
        line = self.lines.get(path, 0)
        return Table(places.written(path), path, line, said, {key: self._line(path, key) for key in said})

    def _line(self, path: Path, key: str) -> int:
        """Return where a key stands; those of [spend] and [ask_first] are kept with their layer's."""
        inner = ((*path, key), (*path, "spend", key), (*path, "ask_first", key.removeprefix("ask_")))
        return next((self.lines[each] for each in inner if each in self.lines), self.lines.get(path, 0))

    def _table(self, path: Path, inside: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the table that the last name of a path holds; an empty one where there is none."""
        found = inside.get(path[-1], {})
        if isinstance(found, dict):
            return found
        self.wrong(path, f"{path[-1]!r} is a table. Write {places.written(path)} on a line of its own.")
        return {}

    def _values(
        self, path: Path, said: Mapping[str, Any], readers: Readers, tables: Path = ()
    ) -> dict[str, Any]:
        """Return the values of a table's keys; what is no key and no table there is told."""
        found: dict[str, Any] = {}
        for key, value in said.items():
            if key in readers:
                self._value((*path, key), value, readers[key], found)
            elif key not in tables:
                self.wrong((*path, key), _unknown(key, path, (*readers, *tables)))
        return found

    def _value(self, path: Path, value: object, reader: Reader, found: dict[str, Any]) -> None:
        try:
            found[path[-1]] = reader(value)
        except PolicyError as wrong:
            self.wrong(path, f"{path[-1]}: {wrong}")


def _unknown(key: str, path: Path, known: Path) -> str:
    """Return a sentence about a key that does not belong where it stands: where it does, or what looks like it."""
    said = f"{key!r} does not belong here"
    if key in fields.RULE:
        return (
            f"{said}. It belongs in the table of what is asked: {', '.join(f'[{kind}]' for kind in KINDS)}."
        )
    if path and key in fields.SPEND:
        larger = "counts for more than this: write it in [spend] at the top"
        return f"{said}. It {larger if path[-1] == 'spend' else 'belongs in [spend]'}."
    if path and key in fields.SETTINGS:
        return f"{said}. It counts for {next(where for keys, where in _WHERE.items() if key in keys)}."
    if key in fields.ASK_FIRST:
        return f"{said}. It belongs in [ask_first]."
    return f"{key!r} is not a word I know here. {fields.nearest(key, known)}"
