"""What a writer was shown, in a line: enough to see what it could not know, and nothing in it is alive."""

from typing import Any

from bot.blockkit import validate_view
from bot.messages import made_from, modals
from storage.tables import Brief
from storage.words import CheckpointKind
from tests.bot.messages import sample

HOSTILE = "<!channel> *a*.pdf"


def entry(id: str, kind: str, source: str, tokens: int = 100) -> dict[str, Any]:
    return {"id": id, "kind": kind, "source": source, "sha256": "d" * 64, "tokens": tokens, "outside": False}


def brief(*entries: dict[str, Any]) -> Brief:
    about = {"run_id": "run-1", "task_key": "brief", "attempt": 1, "name": "work", "role": "writer", "digest": "9f" * 32}
    return Brief(**about, manifest=list(entries))


def test_it_says_what_was_shown_what_only_by_name_and_how_much_that_is():
    said = made_from.told(brief(
        entry("goal", "goal", "the request"), entry("contract", "contract", "Brief"),
        entry("d1.1", "document", "rates.pdf, page 1"), entry("d1.2", "document", "rates.pdf, page 2"),
        entry("d2", "document", "mails.txt"), entry("C1", "constraint", "the request"),
        entry("F1", "finding", "rates.pdf, page 1"), entry("F2", "finding", "rates.pdf, page 2"),
        entry("N1", "note", "note by U0BOB"), entry("research-1", "handoff", "Research: Acme"),
    ))  # fmt: skip

    assert said == (
        "*The writer was shown* the request and the contract; 1 file (rates.pdf); 1 file by name only (mails.txt); "
        "2 findings; 1 constraint; 1 decision or note; earlier work (Research: Acme) · about 1,000 tokens "
        "· brief 9f9f9f9f9f9f"
    )


def test_names_of_strangers_are_not_alive_and_many_are_counted():
    many = [entry(f"d{n}.1", "document", f"{HOSTILE}{n}, page 1") for n in range(300)]
    said = made_from.told(brief(*many))
    view = modals.read(sample.checkpoint(CheckpointKind.DRAFT), sample.artifact(), brief=brief(*many))

    assert "300 files" in said and "and 292 more" in said and "<!channel>" not in said
    assert validate_view(view, "emit") == []
    assert said in view["blocks"][0]["elements"][1]["text"]
