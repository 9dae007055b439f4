"""People and the bot, in Slack's shapes."""

from bot.workspace.errors import SlackError
from bot.workspace.identities import APP_ID, BOT_ID, BOT_NAME, BOT_USER, PEOPLE, TEAM, Person
from bot.workspace.state import Json

BY_ID = {person.id: person for person in PEOPLE}
BY_TOKEN = {person.token: person for person in PEOPLE}
BY_NAME = {person.name: person.id for person in PEOPLE} | {BOT_NAME: BOT_USER}


def exists(user: str) -> bool:
    """Tell whether this id names a person or the bot."""
    return user == BOT_USER or user in BY_ID


def name(user: str) -> str:
    """Return the handle of a person or the bot."""
    return BOT_NAME if user == BOT_USER else BY_ID[user].name


def user_object(user: str) -> Json:
    """Return Slack's user object; what its zone means at a moment `zones.facts` adds.

    Raises:
        SlackError: ``user_not_found``.
    """
    if user == BOT_USER:
        return _bot()
    if user not in BY_ID:
        raise SlackError("user_not_found")
    return _person(BY_ID[user])


def everyone() -> list[Json]:
    """Return the user objects of all people, in their fixed order, then the bot."""
    return [*(_person(person) for person in PEOPLE), _bot()]


def bot_profile() -> Json:
    """Return the bot's profile as its messages carry it."""
    return {
        "id": BOT_ID,
        "app_id": APP_ID,
        "user_id": BOT_USER,
        "name": BOT_NAME,
        "deleted": False,
        "team_id": TEAM["id"],
    }


def _person(person: Person) -> Json:
    profile = {
        "title": person.title,
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.real_name,
        "display_name_normalized": person.real_name,
        "email": f"{person.name}@example.com",
        "team": TEAM["id"],
    }
    return {
        **_flags(person.id, person.name, person.real_name, bot=False),
        "color": person.color,
        "tz": person.tz,
        "is_restricted": person.guest,
        "profile": profile,
    }


def _bot() -> Json:
    profile = {
        "real_name": BOT_NAME,
        "display_name": BOT_NAME,
        "bot_id": BOT_ID,
        "api_app_id": APP_ID,
        "team": TEAM["id"],
    }
    flags = _flags(BOT_USER, BOT_NAME, BOT_NAME, bot=True)
    return {**flags, "tz": "Etc/UTC", "profile": profile}


def _flags(user: str, handle: str, real_name: str, *, bot: bool) -> Json:
    off = (
        "deleted",
        "is_admin",
        "is_owner",
        "is_restricted",
        "is_ultra_restricted",
        "is_stranger",
        "is_app_user",
    )
    return {
        "id": user,
        "team_id": TEAM["id"],
        "name": handle,
        "real_name": real_name,
        "is_bot": bot,
        **dict.fromkeys(off, False),
        "updated": 0,
    }
