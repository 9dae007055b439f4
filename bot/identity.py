"""Who the bot is in the workspace it serves, asked of Slack once at start."""

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import done


@dataclass(frozen=True)
class Identity:
    """The bot as Slack knows it."""

    team: str  # such as T024BE7LH
    user: str  # the bot's own user id, as mentions name it
    bot: str = ""  # the id its messages carry
    app: str = ""  # the app whose envelopes are believed; empty when the token does not say

    def is_ours(self, body: dict[str, object]) -> bool:
        """Return whether an envelope came to this app, from a workspace this bot is installed in."""
        app, teams = body.get("api_app_id"), _teams(body)
        return (not app or not self.app or app == self.app) and (not teams or self.team in teams)


async def ask(client: AsyncWebClient, app_token: str) -> Identity:
    """Return who the bot token belongs to.

    Raises:
        SlackCallError: The token is refused, or Slack is not there.
    """
    told = await done(client.auth_test())
    return Identity(str(told["team_id"]), str(told["user_id"]), str(told.get("bot_id") or ""), _app(app_token))


def _app(app_token: str) -> str:
    """Return the app id inside ``xapp-1-A0123-…``; other forms say nothing."""
    parts = app_token.split("-")
    return parts[2] if len(parts) > 3 and parts[2].startswith("A0") else ""


def _teams(body: dict[str, object]) -> set[object]:
    """Return the workspaces an envelope names: whose it is, or for whom it was sent."""
    named, allowed = body.get("team_id") or body.get("team"), body.get("authorizations")
    teams = {named.get("id") if isinstance(named, dict) else named}
    if isinstance(allowed, list):
        teams |= {each.get("team_id") for each in allowed if isinstance(each, dict)}
    return {team for team in teams if team}
