"""Money, time and digests as people read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from storage.words import Unit

_CENT: Final = 0.01
_SEGMENTS: Final = 10  # the longest bar


@dataclass(frozen=True)
class Spend:
    """What a run's calls cost so far."""

    usd: float = 0.0
    tokens: int = 0  # in and out
    priced: bool = True  # False: a model's price is unknown and the dearest known one was counted

    def words(self) -> str:
        """Return such as ``$0.42 · 12,340 tokens``."""
        return f"{'' if self.priced else 'at most '}{money(self.usd)} · {tokens(self.tokens)}"


def money(usd: float) -> str:
    """Return such as ``$1.05``; what is below a cent is said so."""
    if 0 < usd < _CENT:
        return "under $0.01"
    return f"${usd:,.2f}"


def used(payload: Mapping[str, Any]) -> str:
    """Return such as ``$2.01 of $2.00`` or ``2,010,000 of 2,000,000 tokens``, as a reached cap says it."""
    unit = _unit(payload)
    spent, cap = (float(payload.get(f"{name}_{unit}", 0)) for name in ("spent", "cap"))
    return f"{money(spent)} of {money(cap)}" if unit is Unit.USD else f"{spent:,.0f} of {_counted(unit, cap)}"


def more(payload: Mapping[str, Any]) -> str:
    """Return what is offered at a reached cap, such as ``$1.00`` or ``50,000 tokens``."""
    unit = _unit(payload)
    offered = float(payload.get(f"more_{unit}", 0))
    return money(offered) if unit is Unit.USD else _counted(unit, offered)


def _unit(payload: Mapping[str, Any]) -> Unit:
    return next((unit for unit in Unit if f"cap_{unit}" in payload), Unit.USD)


def _counted(unit: Unit, count: float) -> str:
    things = {Unit.TOKENS: ("token", ""), Unit.CALLS: ("call", " of models"), Unit.MINUTES: ("minute", " of work")}
    thing, of = things[unit]
    return counted(int(count), thing) + of


def tokens(count: int) -> str:
    """Return such as ``12,340 tokens``."""
    return counted(count, "token")


def counted(count: int, thing: str) -> str:
    """Return such as ``1 quote`` or ``3 quotes``."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def duration(lasted: timedelta) -> str:
    """Return such as ``40 s``, ``12 min`` or ``3 h 05 min``."""
    seconds = max(0, round(lasted.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60:,} h {minutes % 60:02} min"


def moment(at: datetime) -> str:
    """Return a moment that Slack shows everybody in their own time (mrkdwn); else ``22 Nov 2026, 10:15 UTC`` is read."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}, {{time}}|{at.day} {at:%b %Y, %H:%M} UTC>"


def bar(done: int, total: int) -> str:
    """Return such as ``▰▰▰▱▱ 3 of 5``."""
    width = min(total, _SEGMENTS)
    full = width * done // total if total else 0
    return f"{'▰' * full}{'▱' * (width - full)} {done} of {total}"


def short(digest: str) -> str:
    """Return the beginning of a digest: enough for a person to compare."""
    return digest[:12]


def predicted(receipt: Mapping[str, Any], of: str = "chosen") -> str:
    """Return what a receipt says about the chosen route or ``one_agent``; empty when it says nothing.

    What costs nothing is done by rules in moments: the tokens and minutes of a model would not be meant.
    """
    told = receipt.get(of) or {}
    usd = float(told.get("usd", 0))
    if not usd:
        return ""
    spend = Spend(usd, _roughly(int(told.get("tokens", 0))))
    return f"about {spend.words()} · {duration(timedelta(minutes=float(told.get('minutes', 0))))}"


def _roughly(count: int) -> int:
    """Return the number to two digits: a forecast is no more exact than that."""
    return round(count, 2 - len(str(count)))
