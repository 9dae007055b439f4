"""Foreign text made safe to show: nothing in it is live, nothing in it hides, and what is cut is counted.

Three ways to show what an agent or a person wrote, each with its own cure:

* mrkdwn (section text, the fallback ``text``): ``escape``; ``& < >`` are all Slack gives a meaning to
* plain_text (headers, labels, titles): ``plain``; Slack reads no markup there, angle brackets become ‹ ›
* rich_text: ``shown`` is enough, because its text elements are never parsed
"""

import re
import unicodedata
from typing import Final

_DROPPED: Final = frozenset("\u00ad\u200b\u200c\u2060\ufeff\ufffe\uffff")  # soft hyphen, zero-width, marks of byte order
_JOINER: Final = "\u200d"  # keeps an emoji of several people one emoji
_ODD: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})  # controls, formats (bidi, tags), private, broken, unassigned
_LINES: Final = re.compile("\r\n?|[\u0085\u2028\u2029\v\f]")
_SUSPECT: Final = re.compile(r"[^\w \n\t!-~]")  # every odd character is one of these, and few others are
_NAMED: Final = re.compile(r"<(?:@[UW][A-Z0-9]{2,}|#[CDG][A-Z0-9]{2,}|!subteam\^S[A-Z0-9]{2,})>")
_LONGEST_CUT_WORD: Final = 40  # characters given up to cut at a space


def shown(text: str) -> str:
    """Return the text with every hidden control dropped or made visible, such as ``⟨U+202E⟩`` for a bidi override."""
    lined = _LINES.sub("\n", text)
    return _SUSPECT.sub(_seen, lined)


def escape(text: str) -> str:
    """Return the text for mrkdwn: nothing in it can mention, link or format an address."""
    return shown(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sentence(text: str) -> str:
    """Return a sentence of ours that may quote foreign words, for mrkdwn: people and channels are named, no more is live."""
    named = [found[0] for found in _NAMED.finditer(text)]
    parts = [escape(part) for part in _NAMED.split(text)]
    return "".join(part + name for part, name in zip(parts, [*named, ""], strict=True))


def plain(text: str) -> str:
    """Return the text for one line of plain_text: no line breaks, and ‹ › for angle brackets."""
    return " ".join(shown(text).replace("<", "‹").replace(">", "›").split())


def shorten(text: str, n: int) -> str:
    """Return at most ``n`` characters; where something is cut, the end says how much."""
    if len(text) <= n:
        return text
    note = f" … ({len(text):,} characters in all)"
    kept = _at_a_space(text, max(0, n - len(note)))
    note = f" … ({len(text) - len(kept):,} more characters)"
    return (kept + note)[:n] if len(note) < n else text[: max(0, n - 1)] + "…"


def title(text: str, n: int, otherwise: str) -> str:
    """Return one line of plain_text of at most ``n`` characters; ``otherwise`` when nothing is left to show."""
    line = plain(text) or otherwise
    return line if len(line) <= n else _at_a_space(line, n - 1).rstrip() + "…"


def beginning(text: str, n: int) -> str:
    """Return the text up to a paragraph, line or word border at or before ``n`` characters."""
    if len(text) <= n:
        return text
    for border in ("\n\n", "\n"):
        if (cut := text.rfind(border, 0, n + 1)) > n // 2:
            return text[:cut]
    return _at_a_space(text, n)


def file_name(name: str, ending: str = "md") -> str:
    """Return a file name for a run's title, such as ``three-competitors-compared.md``."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", shown(name)).casefold())
    return (_at_a_space("-".join(words), 80).strip("-") or "result") + f".{ending}"


def _at_a_space(text: str, n: int) -> str:
    cut = max(text.rfind(" ", 0, n + 1), text.rfind("\n", 0, n + 1))
    return text[: cut if cut > n - _LONGEST_CUT_WORD and cut > 0 else n]


def _seen(found: re.Match[str]) -> str:
    character = found[0]
    if character in _DROPPED:
        return ""
    if character == _JOINER:
        return character if _between_pictures(found.string, found.start()) else ""
    return f"⟨U+{ord(character):04X}⟩" if unicodedata.category(character) in _ODD else character


def _between_pictures(text: str, index: int) -> bool:
    before, after = text[index - 1 : index], text[index + 1 : index + 2]
    return _picture(before) and _picture(after)


def _picture(character: str) -> bool:
    return bool(character) and (character == "\ufe0f" or unicodedata.category(character) in {"So", "Sk"})
