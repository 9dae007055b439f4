"""Sums computed again: written out, told in a sentence, under a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final

from agents.checks.figures import Figure, figures
from agents.checks.markdown import BlockKind, Sentence, blocks, sentences
from agents.checks.shapes import Problem, problem

TOTAL: Final = re.compile(
    r"^\W*(?:grand |overall )?(?:total|totals|sum|in total|altogether|gesamt|summe)\b", re.IGNORECASE
)
_BEFORE: Final = re.compile(
    r"(?:\b(?:for|making|is|are|gives|giving|costs?|comes? to|to)\s+(?:a|the)\s+(?:combined\s+|grand\s+)?"
    r"(?:total|sum)\s+of|\btotal(?:s|ling|ing|led)?(?:\s+(?:is|of|to))?|\badd(?:s|ing)?\s+up\s+to|"
    r"\bsums?\s+to|"
    r"\btogether(?:\s+(?:that\s+is|they\s+cost|make|makes|it\s+is))?|\bin\s+total(?:\s+that\s+is)?|"
    r"\baltogether)\s*:?\s*$",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(r"\s*(?:in total|altogether|all together)\b", re.IGNORECASE)
_PARTIAL: Final = re.compile(
    r"\b(?:includ\w+|of which|partly|remain\w*|left|at least|per|each|between|average|about|around|roughly|"
    r"over|under)\b",
    re.IGNORECASE,
)
_OPERATOR: Final = re.compile(r"\s*(?P<op>\+|−|–|-|×|x|\*|plus|minus|times)\s*", re.IGNORECASE)
_EQUALS: Final = re.compile(r"\s*(?:=|equals?|makes?|gives?)\s*", re.IGNORECASE)


def sums(text: str) -> Iterator[Problem]:
    """Yield every sum that does not fit its parts: written out, told in a sentence, under a list."""
    for parts, ops, claimed in written_out(text):
        yield from _wrong_result(text, parts, ops, claimed)
    for sentence in sentences(text):
        if sentence.block.kind is not BlockKind.ROW:
            yield from _told(text, sentence)
    for parts, total in list_totals(text):
        yield from wrong_sum(text, parts, total)


def written_out(text: str) -> Iterator[tuple[list[Figure], list[str], Figure]]:
    """Yield calculations such as ``a + b × c = d``.

    The parts, the operators between them, the claimed result.
    """
    for sentence in sentences(text):
        found, at = figures(text, sentence.start, sentence.end), 0
        while at < len(found) - 2:
            parts, ops = _chain(text, found[at:])
            at += len(parts)
            if ops and at < len(found) and _EQUALS.fullmatch(text[parts[-1].end : found[at].start]):
                yield parts, ops, found[at]


def list_totals(text: str) -> Iterator[tuple[list[Figure], Figure]]:
    """Yield lists of ``Name: amount`` that end with a total: the amounts and the total."""
    parts: list[Figure] = []
    for block in blocks(text):
        found = figures(text, block.start, block.end)
        is_total = TOTAL.match(re.sub(r"^[\s\-*+•_\d.)]+", "", block.text))
        if (
            is_total
            and len(found) == 1
            and len(parts) > 1
            and {part.unit for part in parts} == {found[0].unit}
        ):
            yield parts, found[0]
        is_item = block.kind is BlockKind.BULLET and len(found) == 1 and re.search(r":|\s[–-]\s", block.text)
        parts = [*parts, found[0]] if is_item and not is_total else []


def wrong_sum(text: str, parts: Sequence[Figure], total: Figure) -> Iterator[Problem]:
    """Yield a problem when at least two parts do not make the total."""
    exact = sum((part.value for part in parts), Decimal(0))
    if len(parts) > 1 and abs(exact - total.value) > slack([*parts, total]):
        right = shown(exact, min(part.step for part in parts))
        message = f"{total.text} is not the sum of the {len(parts)} parts; they make {right}."
        fix = "Write the right total, or correct a part."
        yield problem("sum-wrong", text, (total.start, total.end), message, fix)


def slack(found: Sequence[Figure]) -> Decimal:
    """Return how far a sum may be off because its parts were rounded: percentages and scaled decimals."""
    rounded = [one for one in found if one.unit == "%" or (one.step > 1 and "." in one.text)]
    return sum((one.step / 2 for one in rounded), Decimal(0))


def result(parts: Sequence[Figure], ops: Sequence[str]) -> Decimal:
    """Return what the calculation gives, products before sums."""
    terms = [parts[0].value]
    for op, part in zip(ops, parts[1:], strict=True):
        if op in ("×", "x", "*", "times"):
            terms[-1] *= part.value
        else:
            terms.append(part.value if op in ("+", "plus") else -part.value)
    return sum(terms, Decimal(0))


def shown(value: Decimal, step: Decimal) -> str:
    """Return a number for people, rounded to ``step``: 20 000, 88, 1.5."""
    with localcontext() as context:
        context.prec = 28
        rounded = value.quantize(min(step, Decimal(1)), rounding=ROUND_HALF_UP)
    return f"{rounded:,f}".replace(",", " ") if abs(rounded) >= 10_000 else f"{rounded:f}"


def _chain(text: str, found: Sequence[Figure]) -> tuple[list[Figure], list[str]]:
    parts, ops = [found[0]], []
    for one in found[1:]:
        operator = _OPERATOR.fullmatch(text[parts[-1].end : one.start])
        if operator is None:
            break
        ops.append(operator["op"].lower())
        parts.append(one)
    return parts, ops


def _wrong_result(text: str, parts: list[Figure], ops: list[str], claimed: Figure) -> Iterator[Problem]:
    right = result(parts, ops)
    if abs(right - claimed.value) > (claimed.step / 2 if claimed.step != 1 else 0):
        message = f"{claimed.text} is not the result; it is {shown(right, min(claimed.step, Decimal(1)))}."
        fix = "Write the right result, or correct a part."
        yield problem("sum-wrong", text, (claimed.start, claimed.end), message, fix)


def _told(text: str, sentence: Sentence) -> Iterator[Problem]:
    found = figures(text, sentence.start, sentence.end)
    if len(found) < 3 or _PARTIAL.search(sentence.text):
        return
    first, last = found[0], found[-1]
    closes = _BEFORE.search(text[found[-2].end : last.start]) or _BEHIND.match(text[last.end : sentence.end])
    opens = re.search(r"\btotal\b[^.;:]{0,30}$", text[sentence.start : first.start], re.IGNORECASE)
    if closes:
        yield from wrong_sum(text, [one for one in found[:-1] if one.unit == last.unit], last)
    elif opens and re.match(r"[^.;]{0,20}:", text[first.end :]):
        yield from wrong_sum(text, [one for one in found[1:] if one.unit == first.unit], first)
