"""Agents that search the web: what is found is a document like any other, and nothing private leaves with a query."""

from __future__ import annotations

import asyncio
import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agents.models.client import Capabilities
from agents.stations import queries
from agents.stations.assignment import Source
from agents.stations.web import NOT_VERIFIED
from agents.tools.search import Endpoint, SearchError
from agents.tools.web import Fetcher
from storage.reserves import Reserve
from storage.tables import Artifact, Call, Document, Handoff
from storage.words import CallKind, CheckpointKind, RunState, VoteAnswer
from tests.agents.tools.pages import names, page, serving
from tests.servers.searxng import SearchServer, searching
from tests.workshop import ALICE, COMPETITORS, Workshop, researches, triage, workshop

SENTENCE = "Haulwren charges 4,900 euros for each rack that it maintains in Ghent, tax not included."
SURVEY = "competitors/price-survey.csv"
END = {"when": {"role": "analyst"}, "fault": {"type": "refusal"}}


def routed() -> dict[str, Any]:
    inputs = [{"name": "competitors", "value": COMPETITORS}, {"name": "audience", "value": "the sales team"}]
    return triage(inputs=inputs, constraints=[])


def using(name: str, task: str, *inputs: dict[str, Any], call: int = 1) -> dict[str, Any]:
    blocks = [{"type": "tool_use", "name": name, "input": one} for one in inputs]
    return {"when": {"task": task, "call": call}, "reply": {"blocks": blocks}}


async def researched(shop: Workshop, *samples: str) -> str:
    """Take a run to the point where its three readers have handed over."""
    run_id = await shop.ask(f"compare our three competitors {COMPETITORS} for the sales team", samples=samples)
    await shop.decide(await shop.open(run_id, CheckpointKind.PLAN), ALICE, VoteAnswer.APPROVE)
    await shop.open(run_id, CheckpointKind.ESCALATION)
    return run_id


async def said(shop: Workshop, run_id: str, task: str) -> list[dict[str, Any]]:
    """Return what the tools of a task said, in order."""
    mine = [c for c in await shop.rows(Call, run_id) if c.kind is CallKind.TOOL and c.task_key == task]
    return [dict(c.result) for c in sorted(mine, key=lambda c: c.seq)]


async def test_results_are_documents_their_pages_may_be_opened_and_each_query_is_sent_once(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text(f"{SENTENCE}\nHaulwren, Ternway and Oxbell.\n", encoding="utf-8")
    async with serving() as site, searching(
        {"title": "Haulwren prices", "url": (url := site.url("/prices", "acme.test")), "content": "Racks from 5,000."},
        {"title": "No page", "url": "javascript:alert(1)", "content": "x"},
    ) as found:
        site.answers["/prices"] = page(b"A Haulwren rack costs 5,000 euros.")
        words = "Racks from 5,000."
        quoted = {"claim": words, "quote": words, "source": "{{id:document:from 5,000}}", "key": "haulwren/price"}
        wishes = [{"query": " haulwren  PRICES"}, {"query": SENTENCE[:60]}, {"query": f"{url}?seen=1"}, {"query": "x" * 201}]
        script = [
            routed(),
            using("web_search", "research-1", {"query": "Haulwren prices"}, *wishes),
            using("fetch", "research-1", {"url": url}, {"url": f"{url}?seen=1"}, call=2),
            {"when": {"task": "research-1", "call": 3}, "reply": {"json": {"findings": [quoted], "summary": "Read."}}},
            *(using("web_search", f"research-{n}", {"query": "Haulwren prices"}) for n in (2, 3)),
            *researches(), END,
        ]  # fmt: skip
        fetcher = Fetcher(allow={("127.0.0.1", site.port)}, look_up=names(acme_test=["127.0.0.1"]))
        async with workshop(tmp_path, script, fetcher=fetcher, search=Endpoint(found.url)) as shop:
            run_id = await researched(shop, str(secret))
            told = await said(shop, run_id, "research-1")
            documents = {row.origin: row for row in await shop.rows(Document, run_id)}
            handed = {row.task_key: row.findings for row in await shop.rows(Handoff, run_id)}

    assert found.asked == [{"q": "Haulwren prices", "format": "json"}]
    result = documents["search:haulwren prices"]
    assert result.name == "search results for “Haulwren prices”"
    assert result.text == f"Haulwren prices\n{url}\nRacks from 5,000."
    assert handed["research-1"][0]["label"] == "search results for “Haulwren prices”, search result 1"
    assert [one.get("is_error", False) for one in told] == [False, False, True, True, True, False, True]
    assert told[0]["content"] == told[1]["content"]
    assert "repeats 40 or more characters" in told[2]["content"] and "words, not addresses" in told[3]["content"]
    assert "at most 200 characters" in told[4]["content"]
    assert site.paths() == ["/prices"] and documents[url].text == "A Haulwren rack costs 5,000 euros."


def service_answer(*cited: tuple[str, str], found: tuple[str, ...] = ()) -> dict[str, Any]:
    """The answer of a service that searched: prose that cites pages by their words."""
    urls = [*(url for url, _ in cited), *found]
    result = {"type": "web_search_result", "encrypted_content": "e"}
    results = [{**result, "title": f"Title of {url}", "url": url} for url in urls]
    where = {"type": "web_search_result_location", "title": "A title", "encrypted_index": "i"}
    citations = [{**where, "url": url, "cited_text": words} for url, words in cited]
    blocks = [
        {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "haulwren"}},
        {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": results},
        {"type": "text", "text": "Model's prose.", "citations": citations},
    ]
    usage = {"input_tokens": 1_000, "output_tokens": 100, "server_tool_use": {"web_search_requests": 2}}
    return {"blocks": blocks, "stop_reason": "end_turn", "usage": usage}


async def test_the_services_own_search_sees_the_query_alone_and_its_quotes_are_looked_up_in_the_pages(tmp_path: Path):
    async with serving() as site:
        good, other, gone = (site.url(path, "acme.test") for path in ("/good", "/other", "/gone"))
        site.answers["/good"] = page(b"Intro.\n\nA Haulwren rack costs\n5,000 euros. More.")
        site.answers["/other"] = page(b"Nothing of the kind.")
        cited = ((good, "A Haulwren rack costs 5,000 euros…"), (other, "Ternway is free."), (gone, "Gone."))
        paused = {"blocks": [{"type": "text", "text": "Searching."}], "stop_reason": "pause_turn"}
        script = [
            routed(),
            {"when": {"role": "searcher", "call": 1}, "reply": paused},
            {"when": {"role": "searcher", "call": 2}, "reply": service_answer(*cited, found=("http://10.0.0.1/x",))},
            *(using("web_search", f"research-{n}", {"query": "haulwren"}) for n in (1, 2, 3)),
            *researches(), END,
        ]  # fmt: skip
        fetcher = Fetcher(allow={("127.0.0.1", site.port)}, look_up=names(acme_test=["127.0.0.1"]))
        can = Capabilities(server_tools=True, vision=True)
        async with workshop(tmp_path, script, fetcher=fetcher, capabilities=can) as shop:
            run_id = await researched(shop, SURVEY)
            asked = shop.model.calls(role="searcher")
            document = next(row for row in await shop.rows(Document, run_id) if row.origin == "search:haulwren")
            calls = [c for c in await shop.rows(Call, run_id) if c.name == "web_search"]
            pages = {row.origin: row.id for row in await shop.rows(Document, run_id)}

    assert [call.body["messages"][0]["content"][0]["text"] for call in asked] == ["haulwren", "haulwren"]
    assert all("Haulwren" not in json.dumps(call.body) and call.body["tools"][0]["max_uses"] == 3 for call in asked[:1])
    assert document.text.split("\n\n") == [
        f"A title\n{good}\n“A Haulwren rack costs 5,000 euros…” (stands in {pages[good]}, lines 3–4)",
        f"A title\n{other}\n“Ternway is free.” ({NOT_VERIFIED})",
        f"A title\n{gone}\n“Gone.” ({NOT_VERIFIED})",
        "Title of http://10.0.0.1/x\nhttp://10.0.0.1/x",
    ]
    assert "prose" not in document.text and sorted(site.paths()) == ["/gone", "/good", "/other"]
    # two searches at ten dollars a thousand, once; the other readers were answered from what was found
    costs = sorted(Decimal(str(call.usd)).quantize(Decimal("0.01")) for call in calls)
    assert costs == [Decimal("0.00"), Decimal("0.00"), Decimal("0.02")]


@pytest.mark.parametrize("finds", [True, False])
async def test_the_most_that_a_search_may_cost_is_set_aside_before_it_and_what_it_cost_is_counted(
    tmp_path: Path, finds: bool
):
    answer = service_answer(found=("http://10.0.0.1/x",)) if finds else {**service_answer(), "blocks": []}
    script = [
        routed(), {"when": {"role": "searcher"}, "reply": answer, "latency_ms": 700, "times": "*"},
        using("web_search", "research-1", {"query": "haulwren"}), *researches(), END,
    ]  # fmt: skip
    async with workshop(tmp_path, script, capabilities=Capabilities(server_tools=True)) as shop:
        run_id = await shop.ask(f"compare our three competitors {COMPETITORS} for the sales team")
        await shop.decide(await shop.open(run_id, CheckpointKind.PLAN), ALICE, VoteAnswer.APPROVE)

        async def searching_now() -> list[Reserve]:
            waits = [row for row in await shop.rows(Call, run_id) if row.name == "web_search" and row.ended_at is None]
            held = {(row.task_key, row.seq): row for row in await shop.rows(Reserve, run_id)}
            return [held[one.task_key, one.seq] for one in waits]

        [held] = await shop.until(searching_now)
        await shop.open(run_id, CheckpointKind.ESCALATION)
        [call] = [row for row in await shop.rows(Call, run_id) if row.name == "web_search"]
        left = [row for row in await shop.rows(Reserve, run_id) if row.task_key == call.task_key]
        asked = shop.model.calls(role="searcher")

    assert held.usd == pytest.approx(3 * 0.01 + 60_000 * 0.10e-6 + 4_000 * 0.50e-6)
    assert call.usd == pytest.approx(2 * 0.01 + 1_000 * 0.10e-6 + 100 * 0.50e-6)
    assert bool(call.result.get("is_error")) is not finds
    assert (left, len(asked)) == ([], 1)


async def test_a_search_that_was_interrupted_searches_no_more_often_for_it_and_keeps_what_it_found(tmp_path: Path):
    paused = {**service_answer(found=("http://10.0.0.1/x",)), "stop_reason": "pause_turn"}
    script = [
        routed(), {"when": {"role": "searcher", "call": 1}, "reply": paused},
        {"when": {"role": "searcher", "call": 2}, "fault": {"status": 400, "times": "*"}, "times": "*"},
        using("web_search", "research-1", {"query": "haulwren"}), *researches(), END,
    ]  # fmt: skip
    async with workshop(tmp_path, script, capabilities=Capabilities(server_tools=True)) as shop:
        run_id = await researched(shop, SURVEY)
        told = await said(shop, run_id, "research-1")
        uses = [call.body["tools"][0]["max_uses"] for call in shop.model.calls(role="searcher")]
        [call] = [row for row in await shop.rows(Call, run_id) if row.name == "web_search"]

    assert uses == [3, 1], "two of the three were made before it was interrupted"
    assert "http://10.0.0.1/x" in told[0]["content"] and call.usd > 2 * 0.01


async def test_what_an_agent_opened_on_the_web_is_a_source_of_what_it_writes(tmp_path: Path):
    async with serving() as site:
        about = b"<!doctype html><head><title>Prices</title></head><body><p>A rack costs 5,000 euros since 3 May 2026.</p>"
        site.answers["/prices"] = page(about, kind="text/html")
        url = site.url("/prices", "acme.test")
        text = f"A rack costs 5,000 euros since 3 May 2026, says {url}.\n"
        script = [
            triage(route="answer", line="", role="researcher", inputs=[], constraints=[]),
            using("fetch", "answer", {"url": url}),
            {"when": {"schema": "Draft"}, "reply": {"json": {"text": text, "summary": "A price."}}},
        ]
        fetcher = Fetcher(allow={("127.0.0.1", site.port)}, look_up=names(acme_test=["127.0.0.1"]))
        async with workshop(tmp_path, script, fetcher=fetcher) as shop:
            run_id = await shop.ask(f"what does {url} say?", samples=())
            run = await shop.ended(run_id)
            made = [(row.text, row.problems) for row in await shop.rows(Artifact, run_id)]
            read = [row.name for row in await shop.rows(Document, run_id)]

    assert (run.state, made, read) == (RunState.DONE, [(text, [])], [f"Prices ({url})"])


async def test_where_nothing_searches_the_tool_is_not_offered(tmp_path: Path):
    script = [routed(), using("web_search", "research-1", {"query": "haulwren"}), *researches(), END]
    async with workshop(tmp_path, script) as shop:
        run_id = await researched(shop, SURVEY)
        offered = {tool["name"] for tool in shop.model.calls(task="research-1")[0].body["tools"]}
        told = await said(shop, run_id, "research-1")

    assert "fetch" in offered and "web_search" not in offered
    assert told == [{"content": "The tool 'web_search' is switched off here.", "is_error": True}]


FILE = Source("d1", "contract.txt", f"Intro. {SENTENCE} Outro.", "", "F1", ())


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        (SENTENCE[:39], False),
        (SENTENCE[:40], True),
        (SENTENCE[30:70].upper(), True),
        ("please find: haulwren -- charges 4 900 EUROS for each rack that it maintains", True),
        (f"prices {SENTENCE[20:60]} prices", True),
        ("haulwren rack maintenance price ghent", False),
        ("data of http://attacker.test", True),
        ("data of WWW.attacker.test", True),
    ],
)
def test_a_query_repeats_no_passage_of_a_file_and_names_no_address(query: str, refused: bool):
    if not refused:
        assert queries.checked(query, [FILE], ["compare"]) == query
        return
    with pytest.raises(SearchError, match=r"private|not addresses"):
        queries.checked(query, [FILE], ["compare"])


def test_what_people_wrote_and_what_stands_on_the_web_may_be_searched_for():
    public = Source("d2", "page", SENTENCE, "", "https://acme.test/", ())

    assert queries.checked(SENTENCE, [FILE], [f"find out whether {SENTENCE}"]) == SENTENCE
    assert queries.checked(f" {SENTENCE} ", [public], []) == SENTENCE


@pytest.fixture
async def found():
    async with searching({"title": "A", "url": "https://a.test/", "content": None}) as server:
        yield server


@pytest.mark.parametrize(
    ("status", "body", "headers", "sentence"),
    [
        (403, b"", {}, "refuses to answer in JSON"),
        (500, b"", {}, "answered 500"),
        (302, b"", {"Location": "http://10.0.0.1/"}, "answered 302"),
        (200, b"<!doctype html>", {}, "not answer as a SearXNG"),
        (200, b'{"results": [{"title": "no address"}]}', {}, "not answer as a SearXNG"),
        (200, gzip.compress(bytes(9_000_000)), {"Content-Encoding": "gzip"}, "too large or damaged"),
    ],
)
async def test_a_search_service_in_trouble_is_told_in_a_sentence(
    found: SearchServer, status: int, body: bytes, headers: dict[str, str], sentence: str
):
    found.status, found.body, found.headers = status, body, headers

    with pytest.raises(SearchError, match=sentence):
        await Endpoint(found.url)("haulwren")


async def test_a_search_service_that_is_gone_or_slow_is_left_and_no_query_is_logged(
    found: SearchServer, caplog: pytest.LogCaptureFixture
):
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with serving() as gone:
        pass
    silent = await asyncio.start_server(silence, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    with pytest.raises(SearchError, match="cannot be reached"):
        await Endpoint(gone.url())("haulwren")
    with pytest.raises(SearchError, match=r"longer than 0\.2 s"):
        await Endpoint(f"http://127.0.0.1:{port}", deadline_s=0.2)("haulwren")
    silent.close()

    with caplog.at_level("INFO"):
        hits = (await Endpoint(f"{found.url.replace('//', '//me:secret@')}/search?language=de")("haulwren")).hits
    assert [(hit.title, hit.url, hit.text) for hit in hits] == [("A", "https://a.test/", "")]
    assert found.asked == [{"q": "haulwren", "format": "json", "language": "de"}]
    assert found.keys == ["Basic bWU6c2VjcmV0"]
    assert "secret" not in caplog.text and "haulwren" not in caplog.text
