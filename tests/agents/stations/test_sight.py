"""Pictures people send: a model reads them where one can, and every text of theirs says so."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from PIL.PngImagePlugin import PngInfo

from agents.errors import UnreadableError
from agents.models.client import Door
from agents.models.offline import transport
from agents.stations import sight
from agents.tools.documents import Parsed, parse
from agents.tools.web import Fetcher
from storage.tables import Call, Document
from storage.words import CheckpointKind
from tests.agents.tools import files
from tests.agents.tools.pages import names, page, serving
from tests.workshop import BOB, VoteAnswer, triage, workshop

SCAN = "'a.pdf' is a scan without readable text, and the offline engine cannot read images."
TOLD = PngInfo()
TOLD.add_text("Author", "SECRET-PLACE")


def seen(transcript: str, where: str = "the picture", **more: Any) -> dict[str, Any]:
    reply = {"json": {"transcript": transcript, "description": "A price list on a wall."} | more}
    return {"when": {"schema": "Seen", "contains": where}, "reply": reply}


def declined(where: str) -> dict[str, Any]:
    return {"when": {"schema": "Seen", "contains": where}, "fault": {"type": "refusal"}}


async def test_pictures_and_scans_are_read_once_in_the_order_of_their_pages_and_say_who_read_them(tmp_path: Path):
    photo, scan, odd = tmp_path / "photo.png", tmp_path / "scan.pdf", tmp_path / "odd.gif"
    photo.write_bytes(files.picture(mode="RGBA", pnginfo=TOLD))
    scan.write_bytes(files.scanned_pdf(2, text="Page one."))
    odd.write_bytes(files.picture("GIF", (40, 40)))
    table = seen("Rack 5,000 EUR\nBin 90 EUR", tables=["Item | Price\nRack | 5,000 EUR"], figures=["Sales: about 3"])
    table["reply"] |= {"usage": {"input_tokens": 2_000, "output_tokens": 1_000}}
    script = [
        table, seen("Second.", "page 2 of"), declined("page 3 of"), declined("the picture"),
        {"when": {"schema": "Triage", "call": 1}, "fault": {"type": "refusal"}}, triage(),
    ]  # fmt: skip
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask(samples=(str(photo), str(scan), str(odd)))
        failed = await shop.open(run_id, CheckpointKind.ESCALATION)
        await shop.decide(failed, BOB, VoteAnswer.APPROVE)
        await shop.open(run_id, CheckpointKind.QUESTION)
        looked = [call.body for call in shop.model.calls() if call.schema == "Seen"]
        documents = sorted(await shop.rows(Document, run_id), key=lambda row: row.id)
        calls = {row.seq: row for row in await shop.rows(Call, run_id) if row.name == "reader"}

    assert [row.name for row in documents] == [
        f"{photo} (read from an image by a model)",
        f"{scan} (page 2 read from an image by a model; page 3 not read)",
        str(odd),
    ]
    told = {label: documents[0].text[start:end] for label, start, end in documents[0].spans}
    assert told == {
        "text in the image": "Rack 5,000 EUR\nBin 90 EUR",
        "table 1 in the image": "Item | Price\nRack | 5,000 EUR",
        "figure 1 in the image": "Sales: about 3",
        "description of the image": "A price list on a wall.",
    }
    assert [label for label, _, _ in documents[1].spans] == [
        "page 1", "page 2, text in the image", "page 2, description of the image",
    ]  # fmt: skip
    assert documents[1].text == "Page one.\n\nSecond.\n\nA price list on a wall."
    assert "a model could read nothing" in documents[2].problem
    # one look each, though triage was tried again; on the fast tier, priced, and with nothing but the pixels
    assert (len(looked), {body["model"] for body in looked}) == (4, {"claude-haiku-5-5"})
    assert sorted(calls) == [-40, -21, -20, 0] and calls[0].usd == pytest.approx(0.0007)
    assert all("tools" not in body for body in looked), "whoever looks at strangers' pictures can do nothing else"
    shown = [base64.b64decode(body["messages"][0]["content"][0]["source"]["data"]) for body in looked]
    assert all(one.startswith(b"\xff\xd8\xff") and b"SECRET-PLACE" not in one for one in shown)


async def test_a_picture_on_a_page_that_somebody_named_is_read_too(tmp_path: Path):
    async with serving() as site:
        site.answers["/chart.png"] = page(files.picture(), kind="image/png")
        url = site.url("/chart.png", "acme.test")
        use = {"type": "tool_use", "name": "fetch", "input": {"url": url}}
        script = [
            triage(route="answer", line="", role="researcher", inputs=[]),
            {"when": {"task": "answer", "call": 1}, "reply": {"blocks": [use]}},
            seen("Sales 2025: 12"),
            {"when": {"task": "answer"}, "fault": {"type": "refusal"}},
        ]
        fetcher = Fetcher(allow={("127.0.0.1", site.port)}, look_up=names(acme_test=["127.0.0.1"]))
        async with workshop(tmp_path, script, fetcher=fetcher) as shop:
            run_id = await shop.ask(f"what does {url} say?", samples=())
            await shop.open(run_id, CheckpointKind.ESCALATION)
            document = (await shop.rows(Document, run_id))[0]
            used = next(row for row in await shop.rows(Call, run_id) if row.name == "fetch")

    assert document.name == f"{url} (read from an image by a model)"
    assert "Sales 2025: 12" in used.result["content"] and used.usd > 0 and used.model


@pytest.fixture
def offline() -> Door:
    return Door.open(api_key="", base_url="", transport=transport(), fast="a", strong="b", best="c")


async def _never(number: int, look: sight.Look) -> Any:
    raise AssertionError("nothing is shown to who cannot see")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.png", files.picture(), "'a.png' is a picture, and the offline engine cannot read images."),
        ("a.pdf", files.scanned_pdf(1), SCAN),
    ],
)
async def test_offline_a_picture_is_a_named_hole(offline: Door, name: str, content: bytes, sentence: str):
    parsed = await parse(name, content)

    with pytest.raises(UnreadableError) as hole:
        await sight.text_of(parsed, offline, _never)

    assert str(hole.value) == f"{sentence} Send its text, or let a model that sees do the work."


async def test_offline_the_text_of_a_mixed_pdf_is_read_and_its_name_says_what_was_not(offline: Door):
    parsed = await parse("a.pdf", files.scanned_pdf(3, text="Page one."))

    read = await sight.text_of(parsed, offline, _never)

    assert read.name == "a.pdf (pages 2–4 not read: the offline engine cannot read images)"
    assert (read.text, read.pictures) == ("Page one.", parsed.pictures)


async def test_pictures_among_text_are_read_where_they_stand_each_once(tmp_path: Path):
    one, other = files.picture(), files.picture(size=(200, 200))
    deck, memo = tmp_path / "deck.pptx", tmp_path / "memo.docx"
    deck.write_bytes(files.illustrated_slides(one, other, one, files.picture(size=(20, 20))))
    memo.write_bytes(files.illustrated_word(one, files.picture("JPEG"), files.picture("BMP")))
    shown = ["slide 2, picture 1", "slide 2, picture 2", "is picture 1", "paragraph 2, picture 2"]
    script = [*(seen(f"Words of {where}.", f"{where} of a document", description="Art.") for where in shown), triage()]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask(samples=(str(deck), str(memo)))
        await shop.open(run_id, CheckpointKind.QUESTION)
        slides, word = sorted(await shop.rows(Document, run_id), key=lambda row: row.id)
        looked = [call for call in shop.model.calls() if call.schema == "Seen"]

    assert len(looked) == 4
    assert slides.name == f"{deck} (2 pictures inside read from an image by a model)"
    assert slides.text.split("\n\n") == [
        "Slide 1.", "Slide 2.", "Words of slide 2, picture 1.", "Art.", "Words of slide 2, picture 2.", "Art.", "Slide 3.",
    ]  # fmt: skip
    assert slides.spans[2][0] == "slide 2, picture 1, text in the image"
    assert word.name == f"{memo} (2 pictures inside read from an image by a model; 1 picture inside not read)"
    assert [label for label, _, _ in word.spans] == [
        "paragraph 1", "picture 1, text in the image", "picture 1, description of the image",
        "paragraph 2", "paragraph 2, picture 2, text in the image", "paragraph 2, picture 2, description of the image",
        "table 1, row 1", "paragraph 3",
    ]  # fmt: skip


async def test_offline_a_document_says_in_a_sentence_that_its_pictures_are_not_read(offline: Door):
    parsed = await parse("a.pptx", files.illustrated_slides(*(files.picture(size=(100 + n, 90)) for n in range(22))))
    read = await sight.text_of(parsed, offline, _never)

    assert (len(parsed.pictures), len(parsed.unread)) == (20, 2)
    assert read.name == "a.pptx (22 pictures inside not read: the offline engine cannot read images)"
    assert read.text == parsed.text == "Slide 1.\n\nSlide 2.\n\nSlide 3."


async def test_what_has_no_pictures_is_left_as_it_is(offline: Door):
    parsed = Parsed("a.txt", "text/plain", "One.", ())

    assert await sight.text_of(parsed, offline, _never) is parsed
