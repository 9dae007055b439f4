"""Decisions by a form: committed before it closes; what is refused is shown in the form, with everything typed kept."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from agents.engine.rows import pages_of
from agents.planning.plan import RunPlan
from agents.planning.plan_checks import problems
from bot.listeners.decisions import count, roles_of
from bot.listeners.front import Front
from bot.listeners.leftovers import DEAD_FORM, LONGEST_ERROR, refuse
from bot.messages import actions, modals, plans
from storage.errors import NotFoundError
from storage.tables import Checkpoint, Run
from storage.words import VoteAnswer

Body = dict[str, Any]
Json = dict[str, Any]


class Forms:
    """What people do with a checkpoint's forms."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def answer(self, ack: AsyncAck, body: Body) -> None:
        """Take the answers to a question."""
        values = _values(body)
        answers, files = modals.answers(values), modals.sent(values)
        await self._take(ack, body, VoteAnswer.ANSWER, answers=answers, files=files)

    async def send_back(self, ack: AsyncAck, body: Body) -> None:
        """Send something back with a reason."""
        await self._take(ack, body, VoteAnswer.SEND_BACK, note=modals.reason(_values(body)))

    async def edit_draft(self, ack: AsyncAck, body: Body) -> None:
        """Approve a draft as the person wrote it; unchanged, it is approved as it is."""
        text = modals.joined(_values(body))
        old = await self._old_draft(_pointed(body))
        edited = None if text == old else {"text": text}
        await self._take(ack, body, VoteAnswer.APPROVE, edited=edited)

    async def edit_plan(self, ack: AsyncAck, body: Body) -> None:
        """Approve a plan as the person changed it; unchanged, it is approved as it is."""
        if (asked := await self._asked(_pointed(body))) is None:
            await refuse(ack, body, DEAD_FORM)
            return
        checkpoint, run = asked
        plan, values, roles = dict(checkpoint.payload.get("plan") or {}), _values(body), roles_of(self._front, run)
        wanted = plans.edited(plan, values, roles)
        if wrong := plans.problems(wanted, values) or self._wrong(wanted, plan, values, run):
            await ack(response_action="errors", errors={at: said[:LONGEST_ERROR] for at, said in wrong.items()})
            return
        await self._take(ack, body, VoteAnswer.APPROVE, edited=None if wanted == plan else {"plan": wanted})

    def _wrong(self, wanted: Json, plan: Json, values: Json, run: Run) -> dict[str, str]:
        """Return what the plan checks say, each sentence at the input it is about."""
        if wanted == plan:
            return {}
        found = problems(RunPlan.model_validate(wanted), pages_of(run, self._front.engine.catalog))
        return plans.at_inputs([f"This plan cannot run: {said}" for said in found], values)

    async def _take(self, ack: AsyncAck, body: Body, answer: VoteAnswer, **rest: Any) -> None:  # noqa: ANN401
        said = await count(self._front, body["user"]["id"], _pointed(body), answer, **rest)
        await (refuse(ack, body, said) if said else ack())

    async def _asked(self, pointed: str) -> tuple[Checkpoint, Run] | None:
        pointer = actions.pointer(pointed)
        try:
            return await self._front.asked_in(pointer.checkpoint_id if pointer else "")
        except NotFoundError:
            return None

    async def _old_draft(self, pointed: str) -> str | None:
        if (asked := await self._asked(pointed)) is None:
            return None
        draft = await self._front.artifact(asked[0].artifact_id)
        return draft.text if draft else None


def register(app: AsyncApp, front: Front) -> None:
    """Tell Bolt who takes which form."""
    forms = Forms(front)
    app.view_submission(actions.ANSWER_FORM)(forms.answer)
    app.view_submission(actions.SEND_BACK_FORM)(forms.send_back)
    app.view_submission(actions.EDIT_DRAFT_FORM)(forms.edit_draft)
    app.view_submission(actions.EDIT_PLAN_FORM)(forms.edit_plan)


def _pointed(body: Body) -> str:
    return str(body["view"].get("private_metadata") or "")


def _values(body: Body) -> dict[str, Any]:
    return dict(body["view"]["state"]["values"])
