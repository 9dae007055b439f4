"""The catalog in sentences, for whoever runs ``python -m bot check``."""

from __future__ import annotations

from collections.abc import Iterator

from agents.catalog.values import Catalog, Line, Role


def explain(catalog: Catalog) -> list[str]:
    """Return sentences: what there is, line by line and role by role."""
    return [*(_line(line) for line in catalog.lines.values()), *(_role(role) for role in catalog.roles.values())]


def troubles(catalog: Catalog) -> list[str]:
    """Return sentences: everything that is wrong, from the top of each page down, and what that means."""
    return list(_troubles(catalog))


def _line(line: Line) -> str:
    stations = " → ".join(station.name for station in line.stations)
    asks = [station.name for station in line.stations if station.ask]
    asked = f"People are asked after {_listed(asks)}." if asks else "It asks nobody on its way."
    needed = [known.name for known in line.inputs if not known.optional]
    needs = f" It needs {_listed(needed)}." if needed else ""
    model = " It needs a language model." if line.needs_model else ""
    files = f" It delivers {_listed([format.shown for format in line.delivers])}." if len(line.delivers) > 1 else ""
    return f"Line {line.name!r}: {stations}. {asked}{needs}{model}{files}"


def _role(role: Role) -> str:
    tools = f"may use {_listed(list(role.tools))}" if role.tools else "has no tools"
    return f"Role {role.name!r} works with the model {role.tier!r} and {tools}."


def _troubles(catalog: Catalog) -> Iterator[str]:
    yield from (f"Ignored: {warning}" for warning in catalog.warnings)
    yield from (f"Wrong: {problem}" for problem in sorted(catalog.problems, key=lambda found: (found.page, found.line)))
    if catalog.problems:
        pages = len({problem.page for problem in catalog.problems})
        one = "1 page cannot" if pages == 1 else f"{pages} pages cannot"
        yield f"{one} be used until this is mended; everything else can."
    else:
        yield "All pages can be used."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
