"""What a message may hold: text, blocks, attachments and metadata, checked and put into Slack's shape."""

import json
from collections.abc import Iterable
from typing import Final

from bot import blockkit
from bot.workspace import ids, text
from bot.workspace.errors import SlackError
from bot.workspace.state import Json
from bot.workspace.store import Loaded
from bot.workspace.wire import Arguments

LONGEST_TEXT: Final = 40_000  # characters; Slack cuts what is longer
LONGEST_METADATA: Final = 16_000  # characters of JSON
MOST_ATTACHMENTS: Final = 100


def given(arguments: Arguments, *, by_person: bool) -> Json:
    """Return the parts of a message a call carries: text, blocks, attachments, and how they look.

    Raises:
        SlackError: ``no_text``, ``markdown_text_conflict``, ``invalid_blocks`` and its kin.
    """
    body = parts(arguments, by_person=by_person)
    if not (body.get("text") or body.get("blocks") or body.get("attachments")):
        raise SlackError("no_text")
    return body


def parts(arguments: Arguments, *, by_person: bool) -> Json:
    """Return what a call says of a message's content, each part only when it was sent."""
    if arguments.text("markdown_text"):
        return _markdown(arguments)
    body: Json = {}
    if arguments.get("text") is not None:
        body["text"] = _text(arguments.text("text"), by_person=by_person)
    if arguments.get("blocks") is not None:
        body["blocks"] = with_ids(checked_blocks(arguments.get("blocks")))
    elif by_person and body.get("text"):
        body["blocks"] = text.rich_text(body["text"])
    if arguments.get("attachments") is not None:
        body["attachments"] = _attachments(arguments.get("attachments"))
    return body


def checked_blocks(blocks: object) -> list[Json]:
    """Return blocks a message may hold.

    Raises:
        SlackError: ``invalid_blocks_format``, or ``invalid_blocks`` and its kin with every problem's JSON pointer.
    """
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    problems = blockkit.validate(blocks, "message", "accept")
    if problems:
        raise refusal(problems, "/blocks")
    return blocks


def refusal(problems: Iterable[blockkit.Problem], where: str) -> SlackError:
    """Return Slack's refusal of blocks, with a pointer at each problem."""
    found = list(problems)
    errors = [f"{problem.message} [json-pointer:{where}{problem.pointer}]" for problem in found]
    code = next((problem.code for problem in found if problem.code != "invalid_blocks"), "invalid_blocks")
    return SlackError(
        code, errors=errors, response_metadata={"messages": [f"[ERROR] {error}" for error in errors]}
    )


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return blocks in which every block has a block_id and every interactive element an action_id; no nulls."""
    return [_block_with_ids(_without_nulls(block)) for block in blocks]


def metadata(value: object) -> Json | None:
    """Return message metadata; None when none was sent, `{}` to remove what is there.

    Raises:
        SlackError: ``invalid_metadata_format``, ``invalid_metadata_schema`` or ``metadata_too_large``.
    """
    if value is None or value == {} or value == "":
        return None if value is None else {}
    if not isinstance(value, dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(value.get("event_type"), str) or not isinstance(value.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(value)) > LONGEST_METADATA:
        raise SlackError("metadata_too_large")
    return {"event_type": value["event_type"], "event_payload": value["event_payload"]}


def _markdown(arguments: Arguments) -> Json:
    if arguments.text("text") or arguments.get("blocks"):
        raise SlackError("markdown_text_conflict")
    written = arguments.text("markdown_text")
    blocks = with_ids(checked_blocks([{"type": "markdown", "text": written}]))
    return {"text": text.escaped(written), "blocks": blocks}


def _text(written: str, *, by_person: bool) -> str:
    kept = written[:LONGEST_TEXT]
    escaped = text.escaped(kept)
    return text.as_typed(escaped) if by_person else escaped


def _attachments(value: object) -> list[Json]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise SlackError("invalid_attachments")
    if len(value) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for index, item in enumerate(value):
        problems = blockkit.validate(item.get("blocks", []), "message", "accept")
        if problems:
            raise refusal(problems, f"/attachments/{index}/blocks")
    return [{**item, "id": index + 1} for index, item in enumerate(value)]


def _without_nulls(value: Loaded) -> Loaded:
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    if isinstance(value, dict):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    return value


_ELEMENTS: Final = ("accessory", "element")
_LISTS: Final = ("elements", "actions", "child_blocks")
_SILENT: Final = ("image", "plain_text", "mrkdwn")  # never reports an action


def _block_with_ids(block: Json) -> Json:
    full = {**block, "block_id": block.get("block_id") or ids.new("b", 4)}
    if block.get("type") == "rich_text":
        return full
    for name in _ELEMENTS:
        if isinstance(block.get(name), dict):
            full[name] = _element_with_id(block[name])
    for name in _LISTS:
        if isinstance(block.get(name), list):
            nested = (
                _block_with_ids
                if block["type"] in ("container", "carousel") and name != "actions"
                else _element_with_id
            )
            full[name] = [nested(item) for item in block[name]]
    return full


def _element_with_id(element: Json) -> Json:
    if element.get("type") in _SILENT:
        return element
    return {**element, "action_id": element.get("action_id") or ids.new("a", 4)}
