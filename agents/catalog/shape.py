"""Whether a line's stations fit together: what they read, who works and judges, who is asked before what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from agents.catalog.values import (
    MOST_CHECKPOINTS,
    MOST_DEPTH,
    MOST_TASKS,
    ORCHESTRATOR,
    REQUEST,
    Line,
    Role,
    Station,
    outward,
    steered,
)
from agents.pages import Problem

_LEAST_IN_A_LIST: Final = 2

Told = tuple[int, str]  # a line's number, and what is wrong there


@dataclass(frozen=True)
class People:
    """Who may be named at a station, and what their tools are."""

    roles: Mapping[str, Role]  # those that can be used
    broken: Mapping[str, str]  # those that cannot, each with the first sentence of why
    tools: Mapping[str, str]  # the known tools, each with its effect class


def problems(line: Line, people: People) -> list[Problem]:
    """Return what is wrong between the stations of a line, and between them and the roles, in page order."""
    if not line.stations:
        return [Problem(line.path, 0, "the line has no station. Begin one with '## ' and its name.")]
    judged = _Stations(line, people)
    told = [found for at in range(len(line.stations)) for found in judged.at(at)]
    return [Problem(line.path, number, message) for number, message in (*_whole(line), *sorted(told))]


class _Stations:
    """One line's stations, looked at together."""

    def __init__(self, line: Line, people: People) -> None:
        self.line = line
        self.people = people
        self.behind = _behind(line.stations)

    def at(self, at: int) -> Iterator[Told]:
        station = self.line.stations[at]
        yield from self._names(at, station)
        yield from self._reads(at, station)
        yield from self._workers(station)
        yield from self._review(station)
        yield from self._each(at, station)
        yield from self._effects(at, station)

    def _names(self, at: int, station: Station) -> Iterator[Told]:
        earlier = self.line.stations[:at]
        others = [other for other in self.line.stations if other is not station]
        if station.key in {other.key for other in earlier}:
            yield station.line, f"two stations are called {station.name!r}. Give each its own name."
        elif station.key in {key for other in others for key in _keys(other)}:
            yield (
                station.line,
                f"{station.name!r} would be mixed up with a task of another station. Rename it.",
            )
        if station.makes and station.makes in {other.makes for other in earlier}:
            message = (
                f"an earlier station makes {station.makes!r} already. Only one station makes an artifact."
            )
            yield station.place("makes"), message

    def _reads(self, at: int, station: Station) -> Iterator[Told]:
        made = {other.makes for other in self.line.stations[:at]}
        for name in station.reads:
            if name != REQUEST and name not in made:
                message = f"{station.name!r} reads {name!r}, but no station before it makes that."
                yield station.place("reads"), message
        read = {name for later in self.line.stations[at + 1 :] for name in later.reads}
        if station.makes and station.makes not in read and not self._last(at):
            message = f"{station.name!r} makes {station.makes!r}, but no later station reads that."
            yield station.place("makes"), message

    def _workers(self, station: Station) -> Iterator[Told]:
        for key, name in (("role", station.role), ("review", station.review)):
            if name in self.people.broken:
                yield station.place(key), f"the role {name!r} cannot be used: {self.people.broken[name]}"
            elif name and name not in self.people.roles:
                known = ", ".join(sorted(self.people.roles)) or "none"
                yield station.place(key), f"no role is called {name!r}. I know: {known}."
        if station.role == ORCHESTRATOR:
            yield (
                station.place("role"),
                f"{ORCHESTRATOR!r} plans and never works at a station. Name another role.",
            )

    def _review(self, station: Station) -> Iterator[Told]:
        if station.review and station.review == station.role:
            message = f"{station.review!r} would review its own work at {station.name!r}. Name another role."
            yield station.place("review"), message
        if station.review and not station.done_when:
            message = f"{station.name!r} has a review but no paragraph that begins 'Done when'."
            yield station.place("review"), message

    def _each(self, at: int, station: Station) -> Iterator[Told]:
        if not station.each and not station.items:
            return
        known = {given.name: given for given in self.line.inputs}
        if station.each and known[station.each].optional:
            message = f"{station.name!r} works on each of {station.each!r}, so that input cannot be optional."
            yield station.place("each"), message
        if station.items and len(station.items) < _LEAST_IN_A_LIST:
            names = ", ".join(known) or "none"
            message = (
                f"{station.items[0]!r} is neither an input nor a list with commas. The inputs are: {names}."
            )
            yield station.place("each"), message
        if station.ask:
            message = (
                f"{station.name!r} would ask once for each item. Ask at the station that reads them all."
            )
            yield station.place("ask"), message
        if self._last(at):
            message = (
                f"{station.name!r} is the last station and makes many. End with one that reads them all."
            )
            yield station.place("each"), message

    def _effects(self, at: int, station: Station) -> Iterator[Told]:
        role = self.people.roles.get(station.role)
        acts = outward(role.tools, self.people.tools) if role else ()
        if role is None or not acts:
            return
        place = station.place("role")
        behind = [self.line.stations[other] for other in self.behind[at]]
        if not any(other.ask for other in behind):
            message = f"{station.name!r} may use {acts[0]!r}, but nobody is asked before it."
            yield place, f"{message} Give an earlier station an 'ask'."
        unread = [other.makes for other in self._sources(at) if not other.review]
        if unread or not behind:
            what = repr(unread[0]) if unread else "anything"
            message = f"{station.name!r} may use {acts[0]!r}, but nobody reviews {what} before it."
            yield place, f"{message} Give an earlier station a 'review'."
        if brings := steered(role.tools, self.people.tools):
            message = f"{station.name!r} may use {brings!r} and {acts[0]!r}: what it reads could steer it."
            yield place, f"{message} Let an earlier station read."

    def _sources(self, at: int) -> list[Station]:
        return [self.line.stations[other] for other in _sources(self.line.stations, at)]

    def _last(self, at: int) -> bool:
        return at + 1 == len(self.line.stations)


def _whole(line: Line) -> Iterator[Told]:
    asks = sum(bool(station.ask) for station in line.stations)
    if asks > MOST_CHECKPOINTS:
        yield 0, f"the line asks people {asks} times; {MOST_CHECKPOINTS} is the most. Bundle what you ask."
    tasks = sum(max(1, len(station.items)) for station in line.stations)
    if tasks > MOST_TASKS:
        yield 0, f"the line makes {tasks} tasks; a run has {MOST_TASKS} at most."
    depth = max(_depths(line.stations))
    if depth > MOST_DEPTH:
        yield 0, f"{depth} stations wait for one another in a row; {MOST_DEPTH} is the most."


def _keys(station: Station) -> list[str]:
    """Return the keys the station's tasks can have, when it works on each of something."""
    many = station.each or station.items
    return [f"{station.key}-{number + 1}" for number in range(MOST_TASKS)] if many else []


def _sources(stations: tuple[Station, ...], at: int) -> list[int]:
    return [other for other in range(at) if stations[other].makes in stations[at].reads]


def _behind(stations: tuple[Station, ...]) -> list[frozenset[int]]:
    """Return for each station all earlier ones whose work reaches it; it waits for all of them."""
    found: list[frozenset[int]] = []
    for at in range(len(stations)):
        near = _sources(stations, at)
        found.append(frozenset(near).union(*(found[other] for other in near)))
    return found


def _depths(stations: tuple[Station, ...]) -> list[int]:
    found: list[int] = []
    for at in range(len(stations)):
        found.append(1 + max((found[other] for other in _sources(stations, at)), default=0))
    return found
