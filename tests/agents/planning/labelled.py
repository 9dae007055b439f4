"""Sixty requests as people write them, and where each belongs; written before any page was tuned to them."""

from typing import Final

SIMPLE: Final = (  # one agent, one answer
    "What is the notice period in the attached contract?",
    "Summarise the attached minutes in ten lines",
    "When does the lease of the Cork workshop end?",
    "Which of the three quotes is the cheapest?",
    "Translate the second page of the brochure into German",
    "Make this mail friendlier and shorter",
    "List all dates in the term sheet with the sentence they stand in",
    "Who signed the agreement with Northmoor, and when?",
    "How many competitors does the press kit name?",
    "Give me the five most important points of this report",
    "Write a two-line reply to Declan that we take the offer",
    "Is there a penalty clause in the Tidewell contract?",
    "Pull the prices out of the survey into a table",
    "Check the attached letter for spelling mistakes",
    "What did we spend on radio in the last campaign?",
    "Turn these notes into minutes",
    "Explain the difference between gross and net weight in the data sheet",
    "Draft a short thank-you note to the bakers we interviewed",
    "Which market share does Urbanette claim?",
    "What are the open points in the mails?",
    "Shorten the attached press release to 120 words",
    "Find the warranty terms in the product sheet",
    "How did revenue change from 2024 to 2025?",
    "Write a headline for the attached article",
    "Rewrite the introduction so that a beginner understands it",
    "Does the policy allow an advance payment of 40 %?",
    "Count how many employees in the staff list have no notice period",
    "Say in one paragraph what this contract is about",
    "Put the names in the list in alphabetical order",
    "What changed between the two versions of the price list?",
)
LINES: Final = {
    "competitive-intelligence": (
        "Compare our competitors Haulwren, Ternway and Oxbell from the attached files for the sales team",
        "Make a battlecard against Ternway and Urbanette for our field sales",
        "How do we stand against Haulwren, Oxbell and Ternway? A competitive overview for the board, please",
        "Put the three rivals in the folder side by side: price, range, warranty, service",
    ),
    "legal-document": (
        "Draft the supply agreement between Ferrant Cargo Bikes Limited and Northmoor Cells Oy under the law of Ireland",
        "We need a non-disclosure agreement with Varga Digital before Thursday, German law",
        "Please draw up terms and conditions for our online shop from the attached policy",
        "Write the employment contract for our new workshop lead from the term sheet",
    ),
    "marketing-campaign": (
        "Write the launch campaign for v4; audience CTOs; budget 20k; by 8 tomorrow",
        "Plan how we promote the F2 Pantry to bakers in Cork: slogan, ads, media plan, EUR 15,000",
        "We bring a new helmet to market in May and need advertising that reaches parents",
        "Marketing for the spring sale: what do we say, where, and what does it cost?",
    ),
    "market-analysis": (
        "How big is the market for cargo bikes in Belgium, and how is it divided? Use the attached reports",
        "Market analysis for heat pumps in Austria from these studies; we decide about a subsidiary",
        "Size the Dutch market for bakery software: segments, players, trends",
        "Give me the market size and the main segments for e-bike insurance in France, with how sure the figures are",
    ),
    "due-diligence": (
        "Due diligence on Brackwater Telematics from the data room, for the board",
        "Go through the data room of Lough Ree Laundry before we acquire it and list red flags",
        "We want to buy all shares of Corrib Couriers Limited: what speaks against it in these files?",
        "Examine the takeover target Harbourline Foods: missing documents, risks, questions to management",
    ),
    "software-feature": (
        "Implement discount codes in the shop: specification, code, tests and documentation",
        "Build the feature from the attached specification, with unit tests",
        "Add an export to CSV to the attached Python module, with tests and docs",
        "Write the code for the rate limiter described in the ticket and prove it with tests",
    ),
}
OPEN: Final = (  # no line fits, and there is more than one agent's work in it
    "Write a travel policy, an onboarding checklist and a newsletter about remote work from the attached notes",
    "Research Oslo, Turin and Graz as places for our next team meeting and write a proposal",
    "Prepare the annual meeting: an agenda, a speech for the chair and a letter to members",
    "From the three audit reports make a summary for the board and a list of measures for each of the plants Dundalk, "
    "Cork and Galway",
    "Collect what the files say about the suppliers Northmoor, Voltana and Kestrel, then write a report and a presentation",
    "Plan our move to the new office: what the lease asks for, what the movers offer, what IT needs, and a timetable",
)
