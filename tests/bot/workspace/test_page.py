"""What the page is told: at the start, and while it is open."""

from tests.bot.workspace.scene import Scene


async def boot(scene: Scene, name: str) -> dict:
    return await (await scene.person(name).gets("/page/boot")).json()


async def test_the_page_begins_with_people_channels_and_whether_the_bot_is_there(scene: Scene):
    before = await boot(scene, "alice")
    async with scene.socket():
        during = await boot(scene, "alice")

    titles = [(one["real_name"], one["title"], one["guest"]) for one in before["people"]]

    assert titles == [
        ("Alice", "requester", False),
        ("Bob", "approver", False),
        ("Carol", "approver", False),
        ("Dave", "guest", True),
    ]
    assert [one["name"] for one in before["channels"]] == ["general", "sales", "legal", "jidoka"]
    assert before["channels"][3] | {"topic": ""} == {
        "id": "D0ALICE",
        "name": "jidoka",
        "topic": "",
        "kind": "im",
        "latest": None,
        "unread": 0,
        "mentions": 0,
        "with": "U0JIDOKA",
    }
    assert before["commands"][0]["command"] == "/jidoka"
    assert (before["connected"], during["connected"]) == (False, True)
    assert [one["id"] for one in (await boot(scene, "dave"))["channels"]] == ["C0GENERAL", "D0DAVE"]


async def test_unread_and_mentions_are_counted_until_read(scene: Scene):
    root = await scene.alice.chat_postMessage(channel="C0GENERAL", text="hello")
    await scene.bot.chat_postMessage(channel="C0GENERAL", text="<@U0BOB> please decide", thread_ts=root["ts"])
    last = await scene.bot.chat_postMessage(channel="C0GENERAL", text="all")
    await scene.bot.chat_postMessage(channel="D0BOB", text="for you")
    before = {one["id"]: (one["unread"], one["mentions"]) for one in (await boot(scene, "bob"))["channels"]}
    alices = (await boot(scene, "alice"))["channels"][0]
    async with scene.person("bob").watching() as watch:
        answer = await scene.person("bob").does("read", channel="C0GENERAL", ts=last["ts"])
        frame = await watch.until("unread")

    assert before == {"C0GENERAL": (3, 1), "C0SALES": (0, 0), "C0LEGAL": (0, 0), "D0BOB": (1, 1)}
    assert alices["unread"] == 1
    assert (answer["unread"], frame["unread"], frame["mentions"]) == (0, 0, 0)
    assert (await boot(scene, "bob"))["channels"][0]["unread"] == 0


async def test_members_see_new_changed_and_deleted_messages_and_reactions_live(scene: Scene):
    async with scene.person("carol").watching() as carol:
        root = await scene.alice.chat_postMessage(channel="C0GENERAL", text="root")
        new = await carol.until("message")
        await scene.bot.chat_postMessage(channel="C0GENERAL", text="reply", thread_ts=root["ts"])
        counted = await carol.until("message_changed")
        reply = await scene.bot.chat_postMessage(channel="C0GENERAL", text="reply", thread_ts=root["ts"])
        await scene.bot.reactions_add(channel="C0GENERAL", timestamp=root["ts"], name="eyes")
        reacted = await carol.until("reactions")
        await scene.bot.chat_delete(channel="C0GENERAL", ts=reply["ts"])
        deleted = await carol.until("message_deleted")

    assert (new["channel"], new["message"]["text"]) == ("C0GENERAL", "root")
    assert (counted["message"]["ts"], counted["message"]["reply_count"]) == (root["ts"], 1)
    assert reacted["reactions"] == [{"name": "eyes", "count": 1, "users": ["U0JIDOKA"]}]
    assert deleted == {"type": "message_deleted", "channel": "C0GENERAL", "ts": reply["ts"]}


async def test_a_page_hears_nothing_of_channels_its_person_is_not_in(scene: Scene):
    async with scene.person("dave").watching() as dave:
        await scene.alice.chat_postMessage(channel="C0LEGAL", text="secret")
        await scene.alice.chat_postMessage(channel="D0ALICE", text="private")
        await scene.alice.chat_postMessage(channel="C0GENERAL", text="open")
        frame = await dave.until("message")

    assert frame["message"]["text"] == "open"


async def test_a_page_hears_when_the_bot_comes_and_goes(scene: Scene):
    async with scene.person("alice").watching() as alice:
        heard = [(await alice.until("connected"))["connected"]]
        async with scene.socket():
            heard.append((await alice.until("connected"))["connected"])
        heard.append((await alice.until("connected"))["connected"])

    assert heard == [False, True, False]


async def test_suggested_prompts_are_shown_and_in_a_thread_silently_not(scene: Scene):
    prompts = [{"title": "Compare", "message": "Compare these"}]
    async with scene.person("alice").watching() as alice:
        for more in ({"thread_ts": "1.000001"}, {"title": "Try"}):
            answer = await scene.bot.assistant_threads_setSuggestedPrompts(
                channel_id="D0ALICE", prompts=prompts, **{"thread_ts": None, **more}
            )
        frame = await alice.until("prompts")

    assert answer["ok"]
    assert (frame["title"], frame["prompts"]) == ("Try", prompts)


async def test_the_pages_files_are_served_with_its_policy(scene: Scene):
    answer = await scene.person("alice").gets("/static/icon.svg")
    policy = answer.headers["Content-Security-Policy"]

    assert (answer.status, answer.content_type) == (200, "image/svg+xml")
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert (await scene.person("alice").gets("/static/..%2Fserver.py")).status == 404
    assert (await scene.person("alice").gets("/static/missing.js")).status == 404


async def test_words_that_make_no_sense_are_refused_not_stumbled_over(scene: Scene):
    alice = scene.person("alice")

    assert (await alice.does("action", container="x", action=[]))["ok"] is False
    assert (await alice.does("submit", view_id={}, state=7))["error"] == "not_found"
    assert (await alice.does("home", tab="attic"))["error"] == "invalid_tab"
    assert (await alice.does("read", channel="C0NOWHERE"))["error"] == "channel_not_found"
