"""A schedule edited in its form: from its message, from the window that lists it, from Home; by its own person only."""

from typing import Any

from bot.listeners import rescheduling
from bot.messages import schedules as shown
from storage.agenda import Schedule
from storage.tables import Event
from tests.bot.listeners.test_control import opened, submit
from tests.bot.listeners.test_schedules import SUNDAY, a_schedule, card, press, settled
from tests.bot.scheduled import a_schedule as kept_schedule
from tests.bot.shop import BOT, Shop
from tests.watch import at, watch

Json = dict[str, Any]
OFFERS = {"id": "F1", "name": "offers.csv", "url_private": "https://files.slack.com/F1", "size": 1, "mimetype": "text/csv"}
PRICES = {**OFFERS, "id": "F2", "name": "prices.csv"}


async def the(here: Shop) -> Schedule:
    [row] = await here.rows(Schedule)
    return row


async def test_the_form_opens_with_what_the_schedule_holds_and_saves_what_is_changed(here: Shop):
    with watch(SUNDAY):
        schedule = await a_schedule(here)
        message = await card(here, schedule)
        await press(here, "alice", message, shown.EDIT)
        form = await opened(here, "alice")
        changed = {"request": {"value": "send the price news"}, "time": {"selected_time": "09:30"}}
        done = await submit(here, "alice", form, **changed, last={"selected_date": "2026-12-18"})
        edited = await the(here)
        after = await card(here, edited)

    assert (form["title"]["text"], form["submit"]["text"]) == ("Edit schedule", "Save")
    assert done == {"ok": True}
    assert (edited.request, edited.repeat) == ("send the price news", "30 9 * * mon-fri")
    assert (edited.next_at, edited.until) == (at("2026-11-23 08:30"), at("2026-12-18 23:00"))
    assert "every weekday at 09:30 until 18 December 2026 (Europe/Berlin)" in after["text"]
    assert "send the price news" in after["text"]
    [event] = await here.rows(Event, kind="schedule edited")
    assert (event.by, event.payload["fields"]) == ("U0ALICE", ["approved", "next_at", "repeat", "request", "until"])


async def test_what_was_heard_is_edited_before_anybody_says_yes_and_still_asks(here: Shop):
    with watch(SUNDAY):
        await here.say("alice", "C0SALES", f"{BOT} every weekday at 7 until Friday: send the competitor news")
        await settled(here, 1)
        heard = await the(here)
        message = await card(here, heard)
        await press(here, "alice", message, shown.EDIT)
        form = await opened(here, "alice")
        await submit(here, "alice", form, time={"selected_time": "09:30"}, request={"value": "send the price news"})
        edited = await the(here)
        asked = await card(here, edited)
        await press(here, "alice", asked, shown.CONFIRM)
        begun = await the(here)

    assert (heard.until, heard.next_at) == (at("2026-11-27 23:00"), None)
    assert (edited.request, edited.until, edited.next_at) == ("send the price news", heard.until, None)
    assert "Shall I do this *every weekday at 09:30 until 27 November 2026 (Europe/Berlin)*?" in asked["text"]
    assert begun.next_at == at("2026-11-23 08:30")


async def test_saving_what_is_already_so_is_no_edit(here: Shop):
    with watch(SUNDAY):
        before = await a_schedule(here)
        await press(here, "alice", await card(here, before), shown.EDIT)
        done = await submit(here, "alice", await opened(here, "alice"))

    assert done == {"ok": True}
    assert await the(here) == before
    assert await here.rows(Event, kind="schedule edited") == []


async def test_only_its_own_person_edits_it(here: Shop):
    with watch(SUNDAY):
        schedule = await a_schedule(here)
        message = await card(here, schedule)
        await press(here, "bob", message, shown.EDIT)
        [told] = await here.until(lambda: here.whispers("bob"))

    assert told == rescheduling.NOT_YOURS.format(by="U0ALICE")
    assert await here.calls("views.open") == []


async def test_files_that_are_unticked_come_no_more_and_a_line_is_chosen(here: Shop):
    with watch(SUNDAY):
        schedule = await kept_schedule(here, files=[OFFERS, PRICES])
        await press_in_home(here, schedule)
        chosen = {"selected_options": [{"value": "F2"}]}
        line = {"selected_option": {"value": "market-analysis"}}
        await submit(here, "alice", await opened(here, "alice"), files=chosen, line=line)
        edited = await the(here)

    assert [file["name"] for file in edited.files] == ["prices.csv"]
    assert edited.line == "market-analysis"
    assert shown.card(edited, at(SUNDAY)).blocks[2]["elements"][0]["text"] == "With prices.csv · Line “market-analysis”"


async def press_in_home(here: Shop, schedule: Schedule) -> None:
    """Publish a Home with this schedule's buttons and press *Edit* there."""
    view = {"type": "home", "blocks": shown.listed([schedule], at(SUNDAY))}
    published = await here.front.client.views_publish(user_id=schedule.by, view=view)
    await press_edit(here, dict(published["view"]))


async def press_edit(here: Shop, view: Json) -> Json:
    [block] = [one for one in view["blocks"] if one["type"] == "actions"]
    pressed = {"action_id": shown.EDIT, "type": "button", "value": block["elements"][0]["value"]}
    container = {"type": "view", "view_id": view["id"]}
    return await here.do("alice", "action", {"container": container, "block_id": block["block_id"], "action": pressed})


async def test_from_the_window_the_form_opens_over_it_and_the_list_shows_what_came_of_it(here: Shop):
    with watch(SUNDAY):
        await a_schedule(here)
        assert (await here.do("alice", "command", {"channel": "C0SALES", "command": "/jidoka", "text": "schedules"}))["ok"]
        window = await opened(here, "alice")
        await press_edit(here, window)
        form = await here.until(lambda: pushed(here))
        await submit(here, "alice", form, request={"value": "send the price news"})
        below = await here.until(lambda: updated(here))

    assert "send the price news" in str(below)


async def pushed(here: Shop) -> Json | None:
    """Return the form once it stands over the window."""
    view = await opened(here, "alice")
    return view if view["title"]["text"] == "Edit schedule" else None


async def updated(here: Shop) -> list[Json]:
    return await here.calls("views.update")


async def test_an_end_before_the_first_time_is_said_at_its_input(here: Shop):
    with watch(SUNDAY):
        schedule = await a_schedule(here)
        await press(here, "alice", await card(here, schedule), shown.EDIT)
        done = await submit(here, "alice", await opened(here, "alice"), last={"selected_date": "2026-11-22"})

    assert done["errors"] == {"last": "It would not come once by then. Choose a later day, or none."}
    assert (await the(here)).until is None


async def test_a_schedule_that_ended_meanwhile_is_not_brought_back(here: Shop):
    with watch(SUNDAY):
        schedule = await a_schedule(here)
        message = await card(here, schedule)
        await press(here, "alice", message, shown.EDIT)
        form = await opened(here, "alice")
        await press(here, "alice", message, shown.END)
        done = await submit(here, "alice", form, request={"value": "send the price news"})

    assert done["errors"] == {"request": "This schedule is not there any more."}
    assert ((await the(here)).request, (await the(here)).ended_at) == ("send the competitor news", at(SUNDAY))
