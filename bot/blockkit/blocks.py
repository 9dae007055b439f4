"""Block Kit's table, part three: the blocks, and where each may stand (Slack's limits, in characters)."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from bot.blockkit.elements import ACTIONS, BUTTON, CONTEXT, CONTEXT_ACTION, INPUT, SECTION, at
from bot.blockkit.objects import ALT, ICON, ID, IMAGE, RICH, RICH_TEXT, SOURCE, URL, plain, text
from bot.blockkit.rules import Figure, Flag, Later, Many, Num, Rule, Shape, Str, Typed

_RAW: Final[Mapping[str, Shape]] = {
    "raw_text": Shape({"text": Str(least=1)}),
    "raw_number": Shape({"value": Num(whole=False), "text": Str(least=1)}),
}
_CELL: Final = Typed({**_RAW, "rich_text": RICH_TEXT})
_SETTING: Final = Shape({}, {"align": Str(among=("left", "center", "right")), "is_wrapped": Flag()})
_LABEL: Final = Str(20, least=1)
_POINT: Final = Shape({"label": _LABEL, "value": Num(whole=False)})
_SERIES: Final = Shape({"name": _LABEL, "data": Many(_POINT, 20)})
_AXES: Final = Shape({"categories": Many(_LABEL, 20)}, {"x_label": Str(50), "y_label": Str(50)})
_LINES: Final = Shape({"series": Many(_SERIES, (6, 12)), "axis_config": _AXES})
_SEGMENT: Final = Shape({"label": _LABEL, "value": Num(above=0, whole=False)})
_CHART: Final = Typed(
    {"pie": Shape({"segments": Many(_SEGMENT, (6, 12))}), "bar": _LINES, "area": _LINES, "line": _LINES}
)

_TASK: Final = Shape(
    {
        "task_id": Str(least=1),
        "title": Str(least=1),
        "status": Str(among=("pending", "in_progress", "complete", "error")),
    },
    {"details": RICH, "output": RICH, "sources": Many(SOURCE)},
)
_CARD: Final = Shape(
    {},
    {
        "hero_image": ICON,
        "icon": ICON,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": Many(Typed({"button": BUTTON}), 3),
    },
    any_of=("hero_image", "title", "body", "actions"),
)
_CHILDREN: Final = (
    "actions",
    "context",
    "divider",
    "file",
    "header",
    "image",
    "input",
    "rich_text",
    "section",
    "table",
    "video",
)


@cache
def _blocks(kinds: tuple[str, ...]) -> Typed:
    return Typed({kind: BLOCKS[kind] for kind in kinds})


def _named(shape: Shape) -> Shape:
    """Return a block's shape with the block_id every block may have."""
    return Shape(shape.needs, {**shape.may, "block_id": ID}, shape.any_of)


_SHAPES: Final[Mapping[str, Shape]] = {
    "section": Shape(
        {},
        {"text": text(3000), "fields": Many(text(2000), 10), "accessory": at(SECTION), "expand": Flag()},
        any_of=("text", "fields"),
    ),
    "header": Shape({"text": plain(150)}),
    "divider": Shape(),
    "context": Shape({"elements": Many(CONTEXT, 10)}),
    "actions": Shape({"elements": Many(at(ACTIONS), 25)}),
    "context_actions": Shape({"elements": Many(CONTEXT_ACTION, 5)}),
    "image": Shape(IMAGE.needs, {**IMAGE.may, "title": plain(2000)}, IMAGE.any_of),
    "input": Shape(
        {"label": plain(2000), "element": at(INPUT)},
        {"hint": plain(2000), "optional": Flag(), "dispatch_action": Flag()},
    ),
    "rich_text": RICH_TEXT,
    "markdown": Shape({"text": Str(12_000, least=1)}),
    "table": Shape({"rows": Many(Many(_CELL, 20), 100)}, {"column_settings": Many(_SETTING, 20, least=0)}),
    "data_table": Shape(
        {"caption": Str(least=1), "rows": Many(Many(_CELL, 20), (101, 201), least=2)},
        {"page_size": Num(1, 100), "row_header_column_index": Num(0)},
    ),
    "data_visualization": Shape({"title": Str(50, least=1), "chart": _CHART}),
    "task_card": _TASK,
    "plan": Shape({"title": Str(least=1)}, {"tasks": Many(Typed({"task_card": _named(_TASK)}), 50, least=0)}),
    "card": _CARD,
    "carousel": Shape({"elements": Many(Typed({"card": _named(_CARD)}), 10)}),
    "container": Shape(
        {"child_blocks": Many(Later(lambda: _blocks(_CHILDREN)), 10)},
        {
            "title": plain(150),
            "rich_text_title": RICH,
            "subtitle": text(150),
            "width": Str(among=("narrow", "standard", "wide", "full")),
            "icon": ICON,
            "is_collapsible": Flag(),
            "default_collapsed": Flag(),
            "has_header_divider": Flag(),
        },
        any_of=("title", "rich_text_title"),
    ),
    "alert": Shape(
        {"text": text(200)}, {"level": Str(among=("default", "info", "warning", "error", "success"))}
    ),
    "file": Shape({"external_id": ID, "source": Str(among=("remote",))}),
    "video": Shape(
        {"video_url": URL, "thumbnail_url": URL, "title": plain(199), "alt_text": ALT},
        {
            "title_url": Str(2000),
            "description": plain(200),
            "author_name": Str(49),
            "provider_name": Str(49),
            "provider_icon_url": Str(2000),
        },
    ),
}
BLOCKS: Final[Mapping[str, Shape]] = {kind: _named(shape) for kind, shape in _SHAPES.items()}

_EVERYWHERE: Final = (
    "actions",
    "context",
    "divider",
    "header",
    "image",
    "input",
    "rich_text",
    "section",
    "video",
)
_DATA: Final = ("card", "container", "data_table", "data_visualization", "table")
SURFACES: Final[Mapping[str, tuple[str, ...]]] = {
    "message": (*_EVERYWHERE, *_DATA, "carousel", "context_actions", "file", "markdown", "plan", "task_card"),
    "modal": (*_EVERYWHERE, "alert", "card"),
    "home": (*_EVERYWHERE, *_DATA, "carousel"),
}
MOST: Final[Mapping[str, Figure]] = {"message": (40, 50), "modal": 100, "home": 100}


@cache
def surface(name: str) -> Rule:
    """Return the rule of a list of blocks on this surface."""
    return Many(_blocks(SURFACES[name]), MOST[name], least=0 if name == "message" else 1)


_PRIVATE: Final[Mapping[str, Rule]] = {
    "private_metadata": Str(3000),
    "callback_id": Str(255),
    "external_id": Str(255),
    "clear_on_close": Flag(),
    "notify_on_close": Flag(),
}
VIEWS: Final = Typed(
    {
        "modal": Shape(
            {"title": plain(24), "blocks": surface("modal")},
            {**_PRIVATE, "submit": plain(24), "close": plain(24), "submit_disabled": Flag()},
        ),
        "home": Shape({"blocks": surface("home")}, _PRIVATE),
    }
)
