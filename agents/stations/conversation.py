"""The agent loop: model call, tool calls, model call …, each recorded before its result is used, within limits."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel

from agents.errors import ModelError, RefusalError, RequestError
from agents.models.client import Door
from agents.models.overnight import Overnight
from agents.models.params import Effort, request
from agents.models.prices import cost_usd, estimate_usd, tokens
from agents.models.reading import Ended, InvalidAnswerError, Reply, ToolUse, parse, read
from agents.models.retry import patiently
from agents.planning.plan import Limits
from agents.stations.brief import Brief
from agents.stations.recording import Most, Recorder, Result
from agents.tools import effects
from agents.tools.bills import Bill
from agents.tools.toolbox import Toolbox
from storage.words import CallKind

MOST_TOKENS: Final = 16_000  # of one answer
CALL_S: Final = 600.0  # one attempt at one model call
MOST_EQUAL: Final = 3  # equal tool calls in one attempt, then the loop stops
ASKS: Final = "ask_person"
ANSWER: Final = 2  # calls an answer may take: itself and one repair
USAGE: Final = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
MOST_PAUSES: Final = 5  # times a service may interrupt itself
FINISH_NOW: Final = (
    "You have reached the limit of this task: {why}. "
    "Give the deliverable now, from what you have, and name what is missing."
)

Shape = TypeVar("Shape", bound=BaseModel)
Message = dict[str, Any]


@dataclass(frozen=True)
class Said(Generic[Shape]):
    """A structured answer, which model gave it, the limit that cut the work short, if one did, and what was proposed."""

    answer: Shape
    model: str
    limit: str = ""
    proposals: tuple[Mapping[str, Any], ...] = ()  # payloads of effects


@dataclass
class _Talk:
    """One conversation under way."""

    messages: list[Message]
    repaired: bool = False
    pauses: int = 0
    room: int = MOST_TOKENS // 2
    limit: str = ""


class Conversation:
    """One agent talking with a model and its tools until it hands over a structured answer.

    Args:
        door: The way to the model.
        recorder: Keeps every call; finished ones are answered from it.
        toolbox: What the role may use; anything else is refused.
        model: A model id.
        limits: What the whole attempt may use.
        kept: Calls of these that no tool may take: for the answer, its repair and what follows.
        overnight: The way at half price, where the work can wait.
    """

    def __init__(
        self,
        door: Door,
        recorder: Recorder,
        toolbox: Toolbox,
        model: str,
        limits: Limits,
        kept: int = ANSWER,
        overnight: Overnight | None = None,
    ) -> None:
        self._door, self._recorder, self._toolbox = door, recorder, toolbox
        self._model, self._limits, self._kept, self._overnight = model, limits, kept, overnight
        self._proposals: dict[str, Mapping[str, Any]] = {}  # each once

    async def hold(self, brief: Brief, shape: type[Shape], effort: Effort = "medium") -> Said[Shape]:
        """Return the agent's answer to a brief.

        Raises:
            ModelError: No usable answer came; the message says why.
            PersonNeeded: The agent asked for a person; the same call is answered once they did.
        """
        kept = await self._recorder.keep(brief)
        talk = _Talk([_user(kept.text)])
        while True:
            reply = await self._call(kept, talk, shape, effort)
            if (said := await self._turn(talk, reply, shape)) is not None:
                return said

    async def _turn(self, talk: _Talk, reply: Reply, shape: type[Shape]) -> Said[Shape] | None:
        match reply.ended:
            case Ended.TOOLS if not talk.limit:
                talk.limit = self._reached(talk, reply)
                results = _finish_now(reply, talk.limit) if talk.limit else await self._use_tools(reply)
                talk.messages += [_assistant(reply), results]
            case Ended.PAUSED if talk.pauses < MOST_PAUSES:
                talk.pauses += 1
                talk.messages.append(_assistant(reply))
            case Ended.CUT if talk.room < MOST_TOKENS:
                talk.room = MOST_TOKENS
            case Ended.ANSWER | Ended.EMPTY:
                return self._answered(talk, reply, shape)
            case Ended.TOOLS:
                raise RequestError(f"The model went on using tools beyond its limit ({talk.limit}) and handed nothing over.")
            case _:
                raise _named(reply)
        return None

    def _answered(self, talk: _Talk, reply: Reply, shape: type[Shape]) -> Said[Shape] | None:
        """Take the answer, or ask once to have it repaired."""
        try:
            return Said(parse(reply.text, shape), reply.model, talk.limit, tuple(self._proposals.values()))
        except InvalidAnswerError as wrong:
            if talk.repaired:
                raise RequestError(
                    f"The model's answer could not be used, even after one repair: {wrong}"
                ) from wrong
            talk.repaired = True
            said = f"Your answer could not be used: {wrong} Give the whole deliverable again, corrected."
            talk.messages += [*([_assistant(reply)] if reply.raw_content else []), _user(said)]
            return None

    async def _call(self, brief: Brief, talk: _Talk, shape: type[BaseModel], effort: Effort) -> Reply:
        if self._recorder.spent.calls >= self._limits.calls:
            raise RequestError(f"All {self._limits.calls} calls of this task were used before it was finished.")
        params = request(
            model=self._model,
            system=brief.system,
            messages=talk.messages,
            schema=shape,
            tools=self._toolbox.definitions,
            use_tools=not talk.limit,
            max_tokens=talk.room,
            effort=effort,
            cache=True,
        )
        seq, most = self._recorder.next(), _most(params)
        answer = await self._recorder.record(
            seq, CallKind.MODEL, brief.role, params, lambda: self._ask(seq, params), most
        )
        return read(dict(answer))

    @property
    def _waited_s(self) -> float:
        return 0.0 if self._overnight is None else self._overnight.waited_s

    async def _ask(self, seq: int, params: dict[str, Any]) -> Result:
        before_s = self._waited_s
        message = None if self._overnight is None else await self._overnight.call(seq, params)
        batched, waited_s = message is not None, self._waited_s - before_s
        if message is None:
            message = await patiently(lambda: self._door.call(params, CALL_S))
        cost = cost_usd(message, batched=batched)
        return Result(message, str(message.get("model", "")), _tokens(message), float(cost.usd), cost.known, waited_s)

    def _reached(self, talk: _Talk, reply: Reply) -> str:
        """Return the limit that the tools of this reply would overstep, or an empty text when they may be used."""
        spent, most = self._recorder.spent, self._limits
        if spent.calls + len(reply.tool_uses) + self._kept > most.calls:
            return f"{most.calls} calls"
        if spent.tokens >= most.tokens:
            return f"{most.tokens} tokens"
        if spent.usd >= most.usd:
            return f"{most.usd:.2f} US dollars"
        if spent.worked_s >= most.seconds:
            return f"{most.seconds // 60} minutes"
        wanted = spent.equal + Counter(_same(use) for use in reply.tool_uses)
        return f"{MOST_EQUAL} equal calls of one tool" if max(wanted.values()) > MOST_EQUAL else ""

    async def _use_tools(self, reply: Reply) -> Message:
        """Run the tools side by side, then proposals in turn, a person's question last; answer in the reply's order."""
        numbered = [(self._recorder.next(), use) for use in reply.tool_uses]
        plain = [(seq, use) for seq, use in numbered if use.name != ASKS and not self._toolbox.proposes(use.name)]
        in_turn = [one for one in numbered if one not in plain]
        done = dict(
            zip(
                [u.id for _, u in plain],
                await asyncio.gather(*(self._use(*one) for one in plain)),
                strict=True,
            )
        )
        for seq, use in sorted(in_turn, key=lambda one: one[1].name == ASKS):
            done[use.id] = await self._use(seq, use)
        return {"role": "user", "content": [done[use.id] for use in reply.tool_uses]}

    async def _use(self, seq: int, use: ToolUse) -> dict[str, Any]:
        spent, same = self._recorder.spent, _same(use)
        spent.equal[same] += 1
        asked = {"name": use.name, "input": use.input}
        price = self._toolbox.paid.get(use.name, Bill())
        most = Most(price.usd, price.tokens) if price.tokens else None
        result = await self._recorder.record(seq, CallKind.TOOL, use.name, asked, lambda: self._tool(use), most)
        block = {"type": "tool_result", "tool_use_id": use.id, "content": result["content"]}
        if result.get("is_error"):
            return {**block, "is_error": True}
        spent.told[same] = result
        if proposal := result.get("proposal"):
            self._proposals[json.dumps(proposal, sort_keys=True)] = proposal
        return block

    async def _tool(self, use: ToolUse) -> Result:
        """Use a tool; what it said to the very same question before is its answer."""
        told = self._recorder.spent.told.get(_same(use))
        if told is None and self._toolbox.proposes(use.name) and len(self._proposals) >= effects.MOST:
            return Result({"content": effects.TOO_MANY, "is_error": True})
        said = await self._toolbox.use(use.name, use.input) if told is None else dict(told)
        bill = said.pop("bill", None) or Bill()
        return Result(said, bill.model, bill.tokens, bill.usd, bill.priced)


def _same(use: ToolUse) -> str:
    return f"{use.name} {json.dumps(use.input, sort_keys=True)}"


def _named(reply: Reply) -> ModelError:
    """Return the failure by its name, for a person."""
    match reply.ended:
        case Ended.REFUSED:
            return RefusalError(
                "The model declined to do this. A person should look at the request or do this part themselves."
            )
        case Ended.CUT:
            return RequestError(
                f"The answer is longer than {MOST_TOKENS} tokens, even with all the room there is. Ask for less at once."
            )
        case Ended.WINDOW:
            return RequestError("There is more to read than the model can hold. Give fewer or shorter files.")
        case _:
            return RequestError(f"The model stopped in a way I do not know: {reply.stop_reason!r}.")


def _most(params: dict[str, Any]) -> Most:
    """Return the most that one try of a call takes: all it shows at the price of what is new, the longest answer."""
    shown = tokens(json.dumps(params, ensure_ascii=False))
    cost = estimate_usd(params["model"], shown, params["max_tokens"])
    return Most(float(cost.usd), shown + params["max_tokens"])


def _tokens(message: dict[str, Any]) -> int:
    usage = message["usage"]
    return sum(int(usage.get(name) or 0) for name in USAGE)


def _user(text: str) -> Message:
    return {"role": "user", "content": [{"type": "text", "text": text}]}


def _assistant(reply: Reply) -> Message:
    return {"role": "assistant", "content": reply.raw_content}


def _finish_now(reply: Reply, why: str) -> Message:
    """Answer every tool call with the limit instead of a result: the tools stay defined, so the prompt stays cached."""
    said = {"type": "tool_result", "content": FINISH_NOW.format(why=why), "is_error": True}
    return {"role": "user", "content": [{**said, "tool_use_id": use.id} for use in reply.tool_uses]}
