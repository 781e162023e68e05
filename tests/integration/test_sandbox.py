"""The sandbox for real: what is read, what is refused and why, and that the next document is fine."""

import io
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from services.extraction.adapters import sandbox as sandbox_module
from services.extraction.adapters.sandbox import Sandbox
from services.extraction.adapters.sandbox.protocol import MEBIBYTE, Limits
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
    UnsupportedMediaType,
)
from services.extraction.settings import PACKAGED_TESSDATA
from tests.support import eventually
from tests.support.samples import blank, broken, draw_letter, encrypted, english, not_a_pdf, scan
from tests.support.sandbox import PDF, is_gone, readers_of, server_of, while_reading


@pytest.fixture(scope="module")
def letter() -> bytes:
    return draw_letter(english())


@pytest.fixture(scope="module")
def scanned(letter: bytes) -> bytes:
    return scan(letter, degrees=2.0)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(PACKAGED_TESSDATA, Limits(seconds=60))
    sandbox.start()
    yield sandbox
    sandbox.close()


def sandbox_with(**limits: float) -> Sandbox:
    return Sandbox(PACKAGED_TESSDATA, Limits(**limits))  # type: ignore[arg-type]


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
    reading = sandbox.read(letter, PDF, ["en", "de"])
    (page,) = json.loads(reading.pages)["pages"]
    assert page["source"] == "textLayer"
    assert page["number"] == 1
    assert english().number in page["text"]
    assert {word[0] for word in page["words"]} >= set(english().sender.name.split())
    assert reading.result.entities["number"] == english().number


def test_a_scan_is_read_by_ocr(sandbox: Sandbox, letter: bytes, scanned: bytes) -> None:
    printed = {word[0] for word in json.loads(sandbox.read(letter, PDF, ["en"]).pages)["pages"][0]["words"]}
    reading = sandbox.read(scanned, PDF, ["en"])
    assert reading == sandbox.read(scanned, PDF, ["en"])
    (page,) = json.loads(reading.pages)["pages"]
    assert page["source"] == "ocr"
    found = {word[0] for word in page["words"]}
    assert len(printed & found) > 0.9 * len(printed)
    assert reading.result.entities["number"] == english().number


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
        (b"PK\x03\x04", "application/zip", UnsupportedMediaType),
        (b"<Invoice/>", "application/xml", UnsupportedMediaType),
    ]
    for document, media_type, refusal in hopeless:
        with pytest.raises(refusal):
            sandbox.read(document, media_type, ["en"])
    assert sandbox.read(letter, PDF, ["en"]).result.entities["number"] == english().number
    assert server_of(sandbox) == server


def test_a_reader_that_takes_too_long_is_ended(scanned: bytes) -> None:
    sandbox = sandbox_with(seconds=0.2)
    try:
        with pytest.raises(TimedOut):
            sandbox.read(scanned, PDF, ["en"])
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
            sandbox.read(letter, PDF, ["en"])
        with pytest.raises(Encrypted):
            sandbox.read(encrypted(letter), PDF, ["en"])
    finally:
        sandbox.close()


@pytest.mark.parametrize(("number", "refusal"), [(signal.SIGSEGV, Crashed), (signal.SIGKILL, OutOfResources)])
def test_a_reader_that_is_ended_by_a_signal(
    sandbox: Sandbox, scanned: bytes, letter: bytes, number: signal.Signals, refusal: type[CannotRead]
) -> None:
    with while_reading(sandbox, scanned) as (outcome, child):
        os.kill(child, number)
    assert isinstance(outcome[0], refusal)
    assert sandbox.read(letter, PDF, ["en"]).result.entities


def test_a_fork_server_that_died_is_started_again(sandbox: Sandbox, letter: bytes) -> None:
    before = server_of(sandbox)
    os.kill(before, signal.SIGKILL)
    eventually(lambda: not sandbox.ready)
    assert sandbox.read(letter, PDF, ["en"]).result.entities
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
    assert sandbox.read(scanned, PDF, ["en"]).result.entities


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
    sandbox.read(letter, PDF, ["en"])
    counted = [len(os.listdir(f"/proc/{pid}/fd")) for pid in (os.getpid(), server_of(sandbox))]
    for _ in range(3):
        sandbox.read(letter, PDF, ["en"])
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
