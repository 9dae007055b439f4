"""What an effect looks like: where it goes by Slack's own name, whose words are whose, and what became of it."""

from bot.messages import asked, deeds, result
from bot.messages.rows import CheckpointRows, ResultRows
from storage import clock
from storage.tables import Checkpoint, Event
from storage.words import CheckpointKind, EffectClass
from tests.bot.messages import sample

PAYLOAD = {
    "effect": "post_message", "class": "R3", "target": {"channel": "C0LAUNCH"}, "text": "Hear, <!channel>!", "why": "Asked.",
}  # fmt: skip


def ended(kind: str, **about: object) -> Event:
    """Return a line of the audit log that ends an effect."""
    payload = {"effect": "post_message", "target": {"channel": "C0LAUNCH"}, **about}
    return Event(kind=kind, payload=payload, salt="", payload_hash="", previous="", hash="")


def test_a_card_shows_where_by_slacks_name_and_whose_words_are_whose():
    one = Checkpoint(
        id="chk_1", run_id="run-1", task_key="post", attempt=1, kind=CheckpointKind.EFFECT, nonce="n", payload=PAYLOAD,
        digest="d" * 64, effect=EffectClass.R3, requester="U0ALICE", policy={"effect": "R3"},
    )  # fmt: skip
    shown = str(asked.question(CheckpointRows(one, sample.run(), clock.now()), 1_000).body)

    assert "<#C0LAUNCH>" in shown and "are the agent's words" in shown
    assert all(name in shown for name in ("effect: post_message", "class: R3", "why: Asked."))
    assert "text: Hear, <!channel>!" in shown


def test_a_target_that_is_no_channel_is_text():
    assert deeds.where({"target": {"channel": "<!here>"}}) == "*Where*: &lt;!here&gt;"


def test_a_post_is_text_in_which_nothing_is_live():
    said = deeds.post("Hear, <!channel> & <https://evil.example|us>!")

    assert said.text == "Hear, &lt;!channel&gt; &amp; &lt;https://evil.example|us&gt;!"
    [element] = said.blocks[0]["elements"][0]["elements"]
    assert element == {"type": "text", "text": "Hear, <!channel> & <https://evil.example|us>!"}


def test_the_result_says_what_was_done_and_what_was_not():
    link = "https://x.slack.com/archives/C0LAUNCH/p5"
    lines = (
        ended("effect done", permalink=link), ended("effect not done", why="that channel is archived"),
        ended("effect refused", why="it is not what people approved"), ended("effect done", permalink="javascript:x|y>"),
    )  # fmt: skip
    shown = str(result.build(ResultRows(sample.run(), clock.now(), sample.artifact(), effects=lines)).blocks)

    assert f"<{link}|see the post>" in shown and "javascript" not in shown
    assert "was not done: that channel is archived." in shown
    assert "was not done: it is not what people approved." in shown
