"""Keeps Home tabs true: whoever opened theirs lately sees what changed, a moment after it did.

Nothing is done while nothing changes. After a start everybody's Home is made once: the last process may have ended
between a decision and its Home.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from bot.listeners.front import Front
from bot.listeners.gathering import home_rows
from bot.listeners.mine import Whereabouts, could
from bot.messages import home
from bot.messages.home import HomeRows
from bot.slack import DeclinedError, NotYetError, SlackCallError, done
from storage import checkpoints, clock, events, people, runs
from storage.outcomes import Figures
from storage.tables import Checkpoint, Run

LOOKED_AT: Final = timedelta(days=7)  # whose Home was opened longer ago is made when they open it
EVERY_S: Final = 2.0  # a person's Home is published at most this often
GATHER_S: Final = 0.2  # what many commits wake us for is looked at once
PATIENCE_S: Final = 4.0  # for what Slack is asked while a Home is made
NOTED_S: Final = 3_600.0  # that somebody looks at theirs is written at most this often
FIRST_REST_S: Final = 2.0  # after Slack did not take one, or did not say who somebody is; it doubles
LONGEST_REST_S: Final = 600.0

log = logging.getLogger(__name__)
Worked = Callable[[], Awaitable[Figures | None]]


@dataclass
class _Tab:
    """What one person's Home shows now."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    shown: frozenset[str] = frozenset()  # ids of its runs
    digest: str = ""  # of what Slack took last
    at: float = float("-inf")  # when that was
    noted: float = float("-inf")  # when it was written that they looked
    failed: int = 0  # times in a row


class Homes:
    """Everybody's Home tab.

    Args:
        front: The doors.
        worked: What the team's work came to, from a store that is quick to ask.
        every_s: A person's Home is published at most this often.
    """

    def __init__(self, front: Front, worked: Worked | None = None, every_s: float = EVERY_S) -> None:
        self._front, self._worked, self._every_s = front, worked, every_s
        self._where = Whereabouts(front, PATIENCE_S)
        self._tabs: dict[str, _Tab] = {}
        self._line = 0  # of the audit log, looked at up to here
        self._woken = asyncio.Event()
        self._keeping: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    async def opened(self, user: str) -> None:
        """Show somebody their Home, and keep it true from now on."""
        await self._note(user)
        self._where.forget(user)
        try:
            await self._publish(user, anew=True)
        except SlackCallError as lost:
            log.warning("Could not show %s their Home: %s", user, lost)
            self._mark([user])

    def wake(self) -> None:
        """Look for what changed: called after every commit that may concern a Home."""
        self._woken.set()

    async def run(self) -> None:
        """Keep them for as long as this task lives. Nothing but its cancellation ends it."""
        try:
            await self._look(everybody=True)
            while True:
                await self._woken.wait()
                await asyncio.sleep(GATHER_S)
                self._woken.clear()
                await self._look()
        finally:
            for task in (keeping := list(self._keeping.values())):
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)

    async def settled(self) -> None:
        """Wait until nothing that was found is still to be published."""
        while self._keeping:
            await asyncio.gather(*list(self._keeping.values()), return_exceptions=True)

    async def _note(self, user: str) -> None:
        tab = self._tab(user)
        if _now() - tab.noted < NOTED_S:
            return
        async with self._front.database.write() as session:
            await people.opened_home(session, user)
        tab.noted = _now()

    async def _look(self, *, everybody: bool = False) -> None:
        try:
            self._mark(await self._concerned(everybody=everybody))
        except Exception:  # this must outlive a database that is busy or gone for a while
            log.exception("Could not read whose Home has changed.")

    async def _concerned(self, *, everybody: bool) -> list[str]:
        """Return whose Home may show something else now."""
        async with self._front.database.read() as session:
            lookers = await people.at_home(session, clock.now() - LOOKED_AT)
            newest, _ = await events.head(session)
            since = await runs.touched(session, self._line) if lookers and not everybody else set()
            changed = await _read(session, {run_id for run_id, _ in since if run_id})
        self._line = newest
        if everybody or any(not run_id for run_id, _ in since):
            return lookers
        by = {who for _, who in since}
        return [user for user in lookers if user in by or self._shows(user, changed)]

    def _shows(self, user: str, changed: Mapping[str, tuple[Run, list[Checkpoint]]]) -> bool:
        shown = self._tab(user).shown & changed.keys()
        return bool(shown) or any(
            run.requester == user or any(could(user, one) for one in open_) for run, open_ in changed.values()
        )

    def _mark(self, users: Iterable[str]) -> None:
        """Let these people's Homes be made anew, once each, however much changed."""
        for user in users:
            if user in self._keeping:
                self._again.add(user)
            else:
                self._keeping[user] = asyncio.create_task(self._keep(user))

    async def _keep(self, user: str) -> None:
        """Publish a Home when its turn comes, as often as it was marked meanwhile."""
        tab = self._tab(user)
        while True:
            await asyncio.sleep(tab.at + self._every_s - _now())
            self._again.discard(user)
            if rest := await self._tried(user):
                await asyncio.sleep(rest)
            elif user not in self._again:
                del self._keeping[user]  # at once: whatever is marked from here on begins anew
                return

    async def _tried(self, user: str) -> float:
        """Publish a Home; return in how many seconds to try again, or 0 when it stands as it is."""
        tab = self._tab(user)
        try:
            whole = await self._publish(user)
        except DeclinedError as refused:
            log.warning("Slack does not take the Home of %s: %s", user, refused)
            return 0.0
        except NotYetError as soon:
            return soon.after_s
        except Exception:  # a fault with one Home must not stop the others, and lost answers are usual
            log.warning("The Home of %s was not published; it is tried again.", user, exc_info=True)
            whole = False
        tab.failed = 0 if whole else tab.failed + 1
        return 0.0 if whole else min(LONGEST_REST_S, FIRST_REST_S * 2.0 ** min(tab.failed, 10))

    async def _publish(self, user: str, *, anew: bool = False) -> bool:
        """Make a Home and show it, unless Slack shows just that; return whether Slack told all it was asked."""
        tab = self._tab(user)
        async with tab.lock:
            rows = await home_rows(self._front, self._where, user, await self._figures(user))
            view = home.view(rows)
            digest = hashlib.sha256(json.dumps(view).encode()).hexdigest()
            if anew or digest != tab.digest:
                tab.digest = ""  # from here on nobody knows what Slack shows
                await done(self._front.client.views_publish(user_id=user, view=view))
                tab.digest, tab.at = digest, _now()
            tab.shown = _runs_of(rows)
        return not rows.silent

    async def _figures(self, user: str) -> Figures | None:
        """Return what the team's work came to, for those who are of the team."""
        return await self._worked() if self._worked and await self._where.is_one_of_us(user) else None

    def _tab(self, user: str) -> _Tab:
        return self._tabs.setdefault(user, _Tab())


async def _read(session: Any, ids: Iterable[str]) -> dict[str, tuple[Run, list[Checkpoint]]]:  # noqa: ANN401  storage's
    """Return the runs of these ids that are still there, each with its open checkpoints."""
    found = {}
    for run_id in ids:
        if (run := await session.get(Run, run_id)) is not None:
            found[run_id] = (run, await checkpoints.open_in(session, run_id))
    return found


def _runs_of(rows: HomeRows) -> frozenset[str]:
    return frozenset([*(one.run.id for one in rows.waiting), *(each.rows.run.id for each in rows.going)])


def _now() -> float:
    return asyncio.get_running_loop().time()
