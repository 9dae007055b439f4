"""What people do, one module a thing. Each parses, calls one function, and says the result."""

from slack_bolt.async_app import AsyncApp

from bot.inbox import Handler
from bot.listeners import (
    control,
    forms,
    halts,
    home,
    leftovers,
    policy,
    requests,
    schedules,
    sessions,
    several,
    tools,
)
from bot.listeners.commands import Commands
from bot.listeners.decisions import Decisions
from bot.listeners.front import Front
from bot.listeners.homes import Homes
from bot.listeners.runs import Runs
from bot.messages import actions


def events(front: Front, homes: Homes | None = None) -> dict[str, Handler]:
    """Return what to do with each type of Slack event; ``homes`` keeps Home tabs true beyond their opening."""
    return {**requests.events(front), **home.events(homes or Homes(front)), **sessions.events(front)}


def register(app: AsyncApp, front: Front) -> None:
    """Tell Bolt who answers presses, forms and commands; the leftovers come last."""
    decisions, runs = Decisions(front), Runs(front)
    app.action(actions.CHECKPOINT_APPROVE)(decisions.approve)
    app.action(actions.CHECKPOINT_STOP)(decisions.stop)
    for opening in (actions.CHECKPOINT_EDIT, actions.CHECKPOINT_SEND_BACK):
        app.action(opening)(decisions.open_form)
    app.action(actions.CHECKPOINT_FINISH)(decisions.finish)
    for window in (actions.CHECKPOINT_READ, actions.CHECKPOINT_MORE):
        app.action(window)(decisions.open_form)
    app.action(actions.RUN_STOP)(runs.press_stop)
    words = {**runs.words(), **schedules.Schedules(front).words(), **policy.Rules(front, runs.ask).words()}
    words |= halts.Halts(front).words()
    words |= tools.Tools(front).words()
    app.command("/jidoka")(Commands(words, runs.ask).command)
    forms.register(app, front)
    several.register(app, front, decisions)
    control.register(app, front)
    schedules.register(app, front)
    leftovers.register(app, front)
