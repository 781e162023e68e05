"""PDFs that are made here: what was set in type, and e-mails with what they brought."""

import io

import pikepdf
import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from services.extraction.adapters.reading import binding
from services.extraction.adapters.reading.binding import bind, typeset
from services.extraction.adapters.reading.office.word import read_word
from services.extraction.adapters.reading.parcels.mail import read_mail
from services.extraction.adapters.reading.parcels.opening import Member
from services.extraction.adapters.reading.pixels import MAX_PAGES
from services.extraction.adapters.reading.textlayer import text_layer
from services.extraction.adapters.reading.typesetting import set_pages, set_text
from shared.media import DOCX, JPEG, PDF, PNG, TIFF, XLSX
from tests.support.office import NUMBER, sheet_invoice, word_invoice
from tests.support.parcels import mailed

MAIL = read_mail(mailed("Dear M\u00fcller,\nplease pay.\n", ("a.pdf", PDF, b"%PDF")))


def texts(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in PdfDocument(pdf)]


def picture(form: str, frames: int = 1) -> bytes:
    file, image = io.BytesIO(), Image.new("RGB", (300, 400), "white")
    image.save(file, form, **({"save_all": True, "append_images": [image] * (frames - 1)} if frames > 1 else {}))
    return file.getvalue()


def test_words_stand_where_they_were_set() -> None:
    (page,) = read_word(word_invoice())
    (shown,) = PdfDocument(typeset([page]))
    found = text_layer(shown)
    assert [word.text for word in found] == [word.text for word in page.words]
    for word, other in zip(page.words, found, strict=True):
        assert other.left == pytest.approx(word.left, abs=0.01)
        assert other.top == pytest.approx(word.top, abs=0.01)


def test_letters_that_the_face_lacks_become_plain() -> None:
    (text,) = texts(typeset(set_pages(set_text("Zażółć \u20ac 5 \u6f22 M\u00fcller"))))
    assert text.split() == ["Zazó?c", "\u20ac", "5", "?", "M\u00fcller"]


def test_an_e_mail_comes_with_its_headers_text_and_attachments() -> None:
    members = [
        Member("w.docx", DOCX, word_invoice()),
        Member("s.xlsx", XLSX, sheet_invoice()),
        Member("p.pdf", PDF, typeset(set_pages(set_text("attached page")))),
        Member("j.jpg", JPEG, picture("JPEG")),
        Member("p.png", PNG, picture("PNG")),
        Member("t.tif", TIFF, picture("TIFF", frames=2)),
    ]
    first, *others = texts(bind(MAIL, members))
    assert "Invoice R\u20134711" in first
    assert "M\u00fcller GmbH <billing@example.com>" in first
    assert "please pay." in first
    assert "a.pdf" in first
    assert NUMBER in others[0]
    assert NUMBER in others[1]
    assert "attached page" in others[2]
    assert len(others) == 7


def test_attachments_that_cannot_be_shown_are_left_out() -> None:
    locked = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(locked, encryption=pikepdf.Encryption("a", "b"))
    broken = [
        Member("a.pdf", PDF, b"%PDF"),
        Member("b.pdf", PDF, locked.getvalue()),
        Member("c.png", PNG, b"\x89PNG"),
        Member("d.docx", DOCX, b"PK"),
    ]
    assert len(texts(bind(MAIL, broken))) == 1


def test_there_is_an_end_to_pages_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    long = typeset(set_pages([[(0.0, "x")]] * 8000))
    assert len(texts(bind(MAIL, [Member("a.pdf", PDF, long)] * 2))) == MAX_PAGES
    monkeypatch.setattr(binding, "MAX_BYTES", 100)
    assert len(texts(bind(MAIL, [Member("a.pdf", PDF, long)]))) == 1
