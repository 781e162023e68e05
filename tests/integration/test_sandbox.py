"""The sandbox for real: what is read, what is refused and why, and that the next document is fine."""

import hashlib
import io
import os
import signal
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat
from pypdfium2 import PdfDocument

from services.extraction.adapters import sandbox as sandbox_module
from services.extraction.adapters.sandbox import Sandbox
from services.extraction.adapters.sandbox.protocol import MEBIBYTE, Answer, End, Limits, framed
from services.extraction.errors import (
    Blank,
    CannotRead,
    Crashed,
    Encrypted,
    OutOfResources,
    ReaderDown,
    TimedOut,
    TooLargePage,
    TooManyPages,
    Unreadable,
    UnsafeArchive,
    UnsupportedMediaType,
)
from services.extraction.ports import Reading
from services.extraction.settings import PACKAGED_TESSDATA
from shared.contracts.envelope import read_json, write_json
from shared.contracts.fields import WantedField, WantedFields
from shared.contracts.pages import PageIndex, Part, ReadPage, read_words
from tests.support import eventually
from tests.support.samples import blank, broken, encrypted, english, not_a_pdf, scan
from tests.support.sandbox import PDF, is_gone, read, readers_of, server_of, while_reading


@pytest.fixture(scope="module")
def scanned(letter: bytes) -> bytes:
    return scan(letter, degrees=2.0)


def sandbox_with(**limits: float) -> Sandbox:
    return Sandbox(PACKAGED_TESSDATA, Limits(**limits))  # type: ignore[arg-type]


def pages_of(reading: Reading) -> tuple[ReadPage, ...]:
    return read_json(PageIndex, reading.index, "index").pages


def part_of(reading: Reading, part: Part) -> bytes:
    data = reading.parts[part.offset : part.offset + part.size]
    assert hashlib.sha256(data).hexdigest() == part.sha256
    return data


def words_of(reading: Reading) -> set[str]:
    return {word.text for page in pages_of(reading) for word in read_words(part_of(reading, page.words))}


def pdf_of(pages: int, size: tuple[float, float] = (595, 842)) -> bytes:
    pdf, buffer = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        pdf.add_blank_page(page_size=size)
    pdf.save(buffer)
    return buffer.getvalue()


def scan_of_a_huge_page() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (200, 200), 90).save(buffer, "PDF", resolution=0.6)
    return buffer.getvalue()


def test_a_digital_page_is_read_from_its_text_layer(sandbox: Sandbox, letter: bytes) -> None:
    reading = read(sandbox, letter, ["en", "de"])
    (page,) = pages_of(reading)
    assert (page.source, page.number) == ("textLayer", 1)
    assert english().number in page.text
    assert words_of(reading) >= set(english().sender.name.split())
    assert reading.result.entities["number"] == english().number


def test_a_scan_is_read_by_ocr(sandbox: Sandbox, letter: bytes, scanned: bytes) -> None:
    printed = words_of(read(sandbox, letter, ["en"]))
    reading = read(sandbox, scanned, ["en"])
    assert reading == read(sandbox, scanned, ["en"])
    assert [page.source for page in pages_of(reading)] == ["ocr"]
    found = words_of(reading)
    assert len(printed & found) > 0.9 * len(printed)
    assert reading.result.entities["number"] == english().number


def test_a_poor_page_that_stands_on_its_head_is_read_and_shown_upright(sandbox: Sandbox, letter: bytes) -> None:
    printed = words_of(read(sandbox, letter, ["en"]))
    with PdfDocument(letter) as pdf:
        image = pdf[0].render(scale=110 / 72, grayscale=True).to_pil().filter(ImageFilter.GaussianBlur(0.8))
    photo = io.BytesIO()
    image.rotate(180).save(photo, "PDF", resolution=110)
    reading = read(sandbox, photo.getvalue(), ["en"])
    (page,) = pages_of(reading)
    assert page.turned == 180
    assert len(printed & words_of(reading)) > 0.9 * len(printed)
    shown = Image.open(io.BytesIO(part_of(reading, page.pictures[0].part))).convert("L")
    upright = image.resize(shown.size)
    assert rms(shown, upright) < rms(shown, upright.rotate(180)) / 2


def rms(one: Image.Image, other: Image.Image) -> float:
    return float(ImageStat.Stat(ImageChops.difference(one, other)).rms[0])


def test_the_fork_server_has_one_thread(sandbox: Sandbox) -> None:
    assert os.listdir(f"/proc/{server_of(sandbox)}/task") == [str(server_of(sandbox))]


def test_fields_of_ones_own_are_read_behind_the_walls(sandbox: Sandbox, letter: bytes) -> None:
    fields = WantedFields(
        (
            WantedField("ourNumber", "string", "Invoice no.", pattern="INV-[0-9]+"),
            WantedField("day", "date", "Invoice date"),
            WantedField("slow", "string", "No such label", pattern="(a*)*(a*)*(a*)*b{50}"),
            *(WantedField(f"more{place}", "string", f"Label {place}", ("x" * 100,) * 5) for place in range(150)),
        )
    )
    found = sandbox.read(letter, PDF, ["en"], fields=fields)
    assert isinstance(found, Reading)
    assert found.result.entities == {"ourNumber": english().number, "day": english().issued.isoformat()}


def test_pictures_of_the_pages_come_along(sandbox: Sandbox, letter: bytes, scanned: bytes) -> None:
    for document in (letter, scanned):
        reading = read(sandbox, document, ["en"])
        (page,) = pages_of(reading)
        assert [(picture.kept_for, picture.width) for picture in page.pictures] == [(1000, 1000), (250, 250)]
        for picture in page.pictures:
            shown = Image.open(io.BytesIO(part_of(reading, picture.part)))
            assert (shown.format, shown.size) == ("PNG", (picture.width, picture.height))
            assert picture.height / picture.width == pytest.approx(page.height / page.width, rel=0.01)


def test_a_reader_that_breaks_down_while_it_draws_has_read_the_document(sandbox: Sandbox, letter: bytes) -> None:
    whole = read(sandbox, letter, ["en"])
    answer, index, words = write_json(Answer(result=whole.result)), b'{"pages":[]}', b"words"
    written = b"".join(map(framed, (answer, index, words, b"pictures")))
    for end in (End(-signal.SIGSEGV, False, 0), End(-signal.SIGKILL, True, 0), End(1, False, 0)):
        assert sandbox._judge(end, written[:-1]) == Reading(whole.result, index, words)
        assert sandbox._judge(end, written) == Reading(whole.result, index, words)
        with pytest.raises(CannotRead):
            sandbox._judge(end, b"".join(map(framed, (answer, index))))


def test_what_cannot_be_read_is_refused_and_the_next_document_is_fine(sandbox: Sandbox, letter: bytes) -> None:
    server = server_of(sandbox)
    hopeless: list[tuple[bytes, str, type[CannotRead]]] = [
        (encrypted(letter), PDF, Encrypted),
        (broken(letter), PDF, Unreadable),
        (not_a_pdf(), PDF, Unreadable),
        (b"", PDF, Unreadable),
        (b"", "image/png", Unreadable),
        (blank(), PDF, Blank),
        (pdf_of(0), PDF, Unreadable),
        (pdf_of(201), PDF, TooManyPages),
        (scan_of_a_huge_page(), PDF, TooLargePage),
        (b"PK\x03\x04", "application/zip", UnsafeArchive),
        (b"<Invoice/>", "application/xml", UnsupportedMediaType),
    ]
    for document, media_type, refusal in hopeless:
        with pytest.raises(refusal):
            sandbox.read(document, media_type, ["en"])
    assert read(sandbox, letter, ["en"]).result.entities["number"] == english().number
    assert server_of(sandbox) == server


def test_a_reader_that_takes_too_long_is_ended(scanned: bytes) -> None:
    sandbox = sandbox_with(seconds=0.2)
    try:
        with pytest.raises(TimedOut):
            read(sandbox, scanned, ["en"])
        assert readers_of(server_of(sandbox)) == []
    finally:
        sandbox.close()


def test_a_document_that_needs_too_much_memory_is_refused() -> None:
    sandbox = sandbox_with(memory=400 * MEBIBYTE)
    picture = io.BytesIO()
    Image.new("RGB", (7000, 7000), "white").save(picture, "PNG")
    try:
        with pytest.raises(OutOfResources):
            sandbox.read(picture.getvalue(), "image/png", ["en"])
    finally:
        sandbox.close()


def test_an_answer_that_is_too_long_is_not_taken(letter: bytes) -> None:
    sandbox = sandbox_with(answer=1000)
    try:
        with pytest.raises(OutOfResources):
            read(sandbox, letter, ["en"])
        with pytest.raises(Encrypted):
            read(sandbox, encrypted(letter), ["en"])
    finally:
        sandbox.close()


@pytest.mark.parametrize(("number", "refusal"), [(signal.SIGSEGV, Crashed), (signal.SIGKILL, OutOfResources)])
def test_a_reader_that_is_ended_by_a_signal(
    sandbox: Sandbox, scanned: bytes, letter: bytes, number: signal.Signals, refusal: type[CannotRead]
) -> None:
    with while_reading(sandbox, scanned) as (outcome, child):
        os.kill(child, number)
    assert isinstance(outcome[0], refusal)
    assert read(sandbox, letter, ["en"]).result.entities


def test_a_fork_server_that_died_is_started_again(sandbox: Sandbox, letter: bytes) -> None:
    before = server_of(sandbox)
    os.kill(before, signal.SIGKILL)
    eventually(lambda: not sandbox.ready)
    assert read(sandbox, letter, ["en"]).result.entities
    assert server_of(sandbox) != before


def test_a_fork_server_that_dies_takes_its_child_along_and_the_document_can_be_tried_again(
    sandbox: Sandbox, scanned: bytes
) -> None:
    with while_reading(sandbox, scanned) as (outcome, child):
        os.kill(server_of(sandbox), signal.SIGKILL)
    (refusal,) = outcome
    assert isinstance(refusal, ReaderDown)
    assert refusal.retryable
    assert eventually(lambda: is_gone(child))
    assert read(sandbox, scanned, ["en"]).result.entities


def test_closing_ends_the_fork_server(letter: bytes) -> None:
    sandbox = sandbox_with()
    sandbox.start()
    server = server_of(sandbox)
    sandbox.close()
    assert is_gone(server)
    assert not sandbox.ready


def test_closing_does_not_wait_for_a_document(scanned: bytes) -> None:
    sandbox = sandbox_with()
    with while_reading(sandbox, scanned) as (outcome, child):
        sandbox.close()
        assert is_gone(child)
    assert isinstance(outcome[0], ReaderDown)


def test_reading_leaves_no_descriptor_open(sandbox: Sandbox, letter: bytes) -> None:
    read(sandbox, letter, ["en"])
    counted = [len(os.listdir(f"/proc/{pid}/fd")) for pid in (os.getpid(), server_of(sandbox))]
    for _ in range(3):
        read(sandbox, letter, ["en"])
    assert [len(os.listdir(f"/proc/{pid}/fd")) for pid in (os.getpid(), server_of(sandbox))] == counted


def test_a_missing_libseccomp_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_module, "find_library", {}.get)
    sandbox = sandbox_with()
    with pytest.raises(ReaderDown, match="libseccomp2"):
        sandbox.start()
    assert not sandbox.ready


def test_missing_language_models_are_no_start(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ReaderDown):
        Sandbox(tmp_path, Limits()).start()
    assert "PAPERLANE_TESSDATA" in capfd.readouterr().err
