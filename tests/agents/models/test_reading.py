import pytest

from agents.contracts import Triage, Verdict
from agents.models import reading
from agents.models.reading import Ended, InvalidAnswerError, ToolUse
from tests.agents.models.answering import message

TEXT = {"type": "text", "text": "Fine."}
THOUGHT = {"type": "thinking", "thinking": "Hm.", "signature": "s"}
USE = {"type": "tool_use", "id": "toolu_1", "name": "fetch", "input": {"url": "https://a.test"}}


@pytest.mark.parametrize(
    ("stop_reason", "content", "ended"),
    [
        ("end_turn", [TEXT], Ended.ANSWER),
        ("end_turn", [THOUGHT, TEXT], Ended.ANSWER),
        ("end_turn", [], Ended.EMPTY),
        ("end_turn", [THOUGHT], Ended.EMPTY),
        ("end_turn", [{"type": "text", "text": " \n"}], Ended.EMPTY),
        ("tool_use", [TEXT, USE], Ended.TOOLS),
        ("end_turn", [USE], Ended.TOOLS),
        ("tool_use", [], Ended.EMPTY),
        ("pause_turn", [TEXT], Ended.PAUSED),
        ("max_tokens", [TEXT], Ended.CUT),
        ("max_tokens", [USE], Ended.CUT),
        ("refusal", [], Ended.REFUSED),
        ("refusal", [TEXT], Ended.REFUSED),
        ("model_context_window_exceeded", [TEXT], Ended.WINDOW),
        ("stop_sequence", [TEXT], Ended.UNKNOWN),
        ("moon_phase", [TEXT], Ended.UNKNOWN),
    ],
)
def test_how_an_answer_ended_is_one_of_a_few_words(stop_reason, content, ended):
    assert reading.read(message(stop_reason=stop_reason, content=content)).ended is ended


def test_text_is_found_by_type_among_blocks_of_any_kind():
    blocks = [THOUGHT, {"type": "hologram", "text": "not me"}, TEXT, {"type": "text", "text": " Yes."}]

    reply = reading.read(message(content=blocks))

    assert (reply.text, reply.raw_content) == ("Fine. Yes.", blocks)


def test_what_goes_back_has_no_empty_texts():
    blocks = [{"type": "text", "text": ""}, THOUGHT, {"type": "text", "text": " \n"}, TEXT]

    assert reading.read(message(content=blocks)).raw_content == [THOUGHT, TEXT]


def test_wanted_tools_are_read_in_order():
    second = {**USE, "id": "toolu_2", "input": {"url": "https://b.test"}}

    reply = reading.read(message(stop_reason="tool_use", content=[TEXT, USE, second]))

    assert reply.tool_uses == (
        ToolUse("toolu_1", "fetch", {"url": "https://a.test"}),
        ToolUse("toolu_2", "fetch", {"url": "https://b.test"}),
    )


def test_a_tool_in_a_cut_answer_is_not_to_be_used():
    assert reading.read(message(stop_reason="max_tokens", content=[USE])).tool_uses == ()


def test_a_refusal_keeps_its_category():
    details = {"type": "refusal", "category": "cyber"}

    assert reading.read(message(stop_reason="refusal", stop_details=details)).category == "cyber"
    assert reading.read(message(stop_reason="refusal", stop_details={"category": None})).category == ""
    assert reading.read(message(stop_details=None)).category == ""


def test_an_answer_says_what_it_used_and_who_gave_it():
    reply = reading.read(message())

    assert (reply.model, reply.usage) == ("claude-haiku-5-5", {"input_tokens": 12, "output_tokens": 3})


@pytest.mark.parametrize("wrapped", ["{}", " {}\n", "```json\n{}\n```", "```\n{}\n```\n"])
def test_a_structured_answer_is_read_bare_or_in_a_fence(wrapped):
    answer = '{"criteria": [{"id": "W1", "verdict": "pass"}]}'

    verdict = reading.parse(wrapped.replace("{}", answer), Verdict)

    assert [(criterion.id, criterion.verdict) for criterion in verdict.criteria] == [("W1", "pass")]


def test_an_invalid_answer_lists_everything_that_is_wrong():
    answer = '{"route": "sideways", "reason": "", "title": "%s", "budget": 1}' % ("x" * 151)

    with pytest.raises(InvalidAnswerError) as invalid:
        reading.parse(answer, Triage)

    assert invalid.value.findings == (
        "route: Input should be 'answer', 'line' or 'plan'.",
        "title: String should have at most 150 characters.",
        "budget: Extra inputs are not permitted.",
    )
    assert str(invalid.value) == f"The answer is not a valid Triage: {' '.join(invalid.value.findings)}"


def test_findings_do_not_repeat_what_the_model_wrote():
    with pytest.raises(InvalidAnswerError) as invalid:
        reading.parse('{"criteria": "SECRET"}', Verdict)

    assert "SECRET" not in str(invalid.value)


@pytest.mark.parametrize("text", ["", "Done!", '{"criteria": [', "[]", "null"])
def test_what_is_no_such_value_is_invalid(text):
    with pytest.raises(InvalidAnswerError):
        reading.parse(text, Verdict)


def test_many_faults_are_told_by_their_number():
    criteria = ",".join('{"id": "W1", "verdict": "maybe"}' for _ in range(30))

    with pytest.raises(InvalidAnswerError) as invalid:
        reading.parse(f'{{"criteria": [{criteria}]}}', Verdict)

    assert len(invalid.value.findings) == 13
    assert invalid.value.findings[-1] == "And 18 more."
