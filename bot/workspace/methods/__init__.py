"""The Web API's methods, each a function of one call; what is not here is an unknown method."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.workspace.methods import (
    auth,
    blocks,
    chat,
    conversations,
    files,
    reactions,
    sessions,
    usergroups,
    users,
    views,
)
from bot.workspace.state import Json
from bot.workspace.wire import Call

Method = Callable[[Call], Json]

METHODS: Final[Mapping[str, Method]] = {
    **auth.METHODS,
    **blocks.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **reactions.METHODS,
    **sessions.METHODS,
    **usergroups.METHODS,
    **users.METHODS,
    **views.METHODS,
}
FOR_ANYONE: Final = frozenset({"api.test", "blocks.validate"})  # no token needed
FOR_THE_APP: Final = frozenset({"apps.connections.open"})  # only with the app token
FOR_THE_BOT: Final = frozenset({*views.METHODS, *sessions.METHODS, "chat.postEphemeral"})
