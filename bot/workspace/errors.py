"""Errors of the built-in workspace.

* WorkspaceError          something the workspace cannot do; the message is a sentence
  - SlackError            a Web API call is refused; carries Slack's own error code
"""

from typing import Any


class WorkspaceError(Exception):
    """The workspace cannot do something; the message is for whoever runs it."""


class SlackError(WorkspaceError):
    """A Web API call is refused, in Slack's words.

    Args:
        code: Slack's error code, such as ``channel_not_found``.
        extra: More fields of the answer, such as ``errors``.
    """

    def __init__(self, code: str, **extra: object) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """Return the body of Slack's answer."""
        return {"ok": False, "error": self.code, **self.extra}
