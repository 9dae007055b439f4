"""Names of organisations and links as they stand in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from agents.checks.lexicon import listed
from agents.checks.markdown import BlockKind, Sentence, sentences


@dataclass(frozen=True)
class Name:
    """A name or link with its span."""

    text: str
    start: int
    end: int


_SUFFIX: Final = (
    r"(?:Ltd|Limited|Inc|Incorporated|LLC|LLP|Corp|Corporation|GmbH|AG|SE|KG|PLC|plc|S\.A|SA|SAS|B\.V|BV|N\.V|"
    r"AB|AS|Oy|SpA|Pty|Co)\b\.?"
)
_KIND: Final = (
    r"(?:Group|Bank|University|Institute|Ministry|Agency|Foundation|Association|Labs|Laboratories|"
    r"Technologies|Software|Systems|"
    r"Holdings?|Partners|Capital|Ventures|Consulting|Analytics|Industries|Networks|Solutions|Media|Logistics|"
    r"Pharma|Energy|Insurance|"
    r"Airlines|Motors|Foods|Research|Robotics|Studios?|Council|Commission|Authority)"
)
_CAPITAL: Final = r"[A-Z][\w&’'-]{0,40}"
_FORMAL: Final = re.compile(
    rf"\b(?:{_CAPITAL}\s+(?:&\s+|and\s+|of\s+)?){{1,4}}?(?:{_KIND}\b(?:\s+{_SUFFIX})?|{_SUFFIX})"
)
_CAMEL: Final = re.compile(r"\b(?:[A-Z][a-z]+[A-Z][A-Za-z]+|[a-z]+[A-Z][a-z]{2,})\b")
_MIDDLE: Final = re.compile(r"(?<=[a-z,;:)\"”] )(?:[A-Z][a-z]+[a-z0-9]*)(?:\s[A-Z][a-z]+)*\b")
_SUBJECT: Final = re.compile(
    r"^\W*(?P<name>[A-Z][a-z]+(?:\s[A-Z][a-z]+)*)(?:['’]s\s+\w+)?\s+(?:also\s+|only\s+|currently\s+|"
    r"already\s+|now\s+)?"
    r"(?:offers|sells|charges|employs|reports|ships|competes|serves|licenses|acquired|raised|launched|"
    r"announced|operates|publishes|"
    r"provides|plans|claims|promises|says|costs|has\s+\d|has\s+(?:a|an|more|about)|is\s+(?:a|an|the|based|"
    r"headquartered|used))\b"
)
_LINK: Final = re.compile(
    r"https?://[^\s)>\]\"'|]+|\bwww\.[^\s)>\]\"'|]+|"
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|"
    r"(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.(?:com|org|net|io|ai|dev|eu|de|uk|ch|fr|app|co|info|gov|edu)\b(?:/[^\s)>\]\"'|"
    r"]*)?",
    re.I,
)
_COMMON: Final = frozenset(
    listed(
        """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december english german french spanish italian dutch polish
    portuguese chinese japanese european american british swiss austrian canadian indian europe america
    germany france spain italy austria switzerland netherlands belgium poland britain england scotland
    wales ireland canada india china japan australia africa asia berlin london paris vienna zurich
    madrid rome munich hamburg amsterdam brussels dublin york francisco states kingdom united north
    south east west western eastern northern southern central union internet web email christmas easter
    god earth markdown mr mrs ms dr prof president minister chief officer director manager head board
    team sales marketing finance legal engineering product support operations security privacy policy
    agreement contract party parties seller buyer customer client supplier vendor provider licensor
    licensee disclosing receiving recipient confidential information effective date term fee fees
    services service section clause article annex appendix schedule exhibit table figure chapter page
    summary overview introduction conclusion background findings sources source open questions timeline
    budget audience deadline request report analysis comparison market company competitor competitors
    price prices pricing plan plans starter basic pro premium enterprise standard business team free
    trial monthly yearly annual total sum revenue profit growth share quarter week day month year note
    notes next steps step phase option not no yes all any each every it its he she they we you this that
    these those there here who which what when where why how nothing nobody everyone someone management
    leadership staff government parliament industry competition customers users people employees
    analysts experts investors founders developers engineers buyers sellers readers visitors members if
    in on at by for from with and or but so as to of the a an our their his her my your first second
    third last also however therefore while because since after before during until under over between
    among against without within per via net gross nda gdpr ceo cto cfo coo api pdf csv faq kpi roi saas
    crm erp hr it ok usd eur gbp chf vat iso q1 q2 q3 q4
    """
    )
)
_DETERMINED: Final = re.compile(
    r"\b(?:the|this|that|these|those|each|such|any|a|an|every|said|both|either|neither|its|our|their|his|her|"
    r"your|my)\s+$",
    re.I,
)


def organisations(text: str) -> list[Name]:
    """Return what looks like the name of an organisation or product, in order.

    Headings and labels are not read.
    """
    found: dict[int, Name] = {}
    for sentence in sentences(text):
        for form in (_FORMAL, _CAMEL, _MIDDLE, _SUBJECT):
            for match in form.finditer(sentence.text):
                _keep(found, sentence, match)
    return [found[start] for start in sorted(found)]


def links(text: str) -> list[Name]:
    """Return web addresses, hosts and e-mail addresses, without the punctuation after them."""
    return [
        Name(clean, match.start(), match.start() + len(clean))
        for match in _LINK.finditer(text)
        if (clean := match[0].rstrip(".,;:!?*_`'\""))
    ]


@lru_cache(maxsize=256)
def squeezed(text: str) -> str:
    """Return the letters and digits of a text in small letters, to find names however they are spaced."""
    return re.sub(r"\W+", "", text).casefold()


def _keep(found: dict[int, Name], sentence: Sentence, match: re.Match[str]) -> None:
    group = "name" if "name" in match.re.groupindex else 0
    start, end = match.span(group)
    words = match[group].split()
    while words and words[0].lower() in _COMMON:
        start += (
            len(words[0])
            + len(sentence.text[start + len(words[0]) :])
            - len(sentence.text[start + len(words[0]) :].lstrip())
        )
        words = words[1:]
    if (
        not words
        or all(word.lower().strip(".") in _COMMON for word in words)
        or _is_label(sentence, start, end)
    ):
        return
    if match.re is _MIDDLE and (_DETERMINED.search(sentence.text[:start]) or len(words[0]) < 3):
        return
    name = Name(sentence.text[start:end], sentence.start + start, sentence.start + end)
    overlapping = [at for at, other in found.items() if at < name.end and name.start < other.end]
    if all(len(found[at].text) < len(name.text) for at in overlapping):
        for at in overlapping:
            del found[at]
        found[name.start] = name


def _is_label(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the words are a label such as ``**Next move:**`` and not part of a sentence."""
    text = sentence.text
    bold = text[:start].count("**") % 2 == 1
    return (bold and sentence.block.kind is not BlockKind.ROW) or text[end:].lstrip(" *_").startswith(":")
