"""What every part of the workspace shares: its file, its clock, its address, its two kinds of listeners."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.workspace import ids
from bot.workspace.store import Store

Json = dict[str, Any]


class Doorbell(Protocol):
    """Somebody who looks for new work when rung."""

    def ring(self) -> None:
        """Look soon."""


class Audience(Protocol):
    """The people who have the page open."""

    def tell(self, user: str, frame: Json) -> None:
        """Show one frame to every open page of this person."""


@dataclass(frozen=True)
class Site:
    """Where the workspace is reached, and its secrets."""

    url: str  # without a slash at the end, such as http://127.0.0.1:8765
    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    start_token: str = field(repr=False)


@dataclass
class Workspace:
    """The workspace's parts, wired. Frames for people wait until what they tell of is committed."""

    site: Site
    store: Store
    now: Callable[[], float]  # seconds since 1970
    manifest: Mapping[str, Any]  # the app's slash commands and shortcuts
    bot: Doorbell | None = None
    people: Audience | None = None
    _frames: list[tuple[str, Json]] = field(default_factory=list)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what the block did, then tell the bot and the people; a raise undoes and tells nothing."""
        self._frames.clear()
        with self.store.writing():
            yield
        frames, self._frames = self._frames, []
        if self.people is not None:
            for user, frame in frames:
                self.people.tell(user, frame)
        if self.bot is not None:
            self.bot.ring()

    def tell(self, users: Iterable[str], frame: Json) -> None:
        """Show a frame to these people once the transaction is committed."""
        self._frames += [(user, frame) for user in users]

    def stamp(self) -> str:
        """Return a time no message has yet, later than every earlier one."""
        return ids.stamp(self.store.rising("ts", int(self.now() * 1_000_000)))
