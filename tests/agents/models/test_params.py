import json
from typing import get_args

import anthropic
import pytest
from pydantic import BaseModel, Field

from agents.contracts import Draft, Findings, Plan, Triage, Verdict
from agents.errors import RequestError
from agents.models import params
from tests.servers import strict


def asked(**changed):
    plain = {
        "model": "claude-sonnet-5-5",
        "system": "role: writer\nWrite.",
        "messages": [{"role": "user", "content": "Go."}],
        "max_tokens": 4_000,
    }
    return params.request(**{**plain, **changed})


def tool(name):
    return {"name": name, "description": "A tool.", "input_schema": {"type": "object", "properties": {}}}


def test_a_plain_request_holds_what_was_asked_and_nothing_else():
    assert asked() == {
        "max_tokens": 4_000,
        "messages": [{"role": "user", "content": "Go."}],
        "model": "claude-sonnet-5-5",
        "system": "role: writer\nWrite.",
    }


def test_everything_that_can_be_asked_stands_where_the_api_wants_it():
    request = asked(schema=Verdict, tools=[tool("fetch")], effort="low", cache=True)

    assert request["output_config"]["effort"] == "low"
    assert request["output_config"]["format"]["type"] == "json_schema"
    assert request["cache_control"] == {"type": "ephemeral"}
    assert [offered["name"] for offered in request["tools"]] == ["fetch"]
    assert "tool_choice" not in request


def test_the_order_of_tools_and_keys_changes_no_byte():
    one = asked(tools=[tool("fetch"), tool("ask_person")], cache=True, effort="low")
    other = asked(effort="low", cache=True, tools=[tool("ask_person"), tool("fetch")])

    assert json.dumps(one) == json.dumps(other)


def test_tools_can_be_closed_without_changing_the_past():
    open_ = asked(tools=[tool("fetch")])
    closed = asked(tools=[tool("fetch")], use_tools=False)

    assert closed == {**open_, "tool_choice": {"type": "none"}}
    assert "tool_choice" not in asked(use_tools=False)


@pytest.mark.parametrize("schema", [Triage, Plan, Findings, Draft, Verdict])
def test_the_shape_of_every_structured_answer_is_taken_by_a_strict_server(schema):
    request = asked(schema=schema)

    assert strict.check_body(request) == request
    assert request["output_config"]["format"]["schema"]["title"] == schema.__name__


def test_a_shape_of_ones_own_keeps_its_title():
    class Invoice(BaseModel):
        total: int = Field(ge=0, title="Sum")

    assert params.wire_schema(Invoice)["title"] == "Invoice"


@pytest.mark.parametrize("tokens", [0, -1, 16_001])
def test_an_answer_longer_than_can_be_read_in_one_piece_is_refused(tokens):
    with pytest.raises(RequestError, match="split the work"):
        asked(max_tokens=tokens)


def test_effort_has_the_words_of_the_api():
    words = anthropic.types.OutputConfigParam.__annotations__["effort"]

    assert all(f"'{word}'" in str(words) or f'"{word}"' in str(words) for word in get_args(params.Effort))
