"""The Slack app, as Slack is told of it. ``manifest.json`` holds the same, for the built-in workspace and Slack's CLI."""

from collections.abc import Mapping
from typing import Any, Final

SCOPES: Final[Mapping[str, str]] = {  # each with what in the code needs it
    "app_mentions:read": "the event app_mention",
    "assistant:write": "the feature agent_view",
    "channels:history": "the event message.channels; conversations.replies before a second attempt",
    "channels:read": "conversations.members, when someone decides; conversations.info, when something is scheduled",
    "chat:write": "chat.postMessage, chat.update, chat.postEphemeral; the event agent_session_stopped",
    "commands": "the command /jidoka",
    "files:read": "the files people attach",
    "files:write": "the results, as files in the thread",
    "groups:history": "as channels:history, in private channels",
    "groups:read": "as channels:read, in private channels",
    "im:history": "the event message.im; conversations.history before a second attempt",
    "im:read": "conversations.members, in direct messages",
    "im:write": "conversations.open, to ask a decider directly",
    "mpim:history": "as channels:history, in group messages",
    "mpim:read": "as channels:read, in group messages",
    "reactions:write": "reactions.add: heard, noted",
    "usergroups:read": "usergroups.list and usergroups.users.list, when a policy names a group",
    "users:read": "users.info, when someone asks or decides",
}
EVENTS: Final = (
    "agent_session_stopped", "app_home_opened", "app_mention",
    "message.channels", "message.groups", "message.im", "message.mpim",
)
DESCRIPTION: Final = "Runs knowledge work on assembly lines of AI agents, and stops the line where a decision is yours."
PROMPTS: Final = (
    ("Compare the attached offers", "Compare the attached offers for the sales team, at most 900 words."),
    ("Draft from the attached terms", "Draft the agreement from the attached term sheet and our policy."),
    ("What can you do?", "help"),
)


def manifest() -> dict[str, Any]:
    """Return the manifest, as Slack's "create an app from a manifest" takes it."""
    return {
        "display_information": {"name": "Jidoka", "description": DESCRIPTION, "background_color": "#1f2a37"},
        "features": _features(),
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def _features() -> dict[str, Any]:
    command = {
        "command": "/jidoka", "description": "Ask for work now, later or again, or stop it", "should_escape": True,
        "usage_hint": "what you need | schedule | schedules | stop | help",
    }
    return {
        "agent_view": {
            "agent_description": DESCRIPTION,
            "suggested_prompts": [{"title": title, "message": message} for title, message in PROMPTS],
        },
        "app_home": {
            "home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "jidoka", "always_online": True},
        "slash_commands": [command],
    }
