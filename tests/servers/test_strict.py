import pytest

from agents.contracts import Draft, Triage
from tests.servers import strict
from tests.servers.asking import FETCH, ask, brief, wired

OPUS = "claude-opus-5-5"
ANY = [{"reply": "Fine.", "times": "*"}]
DOCUMENT = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x"}}


def user(*blocks):
    return {"role": "user", "content": list(blocks)}


def said(*blocks):
    return {"role": "assistant", "content": list(blocks)}


def text(words="Go on.", **more):
    return {"type": "text", "text": words, **more}


def use(id_="toolu_1"):
    return {"type": "tool_use", "id": id_, "name": "fetch", "input": {}}


def result(id_="toolu_1"):
    return {"type": "tool_result", "tool_use_id": id_, "content": "page"}


def plain(*messages, **changed):
    """A request of nobody's task, so that only the API's own rules count."""
    return {**ask(), "messages": [{"role": "user", "content": "Hello."}, *messages], **changed}


def shaped(**schema):
    return {"format": {"type": "json_schema", "schema": schema}}


@pytest.mark.parametrize(
    ("headers", "status", "kind"),
    [
        ({"authorization": None}, 401, "authentication_error"),
        ({"authorization": "sk-test"}, 401, "authentication_error"),
        ({"authorization": "Bearer "}, 401, "authentication_error"),
        ({"anthropic_version": None}, 400, "invalid_request_error"),
        ({"anthropic_version": "2023-06-01"}, 400, "invalid_request_error"),
    ],
)
async def test_key_and_version_are_sent_as_the_api_wants_them(headers, status, kind, tmp_path):
    async with wired(ANY, tmp_path) as wire:
        answered, error = await wire.post(ask(), **headers)

    assert (answered, error["error"]["type"]) == (status, kind)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"{", "malformed"),
        ([], "JSON object"),
        ({}, "model"),
        (plain(model="claude-nova-9"), "model: claude-nova-9"),
        (plain(temperature=1), "sampling"),
        (plain(top_p=0.9), "sampling"),
        (plain(top_k=1), "sampling"),
        (plain(betas=[]), "extra inputs"),
        (plain(stream=True), "whole messages"),
        (plain(max_tokens="many"), "max_tokens"),
        (plain(max_tokens=200_000), "max_tokens"),
        (plain(messages=[]), "messages"),
        (plain(messages=[{"role": "system", "content": "x"}]), "role user or assistant"),
        (plain(messages=[said(text())]), "first message"),
        (plain(tools="fetch"), "malformed"),
        (plain(tools=[FETCH, FETCH]), "unique"),
        (plain(tools=[{**FETCH, "name": "a b"}]), "not a tool name"),
        (plain(thinking={"type": "enabled", "budget_tokens": 9}), "budget_tokens"),
        (plain(thinking={"type": "disabled"}, model=OPUS), "cannot be disabled"),
        (plain(tools=[FETCH], tool_choice={"type": "any"}, model=OPUS), "forced"),
        (plain(tools=[FETCH], tool_choice={"type": "tool", "name": "fetch"}, model=OPUS), "forced"),
        (plain(output_config={"effort": "heroic"}), "effort"),
        (plain(output_config={"format": {"type": "json"}}), "json_schema"),
        (plain(output_config=shaped(type="object", properties={})), "additionalProperties"),
        (plain(output_config=shaped(**Triage.model_json_schema())), "is not supported"),
        (plain(said(DOCUMENT), user(text())), "document"),
        (plain(said(text("x")), user(text(citations=[{"a": 1}]))), "citations"),
        (
            plain(
                said(text("x")),
                user({**DOCUMENT, "citations": {"enabled": True}}),
                output_config=shaped(type="object", properties={}, additionalProperties=False),
            ),
            "combined with citations",
        ),
        (plain(said(text("x"))), "prefilling"),
        (plain(said(), user(text())), "non-empty"),
        (plain(said(text("")), user(text())), "non-empty"),
        (plain(said(use()), user(text())), "tool_use without tool_result"),
        (plain(said(use()), user(result("toolu_2"))), "tool_use without tool_result"),
        (plain(said(text("x")), user(result())), "tool_result without tool_use"),
        (plain(said(use()), user(text(), result())), "must come first"),
        (
            plain(said({"type": "thinking", "thinking": "Hm!", "signature": "x"}), user(text())),
            "thinking block",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_request_that_breaks_a_rule_of_the_api_is_refused_and_written_down(body, told, tmp_path):
    async with wired(ANY, tmp_path) as wire:
        status, error = await wire.post(body)
        calls = wire.calls()

    assert status == (404 if "nova" in told or told == "model" else 400)
    assert told in error["error"]["message"]
    assert [call.refused for call in calls] == [error["error"]["message"]]


@pytest.mark.parametrize(
    "body",
    [
        plain(),
        plain(thinking={"type": "adaptive"}),
        plain(tools=[FETCH], tool_choice={"type": "auto"}, model=OPUS),
        plain(tools=[FETCH], tool_choice={"type": "any"}),
        plain(said(use(), use("toolu_2")), user(result("toolu_2"), result(), text())),
        plain(
            said({"type": "thinking", "thinking": "Hm.", "signature": strict.signature("Hm.")}), user(text())
        ),
        ask(schema=Draft, tools=[FETCH]),
    ],
)
async def test_a_request_that_keeps_the_rules_is_answered(body, tmp_path):
    async with wired(ANY, tmp_path) as wire:
        status, answer = await wire.post(body)

    assert (status, answer["stop_reason"]) == (200, "end_turn")


def turn(answer, words="Go on."):
    return [{"role": "assistant", "content": answer["content"]}, {"role": "user", "content": words}]


async def test_a_conversation_goes_on_from_its_last_request_and_answer(tmp_path):
    async with wired(ANY, tmp_path) as wire:
        _, one = await wire.post(ask())
        _, two = await wire.post(ask(then=turn(one)))
        status, _ = await wire.post(ask(then=[*turn(one), *turn(two, "And on.")]))

    assert status == 200


@pytest.mark.parametrize("changed", ["brief", "answer", "system", "tools", "model", "skipped"])
async def test_a_conversation_whose_past_was_changed_is_refused(changed, tmp_path):
    async with wired(ANY, tmp_path) as wire:
        _, one = await wire.post(ask())
        now = ask(then=turn(one))
        if changed == "brief":
            now["messages"][0] = {"role": "user", "content": brief() + " "}
        if changed == "answer":
            now["messages"][1] = said(text("Fine!"))
        if changed == "skipped":
            del now["messages"][1]
        now |= {
            "system": {"system": "role: writer\nNo."},
            "tools": {"tools": [FETCH]},
            "model": {"model": OPUS},
        }.get(changed, {})
        status, error = await wire.post(now)

    assert status == 400
    assert "must go on from its last request and answer" in error["error"]["message"]


async def test_a_conversation_may_begin_afresh_and_be_asked_again_with_more_room(tmp_path):
    async with wired(ANY, tmp_path) as wire:
        _, one = await wire.post(ask())
        again = await wire.post(ask(max_tokens=2_000))
        _, two = await wire.post(ask(then=turn(one)))
        afresh = await wire.post(ask(text=brief(attempt=2)))
        stale = await wire.post(ask(then=[*turn(one), *turn(two)]))

    assert (again[0], afresh[0], stale[0]) == (200, 200, 400)


async def test_roles_and_tasks_have_conversations_of_their_own(tmp_path):
    async with wired(ANY, tmp_path) as wire:
        _, one = await wire.post(ask("writer"))
        await wire.post(ask("critic"))
        await wire.post(ask("writer", text=brief(task="t2")))
        status, _ = await wire.post(ask("writer", then=turn(one)))

    assert status == 200


async def test_a_paused_answer_is_sent_back_as_it_is(tmp_path):
    async with wired([{"fault": {"type": "pause_turn"}}, *ANY], tmp_path) as wire:
        _, paused = await wire.post(ask())
        status, answer = await wire.post(ask(then=[{"role": "assistant", "content": paused["content"]}]))

    assert (paused["stop_reason"], status, answer["stop_reason"]) == ("pause_turn", 200, "end_turn")


async def test_an_empty_answer_needs_no_place_in_the_conversation(tmp_path):
    async with wired([{"fault": {"type": "empty"}}, *ANY], tmp_path) as wire:
        await wire.post(ask())
        status, _ = await wire.post(ask(then=[{"role": "user", "content": "Give the deliverable."}]))

    assert status == 200
