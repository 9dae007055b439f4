"""Pages for tests: small ones that can be used, and the tools they may name."""

from __future__ import annotations

from agents import catalog

TOOLS = {
    "ask_person": "R0",
    "chart": "R0",
    "extract": "R0",
    "fetch": "R0",
    "read_artifact": "R0",
    "read_document": "R0",
    "run_python": "R0",
    "run_tests": "R0",
    "web_search": "R0",
    "send_email": "R3",
    "wire_money": "R4",
}

POET = "---\nname: poet\ndescription: Writes verse.\nmodel: sonnet\ntools: read_artifact\n---\nRhyme.\n"
CRITIC = "---\nname: critic\ndescription: Judges verse.\n---\nBe exact.\n"
SENDER = "---\nname: sender\ndescription: Sends.\ntools: send_email\n---\nSend it.\n"
ROLES = {"roles/poet.md": POET, "roles/critic.md": CRITIC, "roles/sender.md": SENDER}

HEAD = "---\nname: ode\ndescription: Makes an ode.\n---\n"


def ode(*stations: str, head: str = HEAD) -> str:
    """Return a line's page."""
    return head + "We sell to poets.\n\n" + "\n\n".join(stations) + "\n"


def station(name: str, *bullets: str, prose: str = "Work well.") -> str:
    """Return a station's text."""
    return "\n".join((f"## {name}", *(f"- {bullet}" for bullet in bullets), "", prose))


def pages(line: str, **others: str) -> catalog.Catalog:
    """Return the catalog of the test roles, one line called "ode", and further roles by name."""
    further = {f"roles/{name}.md": text for name, text in others.items()}
    return catalog.from_texts({**ROLES, **further, "lines/ode.md": line}, TOOLS)


def told(line: str, **others: str) -> list[str]:
    """Return what is wrong with the line, as people read it."""
    return [str(problem) for problem in pages(line, **others).problems]
