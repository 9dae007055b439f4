"""What a request itself says: clauses that limit the result, and values of a line's inputs, all word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.checks.dates import MONTHS, WEEKDAYS
from agents.checks.lexicon import listed
from agents.checks.names import links

_CUE: Final = re.compile(
    r"\b(?:under \d|below \d|at most|at least|no more than|no longer than|not more than|not longer than|up to \d|less than|"
    r"fewer than|"
    r"max(?:imum)?\b|min(?:imum)?\b|exactly|only|must|never|don['’]t|do not|without|avoid|keep|(?-i:limit(?:ed)?)|"
    r"not later than|no later than|should not|shall|has to|have to|needs to|before|until|within|budget|deadline|"
    r"except|exclud\w+|leave out|"
    r"not to|no (?:[a-z]+)|in (?:English|German|French|Spanish|Italian|Dutch)\b|tone\b|by \d|by tomorrow|by tonight|by "
    r"noon)\b",
    re.IGNORECASE,
)
_DAYS: Final = "|".join([*WEEKDAYS, *MONTHS, "tomorrow", "tonight", "noon", "midnight", "the end of", r"\d"])
_DEADLINE: Final = re.compile(
    rf"\b(?:by|until|before|no later than|not later than|due(?: on| by)?)\s+(?P<value>(?:next |the |end of |this "
    rf")*(?:{_DAYS})(?:(?!\s(?:for|with|and|to|in|under|or|from)\b)[^,;.\n]){{0,30}}(?:, \d{{4}})?)",
)
_LENGTH: Final = re.compile(
    r"\b(?:under|below|at most|no more than|not more than|up to|less than|fewer than|no longer than|maximum|max|at least|"
    r"exactly)\s+"
    r"(?:of\s+)?(?:[\d,.]+|one|two|three|four|five|ten|a)\s+(?:words?|pages?|slides?|bullet points?|sections?|sentences?|"
    r"paragraphs?|characters?)\b",
    re.IGNORECASE,
)
_MONEY: Final = (
    r"(?:(?:US\$|[$€£]|\b(?:EUR|USD|GBP|CHF)\s?)\s?\d[\d,.]*\s?(?:k|m|thousand|million)?\b|"
    r"\b\d[\d,.]*\s?(?:k|m|thousand|million)?\s?(?:€|EUR|USD|GBP|CHF|euros?|dollars|pounds)|\b\d[\d,.]*\s?k\b)"
)
_CLAUSES: Final = re.compile(r"(?:;|(?<!\bno)(?<!\d)\.(?=\s|$)|\.(?=\s+[A-Z])|\n|[!?](?=\s|$)|\s[–—]\s)")
_PIECES: Final = re.compile(r",\s+(?:and\s+|but\s+)?(?=[a-z])")
_PEOPLE: Final = (
    r"(?:team|teams|department|board|management|leadership|committee|council|investors?|customers?|clients?|users|readers|"
    r"buyers?|"
    r"managers?|executives?|directors?|CEOs?|CTOs?|CFOs?|CIOs?|CMOs?|developers?|engineers?|designers?|analysts?|partners?|"
    r"founders?|"
    r"bakers?|bakeries|teachers?|students?|parents|doctors?|nurses?|patients|lawyers?|beginners|experts|people|owners?|"
    r"shops|retailers?|staff|employees|sellers?|reps|public|press|journalists?|colleagues|agencies|companies|startups|"
    r"families)"
)
_AUDIENCE: Final = re.compile(
    rf"\b(?:for|aimed at|targeted at|targeting|addressed to|written for|read by)\s+(?P<value>(?:(?:the|our|your|all|their|"
    rf"busy|new|small|large|"
    rf"young|senior|junior|non-technical|technical|independent|[a-z-]+)\s+){{0,4}}{_PEOPLE}\b(?:\s+(?:of|in|"
    rf"at)\s+(?:[\w-]+\s?){{1,4}})?)"
)
_VERBS: Final = (
    "Compare|Research|Analy[sz]e|Write|Draft|Create|Prepare|Make|Build|Find|Review|Check|Summari[sz]e|Describe|Show|Tell|Look|Please|"
    "Investigate|Study|Assess|Evaluate|Contrast|Collect|Gather|List|Give|Get|Plan|Run|Do|How|What|Which|Why|Who|When|Where|Is|Are|The|A|An"
)
_NAME: Final = (
    r"[A-ZÄÖÜ][\w&.’'-]{0,40}(?:\s(?:&\s)?[A-ZÄÖÜ][\w&.’'-]{0,40}){0,4}(?:,\s(?:Inc|Ltd|LLC|GmbH)\b\.?)?"
)
_NAMES: Final = re.compile(
    rf"(?:^|(?<=[\s(\"“:]))(?!(?:{_VERBS})\s)(?P<value>{_NAME}(?:,\s(?:and\s)?{_NAME})*,?\s(?:and|&|or|vs\.?|versus|"
    rf"against)\s{_NAME}|"
    rf"{_NAME}(?:,\s{_NAME}){{1,12}})"
)
_BETWEEN: Final = re.compile(rf"\bbetween\s+(?P<value>{_NAME}\s+and\s+{_NAME})")
_LAW: Final = re.compile(
    r"\b(?P<value>(?:(?:the )?laws? of (?:the )?[A-Z][\w]*(?: (?:and )?[A-Z]\w*)*|[A-Z][a-z]+(?: and [A-Z][a-z]+)? law))\b"
)
_TERM: Final = re.compile(
    r"\bfor (?:a (?:term|period) of )?(?P<value>(?:\d+|one|two|three|four|five|six|ten|twelve|eighteen|"
    r"twenty-four)[\s-](?:years?|months?|weeks?|days?))\b",
    re.I,
)
_EFFECTIVE: Final = re.compile(
    rf"\b(?:from|effective|starting|as of|as from|"
    rf"beginning)\s+(?:on\s+)?(?P<value>(?:\d{{1,2}}\s+)?(?:{'|'.join(MONTHS)})[\w ,]{{0,12}}\d{{4}}|"
    rf"\d{{4}}-\d{{2}}-\d{{2}}|today|tomorrow|signature)"
)
_VERSIONED: Final = re.compile(
    r"\b(?:for|of|about|launch(?:ing)?)\s+(?:our\s+|the\s+)?(?P<value>(?:[A-Z][\w-]*\s)?v\d[\w.]*)|"
    r"\b(?:launch|release|introduction|campaign|launching|introducing)\s+(?:of|for|about)\s+(?:our\s+|the\s+)?"
    rf"(?!{_PEOPLE}\b)(?P<named>[A-Z][\w-]*(?:\s(?:[A-Z][\w-]*|v?\d[\w.]*))*)"
)
_LISTY: Final = frozenset(
    listed(
        "competitors competitor companies vendors rivals subjects parties suppliers candidates targets products markets"
    )
)
_KINDS: Final = {
    "audience": frozenset(listed("audience readers reader target-group recipients")),
    "deadline": frozenset(listed("deadline due date when by launch_date")),
    "budget": frozenset(listed("budget money spend")),
    "law": frozenset(listed("law governing_law governing-law jurisdiction")),
    "term": frozenset(listed("term duration")),
    "effective": frozenset(listed("effective start from")),
    "product": frozenset(listed("product offer feature service")),
    "links": frozenset(listed("links urls pages sources website")),
    "output": frozenset(listed("output format deliverable document")),
}
_OUTPUT: Final = re.compile(
    r"\b(?:a|an|the)\s+(?P<value>(?:[a-z-]+\s){0,2}(?:agreement|contract|nda|non-disclosure agreement|addendum|policy|terms "
    r"of (?:use|service)|letter|"
    r"one-pager|report|memo|brief|battlecard|slide deck|press release|blog post|newsletter|specification|checklist|table|"
    r"spreadsheet|PDF))\b",
)

_NOT_VALUE: Final = (
    r"(?:of|for|in|on|to|and|or|with|from|that|must|will|can|may|as|analysis|research|report|list|plan)\b"
)
_BUDGET: Final = re.compile(rf"\bbudget\b[^;.\n]{{0,25}}?(?P<value>{_MONEY})", re.IGNORECASE)
_PATTERNS: Final = {
    "audience": (_AUDIENCE,),
    "deadline": (_DEADLINE,),
    "budget": (_BUDGET,),
    "law": (_LAW,),
    "term": (_TERM,),
    "effective": (_EFFECTIVE,),
    "product": (_VERSIONED,),
    "output": (_OUTPUT,),
}


def constraints(request: str) -> list[str]:
    """Return the clauses that limit the result, word for word, each once."""
    found: dict[str, None] = {}
    for clause in _clauses(request):
        for piece in _PIECES.split(clause):
            for limit in _limits(piece.strip(" \t,-*•")):
                found.setdefault(limit, None)
    return [limit for limit in found if limit][:30]


def value(name: str, request: str) -> str:
    """Return what the request says an input is, word for word; nothing where it does not say so plainly."""
    if told := _labelled(name, request):
        return told
    if name in _LISTY:
        return _first((_BETWEEN, _NAMES), request)
    kind = next((kind for kind, names in _KINDS.items() if name in names), "")
    if kind == "links":
        return ", ".join(link.text for link in links(request))
    return _first(_PATTERNS.get(kind, ()), request)


def subjects(request: str) -> str:
    """Return the list of names in a request, word for word: "Acme, Globex and Initech"."""
    return _first((_NAMES,), request)


def _clauses(request: str) -> Iterator[str]:
    for clause in _CLAUSES.split(request):
        if clause and clause.strip():
            yield clause.strip()


def _limits(piece: str) -> Iterator[str]:
    """Yield the whole piece when a cue opens it or it is short; else only the limiting words inside it."""
    cue = _CUE.search(piece)
    if cue and (cue.start() <= 12 or len(piece.split()) <= 8):
        yield piece
        return
    for pattern in (_LENGTH, _DEADLINE):
        yield from (match[0].strip() for match in pattern.finditer(piece))
    late = re.search(r"\b(?:without|but not|but no|must|never|do not|don['’]t|avoid|only)\b.*$", piece)
    if late and not _LENGTH.search(late[0]):
        yield late[0].strip()


def _labelled(name: str, request: str) -> str:
    """Return the words after the input's own name: "audience CTOs", "budget: 20k", "competitors: A, B and C"."""
    plain = re.escape(name).replace("_", "[ _-]").replace(r"\-", "[ _-]")
    stop = r"[^;\n]" if name in _LISTY else r"(?:[^;,.\n]|(?<=\d)[,.](?=\d))"
    sure = re.search(
        rf"(?<!\w){plain}s?\s*(?::|=|\bis\b|\bare\b)\s*(?P<value>{stop}{{1,300}})", request, re.IGNORECASE
    )
    if sure:
        return _ended(sure["value"])
    bare = re.search(
        rf"(?:^|[;,.\n]\s*)(?:the\s+)?{plain}s?\s+(?!{_NOT_VALUE})(?P<value>{stop}{{1,120}})",
        request,
        re.IGNORECASE,
    )
    return _ended(bare["value"]) if bare else ""


def _ended(words: str) -> str:
    """Return a value without a sentence that follows it, and without its full stop."""
    cut = re.split(r"\.\s+(?=[A-Z])|\.\s*$", words, maxsplit=1)[0]
    return cut.strip(' ,"“”')


def _first(patterns: tuple[re.Pattern[str], ...], request: str) -> str:
    for pattern in patterns:
        if match := pattern.search(request):
            return (match["value"] or match["named"]).strip(" ,")
    return ""
