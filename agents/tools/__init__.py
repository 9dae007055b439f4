"""What an agent may use: one module a tool."""
