"""Pages of an image file: JPEG, PNG, and TIFF with one page or many."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

# Pillow would import the plugins at their first use, which is too late in a child that can open no file.
from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin

from services.extraction.adapters.reading.ocr import Ocr
from services.extraction.adapters.reading.pixels import FRAME_PIXELS, MAX_PAGES, fitting_scale
from services.extraction.domain.pages import Page
from services.extraction.errors import TooLargePage, TooManyPages, Unreadable
from shared.media import JPEG, PNG, TIFF

MEDIA_TYPES = (JPEG, PNG, TIFF)
PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin)
FORMATS = ("JPEG", "PNG", "TIFF")

TOTAL_PIXELS = 500_000_000
# Files that give no resolution, or an absurd one, are taken for scans at this.
USUAL_DPI, SANE_DPI = 200.0, (50.0, 1200.0)
POINTS_PER_INCH = 72

# Pixels are counted from the headers of all frames before any is decoded; Pillow's own check sees one frame at a time.
Image.MAX_IMAGE_PIXELS = None


def read_image(document: bytes, ocr: Ocr) -> list[Page]:
    """Every frame as a page; Unreadable, TooManyPages, TooLargePage."""
    with _faults_named(), Image.open(BytesIO(document), formats=FORMATS) as image:
        frames = count_of(image)
        if frames > MAX_PAGES:
            raise TooManyPages(f"The file has {frames} pages; split it into files of at most {MAX_PAGES}.")
        _refuse_too_many_pixels(image, frames)
        return [_read_frame(image, index, ocr) for index in range(frames)]


def _refuse_too_many_pixels(image: Image.Image, frames: int) -> None:
    total = 0
    for index in range(frames):
        image.seek(index)
        total += image.width * image.height
        if image.width * image.height > FRAME_PIXELS or total > TOTAL_PIXELS:
            raise TooLargePage(
                f"Page {index + 1} has {image.width} x {image.height} pixels; "
                f"a page may have {FRAME_PIXELS // 10**6} million, a file {TOTAL_PIXELS // 10**6} million."
            )


def _read_frame(image: Image.Image, index: int, ocr: Ocr) -> Page:
    page = frame_of(image, index)
    points = POINTS_PER_INCH / _resolution(image)
    width, height = page.size
    scale = fitting_scale(width, height)
    if scale < 1:
        page = page.resize((max(1, int(width * scale)), max(1, int(height * scale))), Image.Resampling.BOX)
    return ocr.read(page, index + 1, width * points, height * points)


def count_of(image: Image.Image) -> int:
    """How many pages the picture has: further frames of a JPEG or PNG are previews and animations."""
    return getattr(image, "n_frames", 1) if image.format == "TIFF" else 1


def frame_of(image: Image.Image, index: int) -> Image.Image:
    """The frame as it is to be looked at, in mode L."""
    image.seek(index)
    return ImageOps.exif_transpose(_grey(image))


def _grey(image: Image.Image) -> Image.Image:
    """The frame in mode L, on white where it is transparent."""
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("L")
    return image.convert("L")


def _resolution(image: Image.Image) -> float:
    """Dots per inch."""
    dpi = float(image.info.get("dpi", (USUAL_DPI,))[0])
    return dpi if SANE_DPI[0] <= dpi <= SANE_DPI[1] else USUAL_DPI


@contextmanager
def _faults_named() -> Iterator[None]:
    """Pillow's many ways to say that a file is damaged, as one."""
    try:
        yield
    except (OSError, SyntaxError, ValueError, EOFError, TypeError, struct.error) as fault:
        raise Unreadable("The image is damaged or not what it claims to be; scan or save it again.") from fault
