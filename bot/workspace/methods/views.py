"""Modals and Home tabs over the Web API."""

from bot.workspace import people, tickets, views
from bot.workspace.errors import SlackError
from bot.workspace.state import Json
from bot.workspace.store import Row
from bot.workspace.wire import Call


def open_(call: Call) -> Json:
    """Open a modal for whoever caused the trigger."""
    described = views.checked(call.arguments.get("view"), "modal")
    ticket = _ticket(call)
    return {"view": views.open_(call.workspace, ticket["user"], described)}


def push(call: Call) -> Json:
    """Open a modal over the one the trigger came from."""
    described = views.checked(call.arguments.get("view"), "modal")
    ticket = _ticket(call)
    under = views.find(call.workspace, ticket["view"])
    if under["type"] != "modal":
        raise SlackError("not_found")
    return {"view": views.open_(call.workspace, ticket["user"], described, under)}


def update(call: Call) -> Json:
    """Put other content into a view that is shown."""
    arguments = call.arguments
    row = views.find(call.workspace, arguments.text("view_id"), arguments.text("external_id"))
    described = views.checked(arguments.get("view"), row["type"])
    return {"view": views.update(call.workspace, row, described, arguments.text("hash"))}


def publish(call: Call) -> Json:
    """Show somebody's Home tab."""
    user = call.arguments.need("user_id")
    if user not in people.BY_ID:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] user_not_found"]})
    described = views.checked(call.arguments.get("view"), "home")
    return {"view": views.publish(call.workspace, user, described, call.arguments.text("hash"))}


def _ticket(call: Call) -> Row:
    pointer = call.arguments.text("trigger_id") or call.arguments.need("interactivity_pointer")
    return tickets.use_trigger(call.workspace, pointer)


METHODS = {"views.open": open_, "views.push": push, "views.update": update, "views.publish": publish}
