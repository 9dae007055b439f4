"""What a request would be called in a list: a short phrase of its own words, and what may stand as a heading."""

from __future__ import annotations

import re
from typing import Final

from agents.checks.dates import dates
from agents.checks.figures import figures

_MARKUP: Final = re.compile(r"<[^>]*>|(?<!\S)@\w+|\bplease\b,?", re.IGNORECASE)
_CLAUSE: Final = re.compile(r"[;\n!?]|\.(?:\s|$)|\s[–—]\s")
_ASKING: Final = re.compile(
    r"^(?:(?:hi|hello|hey|good morning)\b(?: (?:there|all|team))?[\s,!.]*)?"
    r"(?:(?:can|could|would|will) you\s+|(?:i|we)(?:['’]d| would)? (?:need|want|like)\s+(?:you )?(?:to )?|"
    r"help (?:me|us)\s+(?:to )?|let['’]s\s+|tell (?:me|us) (?:about )?)?",
    re.IGNORECASE,
)
_MAKE: Final = (
    r"write|draft|create|prepare|make|build|produce|draw up|put together|compose|generate|"
    r"(?:give|get|send|write|show) (?:me|us)"
)
_ARTICLE: Final = r"the|an?|our|my|your|this|that|these|those|some"
_MADE: Final = re.compile(
    rf"^(?:(?:{_MAKE})\s+|(?=(?:{_ARTICLE})\s)|(?:design|develop|plan|run|do|find|collect|gather|list)\s+(?=(?:{_ARTICLE})\s))"
    rf"(?:(?:{_ARTICLE})\s+)?(?=\S)",
    re.IGNORECASE,
)
_DEEDS: Final = (
    (r"compare|contrast", "comparison of"),
    (r"analy[sz]e", "analysis of"),
    (r"summari[sz]e|sum up", "summary of"),
    (r"research|investigate|look into", "research on"),
    (r"review|check|proofread", "review of"),
    (r"evaluate|assess", "assessment of"),
    (r"translate", "translation of"),
    (r"describe", "description of"),
)
_NEXT: Final = re.compile(
    rf",?\s+(?:and|then)\s+(?:then\s+)?(?:{_MAKE}|{'|'.join(verbs for verbs, _ in _DEEDS)}|tell|say|list|find)\s.*$",
    re.IGNORECASE,
)
_TERMS: Final = re.compile(
    r",\s+(?:under|below|at most|no|not|by|due|keep|don['’]t|do not|with|without|using|audience|budget|deadline|in)\b.*$",
    re.IGNORECASE,
)
_MATERIAL: Final = re.compile(
    r",?\s+(?:from|in|using|with|based on|on the basis of|out of|according to)\s+"
    r"(?:(?:the|these|those|this|my|our|your|both|all)\s+)*"
    r"(?:(?:\w+\s+)?(?:attached|enclosed|attachments?|uploaded)|files?|documents?|thread)\b"
    r"(?:\s+(?:files?|documents?|pdfs?|sheets?|notes?|above|below|here))*",
    re.IGNORECASE,
)
_PREPOSITIONS: Final = (
    "about above across after against along among around as at before behind below beneath beside besides between beyond by "
    "concerning despite down during except for from in inside into like near of off on onto out outside over past per "
    "regarding round since than through throughout till to toward towards under until up upon via with within without "
    "including using versus vs"
)
_OTHERS: Final = (
    "a an the this that these those some any each every either neither no my our your his her its their whose which "
    "what who all both few many several such another other one two three four five and or but nor so yet if because while "
    "when where whether is are was were be been being has have had do does did will would shall should can could may might "
    "must not attached enclosed based very"
)
_DANGLING: Final = re.compile(
    rf"(?:[\s,:–-]+(?:{'|'.join((_PREPOSITIONS + ' ' + _OTHERS).split())}))+[\s,:–-]*$", re.IGNORECASE
)
_FEWEST: Final = 3  # words that a title cut before its last phrase must still have
_LONGEST_HEADING: Final = 4  # words; what is longer says something
_SAYS: Final = re.compile(
    r"\b(?:is|are|was|were|be|been|will|would|has|have|had|should|must|shall|can|cannot|could|may|might|costs?|does|do|did|"
    r"not|never|always|because|that|why|how)\b|n['’]t\b",
    re.IGNORECASE,
)


def short_title(request: str, longest: int) -> str:
    """Return what a request wants, as a phrase that could stand in a list: no order, no loose end; empty for no words."""
    words = " ".join(_MARKUP.sub(" ", request).split()).lstrip(" ,:;-")
    head = _CLAUSE.split(words, maxsplit=1)[0].strip(" ,:") or words
    phrase = (
        _thing(_MATERIAL.sub("", _NEXT.sub("", _TERMS.sub("", _ASKING.sub("", head)))).strip(" ,:")) or head
    )
    short = _DANGLING.sub("", _cut(phrase, longest)).strip(" ,:") or phrase[:longest]
    return short[:1].upper() + short[1:]


def is_heading(words: str) -> bool:
    """Whether words may stand as a heading: they name something and say nothing of it, neither a value nor a claim."""
    few = 0 < len(words.split()) <= _LONGEST_HEADING
    return few and not (figures(words) or dates(words) or _SAYS.search(words))


def _thing(phrase: str) -> str:
    """Return what is to be made or done as a thing: "compare A and B" is a comparison of A and B."""
    for verbs, noun in _DEEDS:
        if found := re.match(rf"(?:{verbs})\s+(?=\S)", phrase, re.IGNORECASE):
            return f"{noun} {phrase[found.end() :]}"
    return _MADE.sub("", phrase)


def _cut(phrase: str, longest: int) -> str:
    """Return a phrase short enough: without its last prepositional phrase where enough is left, else cut at a word."""
    if len(phrase) <= longest:
        return phrase
    room = phrase[: longest - 1].rsplit(" ", 1)[0]
    places = [
        m.start()
        for m in re.finditer(rf"[\s,]+(?:{'|'.join(_PREPOSITIONS.split())})\s", f"{room} ", re.IGNORECASE)
    ]
    whole = room[: places[-1]] if places else ""
    return f"{_DANGLING.sub('', whole if len(whole.split()) >= _FEWEST else room).rstrip(' ,')}…"
