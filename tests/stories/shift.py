"""A night's shift in one process on a stopped clock: the real engine, a scripted model, and people in Slack.

Agents work at their own pace while the clock stands; what is due by the clock, and what is delivered, happens when the
story lets it. Every direct message is kept with the moment it came.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agents.catalog import SHIPPED, read
from agents.engine.engine import Engine
from agents.models.client import Door
from agents.models.poller import Patience
from agents.policies import PAGE, Policies
from agents.tools.toolbox import EFFECTS
from agents.tools.web import Fetcher
from bot.files import Files
from bot.workspace import server
from storage import clock
from storage.database import Database
from storage.tables import Checkpoint, OutboxMessage, Run
from storage.words import ENDED, CheckpointKind, MessageKind
from tests.bot.listeners.test_home import window
from tests.bot.night import Night, at
from tests.bot.shop import PEOPLE, Json, listening
from tests.bot.waiting import until
from tests.servers.model import ModelServer, scripted_model
from tests.stories.town import filled

ZONES = {"alice": "Europe/Berlin", "bob": "America/New_York", "carol": "Asia/Kolkata", "dave": "Europe/London"}
QUICK = Patience(first_s=0.02, growth=1.5, most_s=0.1)  # of looking at message batches
PATIENCE_S = 30


@dataclass(frozen=True)
class Letter:
    """A direct message of the bot, and when it came."""

    who: str
    at: datetime
    text: str

    @property
    def is_at_night(self) -> bool:
        """Whether it came in the quiet hours of whoever got it, as shipped: from 20:00 to 7:30."""
        here = self.at.astimezone(ZoneInfo(ZONES[self.who]))
        return not (7, 30) <= (here.hour, here.minute) < (20, 0)


class Shift(Night):
    """A night, with agents at work."""

    def __init__(self, home: Path, served: server.Served, model: ModelServer, now: datetime) -> None:
        self.home, self.served, self.model, self.now = home, served, model, now
        self.letters: list[Letter] = []
        self._seen: set[str] = set()
        self._process = AsyncExitStack()

    async def start(self) -> None:
        """Start the bot, as a process does; what came due meanwhile is done first."""
        self.here = await listening(self._process, self.home, self.served, self._engine)
        self.restart()
        await self.tick()

    async def stop(self) -> None:
        """End the bot; Slack and the model live on."""
        await self._process.aclose()

    async def _engine(self, stack: AsyncExitStack, database: Database, facts: Json) -> Engine:
        tiers = {"fast": "claude-haiku-5-5", "strong": "claude-sonnet-5-5", "best": "claude-opus-5-5"}
        door = Door.open(api_key="k", base_url=self.model.url, **tiers, patience=QUICK)
        stack.push_async_callback(door.close)
        catalog, files = read([SHIPPED], EFFECTS), Files(facts["api_url"], facts["bot_token"])
        rules = Policies(self.home / PAGE, catalog)
        engine = Engine(database, door, catalog, fetcher=Fetcher(), read_file=files.read, policies=rules)
        await engine.start()
        stack.push_async_callback(engine.stop)
        return engine

    async def request(self, name: str, channel: str, words: str, files: tuple[Path, ...]) -> str:
        """Ask for something with files, as people do; return the run's id."""
        before = {run.id for run in await self.here.rows(Run)}
        uploads = [{"file": str(path), "filename": path.name} for path in files]
        said = f"<@U0JIDOKA> {words}"
        await self.here.client(name).files_upload_v2(channel=channel, initial_comment=said, file_uploads=uploads)

        async def opened() -> str:
            return next((run.id for run in await self.here.rows(Run) if run.id not in before), "")

        return str(await self.until(opened))

    async def asked(self, run_id: str, kind: CheckpointKind, count: int = 1) -> list[Checkpoint]:
        """Return a run's open checkpoints of a kind, oldest first, once there are so many."""

        async def found() -> list[Checkpoint]:
            rows = await self.here.rows(Checkpoint, run_id=run_id, state="open")
            of_kind = sorted((each for each in rows if each.kind is kind), key=lambda each: (each.opened_at, each.id))
            return of_kind if len(of_kind) == count else []

        return list(await self.until(found))

    async def ended(self, run_id: str) -> Run:
        """Return a run once it has ended."""

        async def found() -> Run | None:
            row = await self.run(run_id)
            return row if row.state in ENDED else None

        run: Run = await self.until(found)
        return run

    async def until(self, holds: Callable[[], Awaitable[Any]]) -> Any:
        """Return what ``holds`` gives once it is something; what is queued is delivered meanwhile, and no time passes."""

        async def held() -> Any:
            await self.settle()
            return await holds()

        return await until(held, PATIENCE_S)

    async def settle(self, passes: int = 20) -> None:
        """Deliver what is due, and keep what came directly."""
        await super().settle(passes)
        for name in PEOPLE:
            for message in await self.read(f"D0{name.upper()}"):
                if message.get("bot_id") and message["ts"] not in self._seen:
                    self._seen.add(message["ts"])
                    self.letters.append(Letter(name, self.now, message["text"]))

    async def thread(self, run_id: str) -> list[Json]:
        """Return what the bot said in a run's thread, oldest first."""
        run = await self.run(run_id)
        replies = await self.here.front.client.conversations_replies(channel=run.channel, ts=run.thread_ts, limit=200)
        return [message for message in replies["messages"] if message.get("bot_id")]

    async def card(self, run_id: str, words: str) -> Json:
        """Return the newest message in a run's thread that says these words, as soon as it is there."""

        async def found() -> Json | None:
            return next((each for each in (await self.thread(run_id))[::-1] if words in str(each)), None)

        return dict(await self.until(found))

    async def direct(self, name: str, words: str) -> Json:
        """Return the newest direct message to somebody that says these words, as soon as it is there."""
        return await self.said(f"D0{name.upper()}", words)

    async def said(self, channel: str, words: str) -> Json:
        """Return the newest message in a channel that says these words, as soon as it is there."""

        async def found() -> Json | None:
            return next((each for each in (await self.read(channel))[::-1] if words in str(each)), None)

        return dict(await self.until(found))

    async def copies_of(self, checkpoint: Checkpoint) -> list[OutboxMessage]:
        """Return the cards that were sent about a checkpoint, wherever they are."""
        return list(await self.here.rows(OutboxMessage, checkpoint_id=checkpoint.id, kind=MessageKind.CHECKPOINT))

    async def press_card(self, name: str, run_id: str, words: str, label: str) -> None:
        """Press a button of a card in a run's thread."""
        card = await self.card(run_id, words)
        await self.press(name, (await self.run(run_id)).channel, card, label)

    async def fill(self, name: str, **values: str) -> Json:
        """Fill in the form that opens for somebody, by parts of its labels, and hand it in."""
        view = await self.until(lambda: window(self.here, name))
        said = await self.here.do(name, "submit", {"view_id": view["id"], "state": {"values": filled(view, **values)}})
        assert "errors" not in said, said
        return dict(view)


@asynccontextmanager
async def shift(home: Path, script: list[Json], now: str, policy: str = "") -> AsyncIterator[Shift]:
    """Begin a shift under a policy's page; leaving puts the machine's own clock back."""
    (home / PAGE).write_text(f'time_zone = "Europe/Berlin"\n{policy}', encoding="utf-8")
    async with scripted_model(script, home, check=False) as model, AsyncExitStack() as stack:
        served = await server.serve(home, "127.0.0.1", 0, faults=True)
        stack.push_async_callback(served.close)
        found = Shift(home, served, model, at(now))
        clock.follow(lambda: found.now)
        stack.callback(clock.follow, None)
        stack.push_async_callback(found.stop)
        await found.start()
        yield found
        assert [*model.unscripted(), *model.refused()] == []
