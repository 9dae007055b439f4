"""What to do when Slack refuses a message's blocks: say the same more simply, and never drop it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.messages.said import Said
from bot.slack import DeclinedError

BLOCKS_REFUSED: Final = frozenset(
    {
        "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_blocks_too_many", "msg_too_long",
        "invalid_attachments",
    }
)  # fmt: skip

Send = Callable[[Said], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True)
class Sent:
    """Slack's answer, and the rung that was taken: 1 is the full card, 3 is text alone."""

    answer: Mapping[str, Any]
    rung: int = 1
    refused: str = ""  # Slack's word for why the richer ones were not

    @property
    def bare(self) -> bool:
        """Return whether only text could be sent."""
        return self.rung > 2


async def climb_down(said: Said, send: Send) -> Sent:
    """Send the richest shape Slack takes. A refusal means nothing was posted, so the next one is safe.

    Raises:
        SlackCallError: Slack refused for another reason, refused the last one, or is not clear.
    """
    refused = ""
    *richer, last = said.rungs()
    for rung, shape in enumerate(richer, start=1):
        try:
            return Sent(await send(shape), rung, refused)
        except DeclinedError as declined:
            if declined.code not in BLOCKS_REFUSED:
                raise
            refused = declined.code
    return Sent(await send(last), len(richer) + 1, refused)
