"""What a request says about time, taken only where its words ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from agents.planning.when import cron_words, moments, phrases, repeats
from agents.planning.when.deadlines import Deadline, deadlines
from agents.planning.when.moments import Moment, UnclearError, resolve
from agents.planning.when.phrases import Night, Phrase
from agents.planning.when.plain import TAKEN, Plain, plain
from agents.planning.when.repeat import Repeat
from agents.planning.when.repeats import Said

FARTHEST_START: Final = timedelta(days=366)


@dataclass(frozen=True)
class Timing:
    """What a request says about time. Nothing said: every field is empty and ``rest`` is the request.

    ``unclear`` and ``assumed`` are sentences for the person. With ``unclear`` a time was meant and cannot be right:
    it is in no other field, and the person must be asked. With ``assumed`` a time was taken, and it says which.
    """

    night: bool = False  # may wait for the night: "tonight", without a time of day
    due: datetime | None = None  # aware, UTC; at most 14 days ahead
    start: datetime | None = None  # aware, UTC; not before this
    repeat: Repeat | None = None
    until: datetime | None = None  # aware, UTC; from here on the repeat comes no more
    phrases: tuple[str, ...] = field(default=())  # the exact words it was read from, in their order
    rest: str = ""  # the request without the words that only say when; a deadline stays
    unclear: str = ""
    assumed: str = ""


def read(text: str, now: datetime, zone: ZoneInfo) -> Timing:
    """Return what a request says about when it is to be done.

    Times in the subject ("compare what happened every Monday") are left alone. A start or a repeat counts at the
    head of the request, behind a word such as "schedule", or at the very end; a deadline at the end of a clause.

    Args:
        text: The request as it was written, with or without a mention of the bot.
        now: The present, aware.
        zone: Where the person is: their "8" is this zone's.
    """
    words = plain(text)
    line = cron_words.line(words)
    if line:
        return _with_line(line, text)
    dues = _own(words.text, deadlines(words.text, now, zone))
    left = _without(words.text, dues)
    found = phrases.at_head(left) or phrases.at_end(left)
    timing = _with_dues(Timing(rest=text), dues)
    timing = _with_phrase(timing, found, words, now, zone) if found else timing
    return replace(
        timing, rest=text if timing.unclear else timing.rest, phrases=_told(timing, dues, found, words)
    )


def _own(text: str, dues: Iterable[Deadline]) -> list[Deadline]:
    """Return the deadlines of the work: not the last day of a repeat, "jeden Tag um 8 bis Freitag"."""
    found = phrases.at_head(text) or phrases.at_end(text)
    if found is None or not isinstance(found.said, Said) or found.said.last is None:
        return list(dues)
    return [due for due in dues if due.end <= found.start or due.start >= found.end]


def _told(timing: Timing, dues: list[Deadline], found: Phrase | None, words: Plain) -> tuple[str, ...]:
    """Return the exact words of all that was read, in their order."""
    said = timing.night or timing.start or timing.repeat or timing.unclear
    spans = [(due.start, due.end) for due in dues] + ([(found.start, found.end)] if found and said else [])
    return tuple(words.original(*span) for span in sorted(spans))


def _with_line(line: cron_words.Line, text: str) -> Timing:
    if line.wrong:
        return Timing(phrases=(line.text,), rest=text, unclear=line.wrong)
    timing = Timing(repeat=Repeat.from_cron(line.fields), phrases=(line.text,), rest=line.rest)
    return timing if line.rest.strip() else replace(timing, unclear=_NO_WORK, repeat=None, rest=text)


def _without(text: str, dues: list[Deadline]) -> str:
    """Return the request with its deadlines out of the way; all places stay."""
    for due in dues:
        text = text[: due.start] + TAKEN * (due.end - due.start) + text[due.end :]
    return text


def _with_dues(timing: Timing, dues: list[Deadline]) -> Timing:
    """Return the timing with the earliest deadline, or with why there is none."""
    wrong = " ".join(due.wrong for due in dues if due.wrong)
    known = [(due.instant, due.assumed) for due in dues if due.instant]
    if wrong or not known:
        return replace(timing, unclear=wrong)
    instant, assumed = min(known)
    if len({instant for instant, _ in known}) > 1:
        assumed = f"{assumed} I take the earlier of your deadlines.".strip()
    return replace(timing, due=instant, assumed=assumed)


def _with_phrase(timing: Timing, found: Phrase, words: Plain, now: datetime, zone: ZoneInfo) -> Timing:
    """Return the timing with what the phrase says, or with why it cannot be."""
    try:
        read_so_far = _taken(timing, found, now, zone)
    except UnclearError as unclear:
        if isinstance(found.said, Moment) and not found.at_head and found.said.clock is None:
            return timing  # "… this morning", said in the afternoon, is the subject's
        return replace(timing, unclear=f"{timing.unclear} {unclear}".strip())
    rest = words.without(*found.cut).strip()
    if not plain(rest).text.strip():
        return replace(timing, unclear=_NO_WORK)
    return replace(read_so_far, rest=rest)


_NO_WORK: Final = "You wrote when, but not what: write the request and the time in one message."


def _taken(timing: Timing, found: Phrase, now: datetime, zone: ZoneInfo) -> Timing:
    if isinstance(found.said, Night):
        return replace(timing, night=True)
    if isinstance(found.said, Said):
        repeat, assumed = repeats.made(found.said, lambda told: moments.check(told, now, zone))
        until = _until(found.said, repeat, now, zone)
        return replace(timing, repeat=repeat, until=until, assumed=f"{timing.assumed} {assumed}".strip())
    start = resolve(found.said, now, zone, due=False)
    if start.instant - now > FARTHEST_START:
        raise UnclearError(
            f"{found.said.text.strip()!r} is more than a year away: name a time that is nearer."
        )
    if timing.due and timing.due <= start.instant:
        raise UnclearError(f"{found.said.text.strip()!r} is not before the deadline: name an earlier start.")
    return replace(timing, start=start.instant, assumed=f"{timing.assumed} {start.assumed}".strip())


def _until(said: Said, repeat: Repeat, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the end of the last day that was named; UnclearError where the repeat would not come once by then."""
    if said.last is None:
        return None
    until, first = moments.end_of(said.last, now, zone), repeat.next_after(now, zone)
    if first is None or first >= until:
        raise UnclearError(f"{said.text.strip()!r} would not come once: name a later last day.")
    return until
