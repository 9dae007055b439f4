"""The Home tab: shown to whoever opens it."""

from bot.inbox import Handler, Payload
from bot.listeners.homes import Homes


def events(homes: Homes) -> dict[str, Handler]:
    """Return what to do when someone opens the app's page."""

    async def is_home(payload: Payload) -> bool:
        return bool(payload["event"].get("tab") == "home")

    async def opened(payload: Payload) -> bool:
        await homes.opened(payload["event"]["user"])
        return False

    return {"app_home_opened": Handler(is_home, opened)}
