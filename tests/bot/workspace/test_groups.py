"""User groups and time zones, by a real Slack client."""

from datetime import UTC, datetime

import pytest

from tests.bot.workspace.scene import Scene
from tests.bot.workspace.test_chat import refused


async def test_the_leads_are_listed_with_their_members_when_asked(scene: Scene):
    [bare] = (await scene.bot.usergroups_list())["usergroups"]
    [full] = (await scene.bot.usergroups_list(include_users=True, include_count=True))["usergroups"]

    assert (bare["id"], bare["handle"], bare["name"], bare["date_delete"]) == ("S0LEADS", "leads", "Leads", 0)
    assert not {"users", "user_count"} & set(bare)
    assert full == bare | {"users": ["U0BOB", "U0CAROL"], "user_count": 2}


async def test_the_members_of_a_group_are_listed_and_an_unknown_group_is_refused(scene: Scene):
    found = await scene.bot.usergroups_users_list(usergroup="S0LEADS")

    assert found["users"] == ["U0BOB", "U0CAROL"]
    assert await refused(scene.bot.usergroups_users_list(usergroup="S0NONE")) == "no_such_subteam"
    assert await refused(scene.bot.usergroups_users_list(usergroup="")) == "invalid_arguments"


async def test_a_typed_group_is_a_mention_of_it_and_its_members_are_told(scene: Scene):
    posted = await scene.alice.chat_postMessage(channel="C0GENERAL", text="@leads please look, not @leaders")
    boots = [await (await scene.person(name).gets("/page/boot")).json() for name in ("bob", "carol", "dave")]
    general = [next(one for one in boot["channels"] if one["id"] == "C0GENERAL") for boot in boots]

    assert posted["message"]["text"] == "<!subteam^S0LEADS> please look, not @leaders"
    assert posted["message"]["blocks"][0]["elements"][0]["elements"][0] == {
        "type": "usergroup", "usergroup_id": "S0LEADS",
    }  # fmt: skip
    assert [(one["unread"], one["mentions"]) for one in general] == [(1, 1), (1, 1), (1, 0)]
    assert boots[0]["groups"][0]["members"] == ["U0BOB", "U0CAROL"]


@pytest.mark.parametrize(
    ("day", "user", "zone", "label", "offset"),
    [
        ("2026-11-22", "U0ALICE", "Europe/Berlin", "Central European Time", 3600),
        ("2026-07-01", "U0ALICE", "Europe/Berlin", "Central European Summer Time", 7200),
        ("2026-11-22", "U0BOB", "America/New_York", "Eastern Standard Time", -18000),
        ("2026-07-01", "U0BOB", "America/New_York", "Eastern Daylight Time", -14400),
        ("2026-07-01", "U0CAROL", "Asia/Kolkata", "India Standard Time", 19800),
        ("2026-11-22", "U0DAVE", "Europe/London", "Greenwich Mean Time", 0),
        ("2026-07-01", "U0DAVE", "Europe/London", "British Summer Time", 3600),
        ("2026-07-01", "U0JIDOKA", "Etc/UTC", "Coordinated Universal Time", 0),
    ],
)
async def test_a_users_zone_says_what_holds_today(
    scene: Scene, day: str, user: str, zone: str, label: str, offset: int
):
    scene.clock.time = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    alone = (await scene.bot.users_info(user=user))["user"]
    listed = next(one for one in (await scene.bot.users_list())["members"] if one["id"] == user)

    assert (alone["tz"], alone["tz_label"], alone["tz_offset"]) == (zone, label, offset)
    assert listed == alone
