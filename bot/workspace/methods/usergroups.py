"""User groups over the Web API."""

from bot.workspace import groups
from bot.workspace.identities import GROUPS
from bot.workspace.state import Json
from bot.workspace.wire import Call


def list_(call: Call) -> Json:
    """List the user groups; none is disabled here, so `include_disabled` changes nothing."""
    asked = {"users": call.arguments.flag("include_users"), "count": call.arguments.flag("include_count")}
    return {"usergroups": [groups.described(group, **asked) for group in GROUPS]}


def users(call: Call) -> Json:
    """List the members of a user group."""
    return {"users": groups.members(call.arguments.need("usergroup"))}


METHODS = {"usergroups.list": list_, "usergroups.users.list": users}
