"""People over the Web API."""

from bot.workspace import histories, people, zones
from bot.workspace.errors import SlackError
from bot.workspace.state import Json
from bot.workspace.wire import Call


def info(call: Call) -> Json:
    """Return one person or the bot."""
    return {"user": _now(call, people.user_object(call.arguments.need("user")))}


def list_(call: Call) -> Json:
    """List everyone."""
    everyone = [_now(call, user) for user in people.everyone()]
    page = histories.listed("members", everyone, call.arguments.text("cursor"), call.arguments.limit(1000, 200))
    return {**page, "cache_ts": int(call.workspace.now())}


def lookup_by_email(call: Call) -> Json:
    """Return the person with this address."""
    email = call.arguments.need("email")
    for user in people.everyone():
        if user["profile"].get("email") == email:
            return {"user": _now(call, user)}
    raise SlackError("users_not_found")


def _now(call: Call, user: Json) -> Json:
    return user | zones.facts(user["tz"], call.workspace.now())


METHODS = {"users.info": info, "users.list": list_, "users.lookupByEmail": lookup_by_email}
