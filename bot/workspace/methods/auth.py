"""Who a token is, and where Socket Mode is opened."""

from bot.workspace import people
from bot.workspace.errors import SlackError
from bot.workspace.identities import APP_ID, BOT_ID, TEAM
from bot.workspace.state import Json
from bot.workspace.tickets import open_socket
from bot.workspace.wire import Call


def test(call: Call) -> Json:
    """Answer what was sent; `error` makes it fail with that error."""
    error = call.arguments.text("error")
    if error:
        raise SlackError(error, args=dict(call.arguments.values))
    return {"args": dict(call.arguments.values)}


def auth_test(call: Call) -> Json:
    """Say whose token this is."""
    user = call.caller.user
    found = {
        "url": f"{call.workspace.site.url}/",
        "team": TEAM["name"],
        "user": people.name(user),
        "team_id": TEAM["id"],
        "user_id": user,
        "is_enterprise_install": False,
    }
    return {**found, "bot_id": BOT_ID, "app_id": APP_ID} if call.caller.kind == "bot" else found


def connections_open(call: Call) -> Json:
    """Return a WebSocket's address that works once."""
    address = call.workspace.site.url.replace("http", "ws", 1)
    return {"url": f"{address}/socket?ticket={open_socket(call.workspace)}&app_id={APP_ID}"}


METHODS = {"api.test": test, "auth.test": auth_test, "apps.connections.open": connections_open}
