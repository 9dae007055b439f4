"""The rules as they are on the page now: read again when the file has changed, and never worse than the last good ones."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from agents.catalog import Catalog
from agents.errors import PolicyError
from agents.pages import Problem
from agents.policies import contradictions, doubts, pages
from agents.policies.values import PAGE, Rules, stations_of

log = logging.getLogger(__name__)

Known = Mapping[str, Mapping[str, str]]  # every line's stations, title by key
Signature = tuple[int, int, int] | None  # None: there is no file
_KEPT: Final = "The rules read before still hold."
_GONE: Final = f"{PAGE} is gone. {_KEPT} To go back to what is shipped, put an empty file there."


def judged(text: str, known: Known | None = None, broken: Sequence[str] = ()) -> tuple[Rules, list[Problem]]:
    """Return what a page says, with its warnings, and everything that is wrong with it at once.

    Args:
        text: The whole page.
        known: Every line's stations, as ``values.stations_of`` gives them; None: names are not looked at.
        broken: Lines whose own page has mistakes.
    """
    rules, wrong = pages.read(text)
    strange = contradictions.unknown(rules, known, broken) if known is not None else []
    found = sorted([*wrong, *strange, *contradictions.problems(rules)], key=lambda problem: problem.line)
    return rules.with_warnings(() if found else doubts.warnings(rules)), found


def look(path: Path, catalog: Catalog | None = None) -> tuple[Rules, list[Problem]]:
    """Return what a page says, and everything that is wrong with it; without one all is as shipped.

    Args:
        path: The page, such as ``.jidoka/policy.toml``.
        catalog: Whose lines and stations the page may name; None: names are not looked at.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Rules(), []
    except UnicodeDecodeError:
        return Rules(), [Problem(PAGE, 0, "the file is not UTF-8 text. Save it again as UTF-8.")]
    except OSError as error:
        return Rules(), [Problem(PAGE, 0, f"the file cannot be read ({error.strerror}).")]
    if catalog is None:
        return judged(text)
    broken = [
        PurePosixPath(problem.page).stem for problem in catalog.problems if problem.page.startswith("lines/")
    ]
    return judged(text, stations_of(catalog.lines), broken)


def _log(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        log.warning("%s", sentence)


class Policies:
    """The page's newest good rules.

    Args:
        path: The page, such as ``.jidoka/policy.toml``; where there is none, everything is as shipped.
        catalog: Whose lines and stations the page may name; None: names are not looked at.
        tell: Is handed the sentences about a change that cannot be used, once; without it they are logged.

    Raises:
        PolicyError: The page cannot be used; a sentence a line.
    """

    def __init__(
        self, path: Path, catalog: Catalog | None = None, tell: Callable[[Sequence[str]], None] = _log
    ) -> None:
        self._path, self._catalog, self._tell = path, catalog, tell
        self._seen = _signature(path)
        self._rules, wrong = look(path, catalog)
        if wrong:
            raise PolicyError("\n".join(map(str, wrong)))

    def rules(self) -> Rules:
        """Return the newest rules that can be used; a look at the file's date is all it costs."""
        seen = _signature(self._path)
        if seen != self._seen:
            self._seen = seen
            self._renew(seen)
        return self._rules

    def _renew(self, seen: Signature) -> None:
        if seen is None:
            self._tell([_GONE])
            return
        rules, wrong = look(self._path, self._catalog)
        if wrong:
            self._tell([*map(str, wrong), _KEPT])
        else:
            self._rules = rules


def _signature(path: Path) -> Signature:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError:
        return (0, 0, 0)  # it is there and cannot be looked at: reading it says why
    return (found.st_mtime_ns, found.st_size, found.st_ino)
