"""The doors to steering: a run as a whole, a checkpoint's people, and the stop of everything. Each is one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from agents.engine import control, stillness
from agents.engine.decisions import tighten_now
from agents.engine.ground import Ground
from agents.engine.naming import ask_also
from agents.engine.stage import Stages
from agents.engine.transitions import Transition, transition
from agents.policies.resolving import settings_for
from storage import checkpoints, events, halts, inbox, outbox, runs, standing
from storage.agenda import Halt
from storage.errors import AlreadyDecidedError, InvalidError, NotAllowedError
from storage.policy import Person, Policy, outsider, refusal
from storage.tables import Run
from storage.words import CheckpointState, MessageKind

ON_HALT: Final = "Nothing starts until an admin lets it go on with `/jidoka go on`."
NOT_AN_ADMIN: Final = (
    "Only admins of this workspace, and people the policy names, stop everything. "
    "Write `stop` in the thread of a run to stop that one."
)
Change = Callable[[Transition], Awaitable[None]]


class Controls:
    """What people steer with.

    Args:
        ground: What transitions stand on.
        stages: The stages at work, which a pause or a halt cuts.
        tell: Called after every commit that may have queued messages or stages.
    """

    def __init__(self, ground: Ground, stages: Stages, tell: Callable[[], None]) -> None:
        self._ground, self._stages, self._tell = ground, stages, tell
        self._looking: set[asyncio.Task[None]] = set()

    async def pause(self, run_id: str, person: Person) -> Run:
        """Start nothing more of a run, and cut what is under way; finished calls stay finished.

        Raises:
            RefusedError: It does not count; the message is for the person. So it is with every door here.
        """
        run = await self._change(run_id, person, "pause", lambda moving: control.pause(moving, person))
        self._stages.cancel(run_id)
        return run

    async def resume(self, run_id: str, person: Person) -> Run:
        """Let a paused run go on."""
        return await self._change(run_id, person, "resume", lambda moving: control.resume(moving, person))

    async def stop(self, run_id: str, person: Person, event_id: str = "") -> Run:
        """Stop a run at any moment; ``event_id`` is the inbox event that asked for it, handled when this commits."""

        async def change(moving: Transition) -> None:
            if event_id:
                await inbox.handled(moving.session, event_id)
            await control.stop(moving, person)

        run = await self._change(run_id, person, "stop", change)
        self._stages.cancel(run_id)
        return run

    async def begin_now(self, run_id: str, person: Person) -> Run:
        """Let a run that waits for the night begin."""
        return await self._change(run_id, person, "begin now", lambda moving: control.begin_now(moving, person))

    async def run_again(self, run_id: str, person: Person, task_key: str, note: str = "") -> Run:
        """Do a task and all that builds on it anew; a run that has ended is reopened."""
        now: dict[str, int] = {}

        async def change(moving: Transition) -> None:
            await control.run_again(moving, person, task_key, note)
            now.update({task.key: task.attempt for task in (await moving.tasks()).values()})

        run = await self._change(run_id, person, "run again", change)
        self._stages.cancel_old(run_id, now)
        return run

    async def judge(self, run_id: str, person: Person, *, accepted: bool) -> Run:
        """Keep whether a person accepts what a run delivered."""
        said = "accept" if accepted else "turn down"
        return await self._change(run_id, person, said, lambda moving: control.judge(moving, person, accepted=accepted))

    async def hand_over(self, run_id: str, person: Person, to: Person) -> Run:
        """Make somebody else the requester."""
        return await self._change(run_id, person, "hand over", lambda moving: control.hand_over(moving, person, to))

    async def set_cap(self, run_id: str, person: Person, cap_usd: float) -> Run:
        """Let a run ask once it has spent this much, in US dollars."""
        return await self._change(run_id, person, "budget", lambda moving: control.set_cap(moving, person, cap_usd))

    async def set_deadline(self, run_id: str, person: Person, due_at: datetime) -> Run:
        """Say by when the result is wanted."""
        return await self._change(run_id, person, "deadline", lambda moving: control.set_deadline(moving, person, due_at))

    async def delegate(self, checkpoint_id: str, person: Person, to: Person) -> None:
        """Let somebody else decide as well; only who may decide can ask them."""
        async with self._ground.database.read() as session:
            run_id = (await checkpoints.get(session, checkpoint_id)).run_id

        async def change(moving: Transition) -> None:
            checkpoint = await checkpoints.get(moving.session, checkpoint_id)
            await tighten_now(moving, checkpoint, await moving.task(checkpoint.task_key))
            policy = Policy.model_validate(checkpoint.policy)
            if checkpoint.state is not CheckpointState.OPEN:
                raise AlreadyDecidedError("Nothing changed: this is decided already.")
            if said := refusal(policy, person, checkpoint.requester, moving.run.team):
                raise NotAllowedError(f"Nothing changed. {said}")
            _check_may_decide(policy, to, checkpoint.requester, moving.run.team)
            await ask_also(moving, checkpoint, [to.id], person.id)

        await self._change(run_id, person, "ask somebody else", change)

    async def see(self, checkpoint_id: str, version: int, by: str) -> None:
        """Keep that a person opened this version of a checkpoint in full; one that is edited by now was not seen."""
        async with self._ground.database.write(first=True) as session:
            checkpoint = await checkpoints.get(session, checkpoint_id)
            if checkpoint.version == version:
                await checkpoints.see(session, checkpoint, by)

    async def halt(self, team: str, person: Person, why: str, tell: Collection[str] = ()) -> None:
        """Stop a whole workspace at once: nothing starts, and what is under way is cut, to go on when it is lifted.

        ``tell`` are channels in which that is said. On return it is committed; runs look at it one after the other.
        """
        await self._check_admin(team, person, "stop everything")
        async with self._halting(team), self._ground.database.write(first=True) as session:
            if not await halts.begin(session, team, person.id, why):
                raise AlreadyDecidedError("Nothing changed: everything is stopped already.")
            said = f"<@{person.id}> stopped everything here{f': “{why}”' if why else ''}. {ON_HALT}"
            await _announce(session, team, said, tell)
            self._ground.halted.add(team)  # before the commit: whoever writes next sees it
        self._stages.cancel_all(team)
        self._refresh(team)

    @asynccontextmanager
    async def _halting(self, team: str) -> AsyncIterator[None]:
        """Forget a halt that could not be committed."""
        before = team in self._ground.halted
        try:
            yield
        except BaseException:
            if not before:
                self._ground.halted.discard(team)
            raise

    async def lift(self, team: str, person: Person, tell: Collection[str] = ()) -> None:
        """Let a halted workspace go on where it was; ``tell`` are channels in which that is said."""
        await self._check_admin(team, person, "go on")
        async with self._ground.database.write(first=True) as session:
            if not await halts.end(session, team, person.id):
                raise AlreadyDecidedError("Nothing changed: nothing is stopped.")
            await _announce(session, team, f"<@{person.id}> lets everything go on where it was.", tell)
            self._ground.halted.discard(team)
        self._refresh(team)

    async def halted(self, team: str) -> Halt | None:
        """Return who stopped this workspace, when and why; None when it goes."""
        async with self._ground.database.read() as session:
            return await halts.get(session, team)

    async def _check_admin(self, team: str, person: Person, deed: str) -> None:
        admins = settings_for(self._ground.policies.rules(), "", "").admins
        why = outsider(person, team) or ("" if person.admin or person.id in admins else NOT_AN_ADMIN)
        if why:
            await self._note_refusal("", person, deed, f"Nothing changed. {why}")
            raise NotAllowedError(f"Nothing changed. {why}")

    def _refresh(self, team: str) -> None:
        """Let every run of a workspace look again at what it may do. With many that takes a while; nobody waits for it."""
        self._tell()
        task = asyncio.create_task(self._look_again(team))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def settle(self) -> None:
        """Return when every run has looked at the last halt or its end; whoever stops the engine waits for it."""
        await asyncio.gather(*self._looking, return_exceptions=True)

    async def _look_again(self, team: str) -> None:
        async with self._ground.database.read() as session:
            mine = await runs.under_way(session, team)
        for run_id in mine:
            await self._change(run_id, None, "", stillness.follow)

    async def _change(self, run_id: str, person: Person | None, deed: str, change: Change) -> Run:
        """Do something with a run in one transaction; that somebody may not do it is kept, as the ``deed`` it would be."""
        try:
            async with transition(self._ground, run_id, first=person is not None) as moving:
                await change(moving)
        except NotAllowedError as refused:
            await self._note_refusal(run_id, person, deed, str(refused))
            raise
        self._tell()
        return moving.run

    async def _note_refusal(self, run_id: str, person: Person | None, deed: str, why: str) -> None:
        async with self._ground.database.write(first=True) as session:
            by = person.id if person else ""
            await events.add(session, "steering refused", run_id=run_id, by=by, deed=deed, why=why)


async def _announce(session: AsyncSession, team: str, said: str, channels: Collection[str]) -> None:
    """Say something in channels, and let every status message of a workspace show how it stands."""
    for channel in dict.fromkeys(channels):
        outbox.say(session, MessageKind.NOTICE, channel=channel, text=said)
    await standing.show_all(session, team)


def _check_may_decide(policy: Policy, to: Person, requester: str, team: str) -> None:
    """Raises InvalidError when somebody may not be asked to decide."""
    barred = policy.apart if policy.requester else (*policy.apart, requester)
    said = outsider(to, team) or ("Who asked for the work does not decide on it." if to.id in barred else "")
    if said:
        raise InvalidError(f"Nothing changed: <@{to.id}> cannot decide here. {said}")
