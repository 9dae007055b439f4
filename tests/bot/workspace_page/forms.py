"""Views for the page's tests: a form of every kind of input, and a Home tab of everything that may stand there."""

from typing import Any

from tests.bot.workspace_page.desk import Json, option, plain


def asks(name: str, label: str, element: Json, **more: Any) -> Json:
    """Return an input block; its element's action id is always `a`."""
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": {"action_id": "a", **element},
        **more,
    }


def modal(title: str, *blocks: Json, **more: Any) -> Json:
    """Return a modal that tells when it is closed."""
    return {
        "type": "modal", "callback_id": "any", "title": plain(title), "submit": plain("Hand in"), "close": plain("Leave"),
        "notify_on_close": True, "blocks": list(blocks), **more,
    }  # fmt: skip


def every_input() -> Json:
    """Return a form with every kind of input, for a schedule that could be real."""
    tones = [option("Plain", "plain"), option("Warm", "warm")]
    lines = [
        option("Competitors", "competitors"),
        option("Contract", "contract"),
        option("Campaign", "campaign"),
    ]
    return modal(
        "New schedule",
        asks("name", "Name", {"type": "plain_text_input", "placeholder": plain("Such as Monday news")},
             hint=plain("Everybody in the channel sees it.")),
        asks("brief", "What is wanted", {"type": "plain_text_input", "multiline": True}, optional=True),
        asks("line", "Line", {"type": "static_select", "options": lines, "placeholder": plain("Pick a line"),
                              "initial_option": lines[0]}),
        asks("topics", "Topics", {"type": "multi_static_select", "options": lines, "max_selected_items": 2}),
        asks("words", "Most words", {"type": "number_input", "is_decimal_allowed": False, "min_value": "100",
                                     "max_value": "2000", "initial_value": "900"}),
        asks("day", "First on", {"type": "datepicker", "initial_date": "2026-12-01"}),
        asks("hour", "At", {"type": "timepicker", "initial_time": "07:30"}),
        asks("until", "Ends", {"type": "datetimepicker", "initial_date_time": 1_798_761_600}, optional=True),
        asks("tone", "Tone", {"type": "radio_buttons", "options": tones, "initial_option": tones[0]}),
        asks("checks", "Check", {"type": "checkboxes", "options": [option("Numbers", "n"), option("Names", "m")]},
             optional=True),
        asks("owner", "Who decides", {"type": "users_select", "placeholder": plain("Pick a person")}),
        asks("copies", "Who gets a copy", {"type": "multi_users_select"}, optional=True),
        asks("where", "Where to post", {"type": "conversations_select", "default_to_current_conversation": True,
                                        "response_url_enabled": True}),
        asks("room", "Channel of the archive", {"type": "channels_select"}, optional=True),
        asks("mail", "Mail it to", {"type": "email_text_input"}, optional=True),
        asks("link", "Template", {"type": "url_text_input"}, optional=True),
        asks("files", "Attachments", {"type": "file_input", "max_files": 2, "filetypes": ["txt", "csv"]}, optional=True),
    )  # fmt: skip


def home(picture: str = "", rows: int = 3) -> Json:
    """Return a Home tab with rows of runs, each with a menu; `picture` is the id of an uploaded one."""
    section = {"type": "mrkdwn", "text": "*May the mail be sent?*\n<#C0SALES> · waits since this morning"}
    go = {
        "type": "button",
        "action_id": "look",
        "text": plain("Look at it"),
        "style": "primary",
        "value": "c1",
    }
    blocks: list[Json] = [
        {"type": "header", "text": plain("Waiting for you")},
        {"type": "section", "text": section},
        {"type": "actions", "block_id": "decide", "elements": [go]},
        {"type": "divider"},
        {"type": "header", "text": plain("Runs")},
    ]
    for number in range(rows):
        options = [option("Open the thread", "open"), option("Run again", "again"), option("Stop", "stop")]
        more = {"type": "overflow", "action_id": "more", "options": options}
        text = {"type": "mrkdwn", "text": f"*Run {number + 1}* · compare our competitors"}
        blocks.append({"type": "section", "block_id": f"run{number}", "text": text, "accessory": more})
    if picture:
        blocks.append({
            "type": "image", "alt_text": "Spend this week", "title": plain("Spend this week"), "slack_file": {"id": picture},
        })  # fmt: skip
    blocks.append(
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Spent this week: 4.20 of 20.00"}]}
    )
    return {"type": "home", "blocks": blocks}
