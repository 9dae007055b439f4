"""Slack's own Stop button on an agent's thread: it stops the run, like every other stop."""

from bot.inbox import Handler, Payload
from bot.listeners.front import Front
from storage.errors import RefusedError
from storage.words import ENDED


def events(front: Front) -> dict[str, Handler]:
    """Return what to do when someone presses Slack's own Stop."""

    async def is_under_way(payload: Payload) -> bool:
        event = payload["event"]
        run = await front.run_in(event["channel"], event.get("thread_ts") or "")
        return run is not None and run.state not in ENDED

    async def stopped(payload: Payload) -> bool:
        event = payload["event"]
        run = await front.run_in(event["channel"], event.get("thread_ts") or "")
        if run is None or run.state in ENDED:
            return False
        try:
            person = await front.presser(event["user"], run)
            await front.engine.stop_run(run.id, person, payload["event_id"])
        except RefusedError as refused:
            await front.whisper(event["channel"], event["user"], str(refused), run.thread_ts)
            return False
        return True

    return {"agent_session_stopped": Handler(is_under_way, stopped)}
