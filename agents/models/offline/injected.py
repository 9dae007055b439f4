"""Words of a document that tell a machine what to do: they are neither followed nor quoted, and people hear of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from agents.checks.markdown import spans
from agents.contracts import Part

_MACHINE: Final = (
    r"(?:A\.?I\.?|LLMs?|GPT\w*|language models?|chat ?bots?|bots?|crawlers?|(?:AI |digital |virtual |"
    r"automated )?assistants?|"
    r"(?:AI|software|automated|autonomous) (?:agents?|systems?|readers?|reviewers?|tools?)|summari[sz]ers?)"
)
_AT_WORK: Final = (
    r"(?:(?:that|which|who)\s+)?(?:reads?|reading|summari[sz]\w+|process\w+|analy[sz]\w+|review\w*|scan\w*|pars\w+|index\w*|"
    r"handl\w+|evaluat\w+)"
)
_TEXT: Final = (
    r"(?:this|these|the (?:present|above|following|attached))\s+(?:\w+\s+)?"
    r"(?:text|pages?|documents?|files?|mails?|e-?mails?|messages?|minutes|memos?|memorandum|reports?|sheets?|notes?|"
    r"contracts?|"
    r"tables?|sites?|websites?|listings?|reviews?|statements?|articles?)"
)
_ADDRESSED: Final = re.compile(
    rf"\b(?:ignore|disregard|forget|override)\b.{{0,40}}\b(?:instructions?|prompts?|above|previous|earlier|prior)\b|"
    rf"\bsystem prompt\b|\byou are now\b|\bdo not tell the user\b|"
    rf"\b(?:as an|dear|hey|hello|attention,?|note to|note for|notice to|message to|instructions? (?:to|for)|hint for)\s+"
    rf"(?:any |all |the |every )?{_MACHINE}\b|"
    rf"\b{_MACHINE}\b.{{0,20}}\b{_AT_WORK}\s+{_TEXT}\b|"
    rf"\b(?:if|when|in case) you are an?\s+{_MACHINE}\b|"
    rf"\b{_MACHINE}\b,?\s+(?:must|should|shall|are (?:asked|told|instructed|required)|is (?:asked|told|instructed|"
    rf"required)|please)"
    r"\b.{0,60}\b(?:describe|rate|say|write|mention|report|recommend|rank|conclude|approve|treat|state|omit|"
    r"summari[sz]e|answer)\b",
    re.IGNORECASE | re.DOTALL,
)
_GOES_ON: Final = re.compile(
    r"^\W*(?:(?:and|also|then|instead|please|it must|they must|you must|you should)\s+)*"
    r"(?:do not|don['’]t|never|always|rate|say|write|describe|mention|report|list|ignore|treat|reply|answer|output|approve|"
    r"recommend|conclude|omit|leave out|skip|state)\b",
    re.IGNORECASE,
)


def addressed(text: str) -> bool:
    """Whether words are an order to a machine that reads them."""
    return bool(_ADDRESSED.search(text))


def orders(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of ``text[start:end]`` that order a machine about, with the orders that follow on one."""
    after = False
    for begins, ends in spans(text, start, end):
        words = text[begins:ends]
        after = addressed(words) or (after and bool(_GOES_ON.match(words)))
        if after:
            yield begins, ends


def told(documents: Sequence[Part]) -> Iterator[str]:
    """Yield a sentence for each document that has such words, so that people can look at them."""
    names = dict.fromkeys(
        part.source.split(", ")[0] or part.id for part in documents if addressed(" ".join(part.text.split()))
    )
    for name in names:
        yield (
            f"In {name} there are words that tell a machine what to do or to write. They were neither followed nor quoted: "
            f"look at them, and at who put them there."
        )
