"""Invented documents add up, say where they print what they state, and are the same for the same seed."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from rapidfuzz import fuzz

from bench.documents import Sample, generate
from bench.documents.__main__ import main
from bench.documents.desk import wording
from bench.documents.dice import Dice
from bench.documents.facts import draw_facts
from bench.documents.families import letters
from bench.documents.money import cents
from services.extraction.adapters.reading.textlayer import text_layer
from services.extraction.domain.pages import Page

LANGUAGES = {"en": "GB", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL"}
DATES = {"issueDate", "dueDate", "deliveryDate"}


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return [*generate(200, 11), *generate(100, 11, unseen=True)]


@pytest.mark.parametrize(("language", "country"), LANGUAGES.items())
def test_the_facts_add_up(language: str, country: str) -> None:
    for at in range(60):
        facts = draw_facts(Dice(f"{language}{at}"), wording(language), country, "invoice")
        sums, lines = facts.sums, facts.lines
        assert sums.items == sum(line.total for line in lines)
        charged = sums.items - sums.discount + sums.shipping
        assert charged == (sums.gross if facts.gross_priced else sums.net)
        assert sums.due == sums.gross - sums.prepaid
        for tax in sums.taxes:
            assert abs(tax.tax - cents(tax.base * tax.rate / 100)) <= Decimal("0.01") * (len(lines) + 1)


def test_printed_sums_add_up(samples: list[Sample]) -> None:
    checked = 0
    for sample in samples:
        fields = sample.truth["fields"]
        if sample.truth["type"] != "receipt" and fields["totalNet"] and fields["totalTax"] and fields["totalGross"]:
            assert Decimal(fields["totalNet"]) + Decimal(fields["totalTax"]) == Decimal(fields["totalGross"])
            checked += 1
    assert checked > 100


def test_each_value_stands_at_its_place(samples: list[Sample]) -> None:
    for sample in samples:
        pages = sample.pages()
        for field, value in sample.truth["fields"].items():
            assert (value is None) == (field not in sample.places)
            if value is not None and field != "currency":
                assert _says(field, value, _within(pages, *sample.places[field])), (sample.name, field, value)


def test_items_stand_below_each_other(samples: list[Sample]) -> None:
    for sample in samples:
        places = [sample.places.get(f"items.{at}.lineTotal") for at in range(len(sample.truth["lineItems"]))]
        tops = [(page, box[1]) for page, box in (place for place in places if place)]
        assert all(one < other for one, other in pairwise(tops))


def test_equal_seeds_give_equal_samples() -> None:
    once, again = list(generate(6, 3)), list(generate(9, 3))[:6]
    assert [(each.truth, each.places, each.pages(0.5)) for each in once] == [
        (each.truth, each.places, each.pages(0.5)) for each in again
    ]
    assert [each.pdf() for each in once] == [each.pdf() for each in again]
    assert once[0].image(0.5).tobytes() == again[0].image(0.5).tobytes()
    assert [each.truth for each in generate(6, 4)] != [each.truth for each in once]


def test_the_words_are_those_of_the_pdf(samples: list[Sample]) -> None:
    off = 0
    for sample in samples[::8]:
        with closing(pdfium.PdfDocument(sample.pdf())) as document:
            read = [sorted(word.text for word in text_layer(page)) for page in document]
        off += read != [sorted(word.text for word in page.words) for page in sample.pages()]
    # Where a value runs into its neighbour the text layer glues the two.
    assert off <= 2


def test_the_boxes_are_those_of_the_pdf(samples: list[Sample]) -> None:
    sample = next(each for each in samples if each.truth["type"] == "invoice")
    with closing(pdfium.PdfDocument(sample.pdf())) as document:
        read = {word.text: word for word in text_layer(document[0])}
    drawn = {word.text: word for word in sample.pages()[0].words}
    unique = [text for text in read if sum(word.text == text for word in sample.pages()[0].words) == 1]
    assert len(unique) > 20
    for text in unique:
        assert abs(read[text].left - drawn[text].left) < 0.01
        assert abs(read[text].top - drawn[text].top) < 0.01


def test_noise_reads_as_ocr_does(samples: list[Sample]) -> None:
    for sample in samples[:40]:
        clean, noisy = sample.pages(), sample.pages(0.5)
        assert {page.source for page in clean} == {"textLayer"}
        assert {page.source for page in noisy} == {"ocr"}
        assert all(0 < word.confidence < 1 for page in noisy for word in page.words)
        assert all(0 <= word.left < 1 and 0 <= word.top < 1 for page in noisy for word in page.words)
        words = [sorted(word.text for page in pages for word in page.words) for pages in (clean, noisy)]
        assert words[0] != words[1]
        assert fuzz.ratio(*(" ".join(each) for each in words)) > 75


def test_every_kind_and_language_comes(samples: list[Sample]) -> None:
    assert {sample.truth["type"] for sample in samples} == {
        "invoice", "creditNote", "receipt", "purchaseOrder", "deliveryNote", "other",
    }  # fmt: skip
    assert {sample.truth["language"] for sample in samples} == set(LANGUAGES)


def test_layouts_and_wordings_are_kept_for_unseen_samples() -> None:
    assert not set(letters.SEEN) & set(letters.UNSEEN)
    phrases = ["one", "two", "three", "four", "five"]
    assert {Dice.keyed(str(at), False).phrase(phrases) for at in range(200)} == {"one", "two", "three", "five"}
    assert "four" in {Dice.keyed(str(at), True).phrase(phrases) for at in range(200)}


def test_the_command_writes_files_and_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["documents", str(tmp_path), "--count", "2", "--seed", "5", "--images"])
    main()
    assert {path.suffix for path in tmp_path.iterdir()} == {".pdf", ".json", ".jpg"}
    sample = next(generate(1, 5))
    told = json.loads((tmp_path / f"{sample.name}.truth.json").read_text())
    assert told["fields"] == sample.truth["fields"]
    assert (tmp_path / f"{sample.name}.pdf").read_bytes() == sample.pdf()


def _within(pages: list[Page], number: int, box: tuple[float, float, float, float]) -> str:
    left, top, right, bottom = box
    words = [
        word.text
        for word in pages[number - 1].words
        if word.left < right and word.left + word.width > left and top <= word.top + word.height / 2 <= bottom
    ]
    return " ".join(words)


def _says(field: str, value: str, text: str) -> bool:
    """Whether `text` says `value`, however amounts, dates and numbers are written there."""
    if field in DATES:
        return value[2:4] in text and str(int(value[8:])) in text
    known = "".join(each for each in value if each.isalnum()).casefold()
    return known in "".join(each for each in text if each.isalnum()).casefold()
