"""What the model says when a brief on three makers of cargo bikes is asked for.

Every finding quotes the sample files, so the checks and the sources at the end are real. The first draft has a gap that
review sends back; the third version answers the note a person wrote.
"""

from __future__ import annotations

from typing import Any

from tests.workshop import triage, verdict

Json = dict[str, Any]
THINKING_MS = 1_200  # how long a reader takes: long enough to see three at work
WHY = "Open with the bike to name when a buyer asks about range."
ANSWER_TO_IT = "A buyer who asks about range should hear of the Oxbell Carrier 3"
GAP = "TODO: the payload."


def story(thinking_ms: int = THINKING_MS) -> list[Json]:
    """Return the script: triage, three readers, an analyst, two drafts with their reviews, and one more after a person."""
    gap = {"id": "W3", "evidence": GAP, "fix": "Say what the sources say about the payload."}
    return [
        _triage(), *_readers(thinking_ms), _analyst(thinking_ms),
        _writer(brief(gap=True), attempt="1", call=1), verdict(gap),
        _writer(brief(), attempt="1", call=2), verdict(),
        _writer(brief(range_first=True), attempt="2"), verdict(),
    ]  # fmt: skip


def brief(*, gap: bool = False, range_first: bool = False) -> str:
    """Return the brief: with a gap, as it should be, or with what a person asked for at its top."""
    first = f"{ANSWER_TO_IT}: up to 110 km [F302].\n\n" if range_first else ""
    return f"{SUMMARY[0]}\n\n{first}{SUMMARY[1]}\n\n{GAP if gap else PAYLOAD}\n\n{REST}"


SUMMARY = (
    "## Summary",
    "Ternway is the least expensive of the three at EUR 4,890 including 19 % VAT [F201], and Oxbell the dearest: a shop in "
    "Hamburg asks EUR 6,150 including VAT [F301]. Haulwren stands between them, but its two sources do not agree "
    "[F101] [F102].",
)
PAYLOAD = "The Ternway T4 carries the most, 220 kg with rider [F203]."
REST = """\
## Comparison

| | Haulwren Duo | Ternway T4 | Oxbell Carrier 3 |
|---|---|---|---|
| List price | EUR 5,490 [F101]; EUR 5,290 [F102] | EUR 4,890 [F201] | EUR 6,150 [F301] |
| Range | up to 95 km [F103] | up to 70 km [F202] | up to 110 km [F302] |
| Payload | 200 kg with rider [F105] | 220 kg with rider [F203] | 180 kg [F303] |
| Warranty | 5 years frame, 2 years motor and battery [F104] | 3 years, battery included [F204] | not found |
| Delivery | six to eight weeks [F106] | not found | 3 weeks [F304] |

## What sets each apart

**Haulwren.** Its strongest point is the warranty of 5 years on the frame [F104]. Its weakest is delivery: six to eight
weeks [F106].

**Ternway.** Its strongest point is the price of EUR 4,890 [F201]. Its weakest is the range of up to 70 km [F202].

**Oxbell.** Its strongest point is the range of up to 110 km [F302]. Its weakest is the payload of 180 kg [F303].

## Contradictions

Haulwren's product sheet says EUR 5,490 [F101]; a dealer in Cologne showed EUR 5,290 [F102]. Name the price only
together with where it was seen.

## What is missing

- A warranty for the Oxbell Carrier 3.
- A delivery time for the Ternway T4.
"""

_HAULWREN = (
    ("Haulwren lists the Duo at EUR 5,490 including 21 % VAT.", "The list price of the Haulwren Duo", "haulwren/list price"),
    ("A dealer in Cologne showed the Duo at EUR 5,290 including VAT.", "dealer in Cologne", "haulwren/list price"),
    ("Haulwren states a range of up to 95 km.", "Range: up to 95 km", "haulwren/range"),
    ("Haulwren gives 5 years on the frame and 2 years on motor and battery.", "warranty of 5 years", "haulwren/warranty"),
    ("The Duo carries 200 kg with rider.", "Payload: 200 kg", "haulwren/payload"),
    ("Haulwren delivers in six to eight weeks.", "six to eight weeks", "haulwren/delivery"),
)
_TERNWAY = (
    ("The T4 costs EUR 4,890 including 19 % VAT.", "The Ternway T4 costs", "ternway/list price"),
    ("Ternway states a range of up to 70 km.", "Range: up to 70 km", "ternway/range"),
    ("The T4 carries 220 kg with rider.", "Payload: 220 kg", "ternway/payload"),
    ("Ternway gives 3 years on the whole bike, battery included.", "warranty of 3 years", "ternway/warranty"),
)
_OXBELL = (
    ("A shop in Hamburg asks EUR 6,150 including VAT for the Carrier 3.", "shop window in Hamburg", "oxbell/list price"),
    ("The Carrier 3 has a range of up to 110 km.", "shop window in Hamburg", "oxbell/range"),
    ("The Carrier 3 carries 180 kg.", "shop window in Hamburg", "oxbell/payload"),
    ("The Carrier 3 is delivered in 3 weeks.", "shop window in Hamburg", "oxbell/delivery"),
)
_OPEN = {
    "Haulwren": "Which of Haulwren's two prices do its dealers charge?",
    "Ternway": "How long does Ternway take to deliver?",
    "Oxbell": "What warranty does Oxbell give?",
}


def _triage() -> Json:
    return triage(reason="Three named makers are to be compared from given files, and every claim needs a source.")


def _readers(thinking_ms: int) -> list[Json]:
    read = zip(_OPEN, (_HAULWREN, _TERNWAY, _OXBELL), strict=True)
    return [_reader(f"research-{n}", name, facts, thinking_ms) for n, (name, facts) in enumerate(read, start=1)]


def _reader(task: str, name: str, facts: tuple[tuple[str, str, str], ...], thinking_ms: int) -> Json:
    found = [_finding(*fact) for fact in facts]
    answer = {"findings": found, "summary": f"What the files say about {name}.", "open_questions": [_OPEN[name]]}
    return {"when": {"schema": "Findings", "task": task}, "reply": {"json": answer}, "latency_ms": thinking_ms}


def _finding(claim: str, where: str, key: str) -> Json:
    quote, source = f"{{{{quote:document:{where}}}}}", f"{{{{id:document:{where}}}}}"
    return {"claim": claim, "quote": quote, "source": source, "key": key}


def _analyst(thinking_ms: int) -> Json:
    text = REST.replace("## What sets each apart", "## Timeline\n\nNothing here is dated.\n\n## What sets each apart")
    text = text[: text.index("## What sets each apart")] + text[text.index("## Contradictions") :]
    answer = {"text": text, "summary": "Prices, ranges, payloads and terms side by side.", "open_questions": []}
    return {"when": {"schema": "Draft", "role": "analyst"}, "reply": {"json": answer}, "latency_ms": thinking_ms}


def _writer(text: str, **when: Any) -> Json:
    summary = (
        "Ternway costs the least and carries the most; Oxbell goes furthest and arrives first; Haulwren gives the longest "
        "warranty, and its sources disagree about its price."
    )
    answer = {"text": text, "summary": summary, "open_questions": list(_OPEN.values())}
    return {"when": {"schema": "Draft", "role": "writer", **when}, "reply": {"json": answer}}
