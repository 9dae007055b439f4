"""User groups, in Slack's shapes."""

from typing import Final

from bot.workspace.errors import SlackError
from bot.workspace.identities import GROUPS, TEAM, Group
from bot.workspace.people import BY_NAME
from bot.workspace.state import Json

BY_ID: Final = {group.id: group for group in GROUPS}
BY_HANDLE: Final = {group.handle: group.id for group in GROUPS}


def of(user: str) -> list[str]:
    """Return the ids of the groups this user is in."""
    return [group.id for group in GROUPS if user in group.members]


def members(group: str) -> list[str]:
    """Return the user ids of a group.

    Raises:
        SlackError: ``no_such_subteam``.
    """
    if group not in BY_ID:
        raise SlackError("no_such_subteam")
    return list(BY_ID[group].members)


def described(group: Group, *, users: bool, count: bool) -> Json:
    """Return Slack's user group object; its members and their number only when asked."""
    told: Json = {
        "id": group.id,
        "team_id": TEAM["id"],
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "is_external": False,
        "date_create": 0,
        "date_update": 0,
        "date_delete": 0,  # above zero: the group is disabled
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": BY_NAME["alice"],
        "updated_by": BY_NAME["alice"],
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
    }
    told |= {"users": list(group.members)} if users else {}
    return told | ({"user_count": len(group.members)} if count else {})
