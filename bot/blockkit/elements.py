"""Block Kit's table, part two: what people press, choose and write, and where each may stand."""

from collections.abc import Mapping
from typing import Final

from bot.blockkit.objects import (
    CONFIRM,
    ICON,
    ID,
    IMAGE,
    LINKED_OPTION,
    OPTION,
    OPTION_GROUP,
    RICH,
    STYLED_OPTION,
    URL,
    plain,
    text,
)
from bot.blockkit.rules import Flag, Many, Num, Rule, Shape, Str, Typed

SECTION: Final = "S"  # a section's accessory
ACTIONS: Final = "A"
INPUT: Final = "I"

_ACTION: Final[Mapping[str, Rule]] = {"action_id": ID, "focus_on_load": Flag()}
_PLACEHOLDER: Final[Mapping[str, Rule]] = {"placeholder": plain(150)}
_ASKED: Final[Mapping[str, Rule]] = {**_ACTION, **_PLACEHOLDER, "confirm": CONFIRM}
_IDS: Final = Many(ID)
_SEVERAL: Final[Mapping[str, Rule]] = {"max_selected_items": Num(1)}
_NUMBER: Final = Str(pattern=r"-?\d+(\.\d+)?")
_DAY: Final = Str(pattern=r"\d{4}-\d{2}-\d{2}")
_HOUR: Final = Str(pattern=r"([01]\d|2[0-3]):[0-5]\d")
_DISPATCH: Final = Shape(
    {}, {"trigger_actions_on": Many(Str(among=("on_enter_pressed", "on_character_entered")), 2)}
)
_WRITTEN: Final[Mapping[str, Rule]] = {**_ACTION, **_PLACEHOLDER, "dispatch_action_config": _DISPATCH}
_OPTIONS: Final[Mapping[str, Rule]] = {"options": Many(OPTION, 100), "option_groups": Many(OPTION_GROUP, 100)}
_EITHER: Final = ("options", "option_groups")
_FILTER: Final = Shape(
    {},
    {
        "include": Many(Str(among=("im", "mpim", "private", "public"))),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    },
)
_ROOMS: Final[Mapping[str, Rule]] = {"default_to_current_conversation": Flag(), "filter": _FILTER}
_REPLY: Final[Mapping[str, Rule]] = {"response_url_enabled": Flag()}

BUTTON: Final = Shape(
    {"text": plain(75)},
    {
        **_ACTION,
        "value": Str(2000),
        "url": URL,
        "style": Str(among=("primary", "danger")),
        "confirm": CONFIRM,
        "accessibility_label": Str(75),
        "agent_prompt": Str(4000),
        "visible_to_user_ids": _IDS,
    },
)
_FEEDBACK: Final = Shape({"text": plain(75), "value": Str(2000)}, {"accessibility_label": Str(75)})
_WORKFLOW: Final = Shape({"trigger": Shape({"url": URL}, {"customizable_input_parameters": Many(Shape(
    {"name": Str(least=1), "value": Str()}))})})  # fmt: skip

ELEMENTS: Final[Mapping[str, tuple[str, Shape]]] = {
    "button": (SECTION + ACTIONS, BUTTON),
    "workflow_button": (
        SECTION + ACTIONS,
        Shape(
            {"text": plain(75), "workflow": _WORKFLOW},
            {"action_id": ID, "style": Str(among=("primary", "danger")), "accessibility_label": Str(75)},
        ),
    ),
    "overflow": (
        SECTION + ACTIONS,
        Shape({"options": Many(LINKED_OPTION, 5)}, {**_ACTION, "confirm": CONFIRM}),
    ),
    "static_select": ("SAI", Shape({}, {**_ASKED, **_OPTIONS, "initial_option": OPTION}, _EITHER)),
    "multi_static_select": (
        "SAI",
        Shape({}, {**_ASKED, **_OPTIONS, **_SEVERAL, "initial_options": Many(OPTION, 100)}, _EITHER),
    ),
    "external_select": ("SAI", Shape({}, {**_ASKED, "min_query_length": Num(0), "initial_option": OPTION})),
    "multi_external_select": (
        "SAI",
        Shape({}, {**_ASKED, **_SEVERAL, "min_query_length": Num(0), "initial_options": Many(OPTION, 100)}),
    ),
    "users_select": ("SAI", Shape({}, {**_ASKED, "initial_user": ID})),
    "multi_users_select": ("SAI", Shape({}, {**_ASKED, **_SEVERAL, "initial_users": _IDS})),
    "conversations_select": ("SAI", Shape({}, {**_ASKED, **_ROOMS, **_REPLY, "initial_conversation": ID})),
    "multi_conversations_select": (
        "SAI",
        Shape({}, {**_ASKED, **_ROOMS, **_SEVERAL, "initial_conversations": _IDS}),
    ),
    "channels_select": ("SAI", Shape({}, {**_ASKED, **_REPLY, "initial_channel": ID})),
    "multi_channels_select": ("SAI", Shape({}, {**_ASKED, **_SEVERAL, "initial_channels": _IDS})),
    "radio_buttons": (
        "SAI",
        Shape(
            {"options": Many(STYLED_OPTION, 10)},
            {**_ACTION, "initial_option": STYLED_OPTION, "confirm": CONFIRM},
        ),
    ),
    "checkboxes": (
        "SAI",
        Shape(
            {"options": Many(STYLED_OPTION, 10)},
            {**_ACTION, "initial_options": Many(STYLED_OPTION, 10), "confirm": CONFIRM},
        ),
    ),
    "datepicker": ("SAI", Shape({}, {**_ASKED, "initial_date": _DAY})),
    "timepicker": ("SAI", Shape({}, {**_ASKED, "initial_time": _HOUR, "timezone": Str(least=1)})),
    "datetimepicker": ("AI", Shape({}, {**_ACTION, "initial_date_time": Num(0), "confirm": CONFIRM})),
    "plain_text_input": (
        INPUT,
        Shape(
            {},
            {
                **_WRITTEN,
                "multiline": Flag(),
                "initial_value": Str(3000),
                "min_length": Num(0, 3000),
                "max_length": Num(1, 3000),
            },
        ),
    ),
    "rich_text_input": (
        "AI",
        Shape({}, {**_WRITTEN, "initial_value": RICH, "min_lines": Num(1, 100), "max_lines": Num(1, 100)}),
    ),
    "number_input": (
        INPUT,
        Shape(
            {"is_decimal_allowed": Flag()},
            {**_WRITTEN, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
        ),
    ),
    "email_text_input": (INPUT, Shape({}, {**_WRITTEN, "initial_value": Str()})),
    "url_text_input": (INPUT, Shape({}, {**_WRITTEN, "initial_value": Str()})),
    "file_input": (INPUT, Shape({}, {**_ACTION, "max_files": Num(1, 10), "filetypes": Many(Str(least=1))})),
    "image": (SECTION, IMAGE),
}


def at(place: str) -> Typed:
    """Return the rule of an element in this place: a section's accessory, actions, or input."""
    return Typed({kind: shape for kind, (places, shape) in ELEMENTS.items() if place in places})


CONTEXT: Final = Typed({**text(3000).shapes, **ICON.shapes})
CONTEXT_ACTION: Final = Typed(
    {
        "feedback_buttons": Shape(
            {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": ID}
        ),
        "icon_button": Shape(
            {"icon": Str(least=1), "text": plain(75)},
            {
                "action_id": ID,
                "value": Str(2000),
                "accessibility_label": Str(75),
                "confirm": CONFIRM,
                "visible_to_user_ids": Many(ID, 10),
            },
        ),
    }
)
