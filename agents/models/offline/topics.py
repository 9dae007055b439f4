"""What words are about: stems for comparing, and the attributes that buyers and lawyers ask for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from agents.checks.lexicon import listed

STOP: Final = frozenset(
    listed(
        """
        a an the and or but if of to in on at by for from with without into onto over under between
        as is are was were be been being it its this that these those they them their there here he
        she his her we our us you your i my me not no nor so than then too very can could may might
        must shall should will would do does did done has have had having what which who whom whose
        when where why how all any each every both few more most other some such only own same about
        after before also just like per via up down out off again once please make makes made give
        given get find want need needs let one two three write draft create prepare tell show send
        work request task text part parts source sources document documents page pages given shown
        using use used new first last
        """
    )
)
_ATTRIBUTES: Final[dict[str, str]] = {
    "price": (
        r"prices?|pric(?:ed|ing)|costs?|charge[sd]?|fees?|licen[cs]e costs?|tariffs?|"
        r"per (?:month|user|shop|seat|year|tonne|unit)"
    ),
    "payment": r"payments?|invoices?|payable|pays?(?! off)|instal\w+|deposits?",
    "revenue": r"revenues?|turnover|sales of|income",
    "profit": r"profits?|margins?|ebitda|loss(?:es)?|results? (?:before|after) tax|net result",
    "tax": r"tax(?:es|ation)?",
    "audit": r"audit\w*|unaudited",
    "loan": r"loans?|debts?|borrow\w*|overdrafts?",
    "growth": r"gr[eo]w\w*|growth|rose|increas\w+|declin\w+|fell|decreas\w+",
    "customers": r"customers?|clients?|users|shops|subscribers|installations?|references?",
    "employees": r"employ\w*|staff|headcount|team of|people work\w*|key people|\Apeople\Z",
    "founded": r"founded|established|since (?:19|20)\d\d|incorporated",
    "seat": r"based in|headquarter\w*|registered (?:office|at|seat)|seats? (?:of|in)|opened an office|located in",
    "funding": r"funding|raised|investors?|venture|series [a-e]\b|backed",
    "market": r"market (?:size|volume|share)|market|segment\w*",
    "trial": r"trial (?:period|version|month)|free trial|\d+-day trial|pilot|demo",
    "warranty": r"warrant\w+|guarantee period",
    "delivery": r"delivery(?: times?)?|delivered|lead time|shipping|shipped",
    "support": r"support|service hours?|hotline|maintenance|answers? within",
    "security": r"security|certif\w+|iso \d+|gdpr|encrypt\w*|soc 2|data protection|privacy",
    "uptime": r"uptime|availab(?:le for|ility)|outages?|downtime|(?:was|were|is) down|sla",
    "range": r"range|mileage",
    "payload": r"payload|load capacity",
    "capacity": r"capacity|storage|volume|throughput",
    "integration": r"integrat\w+|interfaces?|api|connect\w*|compatib\w+",
    "platform": r"platforms?|android|ios|ipad|windows|linux|browser",
    "training": r"training|onboarding|courses?",
    "churn": r"churn|retention|cancellations?",
    "launch": r"launch\w*|introduc\w+|releas\w+|opened|went live|announc\w+|what is new",
    "roadmap": r"roadmap|plans? to|planned|upcoming|will (?:launch|open|offer|add)|(?:is|are) to (?:start|open|begin)",
    "risk": r"incidents?|risks?|threats?|complaints?|recall\w*|cracks?|fines?|breach\w*",
    "term": (
        r"terms? of|duration|runs for|applies from|in force|for a period|initial term|takes? effect|"
        r"effective|expir\w+|renew\w+"
    ),
    "termination": r"terminat\w+|notice|cancel(?:led|s)?\b|end the (?:contract|agreement)",
    "liability": r"liab\w+|the limit\b|indemni\w+|damages|capped|cap\b",
    "confidentiality": r"confidential\w*|non-disclosure|secre(?:t|cy)\w*|disclos\w+",
    "law": r"governing law|governed by|law of|laws of|jurisdiction|courts?|arbitrat\w+",
    "parties": (
        r"part(?:y|ies) (?:are|to)\b|(?:supplier|buyer|customer|contractor|client|seller|licensor|"
        r"licensee):|hereinafter"
    ),
    "obligations": (
        r"obligations? (?:of|to)|obliged|supplies|delivers|bears|shall|must|undertakes?|"
        r"responsib\w+|quantit\w+|covers"
    ),
    "signature": r"sign\w*|signator\w+|authori[sz]ed",
    "ownership": (
        r"owner\w*|shareholders?|held by|subsidiary|parent company|acquir\w+|(?:the|all|of) shares|shares (?:of|in|are)|"
        r"options? (?:on|agreement|to|and)|no options"
    ),
    "dispute": r"disput\w+|litigation|lawsuits?|proceedings|sue[sd]?|claims? the rights?",
    "management": r"founder\w*|chief|ceo|cto|cfo|managing director|board",
    "audience": r"audience|target (?:group|customers?)|aimed at|readers?",
    "channel": r"channels?|newsletter|social media|trade fair|email campaign|advert\w*",
    "budget": r"budgets?|spend\w*",
    "deadline": r"deadlines?|due (?:date|by|on)|no later than",
    "requirement": r"requirements?|acceptance|must support|user stor(?:y|ies)|needs to",
}  # fmt: skip
KNOWN: Final = frozenset(_ATTRIBUTES)
_ANY: Final = re.compile(
    r"\b(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _ATTRIBUTES.items()) + r")(?!\w)",
    re.IGNORECASE,
)
_SHOWN: Final = {"launch": "announcements and launches", "law": "governing law"}
_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@lru_cache(maxsize=4_096)
def stems(text: str) -> frozenset[str]:
    """Return the stems of the words that carry meaning."""
    return frozenset(stem(word) for word in _WORD.findall(text.lower()) if word not in STOP and len(word) > 1)


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Return a word without its commonest endings: prices, pricing and priced are one."""
    bare = re.sub(r"['’]s?$", "", word)
    for ending in ("ations", "ation", "ings", "ing", "ies", "ers", "ed", "es", "er", "s", "e", "y"):
        if bare.endswith(ending) and len(bare) - len(ending) >= 3:
            return bare[: -len(ending)]
    return bare


@lru_cache(maxsize=8_192)
def attributes(text: str) -> tuple[str, ...]:
    """Return the attributes a text speaks of, each once, in the order in which it names them."""
    return tuple(dict.fromkeys(match.lastgroup or "" for match in _ANY.finditer(text)))


@lru_cache(maxsize=1_024)
def meant(title: str) -> frozenset[str]:
    """Return the attributes a title asks for: those it speaks of and those it names."""
    words = stems(title)
    return frozenset(name for name in _ATTRIBUTES if stem(name) in words) | frozenset(attributes(title))


def shown(attribute: str) -> str:
    """Return an attribute's name for people."""
    return _SHOWN.get(attribute, attribute.replace("-", " "))


def slug(words: str) -> str:
    """Return words as a key's part: small letters, hyphens."""
    return "-".join(re.findall(r"[^\W_]+", words.lower()))
