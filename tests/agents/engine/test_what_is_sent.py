"""What is approved is what is sent: any difference is refused, in any class of effect."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from agents.engine import effects
from agents.engine.effects import Approved, Order, differs
from agents.engine.transitions import transition
from agents.tools import effects as known
from agents.tools.effects import Effect, PostMessage
from storage import events
from storage.errors import InvalidError, RefusedError
from storage.policy import Person
from storage.tables import Checkpoint, OutboxMessage
from storage.words import CheckpointKind, CheckpointState, EffectClass, MessageKind, VoteAnswer
from tests.agents.engine.effects_story import catalog, effects_of, script, to_effect
from tests.workshop import BOB, workshop

SEED = 20261122
PAYLOADS = 1_000
CAROL = Person(id="U0CAROL", name="Carol", team="T0JIDOKA", member=True)
LETTERS = "abcdefghijklmnopqrstuvwxyz ÄÖß0123456789.,;:!?-–“”<>&@#*_`\n"
Row = tuple[OutboxMessage, Checkpoint, Approved]


def approved(chance: Random) -> Row:
    """Return an approved post as the outbox, the checkpoint and the audit log hold it."""
    text = "".join(chance.choices(LETTERS, k=chance.randint(1, 400)))
    why = "Because " + "".join(chance.choices(LETTERS, k=40))
    wish = PostMessage(channel=f"C0{chance.randint(1000, 9999)}", text=text, why=why)
    payload = known.KNOWN["post_message"].payload(wish)
    digest = events.digest(payload)
    checkpoint = Checkpoint(
        id=f"chk_{chance.randint(1, 10**9)}", run_id="run-1", task_key="post", attempt=1, kind=CheckpointKind.EFFECT,
        state=CheckpointState.APPROVED, nonce="n", payload=payload, digest=digest, effect=EffectClass.R3,
        requester="U0ALICE",
    )  # fmt: skip
    row = OutboxMessage(
        id=effects.effect_id(checkpoint.id), kind=MessageKind.EFFECT, run_id="run-1", checkpoint_id=checkpoint.id,
        channel=payload["target"]["channel"], text=Order.of(checkpoint).text(),
    )  # fmt: skip
    return row, checkpoint, Approved(digest, 1)


def refused(row: OutboxMessage, checkpoint: Checkpoint, approved: Approved | None) -> str:
    return differs(row, Order.read(row.text), checkpoint, approved)


def another_byte(chance: Random, text: str) -> str:
    """Return the text with one byte of it changed."""
    raw = bytearray(text.encode())
    at = chance.randrange(len(raw))
    raw[at] ^= chance.randint(1, 255)
    return raw.decode(errors="replace")


def test_of_a_thousand_approved_payloads_with_one_byte_changed_none_is_sent():
    chance = Random(SEED)
    right, sent = [], []
    for number in range(PAYLOADS):
        row, checkpoint, log = approved(chance)
        right.append(refused(row, checkpoint, log))
        match number % 4:
            case 0:
                row.text = another_byte(chance, row.text)
            case 1:
                checkpoint.payload = _changed(chance, checkpoint.payload)
            case 2:
                checkpoint.digest = another_byte(chance, checkpoint.digest)
            case _:
                row.id = another_byte(chance, row.id)
        sent += [] if refused(row, checkpoint, log) else [number]

    assert (set(right), sent) == ({""}, []), f"seed {SEED}"


def test_a_row_and_its_checkpoint_changed_together_are_refused_by_the_audit_log():
    chance = Random(SEED)
    told = []
    for _ in range(PAYLOADS):
        row, checkpoint, log = approved(chance)
        checkpoint.payload = {**checkpoint.payload, "text": checkpoint.payload["text"] + "!"}
        checkpoint.digest = events.digest(checkpoint.payload)
        row.text = Order.of(checkpoint).text()
        told.append(refused(row, checkpoint, log))

    assert set(told) == {"it is not what people approved"}


@pytest.mark.parametrize("change", [
    {"channel": "C0OTHER"}, {"thread_ts": "1.000001"}, {"user": "U0BOB"}, {"id": "eff_another"}, {"text": "{}"},
    {"text": "nothing"}, {"text": '{"digest":"","payload":{},"version":1} '},
])  # fmt: skip
def test_a_row_that_would_go_elsewhere_or_says_nothing_is_refused(change: dict[str, str]):
    row, checkpoint, log = approved(Random(1))

    assert refused(row.model_copy(update=change), checkpoint, log) != ""


@pytest.mark.parametrize("change", [
    {"state": CheckpointState.OPEN}, {"state": CheckpointState.SENT_BACK}, {"kind": CheckpointKind.DRAFT}, {"version": 2},
    {"effect": EffectClass.R2},
])  # fmt: skip
def test_a_checkpoint_that_approves_no_such_thing_lets_nothing_through(change: dict[str, object]):
    row, checkpoint, log = approved(Random(1))

    assert refused(row, checkpoint.model_copy(update=change), log) != ""
    assert refused(row, checkpoint, None) != ""


def test_the_class_is_the_codes_word():
    payload = approved(Random(1))[1].payload

    assert known.exact(payload) is known.KNOWN["post_message"]
    assert known.exact({**payload, "class": "R1"}) is None
    assert known.exact({**payload, "also": "this"}) is None
    assert known.exact({**payload, "effect": "pay"}) is None


async def test_the_same_effect_with_another_body_is_refused(tmp_path: Path):
    async with workshop(tmp_path, script(), catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        asked = await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        other = Checkpoint(**{**asked.model_dump(), "payload": {**asked.payload, "text": "Another body."}})
        async with transition(shop.engine._ground, run_id) as moving:
            await effects.order(moving, asked)
            with pytest.raises(InvalidError, match="something else was queued"):
                await effects.order(moving, other)

        assert [row.text for row in await effects_of(shop, run_id)] == [Order.of(asked).text()]




async def test_what_cannot_be_undone_takes_two_people_who_opened_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pay = Effect("post_message", EffectClass.R4, PostMessage, ("channel",), "Shall this be paid?")
    monkeypatch.setitem(known.KNOWN, "post_message", pay)
    async with workshop(tmp_path, script(), catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        with pytest.raises(RefusedError, match="open all of it first"):
            await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        await shop.engine.controls.see(asked.id, asked.version, BOB.id)
        once = await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        queued = await effects_of(shop, run_id)
        with pytest.raises(RefusedError, match="open all of it first"):
            await shop.decide(asked, CAROL, VoteAnswer.APPROVE)
        await shop.engine.controls.see(asked.id, asked.version, CAROL.id)
        twice = await shop.decide(asked, CAROL, VoteAnswer.APPROVE, voters=[BOB])
        cleared = await shop.engine.effects.begin(f"eff_{asked.id}")

    assert (asked.effect, asked.payload["class"]) == (EffectClass.R4, "R4")
    assert (once.state, queued, twice.state) == (CheckpointState.OPEN, [], CheckpointState.APPROVED)
    assert cleared is not None and cleared.payload == asked.payload


def _changed(chance: Random, payload: dict[str, object]) -> dict[str, object]:
    """Return the payload with one character of one of its texts changed."""
    name = chance.choice(["effect", "class", "text", "why", "target"])
    if name == "target":
        return {**payload, "target": {"channel": _other(chance, str(payload["target"]["channel"]))}}  # type: ignore[index]
    return {**payload, name: _other(chance, str(payload[name]))}


def _other(chance: Random, text: str) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chr(ord(text[at]) ^ chance.randint(1, 31)) + text[at + 1 :]
