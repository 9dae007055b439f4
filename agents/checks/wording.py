"""Words that a deliverable must not hold: absolute claims, placeholders, forbidden content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from agents.checks.lexicon import listed
from agents.checks.markdown import CITATION, BlockKind, Sentence, blocks, sentences
from agents.checks.shapes import Problem, problem

_ABSOLUTE: Final = re.compile(
    r"\b(?:guarante(?:e|es|ed|eing)\b(?!\s+(?:period|fund|letter|certificate))|always|never|without (?:any "
    r")?exceptions?|risk[- ]free|"
    r"(?:no|zero|without(?: any)?) risks?\b|fool[- ]?proof|fail[- ]?safe|bullet[- ]?proof|(?:cannot|can't|"
    r"can not|never) fails?\b|"
    r"(?:100|one hundred)\s?(?:%|percent|per cent) (?:\w+ )?(?:safe|secure|reliable|accurate|satisf\w+|sure|"
    r"certain|effective|uptime|"
    r"compliant|natural|success\w*|of (?:all|the|our|users|customers))|"
    r"(?:completely|totally|absolutely|fully|perfectly|entirely) (?:safe|secure|reliable|accurate|error[- "
    r"]free|risk[- ]free|certain|compliant|"
    r"protected|unique)|the (?:very )?best\b(?! (?:known|selling|practices?|effort|way to|before|of (?:three|"
    r"five)))|"
    r"best[- ]in[- ]class|world[- ]class|world'?s (?:best|first|leading|fastest|only|most)|the only "
    r"(?!(?:exception|difference|one of (?:them|these)))|"
    r"number one|(?<![\w&])#1\b|no\.? ?1 (?:in|for|among)|unmatched|unrivall?ed|unbeatable|unparallell?ed|"
    r"second to none|one hundred percent|"
    r"every(?:one|body)|nobody|no[- ]one|(?:all|every|any) (?:customers?|users?|clients?|compan(?:y|ies)|"
    r"business(?:es)?|competitors?|"
    r"vendors?|suppliers?|expert|experts|bakeries|bakery|teams?)\b|none of the competitors|no (?:other|"
    r"competing|rival) \w+|"
    r"impossible|undisputed|undoubtedly|without (?:a )?doubt|unquestionabl[ey]|flawless(?:ly)?|unhackable|"
    r"unbreakable|eliminates? all|"
    r"perfect (?:accuracy|security|score|uptime|solution)|zero (?:errors?|downtime|defects?|failures?)|"
    r"forever|in all cases|"
    r"every single|proven (?:to|beyond))",
    re.IGNORECASE,
)
_SOFTENED: Final = re.compile(
    r"\b(?:not|no|n[o']t|cannot|can't|without|hardly|rarely|nobody can|neither|nor|almost|nearly|virtually|"
    r"whether|if|unless|"
    r"must|shall|should|may|please|do|to|let us|let's|we (?:will|must|shall|should)|needs? to|has to|have to|"
    r"want|ask\w*|avoid)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_HARD_CLAIM: Final = re.compile(
    r"guarante|risk|proof|fail|100|hundred|secure|best|#1|number one|only|un\w+ed|impossible", re.IGNORECASE
)
_ORDER: Final = re.compile(r"^\W*(?:never|always|nobody|no one)\s+(?P<verb>[a-z]+)\b", re.IGNORECASE)
_LEGAL: Final = re.compile(
    r"\b(?:shall|hereby|herein|hereto|party|parties|agreement|warrant\w*|clause|liab\w+)\b", re.IGNORECASE
)
_PLACEHOLDER: Final = re.compile(
    r"\b(?:TODO|TBD|TBA|TBC|FIXME|T\.B\.D\.)(?!\w)|\bXXX+\b|(?-i:(?<![\w-])XX(?=[\s.,%]|$))|lorem ipsum(?: "
    r"dolor)?|"
    r"\bto be (?:determined|added|completed|inserted|filled in|supplied|written|announced)\b|\?\?\?+|"
    r"\{\{[^{}\n]{0,60}\}\}|"
    r"<(?:insert|your|add|enter|name|date|company|client|customer|link|e-?mail|placeholder|todo|tbd|amount|"
    r"address)\b[^<>\n]{0,60}>|"
    r"\[(?!F?\d|\s?\]|x\]|\^)(?:insert|add|enter|fill|put|your|name|date|company|client|customer|contact|"
    r"link|url|e-?mail|phone|address|"
    r"amount|number|price|title|placeholder|todo|tbd|tba|tbc|missing|to be|to come|source|citation needed|"
    r"figure|image|logo|"
    r"product|place|city|country|signature|x{2,})(?!\w)[^\[\]\n]{0,80}\](?!\()|(?-i:\[[A-Z][A-Z "
    r"_/-]{2,40}\])(?!\()|\[(?:\.{3}|…|_+|\*+)\]|_{4,}|\.{6,}",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(
    r"\b(?:sign\w*|date|name|title|by|place|position|for and on behalf|unterschrift)\b", re.IGNORECASE
)
_FORMS: Final = {
    ":emoji:": re.compile(r"[\U0001F300-\U0001FAFF☀-➿⭐⬆️]|:[a-z][a-z_]{2,30}:"),
    ":exclamation-mark:": re.compile(r"!(?!\[)"),
    ":link:": re.compile(r"https?://\S+|www\.\S+|\]\([^)]+\)"),
    ":table:": re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE),
    ":bullet:": re.compile(r"^[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+\S.*$", re.MULTILINE),
}
_STOP: Final = frozenset(
    listed(
        "the a an of to in on for and or is are was were be it its this that with by as at from we our they"
    )
)


def absolutes(text: str, sources: Iterable[str]) -> Iterator[Problem]:
    """Yield absolute claims that no sentence of a source makes in nearly the same words."""
    said = _said(sources)
    for sentence in sentences(text):
        if sentence.block.kind is BlockKind.QUOTE or sentence.text.rstrip(" *_").endswith("?"):
            continue
        for match in _ABSOLUTE.finditer(CITATION.sub(lambda m: " " * len(m[0]), sentence.text)):
            if _is_claim(sentence, match) and not _is_said(sentence, match, said):
                span = (sentence.start + match.start(), sentence.start + match.end())
                message = f"{match[0]!r} is an absolute claim that no source makes."
                yield problem(
                    "absolute-claim", text, span, message, "Say what the source says, or leave the claim out."
                )


def placeholders(text: str) -> Iterator[Problem]:
    """Yield what was left to be filled in.

    TODO, TBD, [insert …], lorem ipsum, blanks outside signature lines.
    """
    code = [(block.start, block.end) for block in blocks(text) if block.kind is BlockKind.CODE]
    code += [match.span() for match in re.finditer(r"`[^`\n]+`|https?://\S+", text)]
    for match in _PLACEHOLDER.finditer(text):
        if any(start <= match.start() < end for start, end in code) or _is_signature(text, match):
            continue
        message = f"{match[0]!r} is a placeholder."
        yield problem(
            "placeholder", text, match.span(), message, "Fill it in, or say in a sentence what is missing."
        )


def forbidden(text: str, words: Iterable[str]) -> Iterator[Problem]:
    """Yield every place that holds a forbidden word, phrase or form."""
    for word in words:
        form = _FORMS.get(word) or re.compile(rf"(?<!\w){re.escape(word)}(?:e?s)?(?!\w)", re.IGNORECASE)
        for match in form.finditer(text):
            what = word.strip(":").replace("-", " ") if word in _FORMS else repr(word)
            yield problem("forbidden", text, match.span(), f"The request rules out {what}.", "Take it out.")


def _is_claim(sentence: Sentence, match: re.Match[str]) -> bool:
    before, word = sentence.text[: match.start()], match[0].lower()
    if _in_quotes(before, sentence.text[match.end() :]) or (
        _SOFTENED.search(before) and not _will_claim(before, word)
    ):
        return False
    if word in ("always", "never", "nobody", "no one") and (
        order := _ORDER.match(sentence.text[match.start() :])
    ):
        at_start = not re.search(r"[A-Za-z]", before) or before.rstrip().endswith((":", ";"))
        return not (at_start and not order["verb"].endswith("s"))
    if word.startswith("guarante") and re.search(
        r"\b(?:bank|money[- ]?back|personal|loan|parent|a|the|this)\s+$", before, re.I
    ):
        return False
    return not (_LEGAL.search(sentence.text) and not re.search(r"100|best|world|unmatch|#1|number one", word))


def _will_claim(before: str, word: str) -> bool:
    """Whether words such as ``to`` before a hard claim do not soften it: "proven to never fail"."""
    return bool(re.search(r"\b(?:proven|sure|certain|bound)\s+to\s+(?:\w+\s+)?$", before, re.I)) and bool(
        _HARD_CLAIM.search(word)
    )


def _in_quotes(before: str, after: str) -> bool:
    opened = before.count("“") > before.count("”") or before.count("„") > before.count("“")
    return (opened and "”" in after) or (before.count('"') % 2 == 1 and '"' in after)


def _said(sources: Iterable[str]) -> list[tuple[str, frozenset[str]]]:
    pieces = [piece for source in sources for piece in re.split(r"(?<=[.!?])\s+|\n", source)]
    return [(piece.lower(), _content(piece)) for piece in pieces if _ABSOLUTE.search(piece)]


def _is_said(sentence: Sentence, match: re.Match[str], said: list[tuple[str, frozenset[str]]]) -> bool:
    """Whether a source has the absolute word in a sentence that shares half the claim's other words."""
    word, content = match[0].lower(), _content(sentence.text)
    stem = word[:8]
    return any(stem in piece and len(content & words) * 2 >= len(content) for piece, words in said)


def _content(text: str) -> frozenset[str]:
    return frozenset(
        word for word in re.findall(r"[a-z0-9]{2,}", CITATION.sub("", text).lower()) if word not in _STOP
    )


def _is_signature(text: str, match: re.Match[str]) -> bool:
    if not set(match[0]) <= {"_", "."}:
        return False
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    return bool(_SIGNED.search(text[start : end if end >= 0 else len(text)]))
