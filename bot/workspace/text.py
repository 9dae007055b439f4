"""What people type, as Slack keeps it: escaped text with live mentions and links, and one rich_text block."""

import re
from typing import Any, Final

from bot.workspace import groups, people
from bot.workspace.ids import new

_MARKUP: Final = re.compile(r"<(@[UWB][A-Z0-9]+|#[CDG][A-Z0-9]+|!(?:here|channel|everyone|subteam\^S[A-Z0-9]+)|!date\^[^<>]+"
                            r"|(?:https?://|mailto:|tel:)[^<>|]+)(\|[^<>]*)?>")  # fmt: skip
_BARE_LINK: Final = re.compile(r"(?<![\w<|])https?://[^\s<>|]+[^\s<>|.,:;!?'\")\]}*_~`]")
_TYPED_NAME: Final = re.compile(r"(?<![\w@<.])@([a-z]+)\b")
_FENCE: Final = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_STYLED: Final = re.compile(
    r"(?<!\w)(?P<mark>[*_~`])(?=\S)(?P<inner>[^\n]*?\S)(?P=mark)(?!\w)"
    r"|:(?P<emoji>[a-z0-9_+-]*[a-z][a-z0-9_+-]*|\+1|-1):"
    r"|<(?P<link>[^<>]+)>"
)
_STYLES: Final = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
_BROADCASTS: Final = ("here", "channel", "everyone")


def as_typed(text: str) -> str:
    """Return a person's text as Slack's own client sends it: `@jidoka` is a mention, a bare address a link."""
    return "".join(part if code else _enliven(part) for code, part in _code_apart(escaped(text)))


def escaped(text: str) -> str:
    """Return text in which `&`, `<` and `>` are escaped wherever they are not Slack's own markup."""
    parts, end = [], 0
    for found in _MARKUP.finditer(text):
        parts += [_escape(text[end : found.start()]), found.group(0)]
        end = found.end()
    return "".join([*parts, _escape(text[end:])])


def unescaped(text: str) -> str:
    """Return the characters a person sees for escaped text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mentions(text: str, user: str) -> bool:
    """Tell whether the text mentions this user."""
    return f"<@{user}>" in text or f"<@{user}|" in text


def rich_text(text: str) -> list[dict[str, Any]]:
    """Return the one rich_text block a person's text becomes; none for no text."""
    elements: list[dict[str, Any]] = []
    end = 0
    for found in _FENCE.finditer(text):
        elements += _section(text[end : found.start()])
        inner = [{"type": "text", "text": unescaped(found.group(1))}] if found.group(1) else []
        elements.append({"type": "rich_text_preformatted", "elements": inner})
        end = found.end()
    elements += _section(text[end:])
    return [{"type": "rich_text", "block_id": new("b", 4), "elements": elements}] if elements else []


def _code_apart(text: str) -> list[tuple[bool, str]]:
    """Return the text in pieces, each with whether it is code, where nothing is a mention."""
    pieces = re.split(r"(```.*?```|`[^`\n]+`)", text, flags=re.DOTALL)
    return [(index % 2 == 1, piece) for index, piece in enumerate(pieces)]


def _enliven(text: str) -> str:
    linked = "".join(
        part if markup else _BARE_LINK.sub(r"<\g<0>>", part) for markup, part in _markup_apart(text)
    )
    return "".join(
        part if markup else _TYPED_NAME.sub(_mention, part) for markup, part in _markup_apart(linked)
    )


def _markup_apart(text: str) -> list[tuple[bool, str]]:
    """Return the text in pieces, each with whether it is a link or mention, where nothing is typed."""
    return [(index % 2 == 1, piece) for index, piece in enumerate(re.split(r"(<[^<>]*>)", text))]


def _mention(found: re.Match[str]) -> str:
    name = found.group(1)
    if name in _BROADCASTS:
        return f"<!{name}>"
    if name in groups.BY_HANDLE:
        return f"<!subteam^{groups.BY_HANDLE[name]}>"
    return f"<@{people.BY_NAME[name]}>" if name in people.BY_NAME else found.group(0)


def _escape(text: str) -> str:
    text = re.sub(r"&(?!(?:amp|lt|gt);)", "&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _section(text: str) -> list[dict[str, Any]]:
    inline = _inline(text.strip("\n"), {})
    return [{"type": "rich_text_section", "elements": inline}] if inline else []


def _inline(text: str, style: dict[str, bool]) -> list[dict[str, Any]]:
    elements: list[dict[str, Any]] = []
    end = 0
    for found in _STYLED.finditer(text):
        elements += _plain(text[end : found.start()], style) + _one(found, style)
        end = found.end()
    return elements + _plain(text[end:], style)


def _one(found: re.Match[str], style: dict[str, bool]) -> list[dict[str, Any]]:
    if found.group("emoji"):
        return [{"type": "emoji", "name": found.group("emoji")}]
    if found.group("link"):
        return [_styled(_markup(found.group("link")), style)]
    inner, kind = found.group("inner"), _STYLES[found.group("mark")]
    if kind == "code":
        return _plain(inner, {**style, kind: True})
    return _inline(inner, {**style, kind: True})


def _plain(text: str, style: dict[str, bool]) -> list[dict[str, Any]]:
    return [_styled({"type": "text", "text": unescaped(text)}, style)] if text else []


def _styled(element: dict[str, Any], style: dict[str, bool]) -> dict[str, Any]:
    return {**element, "style": style} if style else element


def _markup(inner: str) -> dict[str, Any]:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target[9:]}
    if target[1:] in _BROADCASTS and target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    link = {"type": "link", "url": unescaped(target)}
    return {**link, "text": unescaped(label)} if label else link
