"""A finished message, and what is left of it when Slack refuses its blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.messages.blocks import LONGEST_SECTION, LONGEST_TEXT, Block, section


@dataclass(frozen=True)
class Said:
    """What a message says.

    ``text`` is mrkdwn with foreign words escaped, and says the same as the blocks in a few sentences: it is the
    notification, and what a screen reader reads. ``by_hand`` says what to do where no button can be shown.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    by_hand: str = ""

    def rungs(self) -> list[Said]:
        """Return this message and its simpler shapes, richest first: full card, plain card, text alone."""
        buttons = tuple(block for block in self.blocks if block["type"] == "actions")
        plain = Said(cut(self.text, LONGEST_TEXT), (section(cut(self.text, LONGEST_SECTION)), *buttons), self.by_hand)
        bare = Said(cut(f"{self.text}\n{self.by_hand}".strip(), LONGEST_TEXT))
        full = replace(self, text=cut(self.text, LONGEST_TEXT))
        return [full, plain, bare] if self.blocks else [bare]


def cut(mrkdwn: str, n: int) -> str:
    """Return at most ``n`` characters of escaped text, never half an escape or half a mention."""
    if len(mrkdwn) <= n:
        return mrkdwn
    kept = mrkdwn[: n - 40]
    for opens, closes in (("&", ";"), ("<", ">")):
        if kept.rfind(opens) > kept.rfind(closes):
            kept = kept[: kept.rfind(opens)]
    return f"{kept} … ({len(mrkdwn) - len(kept):,} more)"
