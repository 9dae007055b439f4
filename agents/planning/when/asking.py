"""Whether words ask for work or tell about the world: only what is asked for can say when the work is to be done."""

from __future__ import annotations

import re
from typing import Final

from agents.planning.when.request_words import ASKING, BOOKING, DELIVER, EVENTS, INFINITIVES, SUBJECTS, VERBS

_CLAUSE: Final = re.compile(
    r"\b(?:that|which|who|whom|whose|what|when|where|why|how|whether|because|if|while|since|we|they|he|she|is|are|was|were"
    r"|has|had|will|must|should|would|can|could|dass|weil|wenn|ob|warum|wie|was|wer|wann|wo|welche[rsnm]?|wir|ist|sind|war"
    r"|waren|hat|wird|muss|soll|kann|man)\b|\bfrom\s\S+(?:\s\S+)?$|\bvon\s\S+(?:\s\S+)?$",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(
    r"(?:[\s,:;.!–—-]|(?:please|kindly|bitte|and|then|und|dann|also|so|ok|okay|now|just)\b(?!['’]))+",
    re.IGNORECASE,
)
_PLEASE: Final = re.compile(r"[\s,]*(?:please|bitte|kindly)\b", re.IGNORECASE)
_WANT: Final = re.compile(
    r"(?:(?:i|we)(?:\s(?:need|want|expect|would like)|['’]d like)|(?:ich|wir)\s(?:brauchen?|möchten?|hätten?|wollen|will"
    r"|benötigen?)|(?:it['’]s|it is|this is)\s(?:due|needed)|let me know)\b",
    re.IGNORECASE,
)
_MAY: Final = re.compile(
    r"(?:(?:can|could|would|will)\s(?:you|i get|i have|we get|we have|(?:this|it|that) be done|some(?:one|body)|anybody)"
    r"|(?:is it|would it be) possible (?:to|for you to)|(?:kannst|könntest|würdest|magst)\sdu"
    r"|(?:könnt|könntet)\sihr|können\ssie|könnten\ssie)\b(?:\splease|\sbitte)?\s?",
    re.IGNORECASE,
)
_ORDERED: Final = re.compile(r"\s?(?:(?:me|us|mir|uns|bitte|please)\s?)*", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"[.!?]\s|[;:\n\ufffc\ufffd]")
_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")
_BREAK: Final = re.compile(r"(?:^|[,;:(\n–—\ufffd]|\s-)\s*$")
_GLUE: Final = re.compile(  # a time behind one of these belongs to what stands before
    r"\b(?:of|from|since|before|after|for|to|until|till|by|between|and|or|about|with|than|as|like|against"
    r"|von|seit|vor|nach|für|zu|vom|und|oder|zum|bis|über|mit|als|gegen)\s$",
    re.IGNORECASE,
)
_DEED: Final = re.compile(
    r"\b(?:about|of|for|from|by|while|when|on|without)\s(?:\w+\s)?\w{2,}ing\b"
    r"|(?<!write )\bto\s(?!the\b|a\b|an\b|our\b|my\b|their\b|all\b|this\b|these\b|me\b|us\b)[a-z]{2,}",
    re.IGNORECASE,
)
_VERB_LAST: Final = re.compile(rf"\b(?:{INFINITIVES})[.!]?\s*$", re.IGNORECASE)
NEAREST: Final = 400  # characters before a phrase that are looked at
_SHORT: Final = 12  # words of a request that is only a noun, "competitor news"


def asks(before: str) -> bool:
    """Whether the words before a phrase, up to it, ask for work that the phrase can time.

    Args:
        before: The request up to the phrase, its last 400 characters at least; only its last sentence counts.
    """
    sentence = _last_sentence(before)
    if not _opens(sentence) or _GLUE.search(before):
        return False
    return apart(before) or not _CLAUSE.search(_asked(sentence))


def _last_sentence(before: str) -> str:
    near = before[-NEAREST:].rstrip(" ,;:–—-(\n")
    ends = [match.end() for match in _SENTENCE.finditer(near)]
    return near[ends[-1] if ends else 0 :]


def _opens(sentence: str) -> bool:
    """Whether a sentence begins as a request does, not as a statement or a question about the world."""
    polite = bool(_PLEASE.match(sentence))
    sentence = _after_lead(sentence)
    if polite or not sentence or _WANT.match(sentence) or _MAY.match(sentence):
        return True
    first = first_word(sentence)
    return first not in SUBJECTS and first not in ASKING


def _asked(sentence: str) -> str:
    """Return the sentence without "I need" and "could you", whose words are no clause of their own."""
    sentence = _after_lead(sentence)
    for opening in (_WANT, _MAY):
        sentence = opening.sub("", sentence, count=1) if opening.match(sentence) else sentence
    return sentence


def taken(before: str) -> bool:
    """Whether a time belongs to something named right before it, "the dinner", or to what is booked."""
    sentence = _last_sentence(before)
    found = _WORD.findall(sentence)
    return bool(found) and (found[-1].lower() in EVENTS or first_word(_asked(sentence)) in BOOKING)


def about_an_event(before: str) -> bool:
    """Whether the sentence is about something that has a time of its own, such as a flight."""
    return any(word.lower() in EVENTS for word in _WORD.findall(_last_sentence(before)))


def listed(before: str) -> bool:
    """Whether the words before the phrase only continue what a colon began: "an agenda item: budget, Friday"."""
    near = before[-NEAREST:]
    sentence = _last_sentence(near)
    start = near.rstrip(" ,;:–—-(\n").rfind(sentence) if sentence.strip() else -1
    return start > 0 and near[start - 1] == ":" and first_word(sentence) not in VERBS


def ordered(before: str) -> bool:
    """Whether only a word of command stands before the phrase in its sentence: "Send me", "Ich brauche"."""
    sentence = _after_lead(_last_sentence(before))
    asked = _asked(sentence)
    verb = _WORD.match(_after_lead(asked))
    if verb and verb[0].lower() in VERBS:
        return bool(_ORDERED.fullmatch(_after_lead(asked)[verb.end() :]))
    known = _MAY.match(sentence) or _WANT.match(sentence) or _only_polite(before)
    return bool(known and _ORDERED.fullmatch(asked))


def _only_polite(before: str) -> bool:
    sentence = _last_sentence(before)
    return bool(_PLEASE.match(sentence)) and not _after_lead(sentence)


def delivers(before: str) -> bool:
    """Whether the sentence asks to send, check or start something, with no other deed in it that takes time."""
    sentence = _asked(_last_sentence(before))
    return first_word(sentence) in DELIVER and not re.search(r"\bto\s\w|\b\w{3,}ing\b", sentence)


def doing(before: str) -> bool:
    """Whether some deed is named before the phrase, "about brushing teeth", that the phrase may time instead."""
    return bool(_DEED.search(_last_sentence(before)))


def apart(before: str) -> bool:
    """Whether a comma, a dash or nothing stands right before the phrase."""
    return bool(_BREAK.search(before))


def first_word(text: str) -> str:
    """Return the first word in lower case, after politeness."""
    match = _WORD.search(_after_lead(text))
    return match[0].lower() if match else ""


def _after_lead(text: str) -> str:
    lead = _LEAD.match(text)
    return text[lead.end() :] if lead else text


def follows(after: str, *, noun: bool = False) -> bool:
    """Whether what stands behind a phrase at the head of a request asks for work.

    Args:
        after: The request from the end of the phrase on.
        noun: A few words that name a thing, "competitor news", are enough.
    """
    if re.match(r"\s?(?::|[–—]|\s-\s|\n)", after) or not after.strip():
        return True
    if not re.match(r",?\s", after):
        return False
    rest = after.lstrip(", ")
    if first_word(rest) in VERBS or any(opening.match(rest) for opening in (_WANT, _MAY, _PLEASE)):
        return True
    return bool(_VERB_LAST.search(rest)) or (noun and _names_a_thing(rest))


def _names_a_thing(rest: str) -> bool:
    found = [word.lower() for word in _WORD.findall(rest)]
    if not found or len(found) > _SHORT or found[0] in SUBJECTS | ASKING:
        return False
    return not _CLAUSE.search(rest) and not re.search(r"[.!?;]\s*\S", rest)
