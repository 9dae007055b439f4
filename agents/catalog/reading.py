"""Pages from folders, or from what a run kept of them, become one checked catalog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from agents.catalog import lines, roles, shape
from agents.catalog.values import Catalog, Line, Role
from agents.pages import Problem

SHIPPED: Final = Path(__file__).resolve().parent.parent  # holds the product's own roles/ and lines/
_KINDS: Final = ("roles", "lines")
_NOT_PAGES: Final = frozenset({"README"})
_NO_PAGE: Final = "this is not read. A page is a file in this folder whose name ends in '.md'."


def read(folders: Sequence[Path], tools: Mapping[str, str]) -> Catalog:
    """Return the catalog of all pages in ``roles/`` and ``lines/`` of these folders.

    Args:
        folders: Such as ``[SHIPPED, home]``; a page of a later folder takes the place of an earlier one's of
            the same name, also when it has mistakes: a change someone made is never passed over in silence.
        tools: The known tools, each with its effect class, such as ``{"fetch": "R0"}``.
    """
    texts: dict[str, str] = {}
    unread: dict[str, Problem] = {}
    for path, file in _files(folders):
        try:
            texts[path] = file.read_text(encoding="utf-8")
            unread.pop(path, None)
        except UnicodeDecodeError:
            unread[path] = Problem(path, 0, "the file is not UTF-8 text. Save it again as UTF-8.")
        except OSError as error:
            unread[path] = Problem(path, 0, f"the file cannot be read ({error.strerror}).")
    kept = {path: text for path, text in texts.items() if path not in unread}
    catalog = _checked(kept, tools, list(unread.values()))
    return replace(catalog, warnings=(*catalog.warnings, *_strangers(folders)))


def _files(folders: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for kind in _KINDS:
            pages = sorted((folder / kind).glob("*.md"))
            yield from ((f"{kind}/{file.name}", file) for file in pages if file.stem not in _NOT_PAGES)


def _strangers(folders: Sequence[Path]) -> Iterator[Problem]:
    """Yield what lies beside pages and is none, such as a page saved as text: whoever wrote it would wait for it."""
    for folder in (one / kind for one in folders for kind in _KINDS):
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        strange = (one for one in found if one.suffix != ".md" and one.stem not in _NOT_PAGES)
        yield from (Problem(f"{folder.name}/{one.name}", 0, _NO_PAGE) for one in strange if one.name[0] not in "._")


def from_texts(texts: Mapping[str, str], tools: Mapping[str, str]) -> Catalog:
    """Return the catalog of the pages a run kept, by path such as ``roles/writer.md``."""
    return _checked(texts, tools, [])


def _checked(texts: Mapping[str, str], tools: Mapping[str, str], unread: Sequence[Problem]) -> Catalog:
    made, wrong, warnings = _roles(texts, tools)
    wrong = [*unread, *wrong]
    at_fault = [problem for problem in reversed(wrong) if problem.page.startswith("roles/")]
    broken = {PurePosixPath(problem.page).stem: str(problem) for problem in at_fault}
    usable = {role.name: role for role in made if role.name not in broken}
    people = shape.People(usable, broken, tools)
    drawn: dict[str, Line] = {}
    for path in sorted(path for path in texts if path.startswith("lines/")):
        line, found = lines.read(path, texts[path])
        found += shape.problems(line, people)
        wrong += found
        if not found:
            drawn[line.name] = line
    return Catalog(usable, drawn, tuple(wrong), tuple(warnings), dict(tools))


def _roles(
    texts: Mapping[str, str], tools: Mapping[str, str]
) -> tuple[list[Role], list[Problem], list[Problem]]:
    made: list[Role] = []
    wrong: list[Problem] = []
    ignored: list[Problem] = []
    for path in sorted(path for path in texts if path.startswith("roles/")):
        role, problems, warnings = roles.read(path, texts[path], tools)
        made.append(role)
        wrong += problems
        ignored += warnings
    return made, wrong, ignored
