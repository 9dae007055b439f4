"""Hostile text stays text: nothing that anybody writes runs, loads from elsewhere, or hides where it leads."""

import pytest
from playwright.async_api import Browser, Page, Request, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.workspace_page.conftest import LOOP, Site, opened
from tests.bot.workspace_page.desk import Json, plain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope=LOOP)]

HOSTILE = [
    "<script>window.hacked = 1</script>",
    '<img src=x onerror="window.hacked = 1">',
    "<svg onload=window.hacked=1>",
    '"><iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
    "</textarea></title></style><script>window.hacked=1</script>",
    "<a href='javascript:window.hacked=1'>press</a>",
    "[press](javascript:window.hacked=1)",
    "<javascript:window.hacked=1|press>",
    '<https://evil.example/" onmouseover="window.hacked=1|press>',
    "<data:text/html,<script>window.hacked=1</script>|press>",
    "![x](https://evil.example/pixel.png)",
    "{{constructor.constructor('window.hacked=1')()}}",
    "`<img src=x onerror=window.hacked=1>`",
    "```<script>window.hacked=1</script>```",
    "*<b onclick=window.hacked=1>bold</b>*",
    "&lt;script&gt;window.hacked=1&lt;/script&gt;",
    "<!date^99999999999999^{date}|<img src=x onerror=window.hacked=1>>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "__proto__ constructor toString :__proto__: :constructor:",
]


def hostile_blocks(text: str) -> list[Json]:
    mrkdwn = {"type": "mrkdwn", "text": text}
    cell = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
    }
    task = {"type": "task_card", "task_id": "1", "title": text, "status": "complete", "output": cell}
    rows = [[{"type": "raw_text", "text": text}], [cell]]
    pressed = {"type": "button", "action_id": "hostile", "text": plain(text[:75]), "value": text}
    shown: list[Json] = [
        {"type": "header", "text": plain(text[:150])},
        {"type": "section", "text": mrkdwn, "fields": [mrkdwn, plain(text)]},
        {"type": "context", "elements": [mrkdwn]},
        {"type": "markdown", "text": text},
        {"type": "plan", "title": text, "tasks": [task]},
        {"type": "table", "rows": rows},
        {"type": "actions", "elements": [pressed]},
    ]
    return shown


async def hacked(page: Page) -> bool:
    return bool(await page.evaluate("'hacked' in window"))


async def test_hostile_messages_blocks_and_files_run_nothing(page: Page, site: Site, bot: AsyncWebClient):
    elsewhere: list[str] = []
    page.on("request", lambda request: note(request, site, elsewhere))
    await page.get_by_role("navigation").get_by_role("link", name="legal").click()
    for text in HOSTILE:
        await site.person("bob").chat_postMessage(channel="C0LEGAL", text=text)
        await bot.chat_postMessage(channel="C0LEGAL", text=text, blocks=hostile_blocks(text))
    for number, text in enumerate(HOSTILE):
        name = f"{number}<img src=x onerror=window.hacked=1>.md"
        await bot.files_upload_v2(channel="C0LEGAL", filename=name, title=text, content=text)
    last = page.get_by_role("article", name="jidoka").last.get_by_role("button", name="Open")
    await last.click()
    await expect(page.get_by_role("dialog")).to_be_visible()

    assert not await hacked(page)
    assert elsewhere == []
    links = await page.locator("main a").evaluate_all("nodes => nodes.map(node => node.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:"}
    assert (
        await page.locator("main script, main iframe, main style, main svg[onload], main [onerror]").count()
        == 0
    )


def note(request: Request, site: Site, elsewhere: list[str]) -> None:
    if not request.url.startswith((site.url, site.url.replace("http", "ws"), "data:", "blob:")):
        elsewhere.append(request.url)


async def test_hostile_text_is_shown_as_it_was_written(page: Page, site: Site):
    await page.get_by_role("navigation").get_by_role("link", name="sales").click()
    await site.person("bob").chat_postMessage(
        channel="C0SALES", text="see &lt;img src=x onerror=alert(1)&gt; here"
    )

    await expect(page.get_by_text("see <img src=x onerror=alert(1)> here")).to_be_visible()


async def test_a_label_never_hides_the_host(page: Page, bot: AsyncWebClient):
    await page.get_by_role("navigation").get_by_role("link", name="sales").click()
    await bot.chat_postMessage(channel="C0SALES", text="pay at <https://evil.example/login|bank.example>")

    await expect(page.get_by_role("article").filter(has_text="pay at")).to_contain_text("(evil.example)")


async def test_the_page_forbids_scripts_of_others_and_inline_ones(browser: Browser, site: Site):
    page = await opened(browser, site)
    refused = await page.evaluate(
        """async () => {
            const refused = [];
            addEventListener("securitypolicyviolation", event => refused.push(event.effectiveDirective));
            document.body.append(Object.assign(document.createElement("script"), { textContent: "window.hacked = 1" }));
            document.body.append(Object.assign(document.createElement("script"), { src: "https://evil.example/x.js" }));
            document.body.append(Object.assign(document.createElement("iframe"), { src: "https://evil.example/" }));
            document.body.append(Object.assign(document.createElement("style"), { textContent: "p { color: red }" }));
            await new Promise(done => setTimeout(done, 200));
            return refused;
        }"""
    )
    await page.context.close()

    assert sorted(refused) == ["frame-src", "script-src-elem", "script-src-elem", "style-src-elem"]
