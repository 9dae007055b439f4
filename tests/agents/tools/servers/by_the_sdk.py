"""A tool server made with the protocol's own SDK."""

from mcp.server.mcpserver import MCPServer

server = MCPServer("tracker")


@server.tool(description="Search issues.")
def search_issues(query: str) -> str:
    return f"2 issues about {query}: JID-1 The door sticks on cold days."


server.run()
