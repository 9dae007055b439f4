"""A project in Markdown: each file is a fenced block whose first line names its path. PURE.

    ```python path=shop/discounts.py
    …
    ```

Nothing a path says is believed: it stays inside the project, on every system, or it is a problem in a sentence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

OURS: Final = "jidoka"  # the folder of an archive that holds what is said about the project
MOST_FILES: Final = 60
LONGEST_FILE: Final = 100_000  # characters
LONGEST_PROJECT: Final = 400_000  # characters of all files
LONGEST_PATH: Final = 120  # characters
_PATH: Final = re.compile(r"(?:^|\s)path=(?P<path>\"[^\"]*\"|\S*)")
_SEGMENT: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?<!\.)")
_UNDONE: Final = re.compile(r"(?:#|//|--)\s*(?:TODO|FIXME|XXX)\b")
_READER: Final = MarkdownIt("commonmark")


@dataclass(frozen=True)
class Project:
    """The files of a text by path, and what is wrong with them: a file with a problem is not among them."""

    files: Mapping[str, str]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Whole:
    """A project by whose its files are: a later owner's file takes the place of an earlier one's of the same path."""

    attached: Project  # by people
    earlier: Mapping[str, str]  # by tasks before
    own: Mapping[str, str]  # by the task that is at it

    @property
    def files(self) -> dict[str, str]:
        """Return all files by path."""
        return {**self.attached.files, **self.earlier, **self.own}


def read(text: str) -> Project:
    """Return the files a text holds, in its order."""
    files: dict[str, str] = {}
    problems: list[str] = []
    lines = text.split("\n")
    for token, path in _blocks(text):
        wrong = (
            _broken(token, lines, path) or _misfit(path, token.content, files) or _undone(path, token.content)
        )
        if wrong:
            problems.append(wrong)
        else:
            files[path] = token.content
    return Project(files, (*problems, *_too_much(files)))


def gathered(attached: Iterable[tuple[str, str]]) -> Project:
    """Return the project that people attached as (name, text); of two files of one name the later counts."""
    files: dict[str, str] = {}
    problems: list[str] = []
    for name, content in dict(attached).items():
        if wrong := _misfit(name, content, files):
            problems.append(wrong)
        else:
            files[name] = content
    return Project(files, tuple(problems))


def without_files(text: str) -> str:
    """Return the text with its files blanked out: what people read as prose, each word in its place."""
    lines = text.split("\n")
    for token, _ in _blocks(text):
        first, end = token.map or (0, 0)
        for at in range(first, min(end, len(lines))):
            lines[at] = " " * len(lines[at])
    return "\n".join(lines)


def digest(files: Mapping[str, str]) -> str:
    """Return the SHA-256 of files and their paths, whatever their order."""
    whole = hashlib.sha256()
    for path, content in sorted(files.items()):
        whole.update(f"{path}\0{len(content.encode())}\0{content}".encode())
    return whole.hexdigest()


def _blocks(text: str) -> Iterator[tuple[Token, str]]:
    for token in _READER.parse(text):
        if token.type == "fence" and (named := _PATH.search(token.info)):
            yield token, named["path"].strip("\"'")


def _misfit(path: str, content: str, files: Mapping[str, str]) -> str:
    """Return why a file cannot stand beside the others; empty when it can."""
    return _astray(path) or _clash(path, files) or _unfit(path, content)


def _astray(path: str) -> str:
    """Return what is wrong with a path; empty when it stays inside the project on every system."""
    parts = path.split("/")
    if not path or len(path) > LONGEST_PATH or not all(_SEGMENT.fullmatch(part) for part in parts):
        return (
            f"{path[:LONGEST_PATH]!r} is no path of a file here. Write it like 'shop/discounts.py': letters, digits, "
            f"'_', '-' and '.', folders with '/', at most {LONGEST_PATH} characters, beginning inside the project."
        )
    if parts[0].casefold() == OURS:
        return f"{path!r}: the folder {OURS!r} is for what is said about the project. Use another one."
    return ""


def _broken(token: Token, lines: list[str], path: str) -> str:
    """Return why a block is no whole file."""
    if token.level:
        return f"{path!r} stands inside a list or a quotation. Begin its fence at the left margin."
    first, end = token.map or (0, 0)
    last = lines[end - 1].strip() if end - 1 > first else ""
    if not last or set(last) != {token.markup[0]} or len(last) < len(token.markup):
        return f"The fence of {path!r} is never closed: the file may be cut. Close it; around fences use a longer one."
    return ""


def _clash(path: str, files: Mapping[str, str]) -> str:
    """Return which file another one cannot stand beside."""
    mine = path.casefold()
    for other in files:
        theirs = other.casefold()
        if mine == theirs:
            return f"{path!r} is given twice. Give each file once, whole."
        if mine.startswith(f"{theirs}/") or theirs.startswith(f"{mine}/"):
            return f"{path!r} and {other!r}: one name cannot be a file and a folder."
    return ""


def _unfit(path: str, content: str) -> str:
    if len(content) > LONGEST_FILE:
        return f"{path!r} has {len(content):,} characters; a file has {LONGEST_FILE:,} at most. Split it."
    if "\0" in content:
        return f"{path!r} holds a NUL character. Files are text."
    return ""


def _undone(path: str, content: str) -> str:
    for number, line in enumerate(content.split("\n"), start=1):
        if _UNDONE.search(line):
            return (
                f"{path!r}, line {number}: something is left to do. Do it, or name it under open questions."
            )
    return ""


def _too_much(files: Mapping[str, str]) -> Iterator[str]:
    if len(files) > MOST_FILES:
        yield f"There are {len(files)} files; {MOST_FILES} is the most. Leave out what the feature does not need."
    total = sum(map(len, files.values()))
    if total > LONGEST_PROJECT:
        yield f"The files have {total:,} characters together; {LONGEST_PROJECT:,} is the most."
