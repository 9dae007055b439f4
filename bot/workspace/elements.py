"""What people can press, choose and write: found in blocks, and reported as Slack reports it."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.workspace.errors import SlackError
from bot.workspace.state import Json

REPORTS: Final[Mapping[str, str]] = {
    "button": "value",
    "icon_button": "value",
    "feedback_buttons": "value",
    "overflow": "selected_option",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "rich_text_input": "rich_text_value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "file_input": "files",
}
_SHOWN: Final = ("text", "value", "style", "placeholder", "confirm")  # copied from the block into the action


def each(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield every block with each interactive element in it, also inside containers and cards."""
    for block in blocks:
        if block.get("type") == "rich_text":
            continue
        for nested in (*block.get("child_blocks", ()), *_cards(block)):
            yield from each([nested])
        for element in _elements(block):
            yield block, element


def action(blocks: list[Json], block_id: str, pressed: Json, at: str) -> Json:
    """Return the payload's `actions[0]`: what stands in the block, and what the person chose.

    Raises:
        SlackError: ``invalid_action`` when the blocks hold no such element, or the choice is not one of its options.
    """
    element = _found(blocks, block_id, str(pressed.get("action_id")))
    told = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id, "action_ts": at}
    told |= {name: element[name] for name in _SHOWN if name in element}
    name = REPORTS.get(element["type"], "value")
    if element["type"] == "feedback_buttons":
        return {**told, "value": _feedback(element, pressed)}
    if name == "selected_option" and listed(element):
        return {**told, name: _option(listed(element), pressed)}
    return told if name in told else {**told, name: pressed.get(name)}


def pressable(blocks: list[Json]) -> list[Json]:
    """Return the blocks that hold something to press, choose or fill in."""
    return [block for block in blocks if any(each([block]))]


def listed(element: Json) -> list[Json]:
    """Return the options an element names itself, those in groups too; none when they come from elsewhere."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def _found(blocks: list[Json], block_id: str, action_id: str) -> Json:
    for block, element in each(blocks):
        if block.get("block_id") == block_id and element.get("action_id") == action_id:
            return element
    raise SlackError("invalid_action")


def _elements(block: Json) -> list[Json]:
    named = [block[name] for name in ("accessory", "element") if isinstance(block.get(name), dict)]
    listed = [*block.get("elements", ()), *block.get("actions", ())]
    return [one for one in (*named, *listed) if isinstance(one, dict) and "action_id" in one]


def _cards(block: Json) -> list[Json]:
    return list(block.get("elements", ())) if block.get("type") == "carousel" else []


def _option(options: list[Json], pressed: Json) -> Json:
    chosen = pressed.get("selected_option")
    value = chosen.get("value") if isinstance(chosen, dict) else chosen
    for option in options:
        if option.get("value") == value:
            return option
    raise SlackError("invalid_action")


def _feedback(element: Json, pressed: Json) -> str:
    for side in ("positive_button", "negative_button"):
        if element.get(side, {}).get("value") == pressed.get("value"):
            value: str = element[side]["value"]
            return value
    raise SlackError("invalid_action")
