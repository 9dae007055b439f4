"""``/jidoka tools``: tools of other programs that changed, and letting them be used as they are now."""

from typing import Final

from slack_bolt.context.ack.async_ack import AsyncAck

from agents.errors import AgentsError
from agents.policies.resolving import settings_for
from agents.tools.servers import Manifest
from bot.listeners.commands import Deed, Typed
from bot.listeners.front import Front
from bot.messages.text import escape, shorten
from bot.people import UnknownPersonError
from storage.errors import NotFoundError, RefusedError

NONE: Final = (
    "No tool of another program is off: those that the page `servers.toml` names, if any, are as they were accepted."
)
CHANGED: Final = (
    "*{name}* has changed and is off. It says of itself now:\n>{said}\n"
    "An admin lets it be used as it is with `/jidoka accept {name}`."
)
ACCEPTED: Final = "{name} may be used as it is now. It is recorded."
USAGE: Final = "Write `/jidoka accept <tool>`; `/jidoka tools` lists those that changed."
LONGEST: Final = 600  # characters of what a tool says of itself


class Tools:
    """What people see of tools that changed, and who lets them go on."""

    def __init__(self, front: Front) -> None:
        self._front, self._pins, self._team = front, front.engine.pins, front.me.team

    def words(self) -> dict[str, Deed]:
        """Return the words and what they do."""
        return {"tools": Deed(self._list), "accept": Deed(self._accept, takes_more=True)}

    async def _list(self, ack: AsyncAck, _typed: Typed) -> None:
        await ack("\n\n".join(_told(one) for one in self._pins.off()) or NONE)

    async def _accept(self, ack: AsyncAck, typed: Typed) -> None:
        name = typed.rest.strip()
        if not name or " " in name:
            await ack(USAGE)
            return
        try:
            person = await self._front.people.asker(typed.user)
            admins = settings_for(self._front.engine.policies.rules()).admins
            await self._pins.accept(name, person, self._team, admins)
        except (RefusedError, NotFoundError, UnknownPersonError, AgentsError) as refused:
            await ack(escape(str(refused)))
        else:
            await ack(ACCEPTED.format(name=escape(name)))


def _told(tool: Manifest) -> str:
    said = escape(shorten(" ".join(tool.description.split()), LONGEST)) or "nothing"
    return CHANGED.format(name=escape(tool.name), said=said)
