"""Citations held against the recorded bytes: a thousand true ones pass, a thousand falsified ones are caught."""

from __future__ import annotations

import random
from dataclasses import replace

from agents.checks import Contract, Evidence, check

NAMES = ("Ovenly", "Crumbsoft", "Kestrel", "Northmoor", "Harbour", "Ternway", "Haulwren", "Oxbell")
THINGS = ("plan costs EUR", "licence costs EUR", "fund raised EUR", "office rents for EUR", "fair earned EUR")
CONTRACT = Contract(cites=True)


def _world(chance: random.Random) -> dict[str, Evidence]:
    """Return eight findings in one stored text, each with a name and an amount of its own."""
    amounts = chance.sample(range(1_000, 9_999), len(NAMES))
    quotes = [
        f"The {name} {chance.choice(THINGS)} {amount}." for name, amount in zip(NAMES, amounts, strict=True)
    ]
    text = " ".join(quotes)
    starts = [text.index(quote) for quote in quotes]
    return {
        f"F{n}": Evidence(f"F{n}", quote, text, start, start + len(quote))
        for n, (quote, start) in enumerate(zip(quotes, starts, strict=True), start=1)
    }


def _wrong_source(
    claim: str, id: str, found: dict[str, Evidence], chance: random.Random
) -> tuple[str, dict[str, Evidence]]:
    other = chance.choice([one for one in found if one != id])
    return claim.replace(f"[{id}]", f"[{other}]"), found


def _one_digit(
    claim: str, id: str, found: dict[str, Evidence], chance: random.Random
) -> tuple[str, dict[str, Evidence]]:
    places = [at for at, letter in enumerate(claim[: claim.index("[")]) if letter.isdigit()]
    at = chance.choice(places)
    return claim[:at] + str(
        (int(claim[at]) + chance.randint(1, 8)) % 9 + 1 if claim[at] == "0" else (int(claim[at]) % 9) + 1
    ) + claim[at + 1 :], found


def _paraphrase(
    claim: str, id: str, found: dict[str, Evidence], chance: random.Random
) -> tuple[str, dict[str, Evidence]]:
    words = found[id].quote.rstrip(".").replace("The ", "The new ")
    return f"The report says “{words}” [{id}].", found


def _shifted(
    claim: str, id: str, found: dict[str, Evidence], chance: random.Random
) -> tuple[str, dict[str, Evidence]]:
    by = chance.randint(1, 5)
    moved = replace(found[id], start=found[id].start + by, end=found[id].end + by)
    return claim, {**found, id: moved}


def _dead(
    claim: str, id: str, found: dict[str, Evidence], chance: random.Random
) -> tuple[str, dict[str, Evidence]]:
    return claim.replace(f"[{id}]", f"[F{chance.randint(20, 900)}]"), found


def _invented_link(
    claim: str, id: str, found: dict[str, Evidence], chance: random.Random
) -> tuple[str, dict[str, Evidence]]:
    return (
        f"{claim} See https://www.{chance.choice(NAMES).lower()}-{chance.randint(1, 99)}.com/report.",
        found,
    )


def _look_alike(
    claim: str, id: str, found: dict[str, Evidence], chance: random.Random
) -> tuple[str, dict[str, Evidence]]:
    forged = found[id].quote.replace("e", "е", 1)  # a Cyrillic letter
    return claim, {**found, id: replace(found[id], quote=forged)}


WAYS = (_wrong_source, _one_digit, _paraphrase, _shifted, _dead, _invented_link, _look_alike)


def test_a_thousand_true_citations_raise_no_alarm() -> None:
    chance = random.Random(20261122)
    alarms = []
    for _ in range(125):
        found = _world(chance)
        for id, one in found.items():
            alarms += check(f"{one.quote.rstrip('.')} [{id}].", CONTRACT, found, {"d1": one.text})

    assert alarms == []


def test_a_thousand_falsified_citations_are_all_caught() -> None:
    chance = random.Random(20261123)
    missed = []
    for number in range(1_000):
        found = _world(chance)
        id = chance.choice(list(found))
        way = WAYS[number % len(WAYS)]
        text, changed = way(f"{found[id].quote.rstrip('.')} [{id}].", id, found, chance)
        if not check(text, CONTRACT, changed, {"d1": found[id].text}):
            missed.append((way.__name__, text))

    assert missed == []


def test_a_finding_carries_its_date_where_the_source_names_it_and_what_people_gave_needs_no_finding() -> None:
    quote = "Sold in 2024: Haulwren 22 %, Ternway 17 %."
    text = f"Edition of 14 September 2025. {quote}"
    start = text.index(quote)
    found = Evidence("F1", quote, text, start, start + len(quote), as_of="14 September 2025")
    made_up = replace(found, as_of="3 May 2026")
    dated = "In 2024 Haulwren had 22 %, by a survey of September 2025 [F1]."
    invented = "In 2024 Haulwren had 22 %, by a survey of May 2026 [F1]."
    given = "The 22 % of Haulwren lie above the threshold of 15 % [F1]."
    sources = {"d1": text, "request": "From 15 % on a share matters."}

    assert check(dated, CONTRACT, {"F1": found}, sources) == []
    assert [one.quote for one in check(dated, CONTRACT, {"F1": made_up}, sources)] == ["September 2025"]
    assert "May 2026" in [one.quote for one in check(invented, CONTRACT, {"F1": made_up}, sources)]
    assert check(given, CONTRACT, {"F1": found}, sources) == []
    assert [one.quote for one in check(given, CONTRACT, {"F1": found}, {"d1": text})] == ["15 %"]
