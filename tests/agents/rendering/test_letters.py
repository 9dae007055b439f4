"""The font we draw with has the letters of European languages, each where it belongs, and says what it lacks."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader

from agents.rendering import Paper, blocks, fonts
from agents.rendering.pdf import pdf

PANGRAMS = {
    "Albanian": "Unë mund të ha qelq dhe nuk më gjen gjë Ç",
    "Catalan": "Jove xef, porti whisky amb quinze glaçons d’hidrogen àèéíïòóúüç",
    "Croatian": "Gojazni đačić s biciklom drži hmelj i finu vatu u džepu nošnje ĐŠĆČŽ",
    "Czech": "Příliš žluťoučký kůň úpěl ďábelské ódy ŇŘŤĎ",
    "Danish": "Quizdeltagerne spiste jordbær med fløde, mens cirkusklovnen Walther spillede på xylofon ÆØÅ",
    "Estonian": "See väike mölder jõuab rongile hüpata šž",
    "French": "Dès Noël où un zéphyr haï me vêt de glaçons würmiens œ ÇÊŒ",
    "German": "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich ÄÖÜ „“",
    "Hungarian": "Árvíztűrő tükörfúrógép ŐŰ",
    "Icelandic": "Kæmi ný öxi hér ykist þjófum nú bæði víl og ádrepa ÞÐ",
    "Latvian": "Glāžšķūņa rūķīši dzērumā čiepj Baha koncertflīģeļu vākus ĢĶĻŅ",
    "Lithuanian": "Įlinkdama fechtuotojo špaga sublykčiojusi pragręžė apvalų arbūzą ĄČĘĖĮŠŲŪŽ",
    "Maltese": "Ċaqlaq ġebla żgħira Ġ Ż",
    "Polish": "Zażółć gęślą jaźń ĄĆĘŁŃÓŚŹŻ",
    "Portuguese": "À noite, vovô Kowalsky vê o ímã cair no pé do pingüim ãõç",
    "Romanian": "Gheorghe, obezul, a reușit să obțină jucându-se un flux în Quebec ȘȚĂÎÂ şţ",
    "Slovak": "Kŕdeľ ďatľov učí koňa žrať kôru Ĺĺ Ŕ Ľ",
    "Slovenian": "V kožuščku hudobnega fanta stopiclja mizar ČŠŽ",
    "Spanish": "El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia ñÑ¿¡",
    "Swedish": "Flygande bäckasiner söka hwila på mjuka tuvor ÅÄÖ",
    "Turkish": "Pijamalı hasta yağız şoföre çabucak güvendi İĞŞ",
    "Welsh": "Ŵŵ Ŷŷ â ê î ô û ẃ ẁ ẅ ỳ",
}
LACKING = {"Maltese": ["ħ"]}


def ink(text: str) -> tuple[int, int, int, int]:
    """Return the left, top, right and bottom of what is drawn of a letter."""
    sheet = Image.new("L", (400, 400))
    ImageDraw.Draw(sheet).text((100, 100), text, 255, ImageFont.truetype(io.BytesIO(fonts.face()), 120))
    return sheet.getbbox()


@pytest.mark.parametrize("language", PANGRAMS)
def test_a_language_written_with_latin_letters_can_be_set(language: str):
    assert fonts.unshown(PANGRAMS[language]) == LACKING.get(language, [])


def test_the_letters_of_a_pdf_are_read_back_as_they_were():
    text = "\n\n".join(words for language, words in PANGRAMS.items() if language not in LACKING)
    said = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(pdf(Paper("Łódź", blocks(text))))).pages
    )

    assert [word for word in text.split() if word not in said.split()] == []
    assert b"BitstreamVera" not in pdf(Paper("x", ()))


@pytest.mark.parametrize(("letter", "base"), ["ąa", "żz", "ňn", "ůu", "őo", "āa", "ĖE", "ĚE", "ńn", "ěe"])
def test_an_accent_stands_over_or_under_its_letter(letter: str, base: str):
    left, top, right, bottom = ink(letter)
    plain = ink(base)

    above, below = plain[1] - top, bottom - plain[3]
    assert (above > 10) != (below > 10)
    assert abs((left + right) - (plain[0] + plain[2])) < 24


@pytest.mark.parametrize(("letter", "base"), ["ďd", "ťt", "ľl", "Ľl"])
def test_the_caron_of_a_tall_letter_stands_beside_it(letter: str, base: str):
    assert ink(letter)[2] - ink(base if letter != "Ľ" else "L")[2] > 8


def test_a_capital_s_accent_stands_higher_than_that_of_a_small_letter():
    assert ink("Ő")[1] < ink("ő")[1] - 10


@pytest.mark.parametrize("character", ["Ж", "\u0304", "中", "ħ", "😀"])
def test_what_has_no_shape_is_a_code(character: str):
    assert fonts.shown(f"a{character}b") == f"a‹U+{ord(character):04X}›b"
