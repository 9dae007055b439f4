"""Blocks to check: builders, and one good example of every block."""

from typing import Any

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def button(text: str = "x", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), **more}


def option(value: str = "x") -> Json:
    return {"text": plain(value), "value": value}


def input_(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element, **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def task(status: str = "complete", **more: Any) -> Json:
    return {"type": "task_card", "task_id": "t", "title": "Research", "status": status, **more}


def cells(rows: int, columns: int = 1, text: str = "x") -> list[list[Json]]:
    return [[{"type": "raw_text", "text": text} for _ in range(columns)] for _ in range(rows)]


def data_table(rows: int, **more: Any) -> Json:
    return {"type": "data_table", "caption": "Prices", "rows": cells(rows), **more}


def chart(segments: int) -> Json:
    pieces = [{"label": f"s{number}", "value": 1} for number in range(segments)]
    return {"type": "data_visualization", "title": "Share", "chart": {"type": "pie", "segments": pieces}}


def bars(categories: list[str], labels: list[str], names: tuple[str, ...] = ("a",)) -> Json:
    data = [{"label": label, "value": 1.5} for label in labels]
    series = [{"name": name, "data": data} for name in names]
    body = {"type": "bar", "series": series, "axis_config": {"categories": categories}}
    return {"type": "data_visualization", "title": "Growth", "chart": body}


IMAGE = {"type": "image", "alt_text": "A line", "image_url": "https://x.y/z.png"}
GOOD: dict[str, Json] = {
    "section": section(fields=[plain()] * 10, accessory=button(), expand=True),
    "header": {"type": "header", "text": plain("x" * 150)},
    "divider": {"type": "divider"},
    "context": {"type": "context", "elements": [mrkdwn(), plain(), IMAGE]},
    "actions": actions(button(value="1", style="primary", visible_to_user_ids=["U1"]), block_id="b"),
    "context_actions": {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "positive_button": {"text": plain(), "value": "1"},
                "negative_button": {"text": plain(), "value": "0"},
            },
            {"type": "icon_button", "icon": "trash", "text": plain(), "visible_to_user_ids": ["U1"]},
        ],
    },
    "image": {**IMAGE, "title": plain()},
    "input": input_(
        {"type": "plain_text_input", "multiline": True, "max_length": 3000}, hint=plain(), optional=True
    ),
    "rich_text": rich(
        {"type": "text", "text": "x", "style": {"bold": True}},
        {"type": "link", "url": "https://x.y"},
        {"type": "user", "user_id": "U1"},
        {"type": "broadcast", "range": "here"},
        {"type": "emoji", "name": "eyes"},
    ),
    "markdown": {"type": "markdown", "text": "# x"},
    "table": {
        "type": "table",
        "rows": cells(100, 20),
        "column_settings": [{"align": "right", "is_wrapped": True}],
    },
    "data_table": data_table(101, page_size=100, row_header_column_index=0),
    "data_visualization": bars(["q1", "q2"], ["q1", "q2"], ("a", "b")),
    "task_card": task(
        "in_progress", details=rich(), sources=[{"type": "url", "url": "https://x.y", "text": "x"}]
    ),
    "plan": {"type": "plan", "title": "Campaign", "tasks": [task("pending") for _ in range(50)]},
    "card": {"type": "card", "title": mrkdwn(), "body": plain("x" * 200), "actions": [button()] * 3},
    "carousel": {"type": "carousel", "elements": [{"type": "card", "title": mrkdwn()}]},
    "container": {"type": "container", "title": plain(), "child_blocks": [section()], "is_collapsible": True},
    "alert": {"type": "alert", "text": mrkdwn(), "level": "warning"},
    "file": {"type": "file", "external_id": "x", "source": "remote"},
    "video": {
        "type": "video",
        "title": plain(),
        "alt_text": "x",
        "video_url": "https://x.y/v",
        "thumbnail_url": "https://x.y/t",
    },
}
