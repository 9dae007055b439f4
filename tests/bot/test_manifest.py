"""The manifest: the file is what the code says, every scope and event has a user in code and the reverse."""

import json
import re
from pathlib import Path

import pytest

from bot import listeners
from bot.listeners.front import Front
from bot.manifest import DESCRIPTION, EVENTS, SCOPES, manifest

ROOT = Path(__file__).parents[2]
CODE = "\n".join(
    path.read_text() for path in (ROOT / "bot").rglob("*.py") if "workspace" not in path.parts and path.name != "manifest.py"
)
NEEDED = {  # the SDK's method of a call → the scope Slack wants for it
    "chat_postMessage": "chat:write", "chat_update": "chat:write", "chat_postEphemeral": "chat:write",
    "conversations_history": "channels:history", "conversations_replies": "channels:history",
    "conversations_members": "channels:read", "conversations_info": "channels:read", "conversations_open": "im:write",
    "users_info": "users:read",
    "usergroups_list": "usergroups:read", "usergroups_users_list": "usergroups:read",
    "reactions_add": "reactions:write", "files_getUploadURLExternal": "files:write",
    "files_completeUploadExternal": "files:write",
}
WITHOUT = {  # need no scope
    "auth_test", "apps_connections_open", "views_open", "views_push", "views_update", "views_publish", "chat_getPermalink",
}
FAMILIES = "auth|apps|chat|conversations|users|usergroups|reactions|files|views|agents|assistant|pins|bookmarks|canvases"


def called() -> set[str]:
    """Return every Web API method our code names."""
    return set(re.findall(rf"\.((?:{FAMILIES})_[a-zA-Z_]+)\b", CODE))


def test_the_file_in_the_repository_is_what_the_code_says():
    assert json.loads((ROOT / "manifest.json").read_text()) == manifest()


def test_every_call_has_its_scope():
    assert {NEEDED[method] for method in called() - WITHOUT} <= set(SCOPES)


def test_every_scope_has_a_user_in_code():
    by_call = {NEEDED[method] for method in called() - WITHOUT}
    by_event = {"app_mentions:read", "channels:history", "groups:history", "im:history", "mpim:history"}
    twins = {"groups:read", "im:read", "mpim:read"}  # conversations.members, in other kinds of channel
    features = {"commands", "files:read", "assistant:write"}  # /jidoka, url_private, agent_view

    policies = {"usergroups:read"}  # a policy may name a group of people

    assert set(SCOPES) == by_call | by_event | twins | features | policies


def test_every_event_has_a_handler_and_the_reverse(front: Front):
    handled = set(listeners.events(front))

    assert {event.split(".")[0] for event in EVENTS} == handled


@pytest.fixture
def front() -> Front:
    """Return a front whose doors are never opened: only what it would register counts."""
    return Front(*[None] * 5)  # type: ignore[arg-type]


def test_what_slack_limits_is_within_its_limits():
    view = manifest()["features"]["agent_view"]

    assert len(DESCRIPTION) <= 140  # of the app's own description; the agent's takes 300
    assert len(view["suggested_prompts"]) <= 4
