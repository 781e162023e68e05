"""How a child gives pages away: frames that survive its end, and parts that are where the index says."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from services.extraction.adapters.sandbox import encoding
from services.extraction.adapters.sandbox.encoding import drawn, indexed
from services.extraction.adapters.sandbox.protocol import framed, frames_of
from shared.contracts.envelope import read_json, write_json
from shared.contracts.pages import FreeTables, PageIndex, Part, read_words
from tests.support.paper import typed

PAGES = [typed("Invoice R-1\nTotal 5,00"), typed("Thanks", source="ocr", number=2)]


def part_of(data: bytes, part: Part) -> bytes:
    found = data[part.offset : part.offset + part.size]
    assert hashlib.sha256(found).hexdigest() == part.sha256
    return found


def test_the_index_tells_of_each_page_and_where_its_words_are() -> None:
    index, words = indexed(PAGES)
    assert read_json(PageIndex, write_json(index), "index") == index
    assert [(page.number, page.source, page.text) for page in index.pages] == [
        (1, "textLayer", "Invoice R-1\nTotal 5,00"),
        (2, "ocr", "Thanks"),
    ]
    for page, told in zip(PAGES, index.pages, strict=True):
        found = read_words(part_of(words, told.words))
        assert [(word.text, word.left, word.line) for word in found] == [
            (word.text, word.left, word.line) for word in page.words
        ]


def test_the_index_tells_where_the_tables_are() -> None:
    table = typed("1      5.00      7.00\n2      6.00      8.00\n3      9.00      1.00", number=2)
    index, parts = indexed([PAGES[0], table])
    assert index.tables
    found = read_json(FreeTables, part_of(parts, index.tables), "tables").tables
    assert [(each.page, each.rows[0]) for each in found] == [(2, ("1", "5.00", "7.00"))]


def test_numbers_that_json_has_not_are_never_written() -> None:
    page = typed("Invoice")
    (word,) = page.words
    object.__setattr__(word, "left", float("nan"))
    with pytest.raises(ValueError, match="JSON"):
        indexed([page])


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Image.Image]:
    """What `pictured` is to show."""
    images = [Image.new("L", (1000, 1400), 255), Image.new("L", (600, 300), 0)]

    def show(_document: bytes, _media_type: str) -> Iterator[Image.Image]:
        yield from images

    monkeypatch.setattr(encoding, "pictured", show)
    return images


@pytest.mark.usefixtures("shown")
def test_pictures_follow_the_words() -> None:
    index, words = indexed(PAGES)
    pictures, index = drawn(index, len(words), b"", "application/pdf")
    sizes = [[(each.kept_for, each.width, each.height) for each in page.pictures] for page in index.pages]
    assert sizes == [[(1000, 1000, 1400), (250, 250, 350)], [(1000, 600, 300), (250, 250, 125)]]
    for page in index.pages:
        assert json.loads(part_of(words + pictures, page.words))["words"]
        for picture in page.pictures:
            assert part_of(words + pictures, picture.part).startswith(b"\x89PNG")


def test_a_page_is_shown_as_it_was_turned_to_be_read(shown: list[Image.Image]) -> None:
    shown[0].paste(0, (0, 0, 500, 100))  # black at the left end of the upper edge
    index, words = indexed([replace(PAGES[0], turned=90)])
    pictures, index = drawn(index, len(words), b"", "application/pdf")
    assert index.pages[0].turned == 90
    picture = Image.open(BytesIO(part_of(words + pictures, index.pages[0].pictures[0].part))).convert("L")
    assert (picture.width, picture.height) == (1000, 714)
    assert picture.getpixel((990, 10)) == 0, "clockwise, so that it is at the upper end of the right edge"
    assert picture.getpixel((990, 700)) == 255


def test_of_more_than_may_be_kept_the_first_are(shown: list[Image.Image], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "MOST_PICTURE_BYTES", 100)
    index, words = indexed(PAGES)
    _, index = drawn(index, len(words), b"", "application/pdf")
    assert [len(page.pictures) for page in index.pages] == [2, 0]
    shown.extend([shown[0]] * 3)
    monkeypatch.setattr(encoding, "MOST_PICTURE_BYTES", 10**9)
    _, index = drawn(index, len(words), b"", "application/pdf")
    assert len(index.pages) == 2, "there is no page for the other pictures"


@pytest.mark.parametrize("frames", [[], [b""], [b"a", b"", b"1\n2", b"\n" * 5]])
def test_frames_come_back_as_they_were(frames: list[bytes]) -> None:
    assert frames_of(b"".join(map(framed, frames))) == frames


@pytest.mark.parametrize("rest", [b"", b"1", b"2\na", b"x\na", b"-1\n", b"99999999999\n", b"5\n"])
def test_a_frame_that_is_not_whole_is_none(rest: bytes) -> None:
    assert frames_of(framed(b"whole") + rest) == [b"whole"]
