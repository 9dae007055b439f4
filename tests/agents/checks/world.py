"""A small world of sources and findings in which the blind texts are written."""

from __future__ import annotations

from typing import Final

from agents.checks import Evidence

SOURCES: Final = {
    "request": (
        "Compare Ovenly, Crumbsoft and Bäckerwerk for our sales team by Friday, 29 January 2027. Under 900 words, "
        "no emojis, do not mention Panificio. The budget is EUR 30,000. Parties of the pilot contract: Kestrel Bakeries "
        "GmbH and Ovenly Ltd, law of Ireland, from 1 March 2027 for two years."
    ),
    "d1": (
        "Ovenly Ltd is based in Cork. Its Basic plan costs EUR 39 per shop and month; the Plus plan costs EUR 64. "
        "Revenue rose from EUR 2.0 million in 2024 to EUR 2.5 million in 2025. Ovenly serves 1,850 shops in seven "
        "countries. On 14 September 2026 Ovenly opened an office in Lyon. “We never sell the data of our customers,” "
        "says founder Aoife Byrne. Support answers within 4 hours. See https://ovenly.example.com/pricing or write to "
        "hello@ovenly.example.com."
    ),
    "d2": (
        "Crumbsoft GmbH, founded in 2012, employs 120 people in Graz. Churn fell from 8 % to 6 % last year. The licence "
        "costs EUR 5,400 a year and includes ten users. Crumbsoft was certified under ISO 27001 in May 2025. Training "
        "takes three days. The contract runs for 24 months. Crumbsoft's app has been downloaded 40,000 times."
    ),
    "d3": (
        "Bäckerwerk | plan | price\nBäckerwerk | Start | EUR 25\nBäckerwerk | Profi | EUR 58\n"
        "Bäckerwerk offers a 30-day trial. Bäckerwerk has 640 customers, most of them in Bavaria. Wastage fell from 12 % "
        "to 9 % in the pilot at Brotzeit. Delivery takes six weeks."
    ),
    "d4": (
        "Term sheet of 3 December 2026. Price: EUR 64 per shop and month. Payment within 30 days of invoice. Liability is "
        "capped at EUR 100,000. Either party may end the contract with three months' notice. The pilot covers 12 shops."
    ),
}
_QUOTES: Final = {
    "F1": ("d1", "Its Basic plan costs EUR 39 per shop and month; the Plus plan costs EUR 64."),
    "F2": ("d1", "Revenue rose from EUR 2.0 million in 2024 to EUR 2.5 million in 2025."),
    "F3": ("d1", "Ovenly serves 1,850 shops in seven countries."),
    "F4": ("d1", "On 14 September 2026 Ovenly opened an office in Lyon."),
    "F5": ("d1", "“We never sell the data of our customers,” says founder Aoife Byrne."),
    "F6": ("d1", "Support answers within 4 hours."),
    "F7": ("d2", "Crumbsoft GmbH, founded in 2012, employs 120 people in Graz."),
    "F8": ("d2", "Churn fell from 8 % to 6 % last year."),
    "F9": ("d2", "The licence costs EUR 5,400 a year and includes ten users."),
    "F10": ("d2", "Crumbsoft was certified under ISO 27001 in May 2025."),
    "F11": ("d2", "The contract runs for 24 months."),
    "F12": ("d3", "Bäckerwerk | Start | EUR 25"),
    "F13": ("d3", "Bäckerwerk | Profi | EUR 58"),
    "F14": ("d3", "Bäckerwerk offers a 30-day trial."),
    "F15": ("d3", "Bäckerwerk has 640 customers, most of them in Bavaria."),
    "F16": ("d3", "Wastage fell from 12 % to 9 % in the pilot at Brotzeit."),
    "F17": ("d4", "Price: EUR 64 per shop and month."),
    "F18": ("d4", "Payment within 30 days of invoice."),
    "F19": ("d4", "Liability is capped at EUR 100,000."),
    "F20": ("d4", "Either party may end the contract with three months' notice."),
    "F21": ("d4", "The pilot covers 12 shops."),
    "F22": ("d2", "Training takes three days."),
    "F23": ("d2", "Crumbsoft's app has been downloaded 40,000 times."),
    "F24": ("d3", "Delivery takes six weeks."),
}


def evidence() -> dict[str, Evidence]:
    """Return the findings, each with its place in the stored text."""
    found = {}
    for id, (source, quote) in _QUOTES.items():
        start = SOURCES[source].index(quote)
        found[id] = Evidence(id, quote, SOURCES[source], start, start + len(quote))
    return found
