"""Who decides, in words."""

from typing import Any

import pytest

from bot.messages import deciders


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({}, "any member of this channel other than <@U0ALICE>"),
        ({"named": ["U0BOB"]}, "<@U0BOB> or any member of this channel other than <@U0ALICE>"),
        ({"named": ["U0BOB"], "quorum": 2}, "2 of <@U0BOB> or any member of this channel other than <@U0ALICE>"),
        ({"quorum": 2}, "2 members of this channel other than <@U0ALICE>"),
        ({"named": ["S0LEADS"]}, "<!subteam^S0LEADS> or any member of this channel other than <@U0ALICE>"),
        ({"named": ["U0BOB"], "deciders": [["U0BOB", "U0CAROL"]]}, "<@U0BOB> or <@U0CAROL>"),
        (
            {"named": ["U0BOB"], "deciders": [["members"], ["S0LEADS"]]},
            "<@U0BOB> or any member of this channel who is also <!subteam^S0LEADS> other than <@U0ALICE>",
        ),
        ({"deciders": [["requester"]], "requester": True}, "<@U0ALICE>"),
    ],
)
def test_whoever_may_decide_is_named(policy: dict[str, Any], said: str):
    assert deciders.who(policy, "U0ALICE", "C0SALES") == said


def test_away_from_the_channel_it_is_called_by_its_name():
    said = deciders.who({"quorum": 2}, "U0ALICE", "C0SALES", "<#C0SALES>")

    assert said == "2 members of <#C0SALES> other than <@U0ALICE>"


def test_in_a_direct_message_those_asked_by_name_decide_people_and_groups():
    assert deciders.who({"named": ["U0BOB", "S0LEADS"]}, "U0ALICE", "D0ALICE") == "<@U0BOB> or <!subteam^S0LEADS>"
