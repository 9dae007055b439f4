"""``/jidoka policy``: what holds in this channel, or on a line, in plain sentences that only the asker sees."""

from collections.abc import Awaitable, Callable
from typing import Final

from slack_bolt.context.ack.async_ack import AsyncAck

from agents.policies import here
from bot.listeners.commands import Deed, Typed
from bot.listeners.front import Front
from bot.messages import text
from bot.messages.said import cut

LONGEST: Final = 3_000  # characters of an answer to a command
HEAD: Final = "*What holds for {where}*. Whoever runs this bot changes it in `policy.toml`."
STRANGE: Final = "There is no line “{name}” here. Lines: {lines}."
Ask = Callable[[AsyncAck, Typed], Awaitable[None]]


class Rules:
    """What people ask about the rules.

    Args:
        front: The doors.
        ask: Takes words that speak of a policy but ask for work, such as ``policy brief on heat pumps``.
    """

    def __init__(self, front: Front, ask: Ask) -> None:
        self._front, self._ask = front, ask

    def words(self) -> dict[str, Deed]:
        """Return what the slash command's words do with the rules."""
        return {"policy": Deed(self._explain, takes_more=True)}

    async def _explain(self, ack: AsyncAck, typed: Typed) -> None:
        named = typed.rest.strip()
        if len(named.split()) > 1:
            await self._ask(ack, typed)
            return
        await ack(self._said(typed.channel, named.strip("`“”\"'")))

    def _said(self, channel: str, line: str) -> str:
        lines = self._front.engine.catalog.lines
        if line and line not in lines:
            named = ", ".join(f"`{text.escape(each)}`" for each in sorted(lines)) or "none"
            return STRANGE.format(name=text.escape(line[:100]), lines=named)
        where = f"<#{channel}>" + (f", on the line `{text.escape(line)}`" if line else "")
        sentences = here(self._front.engine.policies.rules(), channel, line)
        return cut("\n".join([HEAD.format(where=where), *(f"• {said}" for said in sentences)]), LONGEST)
