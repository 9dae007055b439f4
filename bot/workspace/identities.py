"""The workspace's fixed identities: who and what a fresh workspace holds."""

from dataclasses import dataclass
from typing import Final

TEAM: Final = {"id": "T0JIDOKA", "name": "Jidoka workspace", "domain": "jidoka"}
BOT_USER: Final = "U0JIDOKA"
BOT_ID: Final = "B0JIDOKA"
APP_ID: Final = "A0JIDOKA"
BOT_NAME: Final = "jidoka"
SCOPES: Final = (
    "app_mentions:read,assistant:write,channels:history,groups:history,im:history,mpim:history,channels:read,"
    "groups:read,im:read,im:write,chat:write,commands,files:read,files:write,reactions:read,reactions:write,usergroups:read,"
    "users:read"
)


@dataclass(frozen=True)
class Person:
    """Somebody who can be chosen on the page and who has a token of their own."""

    id: str
    name: str  # the handle, such as "alice"
    real_name: str
    title: str  # what the page shows in brackets
    color: str  # without #, as Slack has it
    tz: str  # a name of the IANA database
    guest: bool = False

    @property
    def token(self) -> str:
        """The person's user token; it counts only in the Authorization header."""
        return f"xoxp-{self.name}"

    @property
    def dm(self) -> str:
        """The id of the direct messages between this person and the bot."""
        return f"D0{self.name.upper()}"


PEOPLE: Final = (
    Person("U0ALICE", "alice", "Alice", "requester", "2f6f8f", "Europe/Berlin"),
    Person("U0BOB", "bob", "Bob", "approver", "8a5a00", "America/New_York"),
    Person("U0CAROL", "carol", "Carol", "approver", "7a3e6d", "Asia/Kolkata"),
    Person("U0DAVE", "dave", "Dave", "guest", "3c6e3c", "Europe/London", guest=True),
)


@dataclass(frozen=True)
class Group:
    """A user group, which people mention by its handle."""

    id: str
    handle: str  # such as "leads", mentioned as @leads
    name: str
    description: str
    members: tuple[str, ...]  # user ids


GROUPS: Final = (Group("S0LEADS", "leads", "Leads", "Whoever may decide for others.", ("U0BOB", "U0CAROL")),)


@dataclass(frozen=True)
class Room:
    """A channel a fresh workspace holds."""

    id: str
    name: str
    topic: str
    guests: bool = False


ROOMS: Final = (
    Room("C0GENERAL", "general", "Everyone. Mention @jidoka with what you need.", guests=True),
    Room("C0SALES", "sales", "Offers, campaigns and customers."),
    Room("C0LEGAL", "legal", "Contracts, policies and open questions."),
)
