"""Text, words and pictures over HTTP: as they are kept, to those who may see the document, and nothing damaged."""

import json
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.documents.usecases import processing
from services.documents.usecases.stepping import system
from shared.contracts.envelope import ClaimCheck, write_json
from shared.contracts.pages import FreeTable, FreeTables, KeptPages, PageIndex, Part, Picture, ReadPage
from tests.support.documents import MINE, THEIRS, DocumentsClient
from tests.support.fakes.documents import EXTRACTS, result_with
from tests.support.fakes.storage import MemoryStore
from tests.support.tokens import COMPANY, authorization

PNG = b"\x89PNG\r\n\x1a\n of page one"
WORDS = json.dumps(
    {"words": [["Invoice", 0.1, 0.2, 0.15, 0.02, 1.0, 0], ["R-1", 0.3, 0.2, 0.05, 0.02, 0.9, 0]]}
).encode()
TABLE = FreeTable(2, 0.1, 0.2, 0.5, 0.25, ("Meter", "Reading"), (("E-1", "10.5"), ("E-2", "")))
TABLES = write_json(FreeTables((TABLE,)))
PLAIN = {"Accept": "text/plain"}


def part_of(data: bytes, piece: bytes) -> Part:
    claim = MemoryStore().put("", "", piece, "")
    return Part(data.index(piece), len(piece), claim.sha256)


def keep(store: MemoryStore, *more: ReadPage) -> KeptPages:
    """Two pages, and more, as extraction leaves them."""
    data = WORDS + PNG + TABLES
    pictures = (Picture(1000, 1000, 1414, part_of(data, PNG)),)
    words = part_of(data, WORDS)
    pages = (
        ReadPage(1, 595.0, 842.0, "textLayer", "Invoice R-1", words, pictures),
        ReadPage(2, 595.0, 842.0, "ocr", "Terms\nThanks", words, turned=90),
        *more,
    )
    index = store.put(EXTRACTS, "pages.json", write_json(PageIndex(pages, part_of(data, TABLES))), "application/json")
    return KeptPages(index, store.put(EXTRACTS, "pages.bin", data, "application/octet-stream"))


class Room:
    """A document that was read, with its pages."""

    def __init__(self) -> None:
        self.client = DocumentsClient()
        self.store = self.client.office.store
        self.id = self.client.process()
        self.read(keep(self.store))

    def read(self, kept: KeptPages | None, document_id: str | None = None) -> None:
        document = self.client.office.documents.documents[document_id or self.id]
        fact = self.client.office.read(document, result_with(number="R-1"), document.attempt, kept)
        processing.accept_result(self.client.desk, system(COMPANY), fact)

    def get(self, what: str, headers: dict[str, str] | None = None, document_id: str | None = None) -> TestResponse:
        return self.client.get(f"/v2/documents/{document_id or self.id}/{what}", {**MINE, **(headers or {})})


@pytest.fixture
def room() -> Room:
    return Room()


def test_the_text_comes_by_pages_or_as_text_alone(room: Room) -> None:
    answer = room.get("text")
    assert answer.json == {
        "pages": [
            {"number": 1, "source": "textLayer", "text": "Invoice R-1"},
            {"number": 2, "source": "ocr", "text": "Terms\nThanks"},
        ]
    }
    assert answer.headers["Vary"] == "Accept"
    plain = room.get("text", PLAIN)
    assert (plain.text, plain.content_type) == ("Invoice R-1\fTerms\nThanks", "text/plain; charset=utf-8")
    assert room.get("text", {"Accept": "*/*"}).is_json
    assert room.get("text", {"Accept": "text/plain;q=0.5, application/json"}).is_json


def test_the_words_of_a_page_have_their_places(room: Room) -> None:
    first, second = room.get("pages/1/words").json, room.get("pages/2/words").json
    assert first
    assert second
    (word, _) = first.pop("words")
    assert first == {"number": 1, "source": "textLayer", "width": 595.0, "height": 842.0, "turned": 0}
    places = {"left": 0.1, "top": 0.2, "width": 0.15, "height": 0.02}
    assert word == {"text": "Invoice", "confidence": 1.0, "line": 0, **places}
    assert (second["source"], second["turned"]) == ("ocr", 90)


def test_tables_have_their_place_and_texts(room: Room) -> None:
    place = {"left": 0.1, "top": 0.2, "width": 0.5, "height": 0.25}
    rows = [["E-1", "10.5"], ["E-2", ""]]
    assert room.get("tables").json == {
        "tables": [{"page": 2, "region": place, "header": ["Meter", "Reading"], "rows": rows}]
    }
    bare = room.client.process()
    index = room.store.put(EXTRACTS, "bare", write_json(PageIndex(())), "application/json")
    room.read(KeptPages(index, index), bare)
    assert room.get("tables", document_id=bare).json == {"tables": []}


def test_a_picture_is_a_png_that_is_asked_for_again_by_its_tag(room: Room) -> None:
    answer = room.get("pages/1.png")
    assert (answer.data, answer.content_type) == (PNG, "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert room.get("pages/1.png?width=1000").data == PNG
    known = {"If-None-Match": answer.headers["ETag"]}
    del room.store.objects[EXTRACTS, "pages.bin"]
    assert (room.get("pages/1.png", known).status_code, room.get("pages/1.png", known).data) == (304, b"")


@pytest.mark.parametrize("width", ["999", "0", "-1", "1e3", "x", "", "1_000", "100000000"])
def test_only_the_widths_that_are_kept_can_be_asked_for(room: Room, width: str) -> None:
    assert room.get(f"pages/1.png?width={width}").status_code == 400


def test_a_page_without_a_picture_says_so(room: Room) -> None:
    for what in ("pages/2.png", "pages/1.png?width=250"):
        answer = room.get(what)
        assert (answer.status_code, (answer.json or {})["code"]) == (404, "picture_not_found")


@pytest.mark.parametrize("page", ["0", "3", "01", "-1", "1.5", "x", "٣", "9" * 40])
def test_a_page_that_is_not_there_is_not_found(room: Room, page: str) -> None:
    for what in (f"pages/{page}/words", f"pages/{page}.png"):
        assert room.get(what).status_code == 404


@pytest.mark.parametrize("what", ["text", "tables", "pages/1/words", "pages/1.png"])
def test_strangers_and_other_projects_find_nothing(room: Room, what: str) -> None:
    narrow = authorization(client_id="narrow", projects=[room.client.project()])
    for headers in (THEIRS, narrow):
        answers = [room.get(what, headers), room.get(what, headers, "f" * 24), room.get(what, headers, "x")]
        assert {(answer.status_code, (answer.json or {})["detail"]) for answer in answers} == {
            (404, "There is no document with this id.")
        }
    assert room.get(what, authorization(scopes=["files.read"])).status_code == 403


@pytest.mark.parametrize("what", ["text", "tables", "pages/1/words", "pages/1.png"])
def test_of_a_document_that_was_not_read_there_are_no_pages(room: Room, what: str) -> None:
    waiting, earlier = room.client.process(), room.client.process()
    room.read(None, earlier)
    for document_id in (waiting, earlier):
        answer = room.get(what, document_id=document_id)
        assert (answer.status_code, (answer.json or {})["code"]) == (409, "not_read")


def test_after_processing_again_it_is_the_pages_of_that_time(room: Room) -> None:
    extra = ReadPage(3, 1.0, 1.0, "ocr", "More", part_of(WORDS, WORDS))
    assert room.client.post(f"/v2/documents/{room.id}/reject", {}).status_code == 202
    assert room.client.post(f"/v2/documents/{room.id}/reprocess", {}).status_code == 202
    assert len((room.get("text").json or {})["pages"]) == 2
    room.read(keep(room.store, extra))
    assert len((room.get("text").json or {})["pages"]) == 3


def damaged(room: Room, what: str) -> None:
    objects = room.store.objects
    kept = room.client.office.documents.documents[room.id].findings
    assert kept
    assert kept.pages
    changes: dict[str, Any] = {
        "index": lambda: objects.update({(EXTRACTS, "pages.json"): b"{}"}),
        "parts": lambda: objects.update({(EXTRACTS, "pages.bin"): b"x" * kept.pages.parts.size}),
        "shorter": lambda: objects.update({(EXTRACTS, "pages.bin"): b"x"}),
    }
    changes[what]()


@pytest.mark.parametrize(
    ("what", "path"), [("index", "text"), ("parts", "pages/1.png"), ("shorter", "pages/1/words"), ("parts", "tables")]
)
def test_damaged_pages_are_not_shown(room: Room, what: str, path: str) -> None:
    damaged(room, what)
    answer = room.get(path)
    assert (answer.status_code, (answer.json or {})["code"]) == (500, "pages_corrupt")


def test_pages_that_are_gone_can_be_asked_for_later(room: Room) -> None:
    room.store.objects.clear()
    answer = room.get("text")
    assert (answer.status_code, (answer.json or {})["code"]) == (503, "pages_missing")


def lying(picture: bytes = PNG, **part: Any) -> tuple[bytes, Part]:
    data = WORDS + picture
    return data, replace(part_of(data, picture), **part)


@pytest.mark.parametrize(
    ("data", "part"),
    [lying(b"<svg onload='alert(1)'/>"), lying(offset=10**9), lying(offset=-1), lying(size=10**9), lying(size=-1)],
    ids=["no PNG", "behind the end", "before the beginning", "too long", "less than nothing"],
)
def test_what_a_reader_that_was_taken_over_tells_is_not_believed(room: Room, data: bytes, part: Part) -> None:
    page = ReadPage(1, 1.0, 1.0, "ocr", "", part, (Picture(1000, 1, 1, part),))
    index = room.store.put(EXTRACTS, "i", write_json(PageIndex((page,))), "application/json")
    other = room.client.process()
    room.read(KeptPages(index, room.store.put(EXTRACTS, "p", data, "x/y")), other)
    for what in ("pages/1.png", "pages/1/words"):
        answer = room.get(what, document_id=other)
        assert (answer.status_code, (answer.json or {})["code"]) == (500, "pages_corrupt")


def test_an_index_that_is_too_large_is_not_even_read(room: Room) -> None:
    other = room.client.process()
    room.read(KeptPages(ClaimCheck(EXTRACTS, "none", "0" * 64, 10**9, "x/y"), ClaimCheck("", "", "", 0, "")), other)
    assert room.get("text", document_id=other).status_code == 500
