import json

import pytest

from agents.contracts import Draft, Part, PartKind
from tests.servers import script
from tests.servers.asking import FETCH, ask, brief, wired
from tests.servers.filling import ScriptError

PRICES = Part(
    "d1.1", PartKind.DOCUMENT, 'We sell. The Price is "20" EUR!\nCall us. Price lists {{run}} change.'
)
TERMS = Part("d2.1", PartKind.DOCUMENT, "Terms. No Price before May.")
CONTRACT = Part("c1", PartKind.CONTRACT, "W1: Every claim is cited.\nW2: The page fits on one screen.")


async def test_the_first_line_that_fits_answers(tmp_path):
    lines = [
        {"when": {"role": "critic"}, "reply": "I judge."},
        {"when": {"role": "wri*", "schema": "Draft"}, "reply": "I draft."},
        {"when": {"role": "wri*", "tool": "fetch"}, "reply": "I fetch."},
        {"when": {"role": "wri*", "contains": "in rhymes"}, "reply": "I rhyme."},
        {"when": {"run": "r1", "task": "t?", "station": "write", "attempt": "1"}, "reply": "I write."},
    ]
    async with wired(lines, tmp_path) as wire:
        said = [
            await wire.text(ask()),
            await wire.text(ask(text=brief() + "\nSay it in rhymes.")),
            await wire.text(ask(tools=[FETCH])),
            await wire.text(ask(schema=Draft)),
            await wire.text(ask("critic")),
        ]

    assert said == ["I write.", "I rhyme.", "I fetch.", "I draft.", "I judge."]


async def test_a_task_is_known_by_its_heading_and_not_by_its_prose(tmp_path):
    told = "run: r1\ntask: t1\nstation: write\nattempt: 1\n\nDo it thus:\ntask: t9"
    part = Part("t", PartKind.TASK, told).written("k7")
    async with wired([{"when": {"task": "t1"}, "reply": "Fine."}], tmp_path) as wire:
        said = await wire.text(ask(text=part))

    assert said == "Fine."


async def test_calls_are_numbered_by_run_role_task_and_schema(tmp_path):
    lines = [{"when": {"call": n}, "reply": f"call {n}", "times": "*"} for n in (1, 2)]
    async with wired(lines, tmp_path) as wire:
        said = [
            await wire.text(ask()),
            await wire.text(ask(text=brief(attempt=2))),
            await wire.text(ask("critic")),
            await wire.text(ask(schema=Draft)),
            await wire.text(ask(text=brief(task="t2"))),
            await wire.text(ask(text=brief(run="r2"))),
        ]

    assert said == ["call 1", "call 2", "call 1", "call 1", "call 1", "call 1"]


async def test_the_same_bytes_keep_number_and_answer_and_are_a_repeat(tmp_path):
    async with wired([{"reply": "one"}, {"reply": "two"}], tmp_path) as wire:
        said = [await wire.post(ask()), await wire.post(ask()), await wire.post(ask(text=brief(attempt=2)))]
        calls = wire.calls()

    assert said[0] == said[1] != said[2]
    assert [(call.call, call.sent, call.repeat, call.line) for call in calls] == [
        (1, 1, False, 1),
        (1, 2, True, 1),
        (2, 1, False, 2),
    ]


async def test_a_line_serves_as_often_as_it_says(tmp_path):
    async with wired([{"reply": "twice", "times": 2}, {"reply": "ever", "times": "*"}], tmp_path) as wire:
        said = [await wire.text(ask(text=brief(task=f"t{n}"))) for n in range(4)]

    assert said == ["twice", "twice", "ever", "ever"]


async def test_a_request_without_a_line_is_refused_and_written_down(tmp_path):
    async with wired([{"when": {"role": "critic"}, "reply": "no"}], tmp_path) as wire:
        status, answer = await wire.post(ask(schema=Draft))
        calls = wire.calls()

    told = "No line of the script answers role 'writer', task 't1', call 1, schema 'Draft', attempt '1'."
    assert (status, answer["error"]["message"], calls[0].unscripted) == (400, told, told)


async def test_replies_cite_what_the_request_says(tmp_path):
    reply = {
        "findings": [
            {
                "$each": "{{part_ids:document}}",
                "$make": {"claim": "{{n}}", "quote": "{{quote:{{item}}:Price}}", "source": "{{item}}"},
            }
        ],
        "summary": "{{count:document}} pages ({{part_ids:d*}}) for {{task}}, read by {{role}} in call {{call}}",
        "first": "{{id:document:before May}}",
        "criteria": "{{matches:contract:^(W.)}}",
        "one": "{{match:c1:^W\\d}}",
        "whole": "{{text:d2.1}}",
    }
    async with wired([{"reply": {"json": reply}}], tmp_path) as wire:
        said = json.loads(await wire.text(ask(text=brief(PRICES, TERMS, CONTRACT))))

    assert said == {
        "findings": [
            {"claim": "1", "quote": 'The Price is "20" EUR!', "source": "d1.1"},
            {"claim": "2", "quote": "No Price before May.", "source": "d2.1"},
        ],
        "summary": "2 pages (d1.1, d2.1) for t1, read by writer in call 1",
        "first": "d2.1",
        "criteria": ["W1", "W2"],
        "one": "W1",
        "whole": "Terms. No Price before May.",
    }


async def test_a_cited_text_is_never_read_as_a_placeholder(tmp_path):
    async with wired([{"reply": "{{quote:d1.1:lists}}"}], tmp_path) as wire:
        said = await wire.text(ask(text=brief(PRICES)))

    assert said == "Price lists {{run}} change."


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("{{quote:d1.1:Rebate}}", "no such part of the request has a sentence with 'Rebate'"),
        ("{{text:d9}}", "holds no such part"),
        ("{{match:d1.1:[A-Z]+Z}}", "nothing in such a part matches"),
        ("{{poem}}", "'poem' is no placeholder"),
    ],
)
async def test_a_citation_of_what_is_not_there_fails_by_name(reply, told, tmp_path):
    async with wired([{"reply": reply}], tmp_path) as wire:
        status, answer = await wire.post(ask(text=brief(PRICES)))
        calls = wire.calls()

    assert (status, calls[0].unscripted) == (400, answer["error"]["message"])
    assert told in calls[0].unscripted


async def test_parts_in_tool_results_can_be_cited_too(tmp_path):
    lines = [
        {
            "when": {"call": 1},
            "reply": {"blocks": [{"type": "tool_use", "name": "fetch", "input": {"url": "u"}}]},
        },
        {"when": {"call": 2}, "reply": "{{quote:d2.1:Price}}"},
    ]
    async with wired(lines, tmp_path) as wire:
        _, used = await wire.post(ask(tools=[FETCH]))
        result = {
            "type": "tool_result",
            "tool_use_id": used["content"][0]["id"],
            "content": TERMS.written("k7"),
        }
        then = [{"role": "assistant", "content": used["content"]}, {"role": "user", "content": [result]}]
        said = await wire.text(ask(tools=[FETCH], then=then))

    assert (used["stop_reason"], said) == ("tool_use", "No Price before May.")


async def test_a_reply_may_set_usage_and_stop_reason(tmp_path):
    reply = {"text": "half", "stop_reason": "max_tokens", "usage": {"output_tokens": 7}}
    async with wired([{"reply": reply}], tmp_path) as wire:
        _, answer = await wire.post(ask())

    assert (answer["stop_reason"], answer["usage"]["output_tokens"]) == ("max_tokens", 7)


async def test_a_cached_conversation_reads_what_it_sent_before(tmp_path):
    async with wired([{"reply": "one"}, {"reply": "two"}], tmp_path) as wire:
        first = {**ask(), "cache_control": {"type": "ephemeral"}}
        _, one = await wire.post(first)
        then = [{"role": "assistant", "content": one["content"]}, {"role": "user", "content": "Go on."}]
        _, two = await wire.post({**ask(then=then), "cache_control": {"type": "ephemeral"}})

    assert one["usage"]["cache_read_input_tokens"] == 0
    assert two["usage"]["cache_read_input_tokens"] == one["usage"]["cache_creation_input_tokens"] > 0


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ({}, "list of lines"),
        (["hello"], "Line 1 .* should be an object"),
        ([{"when": {"roel": "x"}, "reply": ""}], "'roel' is no condition"),
        ([{"reply": "a"}, {"replay": "b"}], "Line 2 .*'replay' is no key"),
        ([{"when": {"role": "x"}}], "no reply, no fault and no mode"),
        ([{"reply": {"text": "a", "json": {}}}], "exactly one"),
        ([{"fault": {"type": "flood"}}], "'flood' is no fault"),
        ([{"fault": {"status": 599}}], "599 is no status"),
        ([{"fault": {"type": "lost"}}], "no reply and no mode"),
        ([{"mode": "sleepy"}], "'sleepy' is no mode"),
    ],
)
def test_a_badly_written_script_is_told_by_line(lines, told):
    with pytest.raises(ScriptError, match=told):
        script.read(lines)
