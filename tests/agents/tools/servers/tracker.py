"""A tool server of our own that starts at once: ``tracker.py FOLDER``. What a tool says, and each call, are files there."""

import json
import os
import sys
from pathlib import Path

HOME = Path(sys.argv[1])


def described(name, says, argument):
    schema = {"type": "object", "properties": {argument: {"type": "string"}}, "required": [argument]}
    return {"name": name, "description": says, "inputSchema": schema}


def offered():
    says, wants = HOME / "says.txt", HOME / "wants.txt"  # what it says of itself now, and what it wants to be told
    argument = wants.read_text() if wants.exists() else "query"
    return [
        described("search_issues", says.read_text() if says.exists() else "Search issues.", argument),
        described("create_issue", "Create an issue.", "title"),
        described("fail", "Fails.", "why"),
        described("drop_everything", "Not on the page.", "what"),
    ]


def done(name, given):
    said = " ".join(given.values())
    with (HOME / "calls.txt").open("a") as calls:
        calls.write(f"{name.partition('_')[0]} {said}\n")
    if said == "unheard":
        os._exit(1)
    if name == "fail":
        return "out of order", True
    found = f"2 issues about {said}: JID-1 The door sticks on cold days. JID-2 The bell is silent."
    return {"search_issues": found, "create_issue": "JID-3"}[name], False


def answered(asked):
    match asked["method"]:
        case "initialize":
            about = {"serverInfo": {"name": "tracker", "version": "1"}, "capabilities": {"tools": {}}}
            return {"result": {"protocolVersion": asked["params"]["protocolVersion"], **about}}
        case "tools/list":
            return {"result": {"tools": offered()}}
        case "tools/call":
            text, failed = done(asked["params"]["name"], asked["params"].get("arguments", {}))
            return {"result": {"content": [{"type": "text", "text": text}], "isError": failed}}
        case unknown:
            return {"error": {"code": -32601, "message": f"Method not found: {unknown}"}}


for line in sys.stdin:
    if "id" in (asked := json.loads(line)):
        print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **answered(asked)}), flush=True)
