"""A card says who decides, who has, by when, and what silence means; a decided one says who did, in whose name."""

import json
import random
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot import blockkit
from bot.messages import checkpoint, modals, text
from bot.messages.rows import Votes
from bot.messages.said import Said
from storage.policy import SHIPPED, Policy
from storage.words import CheckpointKind, CheckpointState, EffectClass
from tests.bot.messages import hostile, sample
from tests.bot.messages.test_cards import _words

LATER = sample.NOW + timedelta(hours=4)


def policy(kind: CheckpointKind = CheckpointKind.DRAFT, **said: Any) -> dict[str, Any]:
    return Policy.model_validate({**SHIPPED[kind].model_dump(), **said}).model_dump(mode="json")


def test_a_card_counts_the_votes_and_names_who_gave_them():
    rows = sample.seen(CheckpointKind.DRAFT, policy=policy(quorum=3), votes=Votes(approved=("U0BOB", "U0CAROL")))

    assert "Approved by <@U0BOB> and <@U0CAROL>: 2 of 3 needed." in _words(checkpoint.build(rows))


def test_where_several_must_approve_none_yet_is_said():
    rows = sample.seen(CheckpointKind.DRAFT, policy=policy(quorum=2))

    assert "Nobody has approved yet: 0 of 2 needed." in _words(checkpoint.build(rows))


def test_where_one_decides_votes_are_not_counted_aloud():
    assert "needed" not in _words(checkpoint.build(sample.seen(CheckpointKind.DRAFT)))


def test_a_card_says_whose_vote_fell_away():
    rows = sample.seen(CheckpointKind.DRAFT, policy=policy(quorum=2), votes=Votes(("U0BOB",), ("U0CAROL",)))

    words = _words(checkpoint.build(rows))
    assert "1 of 2 needed.\nThe vote of <@U0CAROL> fell away: they may not decide here any longer." in words


@pytest.mark.parametrize(
    ("silence", "says"),
    [("wait", "it still waits. Silence is never a yes."), ("stop", "the run is stopped."),
     ("skip", "this part is left out"), ("proceed", "it goes on as if it had been approved.")],
)  # fmt: skip
def test_a_card_says_by_when_and_what_silence_means_then(silence: str, says: str):
    rows = sample.seen(CheckpointKind.DRAFT, policy=policy(silence=silence), due_at=LATER)

    words = _words(checkpoint.build(rows))
    assert "*By when*: <!date^" in words
    assert f"; then {says}" in words


def test_a_deadline_that_has_passed_is_called_that():
    rows = sample.seen(CheckpointKind.DRAFT, policy=policy(), due_at=sample.BEGAN)

    assert "That has passed. It still waits." in _words(checkpoint.build(rows))


def test_a_card_says_when_people_are_reminded_next_and_nothing_of_a_reminder_that_was():
    soon = _words(checkpoint.build(sample.seen(CheckpointKind.DRAFT, votes=Votes(remind_at=LATER))))
    past = _words(checkpoint.build(sample.seen(CheckpointKind.DRAFT, votes=Votes(remind_at=sample.BEGAN))))

    assert "Next reminder: <!date^" in soon
    assert "reminder" not in past


def test_an_act_shows_every_field_by_trusted_code_its_reach_and_its_digest():
    payload = {"tool": "send_email", "arguments": {"to": "a@b.example", "copies": 2, "text": "H" * 5_000}, "empty": {}}
    rows = sample.seen(CheckpointKind.EFFECT, payload=payload, effect=EffectClass.R3, policy=policy(effect="R3"))

    words = _words(checkpoint.build(rows))
    for said in ("tool: send_email", "arguments › to: a@b.example", "arguments › copies: 2", "empty: {}",
                 "more characters)", "*Risk* (R3, reaches outside): it cannot be taken", "`dddddddddddd`"):  # fmt: skip
        assert said in words
    assert "Open all of it first" not in words


CUT = re.compile(r"(?:(?!\nfield \d).)* \(\d[\d,]* more characters\)", re.DOTALL)
ACTS = [pytest.param(150, id="some"), pytest.param(10_000, id="all", marks=pytest.mark.long)]


def drawn(chance: random.Random, depth: int = 2) -> dict[str, Any]:
    """Return the payload of some act: fields within fields, with whatever stands in them."""
    made: dict[str, Any] = {}
    for number in range(chance.randint(1, 5)):
        value: Any = chance.choice([hostile.text(chance, 60), chance.randint(-9, 9**9), None, [1, "a"], True, {}])
        name, nests = f"field {number} {hostile.text(chance, 3)}".strip(), depth > 0 and chance.random() < 0.2
        made[name] = drawn(chance, depth - 1) if nests else value
    return made


def leaves(payload: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Yield each field of an act by its way and its words."""
    for name, held in payload.items():
        if isinstance(held, dict) and held:
            yield from leaves(held, f"{before}{name} › ")
        else:
            yield f"{before}{name}", held if isinstance(held, str) else json.dumps(held, ensure_ascii=False)


@pytest.mark.parametrize("acts", ACTS)
def test_whatever_an_act_holds_each_field_is_shown_or_what_is_cut_of_it_is_counted(acts: int):
    chance, cut = random.Random(20_261_122), 0
    for _ in range(acts):
        payload = drawn(chance)
        rows = sample.seen(CheckpointKind.EFFECT, payload=payload, effect=EffectClass.R3, policy=policy(effect="R3"))
        words, window = _words(checkpoint.build(rows)), _words(Said("", tuple(modals.read(rows.checkpoint, None)["blocks"])))
        for name, held in leaves(payload):
            _, found, words = words.partition(f"{text.shown(name)}: ")
            whole = bool(found) and words.startswith(text.shown(held))
            cut += not whole
            assert whole or CUT.match(words), (name, held)
            assert f"{text.shown(name)} ({len(held):,} characters)" in window and text.shown(held) in window, (name, held)

    assert cut > acts // 20


def test_what_cannot_be_undone_must_be_opened_first_and_the_window_shows_every_character():
    payload = {"arguments": {"text": "".join(chr(0x4E00 + n) for n in range(9_000))}, "amount": 12.5}
    about: dict[str, Any] = {"effect": EffectClass.R4, "policy": policy(CheckpointKind.EFFECT, effect="R4", quorum=2)}
    rows = sample.seen(CheckpointKind.EFFECT, payload=payload, **about)

    view = modals.read(rows.checkpoint, None)
    rich = [one for block in view["blocks"] if block["type"] == "rich_text" for one in block["elements"]]
    shown = "".join(part["text"] for one in rich if one["type"] == "rich_text_preformatted" for part in one["elements"])
    assert "*Open all of it first*" in _words(checkpoint.build(rows))
    assert shown == payload["arguments"]["text"] + "12.5"  # type: ignore[index]
    assert blockkit.validate_view(view, "emit") == []


def test_a_reached_budget_says_what_was_spent_of_which_and_what_each_answer_does():
    words = _words(checkpoint.build(sample.seen(CheckpointKind.BUDGET)))

    assert "*Spent*: $2.01 of $2.00, the budget of this run." in words
    assert "*Go on with $1.00 more*: the work goes on where it stopped" in words


@pytest.mark.parametrize(
    ("unit", "spent", "offered"),
    [("tokens", "2,010,000 of 2,000,000 tokens", "1,000,000 tokens"), ("calls", "2,010,000 of 2,000,000 calls of models",
      "1,000,000 calls of models"), ("minutes", "2,010,000 of 2,000,000 minutes of work", "1,000,000 minutes of work")],
)  # fmt: skip
def test_a_reached_cap_says_what_it_counts_and_offers_more_of_that(unit: str, spent: str, offered: str):
    payload = {"cap": "this run", f"spent_{unit}": 2_010_000, f"cap_{unit}": 2_000_000, f"more_{unit}": 1_000_000}

    words = _words(checkpoint.build(sample.seen(CheckpointKind.BUDGET, payload=payload)))

    assert f"*Spent*: {spent}, the budget of this run." in words
    assert f"*Go on with {offered} more*: the work goes on where it stopped" in words


@pytest.mark.parametrize(
    ("state", "says"),
    [(CheckpointState.APPROVED, "*Budget raised* by <@U0ALICE>"),
     (CheckpointState.ANSWERED, "*Finished with what there is* by <@U0ALICE>")],
)  # fmt: skip
def test_a_budget_that_was_decided_says_how(state: CheckpointState, says: str):
    rows = sample.seen(CheckpointKind.BUDGET, state=state, decided_by="U0ALICE", closed_at=sample.NOW)

    assert says in _words(checkpoint.build(rows))


def decided(votes: Votes) -> str:
    about = {"state": CheckpointState.APPROVED, "decided_by": "U0CAROL", "closed_at": sample.NOW}
    return _words(checkpoint.build(sample.seen(CheckpointKind.DRAFT, votes=votes, **about)))


def test_a_decided_card_names_everyone_who_approved():
    assert "*Approved* by <@U0BOB> and <@U0CAROL> ·" in decided(Votes(approved=("U0BOB", "U0CAROL")))


def test_a_decided_card_says_in_whose_name():
    assert "*Approved* by <@U0CAROL> for <@U0BOB> ·" in decided(Votes(approved=("U0CAROL",), in_name_of="U0BOB"))


def test_a_decision_past_the_policy_says_so_first():
    words = decided(Votes(approved=("U0CAROL",), broken_glass="The <!channel> press is waiting."))

    assert words.startswith(":rotating_light: *Break glass* · *Approved* by <@U0CAROL>")
    assert "because: “The &lt;!channel&gt; press is waiting.”" in words
