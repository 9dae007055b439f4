import asyncio
import json
import os
import signal
import sys

import pytest

from agents.contracts import Findings, Part, PartKind
from agents.models import reading
from tests.agents.models.answering import at
from tests.servers import calls as log_of
from tests.servers.asking import ask, brief
from tests.servers.model import ROOT, scripted_model, start

CLIENT = """
import asyncio, json, sys
from tests.agents.models.answering import at

async def main():
    door = at(sys.argv[1])
    await door.call(json.loads(sys.argv[2]), 60)

asyncio.run(main())
"""


async def called(url, *bodies):
    door = at(url)
    try:
        return [await door.call(body, 20) for body in bodies]
    finally:
        await door.close()


async def test_a_door_is_answered_by_the_script_and_every_call_is_known(tmp_path):
    document = Part("d1.1", PartKind.DOCUMENT, "We sell. The Price is 20 EUR.")
    reply = {"findings": [{"claim": "20", "quote": "{{quote:d1.1:Price}}", "source": "d1.1"}], "summary": "s"}
    lines = [{"when": {"role": "researcher", "task": "t*"}, "reply": {"json": reply}}]

    async with scripted_model(lines, tmp_path) as model:
        body = ask("researcher", text=brief(document), schema=Findings)
        answer, again = await called(model.url, body, body)
        calls = model.calls(role="researcher")
        repeats = model.repeats()

    findings = reading.parse(reading.read(answer).text, Findings)
    assert findings.findings[0].quote == "The Price is 20 EUR."
    assert again == answer
    assert [(c.run, c.task, c.station, c.attempt, c.schema, c.call) for c in calls] == [
        ("r1", "t1", "write", "1", "Findings", 1)
    ] * 2
    assert [call.order for call in repeats] == [2]
    assert calls[0].answer["content"] == answer["content"]
    assert calls[0].body == body
    assert calls[0].input_tokens > 0 < calls[0].output_tokens


async def test_a_key_is_written_down_only_as_its_digest(tmp_path):
    async with scripted_model([{"reply": "Fine."}], tmp_path) as model:
        await called(model.url, ask())

    assert "sk-test" not in model.log.read_text()
    assert model.calls()[0].headers["authorization"].startswith("sha256:")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([{"reply": "a"}, {"reply": "b"}], "Line 2 of the script served nobody."),
        (
            [{"when": {"role": "critic"}, "reply": "a", "times": "*"}],
            "No line of the script answers role 'writer'",
        ),
    ],
)
async def test_a_script_that_was_not_followed_fails_the_test(lines, told, tmp_path):
    with pytest.raises(AssertionError, match=told):
        async with scripted_model(lines, tmp_path) as model:
            door = at(model.url)
            await asyncio.gather(door.call(ask(), 20), return_exceptions=True)
            await door.close()


async def test_a_broken_rule_of_the_api_fails_the_test(tmp_path):
    with pytest.raises(AssertionError, match="The API refuses: max_tokens"):
        async with scripted_model([{"reply": "a", "times": "*"}], tmp_path) as model:
            door = at(model.url)
            await asyncio.gather(door.call({**ask(), "max_tokens": -1}, 20), return_exceptions=True)
            await door.close()


async def test_the_server_outlives_a_client_that_is_killed_while_it_waits(tmp_path):
    async with scripted_model(
        [{"reply": "late", "latency_ms": 60_000}, {"reply": "Fine."}], tmp_path
    ) as model:
        client = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", CLIENT, model.url, json.dumps(ask())), cwd=ROOT
        )
        await until(lambda: len(model.calls()) == 1)
        client.send_signal(signal.SIGKILL)
        died = await client.wait()
        (answer,) = await called(model.url, ask(text=brief(attempt=2)))
        first = model.calls()[0]

    assert died == -signal.SIGKILL
    assert answer["content"][0]["text"] == "Fine."
    assert first.answer["content"][0]["text"] == "late"  # paid, though nobody heard it


async def test_the_server_ends_with_the_process_that_started_it(tmp_path):
    (tmp_path / "script.json").write_text("[]")
    read, write = os.pipe()
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.servers.model", "--until-input-ends"),
        *("--script", tmp_path / "script.json", "--log", tmp_path / "log.jsonl"),
        cwd=ROOT,
        stdin=read,
        stdout=asyncio.subprocess.PIPE,
    )
    os.close(read)
    said = await server.stdout.readline()
    os.close(write)
    async with asyncio.timeout(20):
        await server.communicate()

    assert json.loads(said)["url"].startswith("http://127.0.0.1:")
    assert server.returncode == 0


async def test_models_and_token_counts_are_answered_too(tmp_path):
    model = await start([], tmp_path)
    door = at(model.url)
    known = await door._client.models.retrieve("claude-haiku-5-5")
    counted = await door._client.messages.count_tokens(
        model="claude-haiku-5-5", system="role: writer", messages=[{"role": "user", "content": "x" * 400}]
    )
    await door.close()
    await model.close()

    assert (known.id, known.max_input_tokens, known.lifecycle) == ("claude-haiku-5-5", 1_000_000, "active")
    assert counted.input_tokens > 100
    assert [call.path for call in model.requests()] == [
        "/v1/models/claude-haiku-5-5",
        "/v1/messages/count_tokens",
    ]


def test_a_line_that_is_still_being_written_is_not_read(tmp_path):
    log = log_of.Log(tmp_path / "log.jsonl")
    log.write(log_of.Call(order=1, at="", since_start_s=0, path="/v1/messages", digest="a"))
    log.close()
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"order": 2, "at"')

    assert [call.order for call in log_of.read(tmp_path / "log.jsonl")] == [1]


async def until(true):
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.05)
