"""Who somebody is, by what Slack says now: rank, zone, channel, user groups; and who decides."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.people import UnknownPersonError, expanded, named_in
from storage.agenda import Colleague
from storage.policy import Policy
from tests.bot.listeners.test_company import only
from tests.bot.shop import Shop, shop

GROUPS = {"S0LEADS": ["U0BOB", "U0CAROL"]}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Shop]:
    async with shop(tmp_path) as opened:
        yield opened


async def deciders(here: Shop, channel: str = "C0SALES", **policy: Any) -> list[str] | None:
    found = await here.front.people.deciders(Policy(**policy), channel, "U0ALICE", "T0JIDOKA")
    return None if found is None else [person.id for person in found]


async def test_a_persons_zone_channel_and_groups_come_from_slack(here: Shop):
    person = await here.front.people.member("U0BOB", "C0SALES", ["S0LEADS"])

    assert (person.zone, person.member, person.groups) == ("America/New_York", True, ("S0LEADS",))
    assert not person.admin


async def test_a_group_is_not_asked_about_where_none_counts(here: Shop):
    person = await here.front.people.member("U0BOB", "C0SALES")

    assert (person.groups, await here.calls("usergroups.users.list")) == ((), [])


async def test_a_group_that_is_gone_has_nobody_in_it(here: Shop):
    person = await here.front.people.member("U0BOB", "C0SALES", ["S0GONE", "S0LEADS"])

    assert person.groups == ("S0LEADS",)


async def test_where_slack_does_not_say_who_is_in_a_group_nobody_is_taken_for_a_decider(here: Shop):
    await here.break_("usergroups.users.list")

    with pytest.raises(UnknownPersonError, match="not recorded"):
        await here.front.people.member("U0BOB", "C0SALES", ["S0LEADS"])


@pytest.mark.parametrize("rank", ["is_admin", "is_owner", "is_primary_owner"])
async def test_every_rank_above_members_is_an_admin(here: Shop, rank: str, monkeypatch: pytest.MonkeyPatch):
    facts = await here.front.people._facts("U0BOB")

    async def ranked(_: str) -> dict[str, Any]:
        return {**facts, rank: True}

    monkeypatch.setattr(here.front.people, "_facts", ranked)

    assert (await here.front.people.asker("U0BOB")).admin


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        ({}, ["U0BOB", "U0CAROL"]),  # members of the channel but who asked, guests and the bot
        ({"requester": True}, ["U0ALICE", "U0BOB", "U0CAROL"]),
        ({"deciders": [["requester"]], "requester": True}, ["U0ALICE"]),
        ({"deciders": [["S0LEADS"]]}, ["U0BOB", "U0CAROL"]),
        ({"deciders": [["S0LEADS"], ["U0CAROL", "U0ALICE"]]}, ["U0CAROL"]),  # in every list
        ({"deciders": [["members"], ["U0BOB"]]}, ["U0BOB"]),
        ({"deciders": [["U0BOB"]], "named": ["U0CAROL"]}, ["U0BOB", "U0CAROL"]),
        ({"deciders": [["U0BOB"]], "named": ["S0LEADS"], "apart": ["U0BOB"]}, ["U0CAROL"]),
        ({"deciders": [["U0DAVE", "U0NOBODY"]]}, []),  # a guest, and nobody at all
    ],
)
async def test_who_decides_is_whoever_the_policy_lets_now(here: Shop, policy: dict[str, Any], found: list[str]):
    assert await deciders(here, **policy) == found


async def test_a_listed_decider_need_not_be_in_the_channel(here: Shop):
    only(here, "alice", "bob")

    assert await deciders(here) == ["U0BOB"]
    assert await deciders(here, deciders=[["members", "S0LEADS"]]) == ["U0BOB", "U0CAROL"]


async def test_where_very_many_may_decide_nobody_is_looked_up(here: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.people.MOST_LOOKED_AT", 1)

    assert await deciders(here) is None
    assert await here.front.people.who_may(Policy(quorum=2), "C0SALES", "U0ALICE", "T0JIDOKA") == 2
    assert await here.calls("users.info") == []


async def test_a_list_of_few_is_looked_up_however_many_the_channel_holds(here: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.people.MOST_LOOKED_AT", 1)

    assert await deciders(here, deciders=[["members"], ["U0BOB"]]) == ["U0BOB"]


async def test_whoever_is_seen_is_remembered_once_and_again_when_something_changed(here: Shop):
    await here.front.people.asker("U0BOB")
    await here.front.people.remember(here.database)
    [first] = await here.rows(Colleague)
    await here.front.people.member("U0BOB", "C0SALES")
    await here.front.people.remember(here.database)
    [second] = await here.rows(Colleague)
    here.front.people._known["U0BOB"] = ("Bob", "Europe/Berlin")
    await here.front.people.asker("U0BOB")
    await here.front.people.remember(here.database)
    [third] = await here.rows(Colleague)

    assert (first.id, first.name, first.zone) == ("U0BOB", "Bob", "America/New_York")
    assert second.at == first.at < third.at


async def test_what_slack_leaves_out_stays_as_it_was_known(here: Shop, monkeypatch: pytest.MonkeyPatch):
    await here.front.people.asker("U0BOB")
    await here.front.people.remember(here.database)
    facts = await here.front.people._facts("U0BOB")

    async def zoneless(_: str) -> dict[str, Any]:
        return {**facts, "tz": None}

    monkeypatch.setattr(here.front.people, "_facts", zoneless)
    await here.front.people.asker("U0BOB")
    await here.front.people.remember(here.database)

    assert [row.zone for row in await here.rows(Colleague)] == ["America/New_York"]


async def test_an_app_and_a_stranger_are_not_remembered(here: Shop):
    await here.front.people.asker("U0JIDOKA")
    await here.front.people.asker("U0NOBODY")
    await here.front.people.remember(here.database)

    assert await here.rows(Colleague) == []


def test_lists_meet_in_whom_they_all_name():
    policy = Policy(deciders=(("S0LEADS", "U0DAVE"), ("U0BOB", "U0DAVE"), ("members",)))

    assert named_in(policy, "U0ALICE", GROUPS) == {"U0BOB", "U0DAVE"}
    assert named_in(Policy(), "U0ALICE", GROUPS) is None
    assert expanded(("requester", "members", "S0LEADS"), "U0ALICE", GROUPS) == {"U0ALICE", "U0BOB", "U0CAROL"}
