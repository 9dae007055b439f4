"""Requests as people write them in a chat: as a question, with thanks, with an exclamation; written before the rules."""

from typing import Final

import pytest

from agents.planning import when
from tests.agents.planning.test_when_sentences import BERLIN, NOW, told

SAID: Final = [
    ("Can you compare these three tonight?", "night"),
    ("Compare these three vendors by 8 tomorrow?", "due 2026-11-25 08:00"),
    ("Summarise the tickets every weekday at 7, please", "repeat 0 7 * * mon-fri"),
    ("Could you please read the three contracts tonight?", "night"),
    ("Write the launch plan tonight!", "night"),
    ("Write the launch plan tonight, please.", "night"),
    ("Write the launch plan tonight please", "night"),
    ("Tonight, please compare the three vendors.", "night"),
    ("tonight: compare the three vendors", "night"),
    ("Please compare the three vendors tonight, thanks!", "night"),
    ("Compare the three vendors tonight. Thanks", "night"),
    ("Compare the three vendors tonight, thank you!", "night"),
    ("Compare the three vendors overnight?", "night"),
    ("Would you run the market analysis overnight, please?", "night"),
    ("Can this be done tonight? Compare the three vendors.", "night"),
    ("Compare the three vendors (tonight)", "night"),
    ("Compare the three vendors tonight if you can", "night"),
    ("Compare the three vendors tonight if possible?", "night"),
    ("Compare the three vendors during the night", "night"),
    ("Compare the three vendors tonight :pray:", "night"),
    ("Compare the three vendors tonight??", "night"),
    ("Compare the three vendors — tonight, ok?", "night"),
    ("Hi! Can you compare these three tonight? Thank you!", "night"),
    ("Can you compare these three by 8 tomorrow?", "due 2026-11-25 08:00"),
    ("Could you have the comparison ready by tomorrow 8am?", "due 2026-11-25 08:00"),
    ("Compare the vendors by 8:30 tomorrow, please", "due 2026-11-25 08:30"),
    ("Compare the vendors by tomorrow at 9, please!", "due 2026-11-25 09:00"),
    ("Compare the vendors by Friday at noon?", "due 2026-11-27 12:00"),
    ("Compare the vendors by 5pm on Friday, please", "due 2026-11-27 17:00"),
    ("Compare the vendors by 5 pm today?", "due 2026-11-24 17:00"),
    ("Compare the vendors by 8 tomorrow morning, thanks", "due 2026-11-25 08:00"),
    ("Please compare the vendors before 9 tomorrow", "due 2026-11-25 09:00"),
    ("Compare the vendors no later than Friday 17:00!", "due 2026-11-27 17:00"),
    ("Compare the vendors tonight, by 8 tomorrow?", "night, due 2026-11-25 08:00"),
    ("Can you compare these three tonight, ready by 8 tomorrow?", "night, due 2026-11-25 08:00"),
    ("Can you summarise the tickets every weekday at 7?", "repeat 0 7 * * mon-fri"),
    ("Every weekday at 7, please summarise the tickets", "repeat 0 7 * * mon-fri"),
    ("Summarise the tickets every Monday at 9am, please!", "repeat 0 9 * * mon"),
    ("Summarise the tickets every day at 18:30?", "repeat 30 18 * * *"),
    ("Could you summarise the tickets daily at 7, please?", "repeat 0 7 * * *"),
    ("Summarise the tickets each Monday at 9, thanks", "repeat 0 9 * * mon"),
    ("Summarise the tickets on weekdays at 7am please", "repeat 0 7 * * mon-fri"),
    ("Summarise the tickets every Monday and Thursday at 8:30, please", "repeat 30 8 * * mon,thu"),
    ("Summarise the tickets every morning at 7?", "repeat 0 7 * * *"),
    ("Summarise the tickets every Tuesday at 9 o'clock, please", "repeat 0 9 * * tue"),
    ("Summarise the tickets every weekday at 7 in the morning, please", "repeat 0 7 * * mon-fri"),
    ("Summarise the tickets weekly on Friday at 16:00, thanks!", "repeat 0 16 * * fri"),
    ("Could someone compare these two offers tonight?", "night"),
    ("Could you do this tonight? Read the contract and list every date.", "night"),
    ("Please have the brief ready tonight!", "night"),
    ("Can you read all five tonight?", "night"),
    ("Compare our three suppliers tonight, if that's ok", "night"),
    ("Kannst du die drei Angebote heute Nacht vergleichen?", "night"),
    ("Vergleiche die drei Angebote über Nacht, danke!", "night"),
    ("Would you mind comparing these tonight?", "night"),
    ("Check the links tonight and have it done by 8 tomorrow?", "night, due 2026-11-25 08:00"),
    ("Can you write the summary by 7:30 tomorrow? Thanks!", "due 2026-11-25 07:30"),
    ("Is it possible to have the summary by 9 tomorrow?", "due 2026-11-25 09:00"),
    ("Please finish the comparison before Friday 12:00", "due 2026-11-27 12:00"),
    ("Can you send me the headlines every weekday at 8?", "repeat 0 8 * * mon-fri"),
    ("Could we get the figures every Monday at 7, please?", "repeat 0 7 * * mon"),
    ("Report the open tickets every Friday at 15:00!", "repeat 0 15 * * fri"),
    ("Will you please translate both tonight?", "night"),
]

SILENT: Final = [
    "summarise what happened last night",
    "Summarise what happened last night?",
    "Who was on call the night of the outage?",
    "What does the article say about overnight shipping?",
    "Compare overnight shipping prices of three carriers",
    "Write a review of the film 'Tonight'",
    "Draft the menu for the Friday night dinner",
    "Explain what Tonight's Show pays its guests",
    "How many users log in at night?",
    "What did we decide on Tuesday night?",
    "Describe the night shift's duties, please",
    "Why did the overnight batch fail?",
    "Summarise the paper on night-time driving",
    "Write a slogan for 'Goodnight Hotels'!",
    "What will the weather be tonight in Oslo according to this page?",
    "Who is speaking at tonight's meetup?",
    "Prepare a speech for tonight's dinner",
    "Explain why the job says 'runs tonight?' in its log",
    "What is everyone doing every weekday at 7, please look at the calendar",
    "Write an email that asks Bob whether he can come tonight",
    "Translate 'see you tonight!' into French",
    "Translate the sentence: can you call me by 8 tomorrow?",
    "List the hotels with more than 3 nights minimum",
    "Which stations are closed overnight",
    "Which three films are on tonight?",
    "List what was broken before 9 yesterday",
    "Describe how the fox hunts at night.",
    "Is the museum open tonight?",
    "Explain to me what happens if the job runs tonight?",
    "Can you explain why sales fell overnight?",
    "Compare the flights before 9 tomorrow",
    "What did they change overnight? Summarise it",
    "Tell me who plays tonight?",
    "Write a poem about tonight's moon",
    "Was the server down tonight? Check the log.",
    "Summarise the meetings before noon tomorrow",
]


@pytest.mark.parametrize(("text", "said"), SAID)
def test_a_request_that_is_asked_politely_says_when_like_any_other(text: str, said: str):
    assert told(when.read(text, NOW, BERLIN)) == said


@pytest.mark.parametrize("text", SILENT)
def test_a_question_that_only_mentions_a_night_or_a_time_begins_at_once(text: str):
    timing = when.read(text, NOW, BERLIN)

    assert (told(timing), timing.rest) == ("", text)
