"""A second blind set, written after the first had mended the rules: twenty planted errors, twenty clean texts."""

from __future__ import annotations

from typing import Final

PLANTED: Final = [
    ("date-impossible", "31 September 2027", "Delivery is planned for 31 September 2027 at the latest."),
    ("weekday-wrong", "Sunday, September 14, 2026", "Ovenly opened in Lyon on Sunday, September 14, 2026."),
    ("number-unsupported", "1,580", "Ovenly now serves 1,580 shops, most of them small."),
    ("number-unsupported", "ten weeks", "Bäckerwerk delivers its terminals within ten weeks."),
    ("number-unsupported", "$64", "The Plus plan is $64 per shop and month."),
    ("date-unsupported", "2 March 2027", "The pilot contract takes effect on 2 March 2027."),
    ("percent-wrong", "33 %", "At Brotzeit wastage was cut from 12 % to 9 %, a drop of 33 %."),
    ("percent-wrong", "doubled", "Ovenly's revenue doubled from EUR 2.0 million to EUR 2.5 million."),
    (
        "sum-wrong",
        "EUR 30,500",
        "We plan EUR 18,000 for ads and EUR 12,000 for the fair, in total EUR 30,500.",
    ),
    (
        "sum-wrong",
        "27,000",
        "| For | Q1 | Q2 |\n|---|---|---|\n| Ads | 12,000 | 18,000 |\n| PR | 12,000 | 12,000 |\n| Total | 27,000 | 30,000 |",
    ),
    ("absolute-claim", "No other vendor", "No other vendor answers as fast as Ovenly."),
    ("absolute-claim", "guarantees", "The Plus plan guarantees lower waste."),
    ("placeholder", "[Date]", "Signed on [Date] in Cork by Ovenly Ltd."),
    ("placeholder", "to be determined", "The price of the terminals is to be determined."),
    ("citation-missing", "Ovenly opened", "Ovenly opened an office in Lyon on 14 September 2026."),
    ("evidence-mismatch", "12 shops", "Ovenly serves 12 shops [F3]."),
    (
        "quote-not-found",
        "“Support answers",
        "The page says “Support answers within 2 hours on weekdays” [F6].",
    ),
    ("link-unsupported", "ovenly.example.org", "Ask for a demo at sales@ovenly.example.org today."),
    ("name-unsupported", "Teigwerk", "Crumbsoft competes with Teigwerk and others in Austria."),
    (
        "two-values",
        "12 February 2027",
        "- Deadline: 29 January 2027\n- Budget: EUR 30,000\n\nThe deadline is 12 February 2027.\n",
    ),
]
CLEAN: Final = [
    "The comparison is due on 29 January 2027, a Friday.",
    "Ovenly opened its office in Lyon on September 14, 2026 [F4].",
    "Between 2024 and 2025 the revenue of Ovenly rose from EUR 2.0 million to EUR 2.5 million [F2].",
    "Twelve shops take part in the pilot [F21].",
    "At Brotzeit wastage was cut from 12 % to 9 %, a drop of 25 % [F16].",
    "We plan EUR 18,000 for ads and EUR 12,000 for the fair, in total EUR 30,000.",
    "The Start plan costs less than half of the Profi plan: EUR 25 against EUR 58 [F12][F13].",
    "The fee of EUR 5,400 a year comes to EUR 450 a month, EUR 5,400 / 12 [F9].",
    "A 30-day trial is offered by Bäckerwerk [F14].",
    "No conclusions are drawn.",
    "The sources name no guarantee.",
    "Each party may end the contract with a notice of three months [F20].",
    "The Supplier must always keep the data of the Buyer confidential.",
    "Questions? Write to hello@ovenly.example.com.",
    "1. Read the term sheet.\n2. Ask Crumbsoft about training.\n3. Decide by 29 January 2027.",
    "| | Ovenly | Crumbsoft |\n|---|---|---|\n| Price | EUR 39 [F1] | EUR 5,400 [F9] |\n| Shops | 1,850 [F3] | none |\n",
    "What sets Crumbsoft apart? It has been certified under ISO 27001 since May 2025 [F10].",
    "Founder Aoife Byrne promises: “We never sell the data of our customers” [F5].",
    "**Note:** the prices of the term sheet and of the price page are the same, EUR 64 [F1][F17].",
    "Half of the budget of EUR 30,000, that is EUR 15,000, stays in reserve.",
]
