"""Forms: what each kind of input reports, and what is refused before the bot is asked."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.bot.workspace.scene import Scene, modal
from tests.bot.workspace.test_chat import refused
from tests.bot.workspace.test_interactions import answers
from tests.bot.workspace.test_views import trigger

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*values: str) -> list[Json]:
    return [{"text": plain(value.upper()), "value": value} for value in values]


def asking(elements: dict[str, Json], *, optional: bool = True, **changes: Any) -> Json:
    """Return a modal with one input a name; the action id is always `a`."""
    blocks = [
        {
            "type": "input",
            "block_id": name,
            "label": plain(name),
            "optional": optional,
            "element": {"action_id": "a", **element},
        }
        for name, element in elements.items()
    ]
    return modal(blocks=blocks, **changes)


def filled(**values: Json) -> Json:
    return {"values": {name: {"a": value} for name, value in values.items()}}


async def opened(scene: Scene, view: Json) -> Json:
    """Open a view on Bob's page."""
    answer = await scene.bot.views_open(trigger_id=await trigger(scene), view=view)
    return dict(answer["view"])


async def handed_in(scene: Scene, view: Json, state: Json) -> tuple[Json, Json]:
    """Hand in a form as Bob; return what his page is told, and the payload the bot gets."""
    app, heard = scene.app(), []

    @app.view("back")
    async def submitted(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    async with scene.connected(app):
        told = await scene.person("bob").does("submit", view_id=view["id"], state=state)
    return told, (heard or [{}])[0]


A, B, C = options("a", "b", "c")
EVERY: dict[str, tuple[Json, Json, Json]] = {  # name → the element, what the page says, what the bot is told
    "select": (
        {"type": "static_select", "options": [A, B]},
        {"selected_option": {"value": "b"}},
        {"selected_option": B},
    ),
    "grouped": (
        {"type": "static_select", "option_groups": [{"label": plain("G"), "options": [A, B]}]},
        {"selected_option": {"value": "a"}},
        {"selected_option": A},
    ),
    "several": (
        {"type": "multi_static_select", "options": [A, B, C]},
        {"selected_options": [{"value": "c"}, {"value": "forged"}, {"value": "a"}]},
        {"selected_options": [C, A]},
    ),
    "checks": (
        {"type": "checkboxes", "options": [A, B]},
        {"selected_options": [{"value": "a"}]},
        {"selected_options": [A]},
    ),
    "radio": (
        {"type": "radio_buttons", "options": [A, B]},
        {"selected_option": {"value": "b"}},
        {"selected_option": B},
    ),
    "person": ({"type": "users_select"}, {"selected_user": "U0CAROL"}, {"selected_user": "U0CAROL"}),
    "stranger": ({"type": "users_select"}, {"selected_user": "U0EVE"}, {"selected_user": None}),
    "people": (
        {"type": "multi_users_select"},
        {"selected_users": ["U0BOB", "U0EVE", "U0CAROL"]},
        {"selected_users": ["U0BOB", "U0CAROL"]},
    ),
    "room": ({"type": "channels_select"}, {"selected_channel": "C0SALES"}, {"selected_channel": "C0SALES"}),
    "talk": (
        {"type": "conversations_select"},
        {"selected_conversation": "D0BOB"},
        {"selected_conversation": "D0BOB"},
    ),
    "day": ({"type": "datepicker"}, {"selected_date": "2026-12-24"}, {"selected_date": "2026-12-24"}),
    "no_day": ({"type": "datepicker"}, {"selected_date": "soon"}, {"selected_date": None}),
    "hour": ({"type": "timepicker"}, {"selected_time": "23:59"}, {"selected_time": "23:59"}),
    "no_hour": ({"type": "timepicker"}, {"selected_time": "24:00"}, {"selected_time": None}),
    "when": (
        {"type": "datetimepicker"},
        {"selected_date_time": 1_800_000_000},
        {"selected_date_time": 1_800_000_000},
    ),
    "text": ({"type": "plain_text_input"}, {"value": "words"}, {"value": "words"}),
    "nothing": ({"type": "plain_text_input"}, {"value": ""}, {"value": None}),
    "mail": ({"type": "email_text_input"}, {"value": "a@b.example"}, {"value": "a@b.example"}),
    "link": ({"type": "url_text_input"}, {"value": "https://x.example"}, {"value": "https://x.example"}),
    "sum": ({"type": "number_input", "is_decimal_allowed": True}, {"value": "1.50"}, {"value": "1.50"}),
}


async def test_every_kind_of_input_is_reported_as_slack_reports_it(scene: Scene):
    view = await opened(scene, asking({name: element for name, (element, _, _) in EVERY.items()}))
    told, body = await handed_in(scene, view, filled(**{name: says for name, (_, says, _) in EVERY.items()}))
    values = {name: block["a"] for name, block in body["view"]["state"]["values"].items()}

    assert told == {"ok": True}
    assert values == {
        name: {"type": element["type"], **report} for name, (element, _, report) in EVERY.items()
    }


INITIAL: dict[str, tuple[Json, Json]] = {
    "select": ({"type": "static_select", "options": [A, B], "initial_option": B}, {"selected_option": B}),
    "several": (
        {"type": "multi_static_select", "options": [A, B], "initial_options": [A]},
        {"selected_options": [A]},
    ),
    "none": ({"type": "multi_users_select"}, {"selected_users": []}),
    "people": ({"type": "multi_users_select", "initial_users": ["U0BOB"]}, {"selected_users": ["U0BOB"]}),
    "person": ({"type": "users_select", "initial_user": "U0BOB"}, {"selected_user": "U0BOB"}),
    "talk": (
        {"type": "conversations_select", "initial_conversation": "C0LEGAL"},
        {"selected_conversation": "C0LEGAL"},
    ),
    "room": ({"type": "channels_select", "initial_channel": "C0LEGAL"}, {"selected_channel": "C0LEGAL"}),
    "day": ({"type": "datepicker", "initial_date": "2026-12-01"}, {"selected_date": "2026-12-01"}),
    "hour": ({"type": "timepicker", "initial_time": "08:00"}, {"selected_time": "08:00"}),
    "when": (
        {"type": "datetimepicker", "initial_date_time": 1_800_000_000},
        {"selected_date_time": 1_800_000_000},
    ),
    "text": ({"type": "plain_text_input", "initial_value": "before"}, {"value": "before"}),
    "sum": ({"type": "number_input", "is_decimal_allowed": False, "initial_value": "7"}, {"value": "7"}),
    "files": ({"type": "file_input"}, {"files": []}),
}


async def test_what_nobody_touched_is_reported_as_it_began(scene: Scene):
    view = await opened(scene, asking({name: element for name, (element, _) in INITIAL.items()}))
    _, body = await handed_in(scene, view, {"values": {}})
    values = {name: block["a"] for name, block in body["view"]["state"]["values"].items()}

    assert values == {
        name: {"type": element["type"], **report} for name, (element, report) in INITIAL.items()
    }


WHOLE = {"type": "number_input", "is_decimal_allowed": False, "min_value": "2", "max_value": "20"}
TWO = {"type": "multi_static_select", "options": [A, B, C], "max_selected_items": 2}


@pytest.mark.parametrize(
    ("element", "says", "sentence"),
    [
        (WHOLE, {"value": "1"}, "Please enter a number of at least 2."),
        (WHOLE, {"value": "20.5"}, "Please enter a whole number."),
        (WHOLE, {"value": "21"}, "Please enter a number of at most 20."),
        (WHOLE, {"value": "many"}, "Please enter a valid number."),
        (WHOLE, {"value": "-0"}, "Please enter a number of at least 2."),
        (TWO, {"selected_options": [A, B, C]}, "Please choose at most 2."),
        (
            {"type": "static_select", "options": [A]},
            {"selected_option": B},
            "Please complete this required field.",
        ),
        (
            {"type": "checkboxes", "options": [A]},
            {"selected_options": []},
            "Please complete this required field.",
        ),
    ],
)
async def test_a_wrong_answer_is_said_at_its_field(scene: Scene, element: Json, says: Json, sentence: str):
    view = await opened(scene, asking({"x": element}, optional=False))
    told = await scene.person("bob").does("submit", view_id=view["id"], state=filled(x=says))

    assert told == {"ok": True, "response_action": "errors", "errors": {"x": sentence}}


async def uploaded(scene: Scene, name: str, by: str = "bob") -> Json:
    answer = await scene.client(f"xoxp-{by}").files_upload_v2(filename=name, content="Terms", title=name)
    return {"id": answer["files"][0]["id"]}


async def test_the_bot_gets_the_files_of_a_form_whole_and_may_read_them(scene: Scene):
    file = await uploaded(scene, "terms.txt")
    before = await refused(scene.bot.files_info(file=file["id"]))
    view = await opened(scene, asking({"files": {"type": "file_input"}}))
    _, body = await handed_in(scene, view, filled(files={"files": [file]}))
    [told] = body["view"]["state"]["values"]["files"]["a"]["files"]
    read = (await scene.bot.files_info(file=file["id"]))["file"]

    assert before == "file_not_found"
    assert told == read
    assert (read["name"], read["size"], read["channels"], read["ims"]) == ("terms.txt", 5, [], [])


async def test_only_ones_own_files_of_the_wanted_kinds_and_number_are_taken(scene: Scene):
    mine, sheet = await uploaded(scene, "a.txt"), await uploaded(scene, "b.csv")
    theirs = await uploaded(scene, "c.txt", by="alice")
    element = {"type": "file_input", "max_files": 1, "filetypes": ["txt", "pdf"]}
    view, bob = await opened(scene, asking({"x": element}, optional=False)), scene.person("bob")
    found = [
        await bob.does("submit", view_id=view["id"], state=filled(x={"files": files}))
        for files in ([theirs], [mine, mine], [sheet], [])
    ]

    assert found[0] == {"ok": False, "error": "file_not_found"}
    assert [told["errors"]["x"] for told in found[1:]] == [
        "Please attach at most 1 file.",
        "Please attach only files of these kinds: txt, pdf.",
        "Please complete this required field.",
    ]
    assert await refused(scene.bot.files_info(file=theirs["id"])) == "file_not_found"


async def test_a_form_that_asks_for_a_conversation_may_be_answered_there(scene: Scene):
    element = {"type": "conversations_select", "response_url_enabled": True}
    view = await opened(scene, asking({"where": element}))
    _, body = await handed_in(scene, view, filled(where={"selected_conversation": "C0SALES"}))
    [place] = body["response_urls"]
    status, _ = await answers(scene, place["response_url"], text="Here it is", response_type="in_channel")

    assert (place["block_id"], place["action_id"], place["channel_id"]) == ("where", "a", "C0SALES")
    assert status == 200
    assert await scene.texts("C0SALES") == ["Here it is"]


@pytest.mark.parametrize(
    ("element", "pointer"),
    [
        ({"type": "static_select", "options": [A], "initial_option": B}, "/blocks/0/element/initial_option"),
        (
            {"type": "checkboxes", "options": [A], "initial_options": [A, B]},
            "/blocks/0/element/initial_options/1",
        ),
        (
            {"type": "number_input", "is_decimal_allowed": True, "min_value": "low"},
            "/blocks/0/element/min_value",
        ),
        (
            {"type": "number_input", "is_decimal_allowed": True, "min_value": "3", "max_value": "2"},
            "/blocks/0/element/min_value",
        ),
        ({"type": "number_input"}, "/blocks/0/element"),
        ({"type": "file_input", "max_files": 11}, "/blocks/0/element/max_files"),
        ({"type": "overflow", "options": [A]}, "/blocks/0/element/type"),
    ],
)
async def test_an_input_slack_would_not_take_is_refused_with_its_place(
    scene: Scene, element: Json, pointer: str
):
    with pytest.raises(SlackApiError) as found:
        await scene.bot.views_open(trigger_id="1.2", view=asking({"x": element}))

    assert found.value.response["error"] == "invalid_arguments"
    assert [one.partition("[json-pointer:")[2] for one in found.value.response["errors"]] == [
        f"/view{pointer}]"
    ]
