"""A line's page becomes a line; what is wrong with single keys, inputs and stations is said here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from agents import pages, questions
from agents.catalog import done_when, roles
from agents.catalog.values import REQUEST, Line, Station
from agents.pages import Entry, Page, Problem, Section
from agents.questions import Question
from agents.rendering.formats import Format, ordered

KEYS: Final = ("delivers", "description", "inputs", "name", "needs")
BULLETS: Final = ("ask", "each", "makes", "reads", "review", "role", "sections", "words")
NEEDED: Final = ("role", "makes")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}$")  # of an artifact or an input
_CAPITAL: Final = re.compile(r"(?:[-*]\s+)?(?P<name>[A-Z][A-Za-z0-9_-]*)\s*:\s+\S")  # "When: …", no question's second line
_INPUT: Final = re.compile(r"(?:[-*]\s+)?(?P<name>[a-z][a-z0-9_-]*)\s*:\s*(?P<question>.*)$")
_WORDS: Final = re.compile(
    r"(?P<less>under |fewer than |less than )?(?:at most |up to )?(?P<number>[\d,. ]*\d)(?: words)?$"
)
_LONGEST_KEY: Final = 36  # characters: a task's key has 40, and "-12" follows


def read(path: str, text: str) -> tuple[Line, list[Problem]]:
    """Return the line, and what is wrong with its page taken by itself."""
    page = pages.read(path, text, BULLETS)
    values = {entry.key: entry for entry in page.front}
    inputs, problems = _inputs(page.path, values.get("inputs"))
    line = Line(
        name=PurePosixPath(path).stem,
        description=values["description"].value if "description" in values else "",
        inputs=tuple(inputs),
        needs_model="needs" in values and values["needs"].value == "model",
        background=page.prose,
        stations=tuple(_station(section, inputs) for section in page.sections),
        path=path,
        text=text,
        delivers=ordered(_formats(values)),
    )
    wrong = [*page.problems, *roles.head(page, KEYS), *_needs(path, values), *_delivers(path, values), *problems]
    return line, [*wrong, *_bullets(page)]


def _needs(path: str, values: Mapping[str, Entry]) -> Iterator[Problem]:
    if "needs" in values and values["needs"].value not in ("", "model"):
        message = f"a line cannot need {values['needs'].value!r}. The one thing to need is 'model'."
        yield Problem(path, values["needs"].line, message)


def delivered(pages_kept: Mapping[str, str], name: str) -> tuple[Format, ...]:
    """Return the files people receive of a run, by the page it kept; without a line it is the Markdown."""
    path = f"lines/{name}.md"
    return read(path, pages_kept[path])[0].delivers if path in pages_kept else ordered(())


def _delivers(path: str, values: Mapping[str, Entry]) -> Iterator[Problem]:
    for word in _formats(values):
        if word not in set(Format):
            message = f"a line cannot deliver {word!r}. It can deliver: {', '.join(Format)}."
            yield Problem(path, values["delivers"].line, message)


def _formats(values: Mapping[str, Entry]) -> tuple[str, ...]:
    return tuple(item.casefold() for item in values["delivers"].items) if "delivers" in values else ()


def _inputs(path: str, entry: Entry | None) -> tuple[list[Question], list[Problem]]:
    """Return the inputs, one ``name: question`` a line, and what is wrong with them."""
    asked: list[tuple[int, str, str]] = []
    problems: list[Problem] = []
    for number, text in entry.rows if entry else ():
        if found := _INPUT.match(text):
            asked.append((number, found["name"], found["question"]))
        elif capital := _CAPITAL.match(text):
            name = capital["name"]
            said = f"{name!r} is no name of an input. Write it in lower case: {name.lower()!r}."
            problems.append(Problem(path, number, said))
        elif text and asked:
            asked[-1] = (*asked[-1][:2], f"{asked[-1][2]} {text}")
        elif text:
            problems.append(
                Problem(path, number, f"{text!r} is not 'name: question', with a name in lower case.")
            )
    names = [name for _, name, _ in asked]
    for at, (number, name, question) in enumerate(asked):
        if name in names[:at]:
            problems.append(Problem(path, number, f"the input {name!r} is given twice."))
        if not questions.read(name, question).question:
            problems.append(Problem(path, number, f"the input {name!r} has no question to ask people."))
        if why := questions.misread(question):
            problems.append(Problem(path, number, f"the input {name!r} {why}"))
    return [questions.read(name, question) for _, name, question in asked], problems


def _station(section: Section, inputs: list[Question]) -> Station:
    values = {entry.key: entry for entry in section.entries}
    text = {key: values[key].value if key in values else "" for key in BULLETS}
    instructions, checks = done_when.split(section.prose)
    each = text["each"] if text["each"] in {known.name for known in inputs} else ""
    return Station(
        name=section.title,
        key=key_of(section.title),
        line=section.line,
        role=text["role"],
        makes=text["makes"],
        reads=values["reads"].items if "reads" in values else (REQUEST,),
        each=each,
        items=() if each or "each" not in values else values["each"].items,
        review=text["review"],
        ask=text["ask"],
        instructions=instructions,
        done_when=checks,
        sections=values["sections"].items if "sections" in values else (),
        most_words=words(text["words"]),
        places=tuple((entry.key, entry.line) for entry in section.entries),
    )


def key_of(title: str) -> str:
    """Return a title as a task's key: lower case, digits and hyphens; empty when nothing is left of it."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_KEY].strip("-")


def words(text: str) -> int | None:
    """Return the most words that "at most 900", "under 900" or "900" allow; None when it says no number."""
    found = _WORDS.match(text.strip().lower())
    if found is None:
        return None
    return int(re.sub(r"\D", "", found["number"])) - bool(found["less"])


def _bullets(page: Page) -> Iterator[Problem]:
    """Yield what is wrong with single stations, each taken by itself."""
    for section in page.sections:
        values = {entry.key: entry for entry in section.entries}
        for entry in section.entries:
            if message := _bullet(section, entry):
                yield Problem(page.path, entry.line, message)
        for key in NEEDED:
            if key not in values:
                yield Problem(
                    page.path, section.line, f"{section.title!r} has no {key!r}. Every station has one."
                )
        if section.title and not _NAME.match(key_of(section.title)):
            message = f"{section.title!r} is no name for a station. Begin with one of a to z."
            yield Problem(page.path, section.line, message)


def _bullet(section: Section, entry: Entry) -> str:
    """Return what is wrong with one bullet; empty when nothing is."""
    if entry.key not in BULLETS:
        return f"{entry.key!r} is not a bullet I know. I know: {', '.join(BULLETS)}."
    if not entry.value or not entry.items:
        return f"{entry.key!r} says nothing. Write a value, or leave it out."
    if entry.key == "makes" and (entry.value == REQUEST or not _NAME.match(entry.value)):
        return f"{entry.value!r} is no name for an artifact. Write one like 'findings' or 'price-list'."
    if entry.key == "words" and not words(entry.value):
        return f"{entry.value!r} is no number of words. Write it like 'at most 900'."
    if entry.key in ("reads", "each", "sections") and (twice := _twice(entry.items)):
        return f"{section.title!r} names {twice!r} twice in {entry.key!r}."
    return ""


def _twice(items: tuple[str, ...]) -> str:
    seen: set[str] = set()
    for item in items:
        if item.casefold() in seen:
            return item
        seen.add(item.casefold())
    return ""
