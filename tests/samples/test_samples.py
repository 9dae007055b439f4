"""The sample files: small, rebuilt byte for byte, and holding what the demonstration shows."""

import csv
import io
import json

import pytest
from pypdf import PdfReader

from bot.workspace import samples
from tests.samples import make

TOLD = json.loads((make.FOLDER / "samples.json").read_text(encoding="utf-8"))


def pdf_text(name):
    reader = PdfReader(make.FOLDER / "competitors" / name)
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def survey():
    text = (make.FOLDER / "competitors" / "price-survey.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("path", sorted(make.files()))
def test_the_same_text_gives_the_same_bytes(path):
    assert (make.FOLDER / path).read_bytes() == make.files()[path]


def test_every_sample_is_described_and_every_description_has_its_file():
    there = {str(path.relative_to(make.FOLDER)) for path in make.FOLDER.glob("*/*")}

    assert there == {f"{folder}/{name}" for folder, told in TOLD.items() for name in told["files"]}


def test_samples_are_offered_in_the_order_in_which_they_are_described():
    told = [(folder, name) for folder, one in TOLD.items() for name in one["files"]]

    assert [(one["folder"], one["name"]) for one in samples.listed()] == told


def test_every_sample_is_smaller_than_sixty_kilobytes():
    assert max(path.stat().st_size for path in make.FOLDER.glob("*/*")) < 60_000


def test_every_folder_has_a_request_to_paste():
    assert all(told["request"].startswith("@jidoka ") and told["description"] for told in TOLD.values())


def test_the_price_of_one_competitor_differs_between_two_sources():
    assert "The list price of the Haulwren Duo is EUR 5,490" in pdf_text("haulwren-product-sheet.pdf")[0]
    assert [row["list price"] for row in survey() if row["competitor"] == "Haulwren"] == [
        "EUR 5,290 including VAT"
    ]


def test_one_competitor_stands_only_in_the_survey_and_things_are_missing():
    pages = [*pdf_text("haulwren-product-sheet.pdf"), *pdf_text("ternway-press-kit.pdf")]

    assert [len(pdf_text(name)) for name in ("haulwren-product-sheet.pdf", "ternway-press-kit.pdf")] == [3, 2]
    assert not any("Oxbell" in page for page in pages)
    assert {row["warranty"] for row in survey() if row["competitor"] == "Oxbell"} == {""}
    assert [row["delivery time"] for row in survey() if row["competitor"] == "Ternway"] == [""]


def test_the_mails_contradict_the_term_sheet_and_the_policy_both():
    mails, policy = (
        (make.FOLDER / "legal" / name).read_text(encoding="utf-8")
        for name in ("mail-notes.txt", "contracting-policy.md")
    )
    sheet = " ".join(text for part in make.pages("term-sheet") for _, text in part)

    assert "for 24 months" in sheet
    assert "a term of 36 months, not 24" in mails
    assert "within 45 days of the invoice" in sheet
    assert "within 30 days of the invoice" in policy
