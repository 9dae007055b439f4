"""What every listener works with: the engine behind it, the workspace in front of it."""

import asyncio
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from agents.engine.engine import Engine
from agents.policies.resolving import resolve
from bot import whisper
from bot.identity import Identity
from bot.people import People
from storage import artifacts, calls, checkpoints, inbox, outbox, runs, voting
from storage.database import Database
from storage.policy import Person, Policy
from storage.tables import Artifact, Brief, Checkpoint, Run, Task
from storage.words import MessageKind


@dataclass(frozen=True)
class Front:
    """The one bundle of doors the listeners share; listeners hold no state of their own."""

    engine: Engine
    database: Database
    client: AsyncWebClient
    people: People
    me: Identity

    async def run_in(self, channel: str, thread_ts: str) -> Run | None:
        """Return the newest run of a thread, if there is one."""
        async with self.database.read() as session:
            return await runs.in_thread(session, channel, thread_ts)

    async def is_request(self, channel: str, ts: str) -> bool:
        """Return whether this very message asked for a run already."""
        async with self.database.read() as session:
            return await runs.by_request(session, channel, ts) is not None

    async def run_told(self, channel: str, ts: str) -> Run | None:
        """Return the run that this very message asked for or was noted for."""
        async with self.database.read() as session:
            return await runs.told(session, channel, ts)

    async def waits_on_a_text(self, run_id: str) -> bool:
        """Return whether people are asked about something made: what they write in the thread does not change it."""
        async with self.database.read() as session:
            return any(each.artifact_id for each in await checkpoints.open_in(session, run_id))

    async def run(self, run_id: str) -> Run:
        """Return a run; NotFoundError when there is none."""
        async with self.database.read() as session:
            return await runs.get(session, run_id)

    async def whole_run(self, run_id: str) -> tuple[Run, list[Task], tuple[float, int, bool]]:
        """Return a run, its tasks in page order, and what it spent: US dollars, tokens, and whether all has a price.

        Raises:
            NotFoundError: There is no such run.
        """
        async with self.database.read() as session:
            run = await runs.get(session, run_id)
            return run, await runs.tasks(session, run_id), await runs.spent(session, run_id)

    async def asked_in(self, checkpoint_id: str) -> tuple[Checkpoint, Run]:
        """Return a checkpoint and the run it belongs to; NotFoundError when there is none."""
        async with self.database.read() as session:
            return await checkpoints.asked_in(session, checkpoint_id)

    async def artifact(self, artifact_id: str) -> Artifact | None:
        """Return one version of something made, if there is one of this id."""
        async with self.database.read() as session:
            return await artifacts.get(session, artifact_id) if artifact_id else None

    async def brief(self, checkpoint: Checkpoint) -> Brief | None:
        """Return what the maker of what is decided on was shown last, if any agent was."""
        async with self.database.read() as session:
            found = await calls.briefs(session, checkpoint.run_id, checkpoint.task_key, checkpoint.attempt)
        made = [brief for name, brief in found.items() if not name.startswith("review")]
        return max(made, key=lambda brief: (brief.name != "work", brief.name), default=None)

    async def open_runs(self) -> list[Run]:
        """Return every run that has not ended, oldest first."""
        async with self.database.read() as session:
            found = [await runs.get(session, run_id) for run_id in await runs.under_way(session)]
        return sorted(found, key=lambda run: run.created_at)

    async def open_checkpoints(self) -> list[tuple[Checkpoint, Run]]:
        """Return every open checkpoint with its run, oldest first."""
        found = await self.open_runs()
        async with self.database.read() as session:
            asked = [(each, run) for run in found for each in await checkpoints.open_in(session, run.id)]
        return sorted(asked, key=lambda pair: pair[0].opened_at)

    async def say(self, channel: str, thread_ts: str, text: str, event_id: str) -> None:
        """Queue a sentence for a thread, and mark the event that asked for it handled in the same transaction."""
        async with self.database.write() as session:
            outbox.say(session, MessageKind.NOTICE, channel=channel, thread_ts=thread_ts, text=text)
            await inbox.handled(session, event_id)
        for listener in self.engine.changed:
            listener()

    async def whisper(self, channel: str, user: str, text: str, thread_ts: str = "") -> None:
        """Show a sentence to one person where they are. Best effort."""
        await whisper.whisper(self.client, channel, user, text, thread_ts)

    async def deciding(self, user: str, checkpoint: Checkpoint, run: Run) -> tuple[Person, list[Person]]:
        """Return fresh facts of who presses on a checkpoint, and of everyone else who approved its present version.

        Raises:
            UnknownPersonError: Slack did not answer in time.
        """
        async with self.database.read() as session:
            task = await runs.task(session, run.id, checkpoint.task_key)
            others = [one for one in await voting.approved_by(session, checkpoint) if one != user]
        groups = self._groups(checkpoint, run, str(task.spec.get("station", "")))
        asked = [self.people.member(one, run.channel, groups) for one in (user, *others)]
        person, *voters = await asyncio.gather(*asked)
        return person, voters

    def _groups(self, checkpoint: Checkpoint, run: Run, station: str) -> set[str]:
        """Return the user groups that count: those of the checkpoint's policy, and of one made stricter since."""
        rules, effect = self.engine.policies.rules(), checkpoint.effect
        now = resolve(rules, checkpoint.kind, channel=run.channel, line=run.line, station=station, effect=effect)
        return Policy.model_validate(checkpoint.policy).groups() | now.groups()

    async def presser(self, user: str, run: Run) -> Person:
        """Return a person's fresh facts for a press on something of this run.

        Raises:
            UnknownPersonError: Slack did not answer in time.
        """
        return await self.people.member(user, run.channel)
