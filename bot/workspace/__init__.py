"""The built-in Slack-compatible workspace: Web API, Socket Mode and its page."""
