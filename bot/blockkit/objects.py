"""Block Kit's table, part one: text, options, confirmations, images, rich text (Slack's limits, in characters)."""

from typing import Final

from bot.blockkit.rules import Figure, Flag, Later, Many, Num, Rule, Shape, Str, Typed

ID: Final = Str(255, least=1)
URL: Final = Str(3000, least=1)
ALT: Final = Str(2000)


def plain(most: Figure, least: int = 1) -> Typed:
    """Return the rule of a plain_text object."""
    return Typed({"plain_text": Shape({"text": Str(most, least)}, {"emoji": Flag()})})


def text(most: Figure, least: int = 1) -> Typed:
    """Return the rule of a text object, plain or mrkdwn."""
    shapes = plain(most, least).shapes
    return Typed({**shapes, "mrkdwn": Shape({"text": Str(most, least)}, {"verbatim": Flag()})})


CONFIRM: Final = Shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": Str(among=("primary", "danger"))},
)
OPTION: Final = Shape({"text": plain(75), "value": Str(150)}, {"description": plain(75)})
LINKED_OPTION: Final = Shape(OPTION.needs, {**OPTION.may, "url": URL})  # in an overflow menu
STYLED_OPTION: Final = Shape(
    {"text": text(75), "value": Str(150)}, {"description": text(75)}
)  # radio, checkbox
OPTION_GROUP: Final = Shape({"label": plain(75), "options": Many(OPTION, 100)})
SLACK_FILE: Final = Shape({}, {"id": ID, "url": URL}, any_of=("id", "url"))
IMAGE: Final = Shape(
    {"alt_text": ALT}, {"image_url": URL, "slack_file": SLACK_FILE}, any_of=("image_url", "slack_file")
)
ICON: Final = Typed({"image": IMAGE})
SOURCE: Final = Typed({"url": Shape({"url": URL, "text": Str(least=1)})})

_STYLE: Final = Shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), Flag()
    ),
)
_COLOR: Final = Str(pattern=r"#[0-9A-Fa-f]{6}")
INLINE: Final = Typed(
    {
        "text": Shape({"text": Str(least=1)}, {"style": _STYLE}),
        "link": Shape({"url": URL}, {"text": Str(), "unsafe": Flag(), "style": _STYLE}),
        "user": Shape({"user_id": ID}, {"style": _STYLE}),
        "usergroup": Shape({"usergroup_id": ID}, {"style": _STYLE}),
        "channel": Shape({"channel_id": ID}, {"style": _STYLE}),
        "team": Shape({"team_id": ID}, {"style": _STYLE}),
        "broadcast": Shape({"range": Str(among=("here", "channel", "everyone"))}, {"style": _STYLE}),
        "emoji": Shape(
            {"name": Str(least=1)}, {"unicode": Str(), "url": URL, "skin_tone": Num(), "style": _STYLE}
        ),
        "date": Shape(
            {"timestamp": Num(), "format": Str(least=1)}, {"url": URL, "fallback": Str(), "style": _STYLE}
        ),
        "color": Shape({"value": _COLOR}, {"style": _STYLE}),
    }
)
_BORDER: Final = Num(0, 1)
_SECTION: Final = Shape({"elements": Many(INLINE, least=0)})
RICH_ELEMENT: Final = Typed(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": Shape(
            {
                "elements": Many(Typed({"rich_text_section": _SECTION})),
                "style": Str(among=("bullet", "ordered")),
            },
            {"indent": Num(0, 8), "offset": Num(0), "border": _BORDER},
        ),
        "rich_text_quote": Shape({"elements": Many(INLINE, least=0)}, {"border": _BORDER}),
        "rich_text_preformatted": Shape(
            {"elements": Many(INLINE, least=0)}, {"border": _BORDER, "language": Str()}
        ),
    }
)
RICH_TEXT: Final = Shape({"elements": Many(RICH_ELEMENT)}, {"block_id": ID})
RICH: Final[Rule] = Later(lambda: Typed({"rich_text": RICH_TEXT}))
