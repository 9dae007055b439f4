"""A software feature as a scripted model builds it from the sample files: the texts of every station, and the script."""

from __future__ import annotations

from typing import Any, Final

from agents.engine.engine import Asked
from storage.words import CheckpointKind, VoteAnswer
from tests.workshop import ALICE, BOB, Workshop, finding
from tests.workshop import SAMPLES as FOLDER

REQUEST: Final = (
    "implement discount codes for our order pricing from the attached files; it is for customers of our web shop; "
    "the tests we have must keep passing; no new dependencies"
)
FILES: Final = ("pricing.py", "test_pricing.py", "discount-codes.md", "mail-notes.txt")
SAMPLES: Final = tuple(f"feature/{name}" for name in FILES)
QUOTED: Final = (  # a word of the sentence that is quoted, and the fact's key
    ("whole number of percent", "discount/percent"),
    ("25 percent", "discount/most"),
    ("On that day it still works", "discount/last-day"),
    ("rounded down", "discount/rounding"),
    ("143.82 euros", "discount/example"),
    ("def total", "pricing/total"),
)
MODULE: Final = '''\
"""Discount codes: what a code takes off the articles of an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pricing import OrderError


@dataclass(frozen=True)
class DiscountCode:
    """One code: how many percent it takes off, and the last day it works."""

    percent: int
    last_day: date


def discount(goods_cents: int, text: str, codes: Mapping[str, DiscountCode], today: date) -> int:
    """Return the cents a code takes off."""
    name = text.strip().upper()
    code = codes.get(name)
    if code is None:
        raise OrderError(f"We do not know the code {name}. Check its letters, or order without it.")
    if today > code.last_day:
        raise OrderError(f"The code {name} worked until {code.last_day.isoformat()}. Order without it.")
    return goods_cents * code.percent // 100
'''
WRONG: Final = MODULE.replace("today > code.last_day", "today >= code.last_day")
SHOP: Final = (FOLDER / "feature/pricing.py").read_text(encoding="utf-8")
PRICING: Final = SHOP.partition("def total(")[0] + '''\
def total(lines: Sequence[OrderLine], discount_cents: int = 0) -> int:
    """Return what the customer pays; a discount makes shipping neither free nor due."""
    goods = subtotal(lines)
    return goods - discount_cents + shipping(goods)
'''
TESTS: Final = '''\
"""What discount codes must do."""

import unittest
from datetime import date

from discounts import DiscountCode, discount
from pricing import OrderError, OrderLine, total

CODES = {"SPRING10": DiscountCode(10, date(2027, 4, 30))}
SPRING = date(2027, 4, 1)
PANNIERS = [OrderLine("pannier", 7_990, 2)]


class DiscountTest(unittest.TestCase):
    def test_a_code_takes_percent_off_the_articles(self):  # R1
        self.assertEqual(total(PANNIERS, discount(15_980, "SPRING10", CODES, SPRING)), 14_382)

    def test_small_letters_and_spaces_do_not_count(self):  # R2
        self.assertEqual(discount(15_980, " spring10 ", CODES, SPRING), 1_598)

    def test_a_code_works_on_its_last_day(self):  # R3
        self.assertEqual(discount(999, "SPRING10", CODES, date(2027, 4, 30)), 99)

    def test_a_code_is_refused_by_name_the_day_after(self):  # R3
        with self.assertRaisesRegex(OrderError, "SPRING10 worked until 2027-04-30"):
            discount(999, "SPRING10", CODES, date(2027, 5, 1))

    def test_an_unknown_code_is_refused_by_name(self):  # R4
        with self.assertRaisesRegex(OrderError, "AUTUMN"):
            discount(999, "autumn", CODES, SPRING)
'''


def fenced(path: str, content: str) -> str:
    """Return a file as it stands in an artifact."""
    return f"```python path={path}\n{content}```\n"


def page(**sections: str) -> str:
    """Return a text with these sections; names are words joined by underscores."""
    titles = {name: name.replace("_", " ").strip() for name in sections}
    return "\n\n".join(f"## {titles[name]}\n\n{text}" for name, text in sections.items()) + "\n"


def code(module: str, claims: str = "") -> str:
    """Return the engineer's artifact."""
    told = page(
        How_it_works=f"`discounts.py` is new; `total` takes what a code takes off [F106]. {claims}".strip(),
        Requirements="| requirement | where |\n|---|---|\n| R1 | `pricing.total` |\n| R2, R3, R4 | `discounts.discount` |",
    )
    return f"{told}\n{fenced('discounts.py', module)}\n{fenced('pricing.py', PRICING)}"


SPECIFICATION: Final = page(
    Purpose="Customers of the web shop order with one code and pay less for the articles [F101].",
    Requirements=(
        "- R1: A code must take its whole percent off the articles [F101].\n"
        "- R2: Upper and lower case must make no difference [F101].\n"
        "- R3: A code must work on its last day, and must be refused by name the day after [F103].\n"
        "- R4: A code that is not known must be refused by name [F101]."
    ),
    Examples=(
        "| articles | code | customer pays | requirement |\n|---|---|---|---|\n"
        "| two panniers | SPRING10 | 143.82 euros [F105] | R1 |"
    ),
    What_stays_as_it_is="An order without a code costs what it costs today [F106].",
    Out_of_scope="Several codes in one order.",
    Open_points="Whether a code takes at most 25 percent [F102]: unless somebody says otherwise, nothing limits it.",
)
ARCHITECTURE: Final = page(
    What_is_there="`pricing.py` holds `total` [F106].",
    Design="`discounts.py` is new and knows codes; `pricing.total` takes off what it is told.",
    Interfaces=(
        "```python\ndiscount(goods_cents: int, text: str, codes: Mapping[str, DiscountCode], today: date) -> int\n"
        "total(lines: Sequence[OrderLine], discount_cents: int = 0) -> int\n```\n\n`discount` raises `OrderError`."
    ),
    Requirements="| requirement | function |\n|---|---|\n| R1 | `total` |\n| R2, R3, R4 | `discount` |",
    When_things_go_wrong="An unknown or old code raises `OrderError`, whose message names it.",
    What_this_costs="Whoever calls `total` today changes nothing.",
)
TESTED: Final = (
    page(
        Requirements_and_their_tests=(
            "| requirement | test |\n|---|---|\n| R1 | `test_a_code_takes_percent_off_the_articles` |"
        ),
        What_is_not_tested="Nothing is left out.",
    )
    + "\n"
    + fenced("test_discounts.py", TESTS)
)
DOCUMENTATION: Final = page(
    What_it_does="Customers type one code and pay less for the articles [F101].",
    How_to_use_it="Call `discount` with the articles' worth and the code, and hand the result to `total` [F106].",
    What_changed="`discounts.py` and `test_discounts.py` are new; `pricing.py` changed.",
    Tests="9 tests ran, all passed [F501].",
    Open_points="Whether a code takes at most 25 percent [F102].",
)


def draft(task: str, text: str, summary: str = "As asked.", **more: Any) -> dict[str, Any]:
    """A maker's answer."""
    reply = {"json": {"text": text, "summary": summary}}
    return {"when": {"schema": "Draft", "task": task}, "reply": reply, **more}


def passes(task: str, **more: Any) -> dict[str, Any]:
    """A reviewer's answer: nothing is wrong."""
    reply = {"json": {"criteria": [{"id": "W1", "verdict": "pass"}]}}
    return {"when": {"schema": "Verdict", "task": task}, "reply": reply, **more}


def triage() -> dict[str, Any]:
    """The orchestrator's answer."""
    inputs = {"feature": "discount codes for our order pricing", "users": "customers of our web shop"}
    answer = {
        "route": "line",
        "line": "software-feature",
        "reason": "It asks for code.",
        "title": "Discount codes",
        "constraints": ["the tests we have must keep passing", "no new dependencies"],
        "inputs": [{"name": name, "value": value} for name, value in inputs.items()],
    }
    return {"when": {"schema": "Triage"}, "reply": {"json": answer}}


def reading() -> dict[str, Any]:
    """The reader's answer."""
    found = [{**finding(word), "key": key} for word, key in QUOTED]
    reply = {"json": {"findings": found, "summary": "Read the ticket, the mails and the code."}}
    return {"when": {"schema": "Findings"}, "reply": reply}


def before_code() -> list[dict[str, Any]]:
    """The script up to the tests, which stand before the code does."""
    texts = {"specification": SPECIFICATION, "architecture": ARCHITECTURE, "tests": TESTED}
    made = [line for task, text in texts.items() for line in (draft(task, text), passes(task))]
    return [triage(), reading(), *made]


def documented(**more: Any) -> list[dict[str, Any]]:
    """The script of the last station."""
    return [draft("documentation", DOCUMENTATION, **more), passes("documentation")]


async def ask(shop: Workshop) -> str:
    """Ask for the feature with the sample's files and return the run's id."""
    files = tuple(
        {"id": f"F{n}", "name": name, "sample": path}
        for n, (name, path) in enumerate(zip(FILES, SAMPLES, strict=True))
    )
    return await shop.engine.open_run(
        Asked("T0JIDOKA", "C0GENERAL", "1.000100", "1.000100", ALICE.id, REQUEST, files)
    )


async def to_code(shop: Workshop, run_id: str) -> None:
    """Approve the plan and the specification."""
    await shop.decide(await shop.open(run_id, CheckpointKind.PLAN), ALICE, VoteAnswer.APPROVE)
    await shop.decide(await shop.open(run_id, CheckpointKind.DRAFT), BOB, VoteAnswer.APPROVE)
