"""Every block is drawn as what it is; what the page does not know is shown, not dropped."""

import pytest
from playwright.async_api import Page, expect

from tests.bot.workspace_page.conftest import LOOP
from tests.bot.workspace_page.desk import Json, option, plain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope=LOOP)]

DRAW = """async list => {
    const { blocks } = await import("/static/blocks.js");
    const place = document.createElement("article");
    place.id = "drawn";
    place.dataset.surface = "message";
    place.append(...blocks(list, { surface: "message", container: () => ({}) }));
    document.getElementById("drawn")?.remove();
    document.querySelector("main").prepend(place);
    return place.innerText;
}"""


def rich(text: str, **style: bool) -> Json:
    part = {"type": "text", "text": text, "style": style}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [part]}]}


async def text_of(still: Page, source: str, text: str) -> str:
    """Return the HTML the page makes of a text, without what only carries style."""
    module, name = source.split(":")
    script = """async ([module, name, text]) => {
        const made = (await import(`/static/${module}.js`))[name](text);
        const place = document.createElement("div");
        place.append(...made);
        for (const node of place.querySelectorAll("*"))
            for (const { name } of [...node.attributes])
                if (!["href", "start", "type", "checked"].includes(name)) node.removeAttribute(name);
        return place.innerHTML;
    }"""
    return str(await still.evaluate(script, [module, name, text]))


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        (
            "*bold* and _slanted_ and ~gone~",
            "<p><strong>bold</strong> and <em>slanted</em> and <s>gone</s></p>",
        ),
        ("2*3*4 and snake_case_name", "<p>2*3*4 and snake_case_name</p>"),
        ("*_both_*", "<p><strong><em>both</em></strong></p>"),
        ("`*code* &lt;b&gt;`", "<p><code>*code* &lt;b&gt;</code></p>"),
        ("a &amp;lt; b", "<p>a &amp;lt; b</p>"),
        ("before\n```\nx = *1*\n```\nafter", "<p>before</p><pre><code>x = *1*</code></pre><p>after</p>"),
        ("&gt; quoted\n&gt; twice\nplain", "<blockquote>quoted<br>twice</blockquote><p>plain</p>"),
        ("• one\n• two", "<ul><li>one</li><li>two</li></ul>"),
        ("3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'),
        ("<@U0BOB> in <#C0SALES>", '<p><span>@Bob</span> in <a href="#/C0SALES">#sales</a></p>'),
        ("<!channel> wake", "<p><span>@channel</span> wake</p>"),
        (
            "<mailto:a@b.example|write>",
            '<p><span><a href="mailto:a@b.example">write</a> <span>(a@b.example)</span></span></p>',
        ),
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("<!date^1500000000^{date_num}|then>", "<p><time>2017-07-14</time></p>"),
        (":not_an_emoji: :constructor: 10:30:15", "<p>:not_an_emoji: :constructor: 10:30:15</p>"),
    ],
)
async def test_mrkdwn(still: Page, written: str, drawn: str):
    assert await text_of(still, "mrkdwn:mrkdwn", written) == drawn


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("# Title\ntext", "<h3>Title</h3><p>text</p>"),
        ("**b** *i* ~~s~~ `c`", "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>"),
        ("- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("2. b\n3. c", '<ol start="2"><li>b</li><li>c</li></ol>'),
        (
            "- [x] done\n- [ ] open",
            '<ul><li><input type="checkbox" checked="">done</li><li><input type="checkbox">open</li></ul>',
        ),
        (
            "| A | B |\n|---|---|\n| 1 | a\\|b |",
            "<div><table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>a|b</td></tr></tbody></table></div>",
        ),
        ("> q\n> r", "<blockquote><p>q<br>r</p></blockquote>"),
        ("```py\n<b>\n```", "<pre><code>&lt;b&gt;</code></pre>"),
        ("<b>text</b>", "<p>&lt;b&gt;text&lt;/b&gt;</p>"),
        ("\\*plain\\*", "<p>*plain*</p>"),
        ("a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"),
        ("[x](javascript:alert(1))", "<p><span>x (javascript:alert(1))</span></p>"),
        ("1 * 2 * 3 and a_b_c", "<p>1 * 2 * 3 and a_b_c</p>"),
    ],
)
async def test_markdown(still: Page, written: str, drawn: str):
    assert await text_of(still, "markdown:markdown", written) == drawn


async def test_a_plan_says_what_is_done_working_stopped_and_waiting(still: Page):
    states = {"Read": "complete", "Write": "in_progress", "Check": "error", "Send": "pending"}
    tasks = [
        {"type": "task_card", "task_id": name, "title": name, "status": state}
        for name, state in states.items()
    ]
    tasks[0]["output"] = rich("Six documents")  # type: ignore[assignment]
    await still.evaluate(DRAW, [{"type": "plan", "title": "The line", "tasks": tasks}])
    stations = still.get_by_role("region", name="Plan").get_by_role("listitem")

    await expect(still.get_by_text("1 of 4 done · 1 working · 1 stopped")).to_be_visible()
    for station, words in enumerate(["done", "working", "stopped", "waiting"]):
        await expect(stations.nth(station)).to_contain_text(words)
    await expect(stations.first).to_contain_text("Six documents")


async def test_a_long_table_has_pages(still: Page):
    head = [{"type": "raw_text", "text": "Name"}, {"type": "raw_text", "text": "Price"}]
    rows = [
        [{"type": "raw_text", "text": f"item {n}"}, {"type": "raw_number", "text": str(n)}] for n in range(7)
    ]
    await still.evaluate(
        DRAW, [{"type": "data_table", "caption": "Prices", "page_size": 3, "rows": [head, *rows]}]
    )
    table = still.get_by_role("table", name="Prices")
    await expect(table.get_by_role("row")).to_have_count(4)
    await still.get_by_role("button", name="Next rows").click()
    await still.get_by_role("button", name="Next rows").click()

    await expect(table.get_by_role("row")).to_have_count(2)
    await expect(table).to_contain_text("item 6")
    await expect(still.get_by_role("button", name="Next rows")).to_be_disabled()


async def test_a_container_opens_and_closes(still: Page):
    inside = {"type": "section", "text": plain("The inside")}
    block = {
        "type": "container",
        "title": plain("Sources"),
        "child_blocks": [inside],
        "is_collapsible": True,
        "default_collapsed": True,
    }
    await still.evaluate(DRAW, [block])
    await expect(still.get_by_text("The inside")).to_be_hidden()
    await still.get_by_text("Sources").click()

    await expect(still.get_by_text("The inside")).to_be_visible()


async def test_elements_carry_their_slack_text_as_name(still: Page):
    select = {"type": "users_select", "action_id": "a", "placeholder": plain("Pick a person")}
    groups = [{"label": plain("Group"), "options": [option("One", "1")]}]
    grouped = {
        "type": "static_select",
        "action_id": "b",
        "placeholder": plain("Pick one"),
        "option_groups": groups,
    }
    button = {
        "type": "button",
        "action_id": "c",
        "text": plain("Q &amp; A :rocket:"),
        "accessibility_label": "Questions",
    }
    day = {"type": "datepicker", "action_id": "d", "placeholder": plain("Pick a day")}
    more = {"type": "overflow", "action_id": "e", "options": [option("Archive", "1")]}
    await still.evaluate(
        DRAW, [{"type": "actions", "block_id": "x", "elements": [select, grouped, button, day, more]}]
    )
    drawn = still.locator("#drawn")

    await expect(drawn.get_by_role("combobox", name="Pick a person").locator("option")).to_have_count(6)
    await expect(drawn.get_by_role("combobox", name="Pick one")).to_be_visible()
    await expect(drawn.get_by_role("button", name="Questions")).to_be_visible()
    await expect(drawn.get_by_label("Pick a day")).to_have_attribute("type", "date")
    await drawn.get_by_role("button", name="More options").click()
    await expect(still.get_by_role("menuitem", name="Archive")).to_be_focused()


async def test_the_other_blocks_are_drawn(still: Page):
    card = {
        "type": "card",
        "title": plain("Card title"),
        "body": plain("Card body"),
        "subtext": plain("Card subtext"),
    }
    segments = [{"label": "North", "value": 3}, {"label": "South", "value": 1}]
    blocks = [
        {"type": "header", "text": plain("A heading")},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "*small* words"}]},
        {"type": "divider"},
        card,
        {"type": "carousel", "elements": [card]},
        {"type": "alert", "text": plain("Take care"), "level": "warning"},
        {
            "type": "table",
            "rows": [[{"type": "raw_text", "text": "H"}], [{"type": "raw_number", "value": 7}]],
        },
        {"type": "task_card", "task_id": "t", "title": "A lone task", "status": "complete"},
        {
            "type": "image",
            "alt_text": "A far picture",
            "image_url": "https://far.example/p.png",
            "title": plain("Far"),
        },
        {"type": "file", "external_id": "F9", "source": "remote"},
        {
            "type": "data_visualization",
            "title": plain("Shares"),
            "chart": {"type": "pie", "segments": segments},
        },
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "f",
                    "positive_button": {"text": plain("Good"), "value": "1"},
                    "negative_button": {"text": plain("Bad"), "value": "0"},
                }
            ],
        },
        rich("A rich word", bold=True),
    ]
    drawn = await still.evaluate(DRAW, blocks)

    for words in (
        "A heading",
        "small words",
        "Card title",
        "Card subtext",
        "Take care",
        "7",
        "A lone task",
        "A far picture",
        "F9",
        "North",
        "Good",
        "Bad",
        "A rich word",
    ):
        assert words in drawn
    assert await still.locator("#drawn img").count() == 0


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"type": "hologram", "depth": 3}, '"depth": 3'),
        ({"type": "toString"}, "toString"),
        ({"type": "actions"}, "cannot be drawn"),
        ({"type": "section", "accessory": {"type": "lever"}}, "lever"),
        ({"type": "actions", "elements": [{"type": "constructor"}]}, "constructor"),
        ({"type": "rich_text", "elements": [{"type": "valueOf"}]}, "valueOf"),
    ],
)
async def test_an_unknown_or_broken_block_is_shown_with_what_it_holds(still: Page, block: Json, words: str):
    assert words in await still.evaluate(DRAW, [block])
