"""Tools of other programs, by the Model Context Protocol: which a page allows, what they say they do, and their use."""

from agents.tools.servers.calling import Manifest, call, offered
from agents.tools.servers.kept import ToolServers
from agents.tools.servers.page import PAGE, ToolServer, explain, look

__all__ = ["PAGE", "Manifest", "ToolServer", "ToolServers", "call", "explain", "look", "offered"]
