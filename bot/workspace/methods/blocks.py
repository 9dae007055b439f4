"""`blocks.validate`: says what is wrong with blocks before anything is posted."""

from bot import blockkit
from bot.workspace.errors import SlackError
from bot.workspace.state import Json
from bot.workspace.wire import Call

_SUBJECTS = ("blocks", "view", "message")


def validate(call: Call) -> Json:
    """Check exactly one of blocks, view and message."""
    given = [name for name in _SUBJECTS if call.arguments.get(name) is not None]
    if len(given) != 1:
        raise SlackError("invalid_arguments")
    subject = given[0]
    problems = _problems(subject, call.arguments.get(subject))
    if problems:
        raise SlackError(f"invalid_{subject}", errors=[_error(problem) for problem in problems])
    return {}


def _problems(subject: str, value: object) -> list[blockkit.Problem]:
    if subject == "view":
        return blockkit.validate_view(value, "accept")
    if subject == "blocks":
        return blockkit.validate(value, "message", "accept")
    if not isinstance(value, dict):
        return [blockkit.Problem("", "must provide an object")]
    found = blockkit.validate(value.get("blocks", []), "message", "accept")
    return [blockkit.Problem(f"/blocks{one.pointer}", one.message, one.constraint, one.code) for one in found]


def _error(problem: blockkit.Problem) -> Json:
    told = {"code": "failed_constraint", "message": problem.message, "pointer": problem.pointer}
    return {**told, "constraint": dict(problem.constraint)} if problem.constraint else told


METHODS = {"blocks.validate": validate}
