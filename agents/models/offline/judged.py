"""Sections that need a mind: what rules do not write is said in one sentence, with what a person has to add."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agents.checks.dates import dates
from agents.checks.figures import figures
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.placing import of_field
from agents.models.offline.reliance import is_head, is_label

_MOST: Final = 14  # findings shown below such a sentence


@dataclass(frozen=True)
class Judged:
    """A kind of section: the words of its title, what a person has to add, and the words of findings that bear on it."""

    title: str
    adds: str
    bears: str
    rows: bool = False  # whether rows of tables bear on it too
    own: bool = False  # whether its findings stand here even where an earlier section shows them
    field: str = ""  # of the reader whose findings bear on it, such as "audience"

    @property
    def sentence(self) -> str:
        """What stands in the section instead of a judgement."""
        return f"*Rules do not write this, and no language model was used: a person has to add {self.adds}.*"


_PROMISES: Final = (
    r"\bup to \d|\bfor \w+ hours|degrees|\bprice\b|\b(?:EUR|GBP|USD|CHF|DKK|SEK|NOK|PLN)\b|[€£$]\s?\d|warrant|included|"
    r"free of charge|litres?\b|\bkm\b|\bkg\b|built in|may be named: yes"
)
_MUST_NOT: Final = (
    r"\bmay (?:not|only|be (?:published|used))|\bmust not|\bnot (?:used|stated|certified|said|asked for)|"
    r"only (?:with|until)|"
    r"\bno statement|\bnot part of|do not want|\bnothing was agreed|\bconsent\b|may be named"
)
_CHANNELS: Final = (
    r"channel|newsletter|radio|spots|trade fair|leaflet|post\b|instagram|advert|price of:|test days?|street|website|"
    r"social media|"
    r"reaches|views|campaign|e-?mail|guild"
)
_KINDS: Final = (
    Judged(r"^position|positioning", "one position, and why this one and no other", _PROMISES),
    Judged(r"messages?\b|slogan|tagline|headlines?", "the main message and what supports it", r'"|“'),
    Judged(r"^(?:main |big |leading )?idea\b|concept", "the idea", r'"|“'),
    Judged(
        r"^copy\b|^texts?$|^wording",
        "the texts; what sources forbid them stands here, what they could say stands under claims", _MUST_NOT, own=True,
    ),
    Judged(
        r"design|layout|look and feel|visuals?", "what pictures show, colours, type and a layout",
        r"photo\w*|pictures?\b|images?\b|logos?\b|colou?rs?\b|\bfonts?\b|brand\w*|rights? for print", own=True,
    ),
    Judged(r"^strategy|approach", "the choice of one audience, one position and few channels, with its reasons", r'"|“',
           field="audience"),
    Judged(
        r"distribution|media plan|channels? and budget|budget|rollout",
        "what runs where, and how the budget is shared out", _CHANNELS, rows=True,
    ),
    Judged(r"^measures?\b|metrics|\bkpis?\b|success", "what is counted, how often, and from which value something changes",
           r"test rides?|orders|counted|measured", rows=True),
    Judged(
        r"recommend|next steps?|conclusions?|assessment|verdict|implications|what (?:this|it) means|opinion|"
        r"valuation|rating",
        "what follows from the findings", r"(?!)",
    ),
)  # fmt: skip


def judged(title: str) -> Judged | None:
    """Return what kind of judgement a section is; nothing where rules can fill it."""
    return next((kind for kind in _KINDS if re.search(kind.title, title, re.IGNORECASE)), None)


def bearing(kind: Judged, facts: Sequence[Fact], before: Sequence[Judged] = ()) -> list[Fact]:
    """Return the findings that bear on a judgement, in their order, but those that an earlier one showed already."""
    earlier = () if kind.own else before
    return [
        fact for fact in _touching(kind, facts) if not any(fact in _touching(one, facts) for one in earlier)
    ]


def _touching(kind: Judged, facts: Sequence[Fact]) -> list[Fact]:
    own = of_field(facts, kind.field) if kind.field else []
    told = own or [fact for fact in facts if re.search(kind.bears, fact.quote, re.IGNORECASE)]
    words = [fact for fact in told if "|" not in fact.quote][:_MOST]
    words.sort(key=lambda fact: int(re.sub(r"\D", "", fact.id) or 0))  # as their readers brought them
    return [*words, *(fact for fact in told if kind.rows and "|" in fact.quote)]


def forbids(facts: Sequence[Fact]) -> list[Fact]:
    """Return the findings that say what may not be said or done, or only under a condition."""
    return [fact for fact in facts if re.search(_MUST_NOT, fact.quote, re.IGNORECASE)]


def promises(facts: Sequence[Fact]) -> list[Fact]:
    """Return the findings that somebody could promise with: figures, dates, prices, conditions; not what a document is."""
    return [fact for fact in facts if not fact.by and "|" not in fact.quote and _promises(fact.quote)]


def _promises(quote: str) -> bool:
    if is_head(quote) or is_label(quote) or re.search(_MUST_NOT, quote, re.IGNORECASE):
        return False
    return bool(re.search(_PROMISES, quote, re.IGNORECASE) or figures(quote) or dates(quote))


def ruled_out(brief: Brief) -> list[str]:
    """Return the constraints of the request that say no, word for word."""
    return [
        text
        for _, text in brief.constraints
        if re.search(r"\b(?:no|not|never|without|don['’]t|avoid)\b", text, re.IGNORECASE)
    ]
