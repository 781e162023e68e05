"""Image files: what is refused before it is decoded, and the pages of the rest."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageDraw

from services.extraction.adapters.reading import images, read_pages
from services.extraction.adapters.reading.images import read_image
from services.extraction.domain.pages import Page, Word
from services.extraction.errors import Blank, TimedOut, TooLargePage, TooManyPages, Unreadable, UnsupportedMediaType


class SeenImages:
    """An Ocr that remembers what it was shown."""

    def __init__(self) -> None:
        self.images: list[Image.Image] = []
        self.words: tuple[Word, ...] = (Word("word", 0.1, 0.1, 0.1, 0.1, 0.9, 0),)
        self.is_cut = False

    def read(self, image: Image.Image, number: int, width: float, height: float) -> Page:
        self.images.append(image)
        return Page(number, width, height, self.words, "ocr", is_cut=self.is_cut)


@pytest.fixture
def ocr() -> Any:
    return SeenImages()


def stored(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def paper(width: int = 120, height: int = 80, mode: str = "L") -> Image.Image:
    return Image.new(mode, (width, height), "white" if mode != "1" else 1)


def png_that_claims(width: int, height: int) -> bytes:
    """The headers of a PNG of that size, without its pixels."""
    parts = {b"IHDR": struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0), b"IDAT": b""}
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts.items()
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_an_image_is_a_page(kind: str, ocr: Any) -> None:
    (page,) = read_image(stored(paper(1654, 2339), kind, dpi=(200, 200)), ocr)
    assert (page.number, page.source) == (1, "ocr")
    assert (page.width, page.height) == pytest.approx((595.44, 842.04), abs=0.1)


def test_every_frame_of_a_tiff_is_a_page(ocr: Any) -> None:
    frames = [paper(100 + index, 80, "1") for index in range(3)]
    data = stored(frames[0], "TIFF", save_all=True, append_images=frames[1:], compression="group4")
    assert [page.number for page in read_image(data, ocr)] == [1, 2, 3]
    assert [image.width for image in ocr.images] == [100, 101, 102]


def test_further_frames_of_a_png_are_no_pages(ocr: Any) -> None:
    data = stored(paper(), "PNG", save_all=True, append_images=[Image.new("L", (120, 80), "black")])
    assert len(read_image(data, ocr)) == 1


def test_a_photo_is_turned_as_its_camera_says(ocr: Any) -> None:
    photo = paper(100, 60)
    ImageDraw.Draw(photo).rectangle((0, 0, 20, 10), "black")
    exif = Image.Exif()
    exif[0x0112] = 6
    (page,) = read_image(stored(photo, "JPEG", exif=exif), ocr)
    assert ocr.images[0].size == (60, 100)
    assert page.height > page.width
    assert ocr.images[0].getpixel((55, 5)) < 50


def test_what_is_transparent_is_paper(ocr: Any) -> None:
    read_image(stored(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"), ocr)
    assert ocr.images[0].getextrema() == (255, 255)


def test_sixteen_bits_keep_their_shades(ocr: Any) -> None:
    read_image(stored(Image.new("I;16", (50, 50), 0x8000), "PNG"), ocr)
    assert ocr.images[0].getextrema() == (128, 128)


def test_a_large_scan_is_made_smaller(ocr: Any) -> None:
    (page,) = read_image(stored(paper(6000, 8000, "1"), "TIFF", compression="group4", dpi=(600, 600)), ocr)
    assert ocr.images[0].width * ocr.images[0].height <= 20_000_000
    assert page.width == pytest.approx(720)


def test_a_bomb_is_refused_by_its_header(ocr: Any) -> None:
    with pytest.raises(TooLargePage, match="60000 x 60000"):
        read_image(png_that_claims(60_000, 60_000), ocr)
    assert not ocr.images


def test_frames_are_counted_together(ocr: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "TOTAL_PIXELS", 3 * 120 * 80 - 1)
    with pytest.raises(TooLargePage, match="Page 3"):
        read_image(stored(paper(), "TIFF", save_all=True, append_images=[paper(), paper()]), ocr)
    assert not ocr.images


def test_too_many_frames_are_refused(ocr: Any) -> None:
    data = stored(paper(8, 8, "1"), "TIFF", save_all=True, append_images=[paper(8, 8, "1")] * 200)
    with pytest.raises(TooManyPages, match="201 pages"):
        read_image(data, ocr)


@pytest.mark.parametrize("data", [b"", b"hello", stored(paper(), "PNG")[:60], stored(paper(), "JPEG")[:200]])
def test_damage_is_unreadable(data: bytes, ocr: Any) -> None:
    with pytest.raises(Unreadable):
        read_image(data, ocr)


@pytest.mark.parametrize("media_type", ["application/zip", "application/xml"])
def test_a_file_of_another_type_says_what_can_be_read(ocr: Any, media_type: str) -> None:
    with pytest.raises(UnsupportedMediaType, match="not read yet; send a PDF, or a picture"):
        read_pages(b"<Invoice/>", media_type, ocr)


def test_pages_without_a_word_are_blank(ocr: Any) -> None:
    ocr.words = ()
    with pytest.raises(Blank):
        read_pages(stored(paper(), "PNG"), "image/png", ocr)


def test_pages_for_which_there_was_no_time_are_not_called_blank(ocr: Any) -> None:
    ocr.words, ocr.is_cut = (), True
    with pytest.raises(TimedOut):
        read_pages(stored(paper(), "PNG"), "image/png", ocr)
