"""The Bolt app: which envelopes are believed, what is saved before it is acknowledged, and who hears of failures."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot import listeners
from bot.faults import Faults
from bot.identity import Identity
from bot.inbox import Inbox
from bot.listeners.front import Front

NOTHING_RECORDED: Final = "Something went wrong on my side, so nothing was recorded. Press again in a moment."
NOT_KEPT: Final = (
    "I could not keep what you wrote just now. Slack sends it to me again within minutes; if I stay silent after that, "
    "please write it once more."
)
MOST_TOLD: Final = 1_000  # events whose person was told; the oldest are forgotten
ANYTHING: Final = re.compile(".*", re.DOTALL)

log = logging.getLogger(__name__)
Next = Callable[[], Awaitable[BoltResponse]]


def build(front: Front, inbox: Inbox, faults: Faults, token: str) -> AsyncApp:
    """Return the app, ready to be given envelopes."""
    app = AsyncApp(client=_nameless(front.client), authorize=_authorizes(front.me, token), name="jidoka")
    app.middleware(_only_ours(front.me))
    app.middleware(_saves_first(inbox))
    app.event(ANYTHING)(_handles(inbox))
    app.error(_tells(faults))
    listeners.register(app, front)
    return app


def _nameless(client: AsyncWebClient) -> AsyncWebClient:
    """Return a client without a token: Bolt believes the identity asked at start and calls nobody for itself."""
    return AsyncWebClient(base_url=client.base_url, retry_handlers=[], session=client.session)


def _authorizes(me: Identity, token: str) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Without this Bolt asks ``auth.test`` with the first envelopes, and acknowledges them when that fails: lost."""
    known = AuthorizeResult(
        enterprise_id=None, team_id=me.team, bot_user_id=me.user, bot_id=me.bot or None, bot_token=token
    )

    async def authorize() -> AuthorizeResult:
        return known

    return authorize


def _only_ours(me: Identity) -> Callable[..., Awaitable[BoltResponse]]:
    """Envelopes of another app or workspace are acknowledged, so that they stop coming, and nothing else."""

    async def only_ours(body: dict[str, Any], next: Next) -> BoltResponse:
        return await next() if me.is_ours(body) else BoltResponse(status=200)

    return only_ours


def _saves_first(inbox: Inbox) -> Callable[..., Awaitable[BoltResponse]]:
    """Runs before Bolt acknowledges: what cannot be saved is not acknowledged, and Slack sends it again."""

    async def save_first(body: dict[str, Any], next: Next) -> BoltResponse:
        is_event = body.get("type") == "event_callback"
        return BoltResponse(status=200) if is_event and not await inbox.save(body) else await next()

    return save_first


def _handles(inbox: Inbox) -> Callable[..., Awaitable[None]]:
    async def handle(body: dict[str, Any]) -> None:
        await inbox.handle(body)

    return handle


def _tells(faults: Faults) -> Callable[..., Awaitable[None]]:
    """An event comes again by itself, several times: its person is told once, and only where they spoke to the bot."""
    told: dict[str, None] = {}

    async def tell(error: Exception, body: dict[str, Any]) -> None:
        if body.get("type") != "event_callback":
            await faults.tell(error, body, NOTHING_RECORDED)
        elif body["event_id"] in told or not _speaks_to_us(body["event"]):
            log.warning("Event %s could not be kept: %s", body["event_id"], error)
        else:
            told[body["event_id"]] = None
            _forget_oldest(told)
            await faults.tell(error, body, NOT_KEPT)

    return tell


def _forget_oldest(told: dict[str, None]) -> None:
    if len(told) > MOST_TOLD:
        told.pop(next(iter(told)))


def _speaks_to_us(event: dict[str, Any]) -> bool:
    return event.get("type") == "app_mention" or event.get("channel_type") == "im"
