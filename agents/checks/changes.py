"""Changes computed again: "x % from a to b", doubled, halved."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from agents.checks.figures import Figure, figures
from agents.checks.markdown import Sentence, sentences
from agents.checks.shapes import Problem, problem
from agents.checks.sums import shown

_UP: Final = re.compile(
    r"\b(?:up|increas\w+|ris(?:e|es|en|ing)|rose|gr[eo]w\w*|growth|gain\w*|higher|more|climb\w*|jump\w*|"
    r"rais\w+|added|surg\w+)\b",
    re.IGNORECASE,
)
_DOWN: Final = re.compile(
    r"\b(?:down|decreas\w+|fall\w*|fell|drop\w*|declin\w+|cuts?|cutting|reduc\w+|lower\w*|less|shr[aiu]nk\w*|"
    r"loss|lost|cheaper|sav\w+)\b",
    re.IGNORECASE,
)
_TIMES: Final = {
    "doubled": Decimal(2),
    "doubling": Decimal(2),
    "doubles": Decimal(2),
    "tripled": Decimal(3),
    "tripling": Decimal(3),
    "quadrupled": Decimal(4),
    "halved": Decimal("0.5"),
}
_HEDGE: Final = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|approximately|more than|over|some|less than|under|circa)\b",
    re.IGNORECASE,
)
_OPENS: Final = re.compile(r"\bfrom\s+(?:[a-z]+\s+){0,3}$", re.IGNORECASE)
_LEADS: Final = re.compile(r"[^.;%]{0,40}?(?:\bto\b|→|->)[^.;]{0,14}$")


def changes(text: str) -> Iterator[Problem]:
    """Yield every "x % from a to b", doubled or halved, whose numbers do not fit each other."""
    for sentence in sentences(text):
        found = figures(text, sentence.start, sentence.end)
        used: set[int] = set()
        for a, b in itertools.pairwise(found):
            if _from_to(text, sentence, a, b):
                yield from _times(text, sentence, a, b)
                yield from _claimed(text, sentence, (a, b), [f for f in found if f.start not in used], used)


def _claimed(
    text: str, sentence: Sentence, pair: tuple[Figure, Figure], found: list[Figure], used: set[int]
) -> Iterator[Problem]:
    """Hold the percentage nearest to a pair against it; each percentage speaks of one pair."""
    a, b = pair
    free = [figure for figure in found if figure.unit == "%" and figure.start not in (a.start, b.start)]
    if free and a.value:
        nearest = min(free, key=lambda one: min(abs(one.start - b.end), abs(a.start - one.end)))
        used.add(nearest.start)
        yield from _change(text, sentence, nearest, pair)


def _from_to(text: str, sentence: Sentence, a: Figure, b: Figure) -> bool:
    if a.unit != b.unit and a.unit and b.unit:
        return False
    before, between = text[max(sentence.start, a.start - 40) : a.start], text[a.end : b.start]
    return bool(_OPENS.search(before) and _LEADS.match(between))


def _change(text: str, sentence: Sentence, claimed: Figure, pair: tuple[Figure, Figure]) -> Iterator[Problem]:
    a, b = pair
    exact = (b.value - a.value) / a.value * 100
    readings = [exact, b.value - a.value] if a.unit == "%" else [exact]
    allowed = claimed.step / 2 + _rounding(a, b)
    if all(abs(abs(one) - claimed.value) > allowed for one in readings):
        right = shown(exact, claimed.step)
        message = f"{claimed.text} does not fit: from {a.text} to {b.text} is {right} %."
        fix = f"Write {right} %, or correct the two values."
        yield problem("percent-wrong", text, (claimed.start, claimed.end), message, fix)
    elif _direction(sentence.text) * exact < 0:
        message = f"From {a.text} to {b.text} goes the other way than the sentence says."
        fix = "Turn the direction round, or swap the values."
        yield problem("percent-wrong", text, (sentence.start, sentence.end), message, fix)


def _rounding(a: Figure, b: Figure) -> Decimal:
    """Return how far the true change may lie off, in percent, when the ends were rounded; at most 2."""
    if "." not in a.text + b.text:
        return Decimal(0)
    return min(abs((a.step + b.step) / 2 / a.value * 100), Decimal(2))


def _direction(text: str) -> int:
    return int(bool(_UP.search(text))) - int(bool(_DOWN.search(text)))


def _times(text: str, sentence: Sentence, a: Figure, b: Figure) -> Iterator[Problem]:
    word = re.search(rf"\b(?:{'|'.join(_TIMES)})\b", sentence.text, re.IGNORECASE)
    if word is None or not a.value or _HEDGE.search(sentence.text):
        return
    ratio, wanted = b.value / a.value, _TIMES[word[0].lower()]
    if abs(ratio - wanted) > wanted / 20:
        span = (sentence.start + word.start(), sentence.start + word.end())
        message = f"{word[0]!r} does not fit: {b.text} is {shown(ratio, Decimal('0.1'))} times {a.text}."
        yield problem("percent-wrong", text, span, message, "Name the change that the two values show.")
