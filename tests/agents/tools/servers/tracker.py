"""A tool server of our own, started by tests: ``tracker.py FOLDER``. What its tools say stands in the folder."""

import os
import sys
from pathlib import Path

from mcp.server.mcpserver import MCPServer

HOME = Path(sys.argv[1])
server = MCPServer("tracker")


@server.tool(description=(HOME / "says.txt").read_text() if (HOME / "says.txt").exists() else "Search issues.")
def search_issues(query: str) -> str:
    with (HOME / "calls.txt").open("a") as calls:
        calls.write(f"search {query}\n")
    return f"2 issues about {query}: JID-1 The door sticks on cold days. JID-2 The bell is silent."


@server.tool(description="Create an issue.")
def create_issue(title: str) -> str:
    with (HOME / "calls.txt").open("a") as calls:
        calls.write(f"create {title}\n")
    if "unheard" in title:
        os._exit(1)
    return "JID-3"


@server.tool(description="Fails.")
def fail() -> str:
    raise ValueError("out of order")


@server.tool(description="Not on the page.")
def drop_everything() -> str:
    with (HOME / "calls.txt").open("a") as calls:
        calls.write("drop\n")
    return "gone"


server.run()
